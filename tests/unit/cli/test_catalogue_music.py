"""`segue catalogue add`, `calibrate` and `info` of music files, as they are typed."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from made_music import make_chords, make_tone, write_music
from made_tracks import make_track
from segue.catalogue.store import Catalogue
from segue.cli.main import catalogue_app as app
from segue.config import Settings
from segue.errors import CatalogueNotFoundError, ImportFormatError, InputError, StorageError

pytestmark = pytest.mark.usefixtures("made_starter")


def run(*arguments: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def music(tmp_path: Path) -> Path:
    place = tmp_path.resolve() / "Music"
    write_music(
        place / "a.flac", make_chords(0, minor=False, seconds=2), {"title": "Aria", "artist": "Someone"}
    )
    (place / "b.mp3").write_text("no music\x1b[2J")
    return place


def test_music_is_added_and_put_in_use(music: Path, settings: Settings) -> None:
    result = run("add", music, "--jobs", "1")
    own = settings.data_dir / "catalogue.sqlite"
    assert "2 music files: 1 track added, 0 updated; 0 files as before." in result.stderr
    assert f"{music / 'b.mp3'}: unsupported feature" in result.stderr
    assert f"{own} is in use now" in result.stderr
    assert result.stdout == ""
    found = json.loads(run("search", "aria", "--json").stdout)["tracks"]
    assert found[0]["artists"] == ["Someone"]
    assert str(music) not in json.dumps(found)
    told = run("info").stdout
    assert "1 music file of your own, heard by sonara" in told
    assert "not fitted to Spotify's (segue catalogue calibrate)" in told
    answer = json.loads(run("info", "--json").stdout)["music"]
    assert (answer["files"], answer["fitted"]) == (1, [])
    again = json.loads(run("add", music, "--jobs", "1", "--json").stdout)
    assert (again["files"], again["unchanged"], again["added"]) == (2, 2, 0)
    assert [each["path"] for each in again["left_out"]] == [str(music / "b.mp3")]


def test_nothing_that_can_be_read_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").touch()
    result = run("add", tmp_path / "a.mp3", "--jobs", "1", code=1)
    assert "the file is empty" in result.stderr
    assert "in use" not in result.stderr
    assert "the starter catalogue" in run("info").stdout


def test_another_catalogue_is_told_how_to_use(music: Path, tmp_path: Path) -> None:
    result = run("add", music / "a.flac", "--into", tmp_path / "other.sqlite", "--jobs", "1")
    assert "segue catalogue use" in result.stderr
    assert "is in use now" not in result.stderr


def test_the_starter_is_left_as_it_is(music: Path, made_starter: Path) -> None:
    with pytest.raises(ImportFormatError, match="starter"):
        run("add", music, "--into", made_starter)
    with pytest.raises(InputError, match="got the starter"):
        run("calibrate")
    with pytest.raises(CatalogueNotFoundError):
        run("calibrate", "--catalogue", music / "gone.sqlite")


def test_what_is_missing_is_named(music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no file or folder"):
        run("add", tmp_path / "gone")
    with pytest.raises(StorageError, match="got the folder"):
        run("add", music, "--into", tmp_path)
    monkeypatch.setitem(sys.modules, "mutagen", None)
    with pytest.raises(InputError, match="mutagen is not installed"):
        run("add", music)


def test_calibrate_tells_the_error_of_each_feature(music: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    run("add", music, "--into", path, "--jobs", "1")
    with Catalogue.open(path) as opened:
        opened.upsert(
            [make_track(1, name="Aria", artists=("Someone",), features={"energy": 0.9, "duration_ms": 2e3})]
        )
    told = run("calibrate", "--catalogue", path).stderr
    assert "energy                  1 pair, mean error" in told
    assert "(left as heard)" in told
    answer = json.loads(run("calibrate", "--catalogue", path, "--json").stdout)["calibration"]
    assert set(answer) == {"energy", "duration_ms"}
    assert (answer["energy"]["pairs"], answer["energy"]["fitted"]) == (1, False)


def test_many_problems_are_told_in_short(tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / f"{number}.mp3").touch()
    write_music(tmp_path / "a.wav", make_tone(1))
    result = run("add", tmp_path, "--into", tmp_path / "c.sqlite", "--jobs", "1")
    assert "25 left out:" in result.stderr
    assert "... and 5 more; --json names all" in result.stderr
