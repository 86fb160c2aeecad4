"""`segue catalogue`, as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from made_tracks import make_id, make_rows, make_track, make_tracks, write_table
from segue.catalogue.starter import starter_path
from segue.catalogue.store import Catalogue
from segue.cli import catalogue
from segue.cli.main import catalogue_app as app
from segue.config import Settings
from segue.errors import ImportFormatError, NotACatalogueError, StorageError

pytestmark = pytest.mark.usefixtures("made_starter")


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = make_rows(6)
    rows[2]["tempo"] = "inf"
    return write_table(tmp_path / "tracks.csv", rows)


def test_a_first_import_is_put_in_use(settings: Settings, table: Path, tmp_path: Path) -> None:
    result = run("import", table, "--refused", tmp_path / "refused.csv")
    assert result.stdout == ""
    assert "tracks.csv: 16 columns read (track_name as name)." in result.stderr
    assert "5 tracks added, 0 updated, 0 as before, 1 row refused." in result.stderr
    assert "1  tempo: out of range" in result.stderr
    assert f"{settings.data_dir / 'catalogue.sqlite'} now has 5 tracks and is in use." in result.stderr
    assert "The starter's songs are not in it." in result.stderr
    assert "segue catalogue use starter" in result.stderr
    assert "not read" not in result.stderr
    assert len((tmp_path / "refused.csv").read_text().splitlines()) == 2
    assert "5 tracks" in run("info").stdout


def test_a_second_import_says_nothing_of_the_choice(table: Path) -> None:
    run("import", table)
    result = run("import", table)
    assert "starter" not in result.stderr
    assert "in use" not in result.stderr


def test_columns_that_are_not_read_are_told(tmp_path: Path) -> None:
    source = write_table(
        tmp_path / "m.csv", [{"Song": "x", "Combo": "y", "Spotify link": make_id(1), "zap": 1}]
    )
    result = run("import", source)
    assert "m.csv: 2 columns read (Song as name, Spotify link as track_id)." in result.stderr
    assert "not read: Combo, zap (use --map THEIRS=OURS)" in result.stderr
    assert "--map THEIRS=artists" in result.stderr
    result = run("import", source, "--map", "Combo=artists", "--map", "zap=")
    assert "not read" not in result.stderr
    assert json.loads(run("search", "x", "--json").stdout)["tracks"][0]["artists"] == ["y"]


def test_of_many_columns_that_are_not_read_some_are_told(tmp_path: Path) -> None:
    row = {"track_id": make_id(1), "name": "x", "artist": "y", **{f"zap {n}": n for n in range(20)}}
    result = run("import", write_table(tmp_path / "m.csv", [row]))
    assert "zap 6, zap 7 and 12 more (use" in result.stderr
    assert "holds artists" not in result.stderr


def test_import_as_json(table: Path, tmp_path: Path) -> None:
    answer = json.loads(run("import", table, "--into", tmp_path / "mine.sqlite", "--json").stdout)
    assert (answer["added"], answer["refused"], answer["total"]) == (5, {"tempo: out of range": 1}, 5)
    assert (answer["unread"], answer["in_use"]) == ({}, False)


def test_import_into_another_leaves_the_choice(table: Path, tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "new folder" / "mine.sqlite"
    result = run("import", table, "--into", path)
    assert f"It is not in use yet. To use it from now on: segue catalogue use '{path}'" in result.stderr
    assert json.loads(run("info", "--json").stdout)["path"] == str(starter_path(settings))
    run("use", path)
    assert "not in use" not in run("import", table, "--into", path).stderr


def test_import_with_a_mapping(tmp_path: Path) -> None:
    source = write_table(tmp_path / "t.csv", [{"Schlüssel": make_id(1), "Lied": "x"}])
    run("import", source, "--map", "Schlüssel=track_id", "--map", "Lied=name")
    assert json.loads(run("search", "x", "--json").stdout)["tracks"][0]["track_id"] == make_id(1)


@pytest.mark.parametrize("pair", ["nothing", "=name"])
def test_a_mapping_that_is_none(table: Path, pair: str) -> None:
    with pytest.raises(ImportFormatError, match="THEIRS=OURS"):
        run("import", table, "--map", pair)


def test_the_starter_is_not_written_to(table: Path, settings: Settings) -> None:
    with pytest.raises(ImportFormatError, match="starter"):
        run("import", table, "--into", starter_path(settings))


@pytest.mark.usefixtures("made_starter")
def test_info() -> None:
    shown = run("info").stdout
    assert "the starter catalogue" in shown
    assert "33,826 tracks" in shown
    assert "segue catalogue import FILE" in shown
    answer = json.loads(run("info", "--json").stdout)
    assert answer["tracks"] == answer["known"]["energy"] == 33_826
    assert answer["chosen_by"] == "default"


@pytest.mark.usefixtures("made_starter")
def test_search() -> None:
    shown = run("search", "mr", "brights").stdout
    assert "Mr. Brightside" in shown
    assert "The Killers" in shown
    assert "https://open.spotify.com/track/003vvx7Niy0yvhvHt4a68B" in shown
    answer = json.loads(run("search", "mr brights", "-n", "1", "--json").stdout)
    assert answer["schema"] == 1
    (track,) = answer["tracks"]
    assert track["artists"] == ["The Killers"]
    assert track["features"]["tempo"] == 148.033


@pytest.mark.usefixtures("made_starter")
def test_search_without_a_hit() -> None:
    result = CliRunner().invoke(app, ["search", "xyzzy"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "matches 'xyzzy'" in result.stderr


def test_markup_in_names_is_text(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    with Catalogue.create(path) as catalogue:
        catalogue.upsert([make_tracks(1)[0].__class__(make_id(1), name="[bold]Loud[/bold] [link=x]")])
    assert "[bold]Loud[/bold] [link=x]" in run("search", "loud", "--catalogue", path).stdout


def test_export_and_import(tmp_path: Path) -> None:
    path, out = tmp_path / "c.sqlite", tmp_path / "out.ndjson"
    with Catalogue.create(path) as made:
        made.upsert(make_tracks(1_200))
    assert "Wrote 1,200 tracks" in run("export", out, "--catalogue", path).stderr
    run("import", out, "--into", tmp_path / "again.sqlite")
    with Catalogue.open(tmp_path / "again.sqlite") as again:
        assert len(again) == 1_200


@pytest.mark.usefixtures("made_starter")
def test_use(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.sqlite"
    with Catalogue.create(path) as catalogue:
        catalogue.upsert(make_tracks(3))
    assert f"In use: {path} (3 tracks)." in run("use", path).stderr
    assert json.loads(run("info", "--json").stdout)["chosen_by"] == "use"
    assert "(33,826 tracks)" in run("use", "starter").stderr
    monkeypatch.setenv("SEGUE_CATALOGUE", str(path))
    assert "SEGUE_CATALOGUE is set, and goes first" in run("use", "starter").stderr
    (tmp_path / "text").write_text("hello")
    with pytest.raises(NotACatalogueError):
        run("use", tmp_path / "text")


def test_a_folder_is_no_catalogue_to_fill(table: Path, tmp_path: Path) -> None:
    with pytest.raises(
        StorageError, match="expected the file of a catalogue to fill, got the folder"
    ) as caught:
        run("import", table, "--into", tmp_path)
    assert f"--into {tmp_path / 'catalogue.sqlite'}" in caught.value.hint


def test_a_folder_that_cannot_be_made(table: Path) -> None:
    with pytest.raises(StorageError, match="cannot be made") as caught:
        run("import", table, "--into", table / "below" / "big.sqlite")
    assert "--into PATH" in caught.value.hint


def test_what_cannot_be_imported_comes_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "heads.csv").write_text("track_id,name\n")
    (tmp_path / "ids.csv").write_text(f"track_id\n{make_id(1)}\n")
    for name, words in (("empty", "CSV"), ("heads.csv", "at least one"), ("ids.csv", "--refused")):
        with pytest.raises(ImportFormatError) as caught:
            run("import", tmp_path / name)
        assert words in caught.value.hint


@pytest.mark.parametrize("width", [40, 80, 109])
def test_a_narrow_terminal_shows_titles_and_whole_links(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    track = make_track(1, name="Smells Like Teen Spirit", artists=("Nirvana",))
    catalogue._print_tracks([track])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["Smells Like Teen Spirit - Nirvana (1961)", f"  {track.url}"]


def test_a_wide_terminal_shows_a_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    track = make_track(1, name="Smells Like Teen Spirit", artists=("Nirvana",))
    catalogue._print_tracks([track])
    _, line = capsys.readouterr().out.splitlines()
    assert line.split("  ")[0] == "Smells Like Teen Spirit"
    assert line.rstrip().endswith(track.url)
