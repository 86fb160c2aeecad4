"""Music files in, a playlist of music files out."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from made_music import make_chords, make_drums, write_music
from segue.catalogue.music.add import AddOptions, add_music
from segue.cli.main import app
from segue.config import Settings
from segue.recommender import Recommender, read_playlist

SONGS = 12


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of a few music files."""
    rng = np.random.default_rng(7)
    place = tmp_path_factory.mktemp("music").resolve()
    for number in range(SONGS):
        sound = make_chords(number, minor=bool(number % 2), seconds=4) + make_drums(80 + 8 * number, 4, rng)
        tags = {"title": f"Lied № {number}", "artist": f"Chœur {number % 5}", "album": "Äpfel, und Birnen"}
        write_music(place / f"Chœur {number % 5}" / f"{number:02} Lied.flac", sound / 2, tags)
    path = place / "c.sqlite"
    add_music(path, [place], AddOptions(2, lambda _path: ("", "", "")))
    return path


@pytest.mark.parametrize("model", ["audio", "full"])
def test_picks_are_written_as_a_list_that_plays_the_files(
    catalogue: Path, tmp_path: Path, model: str, settings: Settings
) -> None:
    given, written = tmp_path / "given.txt", tmp_path / "new.m3u8"
    given.write_text("Chœur 0 - Lied № 0\nChœur 1 - Lied № 1\n", "utf-8")
    command = ["recommend", str(given), "-n", "5", "-c", str(catalogue), "-m", model, "-o", str(written)]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    lines = [line for line in written.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) == 5
    assert all(Path(line).is_file() and line.endswith(".flac") for line in lines)
    with Recommender.open(catalogue, model) as opened:
        picks = opened.recommend(read_playlist(given), n=5)
        assert [pick.track.path for pick in picks.tracks] == lines
        again = opened.match(read_playlist(written))
    assert [each.track.name for each in again if each.track] == [pick.name for pick in picks.tracks]


def test_where_files_lie_is_in_no_other_answer(catalogue: Path, settings: Settings, tmp_path: Path) -> None:
    command = ["recommend", "Chœur 0 - Lied № 0", "-n", "3", "-c", str(catalogue), "-m", "audio", "--json"]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert str(catalogue.parent) not in result.stdout
