"""`segue challenge`, as it is typed, on the starter catalogue with a model that comes with segue."""

import gzip
import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from segue.catalogue.store import Catalogue
from segue.cli.challenge import challenge

app = typer.Typer()
app.command()(challenge)


def test_a_submission_for_seeds_and_for_a_title_alone(made_starter: Path, tmp_path: Path) -> None:
    with Catalogue.open(made_starter) as catalogue:
        seeds = [track.track_id for track in catalogue.get_tracks([3, 1, 4])]
    tracks = [{"pos": place, "track_uri": f"spotify:track:{seed}"} for place, seed in enumerate(seeds)]
    asked = [{"pid": 1, "tracks": tracks}, {"pid": 2, "name": "Rain", "tracks": []}]
    (tmp_path / "challenge_set.json").write_text(json.dumps({"playlists": asked}), encoding="utf-8")
    output = tmp_path / "submission.csv.gz"
    arguments = ["--output", str(output), "--team", "Segues", "--email", "me@example.org", "--model", "audio"]
    result = CliRunner().invoke(
        app, [str(tmp_path / "challenge_set.json"), *arguments], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    assert "500 tracks for each of 2 playlists" in result.stderr
    assert "1 of them have a title only" in result.stderr
    header, *lines = gzip.decompress(output.read_bytes()).decode().splitlines()
    assert header == "team_info,Segues,me@example.org"
    for pid, line in zip(("1", "2"), lines, strict=True):
        first, *picks = line.split(",")
        assert first == pid
        assert len(set(picks)) == 500
    assert not {f"spotify:track:{seed}" for seed in seeds} & set(lines[0].split(","))
