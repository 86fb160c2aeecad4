"""A track has one shape as JSON, wherever it comes from: commands, a saved playlist, the HTTP API."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from segue.cli.main import app
from segue.features import AUDIO_NAMES

OF_A_PICK = {"retrieval_score", "ranking_score", "song_year", "reasons"}
WHOLE = ("key", "mode", "duration_ms", "time_signature")


def _run(*arguments: str) -> Any:
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.usefixtures("made_starter")
def test_a_track_is_the_same_everywhere(client: httpx.Client, some_ids: list[str], tmp_path: Path) -> None:
    saved = tmp_path / "new.json"
    playlist = tmp_path / "mine.txt"
    playlist.write_text("\n".join(some_ids))

    picks = _run("recommend", str(playlist), "-n", "5", "--json", "-o", str(saved))
    written = json.loads(saved.read_text())
    asked = client.post("/api/v1/recommendations", json={"tracks": some_ids, "n": 5}).json()

    assert picks["schema"] == written["schema"] == 1
    assert [set(pick) for pick in asked["tracks"]] == [set(pick) for pick in picks["tracks"]]
    for pick, track in zip(picks["tracks"], written["tracks"], strict=True):
        plain = {name: value for name, value in pick.items() if name not in OF_A_PICK}
        found = _run("catalogue", "search", track["name"], *track["artists"], "-n", "1000", "--json")
        assert found["schema"] == 1
        searched = next(each for each in found["tracks"] if each["track_id"] == track["track_id"])
        served = client.get(f"/api/v1/tracks/{track['track_id']}").json()
        assert list(plain) == list(served)
        assert plain == track == searched == served
        assert "" not in served.values()
        assert list(served["features"]) == list(AUDIO_NAMES), "what is not known is null"
        assert {type(served["features"][name]) for name in WHOLE} <= {int, type(None)}
