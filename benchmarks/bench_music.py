"""How well the sound of music files is heard, on made-up sounds of which the truth is known.

usage: scripts/bench music
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import made_music as made
from segue.catalogue.music.sound import analyser_name, hear

TEMPOS = (60, 72, 85, 96, 110, 120, 128, 140, 160, 174)
CLOSE = 0.04  # of the tempo: a beat that a listener would call the same


def main() -> None:
    rng = np.random.default_rng(20_261_124)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "made.wav"
        print(f"{analyser_name()}\n\n| feature | on | right, or mean error |\n|---|---|---|")
        tell_tempo("clicks", [(bpm, write_and_hear(place, made.make_clicks(bpm, 30))) for bpm in TEMPOS])
        tell_tempo("drums", [(bpm, write_and_hear(place, made.make_drums(bpm, 30, rng))) for bpm in TEMPOS])
        tell_keys(place)
        tell_loudness(place)
        tell_length(Path(folder))
        tell_metre(place, rng)
        song = made.make_drums(120, 210, rng) + made.make_chords(9, minor=True, seconds=210)
        made.write_music(place, song)
        started = time.perf_counter()
        hear(str(place))
        print(f"\na song of 3:30 takes {time.perf_counter() - started:.1f} s")


def write_and_hear(place: Path, sound: made.Sound) -> dict[str, float]:
    return hear(str(made.write_music(place, sound)))


def tell_tempo(kind: str, heard: Iterable[tuple[float, dict[str, float]]]) -> None:
    pairs = [(bpm, each.get("tempo", 0.0)) for bpm, each in heard]
    close = sum(abs(found / bpm - 1) < CLOSE for bpm, found in pairs)
    octave = sum(any(abs(found / bpm / by - 1) < CLOSE for by in (0.5, 1, 2)) for bpm, found in pairs)
    errors = [abs(found - bpm) for bpm, found in pairs if abs(found / bpm - 1) < CLOSE]
    print(
        f"| tempo | {len(pairs)} rhythms of {kind}, {min(TEMPOS)} to {max(TEMPOS)} BPM | {close} within 4 %, "
        f"{octave} counting half and double; mean error of the {close}: {statistics.mean(errors):.2f} BPM |"
    )


def tell_keys(place: Path) -> None:
    keys = modes = 0
    for root in range(12):
        for minor in (False, True):
            heard = write_and_hear(place, made.make_chords(root, minor=minor, seconds=16))
            keys += heard["key"] == root
            modes += heard["mode"] == (not minor)
    print(f"| key, mode | cadences in all 24 keys | key {keys}, mode {modes} |")


def tell_loudness(place: Path) -> None:
    # A sine of 997 Hz at 0 dB full scale is -3.01 LUFS (ITU-R BS.1770-4).
    levels = (-40, -30, -20, -14, -10, -6)
    errors = []
    for level in levels:
        tone = made.make_tone(10, 997) / 0.3 * 10 ** (level / 20)
        errors.append(abs(write_and_hear(place, tone)["loudness"] - (level - 3.01)))
    print(f"| loudness | sines of {levels[0]} to {levels[-1]} dB | {statistics.mean(errors):.2f} LU |")


def tell_length(folder: Path) -> None:
    errors = []
    for ending in (".wav", ".flac", ".mp3", ".ogg"):
        path = made.write_music(folder / f"long{ending}", made.make_tone(61.5))
        errors.append(abs(hear(str(path))["duration_ms"] - 61_500))
    print(f"| length | 61.5 s as WAV, FLAC, MP3, Ogg | at most {max(errors):.0f} ms |")


def tell_metre(place: Path, rng: np.random.Generator) -> None:
    import sonara

    right = 0
    cases = [(metre, bpm) for metre in (3, 4, 5) for bpm in (90, 120, 150)]
    for metre, bpm in cases:
        made.write_music(place, made.make_drums(bpm, 30, rng, metre=metre))
        found = sonara.analyze_file(str(place), features=["bpm", "time_signature"])["time_signature"]
        right += found == f"{metre}/4"
    print(f"| metre (not used) | drums in 3, 4 and 5 | {right} of {len(cases)} |")


if __name__ == "__main__":
    main()
