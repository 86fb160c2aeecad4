"""The example playlists: every track is in the starter catalogue, and tastes do not overlap."""

from itertools import combinations
from pathlib import Path

import pytest

from segue.catalogue.match import match_playlist
from segue.catalogue.store import Catalogue
from segue.playlists.read import read_playlist
from segue.types import Match

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAYLISTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix != ".md")
FROM_MEMORY = EXAMPLES / "typed-from-memory.txt"


@pytest.fixture
def matches(starter: Path) -> dict[Path, list[Match]]:
    with Catalogue.open(starter) as catalogue:
        return {
            path: match_playlist(catalogue, read_playlist(path.read_bytes(), filename=path.name))
            for path in PLAYLISTS
        }


def test_every_track_is_found(matches: dict[Path, list[Match]]) -> None:
    for path, found in matches.items():
        assert 15 <= len(found) <= 30, path
        if path != FROM_MEMORY:
            assert all(match.track and match.confidence >= 0.95 for match in found), path


def test_slips_are_forgiven_and_what_is_absent_is_said(matches: dict[Path, list[Match]]) -> None:
    missing = [match for match in matches[FROM_MEMORY] if match.track is None]
    assert [match.reference.artist for match in missing] == ["Hozier"]
    assert missing[0].closest[0][0].artists == ("Hozier",)


def test_tastes_are_apart(matches: dict[Path, list[Match]]) -> None:
    for one, other in combinations(matches.values(), 2):
        ids = [{match.track.track_id for match in found if match.track} for found in (one, other)]
        assert not ids[0] & ids[1]


def test_the_examples_are_told(matches: dict[Path, list[Match]]) -> None:
    told = (EXAMPLES / "README.md").read_text("utf-8")
    assert all(f"`{path.name}`" in told for path in matches)
