"""The challenge set and submissions to it."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from made_tracks import make_id, make_track
from segue.catalogue.store import Catalogue
from segue.errors import InputError, PlaylistFormatError, StorageError
from segue.evaluation.challenge import ChallengePlaylist, Team, read_challenge, write_submission
from segue.evaluation.submission import answer_challenge, popular_rows

TEAM = Team("The Segues", "team@example.org")


def uri(number: int) -> str:
    return f"spotify:track:{make_id(number)}"


def challenge_set(path: Path) -> Path:
    playlists = [
        {"pid": 7, "name": "Rain", "num_holdouts": 9, "tracks": []},
        {"pid": 8, "tracks": [{"pos": 1, "track_uri": uri(2)}, {"pos": 0, "track_uri": uri(1)}]},
    ]
    path.write_text(json.dumps({"date": "", "playlists": playlists}), encoding="utf-8")
    return path


def test_reading(tmp_path: Path) -> None:
    assert read_challenge(challenge_set(tmp_path / "challenge_set.json")) == [
        ChallengePlaylist(7, "Rain", ()),
        ChallengePlaylist(8, "", (make_id(1), make_id(2))),
    ]


def test_a_bad_pid(tmp_path: Path) -> None:
    path = tmp_path / "challenge_set.json"
    path.write_text('{"playlists": [{"pid": "x", "tracks": []}]}', encoding="utf-8")
    with pytest.raises(PlaylistFormatError, match="whole number as `pid`, got 'x'"):
        read_challenge(path)


def test_a_submission_is_as_the_challenge_wants_it(tmp_path: Path) -> None:
    path = tmp_path / "submission.csv.gz"
    picks = [[make_id(number) for number in range(100, 600)]] * 2
    write_submission(path, read_challenge(challenge_set(tmp_path / "c.json")), picks, team=TEAM)
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    assert lines[0] == "team_info,The Segues,team@example.org"
    assert [line.split(",")[0] for line in lines[1:]] == ["7", "8"]
    assert lines[1].split(",")[1:] == [uri(number) for number in range(100, 600)]
    first = path.read_bytes()
    write_submission(path, read_challenge(tmp_path / "c.json"), picks, team=TEAM)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (range(100, 599), "got 499, 499 of them distinct"),
        ([*range(100, 599), 100], "got 500, 499 of them distinct"),
        (range(2, 502), "1 picks are seeds"),
    ],
)
def test_what_the_challenge_would_refuse_is_refused(tmp_path: Path, numbers: range, message: str) -> None:
    playlist = ChallengePlaylist(8, "", (make_id(1), make_id(2)))
    with pytest.raises(InputError, match=message):
        write_submission(
            tmp_path / "s.csv.gz", [playlist], [[make_id(number) for number in numbers]], team=TEAM
        )


@pytest.mark.parametrize(("name", "email"), [("a,b", "e"), ("", "e"), ("a", "e\nf")])
def test_a_team_that_would_break_the_line(name: str, email: str) -> None:
    with pytest.raises(InputError, match="without commas"):
        Team(name, email)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        write_submission(tmp_path / "none" / "s.csv.gz", [], [], team=TEAM)


class Few:
    """Answers with the three rows after the last seed."""

    name = "few"

    def recommend(self, seeds: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        return np.arange(seeds.max() + 1, seeds.max() + 4, dtype=np.int64)


def test_answers_are_filled_with_what_is_popular(tmp_path: Path) -> None:
    with Catalogue.create(tmp_path / "c.sqlite") as catalogue:
        catalogue.upsert(make_track(number, popularity=None) for number in range(700))
        popular = popular_rows(catalogue, [np.array([650, 651]), np.array([650])])
        assert popular[:2].tolist() == [650, 651]
        playlists = [
            ChallengePlaylist(1, "", (make_id(650), make_id(10), "not in the catalogue")),
            ChallengePlaylist(2, "only a title", ()),
        ]
        seen: list[tuple[int, int]] = []
        first, second = answer_challenge(
            playlists, Few(), catalogue, popular=popular, progress=lambda *place: seen.append(place)
        )
    assert first[:4] == [make_id(number) for number in (651, 652, 653, 0)]
    assert second[:3] == [make_id(number) for number in (650, 651, 0)]
    assert {len(first), len(second), len(set(first)), len(set(second))} == {500}
    assert not {make_id(650), make_id(10)} & set(first)
    assert seen[-1] == (2, 2)
