"""What is heard of sounds whose truth is known; `scripts/bench music` measures more of it."""

from pathlib import Path

import numpy as np
import pytest

from made_music import make_chords, make_clicks, make_drums, make_noise, make_tone, write_music
from segue.catalogue.music.sound import SoundError, hear, to_features
from segue.features import AUDIO_NAMES

NEVER_HEARD = {"speechiness", "liveness", "time_signature"}
HEARD = {
    "duration_sec": 10.0, "loudness_lufs": -9.0, "bpm": 120.0, "bpm_confidence": 0.8, "key": "C# minor",
    "key_confidence": 0.4, "danceability": 0.1, "energy": 0.2, "valence": 0.3, "acousticness": 0.4,
    "instrumentalness": 0.5,
}  # fmt: skip


@pytest.mark.parametrize("bpm", [72, 110, 140])
def test_tempo(tmp_path: Path, bpm: float) -> None:
    heard = hear(str(write_music(tmp_path / "a.wav", make_clicks(bpm, 20))))
    assert heard["tempo"] == pytest.approx(bpm, rel=0.04)
    assert heard["duration_ms"] == 20_000


@pytest.mark.parametrize(("root", "minor"), [(0, False), (9, True), (6, False), (3, True)])
def test_key_and_mode(tmp_path: Path, root: int, minor: bool) -> None:
    heard = hear(str(write_music(tmp_path / "a.flac", make_chords(root, minor=minor, seconds=16))))
    assert (heard["key"], heard["mode"]) == (root, 0 if minor else 1)


@pytest.mark.parametrize("level", [-40, -14, -6])
def test_loudness(tmp_path: Path, level: float) -> None:
    tone = make_tone(10, 997) / 0.3 * 10 ** (level / 20)
    heard = hear(str(write_music(tmp_path / "a.wav", tone)))
    assert heard["loudness"] == pytest.approx(level - 3.01, abs=0.3)  # BS.1770-4


@pytest.mark.parametrize("ending", [".mp3", ".ogg", ".aiff"])
def test_length_in_every_format(tmp_path: Path, ending: str) -> None:
    assert hear(str(write_music(tmp_path / f"a{ending}", make_tone(5))))["duration_ms"] == pytest.approx(
        5_000, abs=60
    )


def test_of_silence_only_the_length_is_known(tmp_path: Path) -> None:
    assert hear(str(write_music(tmp_path / "a.wav", np.zeros(441_000)))) == {"duration_ms": 10_000}


def test_a_tone_has_no_tempo(tmp_path: Path) -> None:
    assert "tempo" not in hear(str(write_music(tmp_path / "a.wav", make_tone(10))))


def test_what_sounds_more_so_has_more_of_it(tmp_path: Path, rng: np.random.Generator) -> None:
    chords = hear(str(write_music(tmp_path / "a.wav", make_chords(0, minor=False, seconds=20))))
    drums = hear(str(write_music(tmp_path / "b.wav", make_drums(120, 20, rng) + make_noise(20, rng))))
    assert set(chords) == set(AUDIO_NAMES) - NEVER_HEARD - ({"tempo"} - set(chords))
    assert drums["danceability"] > chords["danceability"]
    assert drums["energy"] > chords["energy"]
    assert drums["acousticness"] < chords["acousticness"]


def test_what_is_out_of_range_is_not_known() -> None:
    odd = {"energy": float("nan"), "valence": 1.5, "bpm": 900.0, "loudness_lufs": -65.0}
    found = to_features({**HEARD, **odd})
    assert found.keys() & odd.keys() == set()
    assert (found["loudness"], found["key"], found["mode"]) == (-60.0, 1.0, 0.0)
    assert {"key", "mode", "tempo"}.isdisjoint(
        to_features({**HEARD, "key_confidence": 0.0, "bpm_confidence": 0.01})
    )


@pytest.mark.parametrize("content", [b"", b"hello" * 100])
def test_what_cannot_be_decoded_says_why_without_the_path(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    with pytest.raises(SoundError, match="no suitable format") as caught:
        hear(str(path))
    assert str(tmp_path) not in str(caught.value)
