"""What a person decided on lines: kept at once, by whatever way a line is written, for all processes."""

import multiprocessing
from pathlib import Path

import pytest

from made_tracks import make_id, make_tracks
from segue.catalogue.decisions import Decisions, line_key
from segue.catalogue.store import Catalogue
from segue.errors import StorageError
from segue.types import Match, TrackReference

TOTO = TrackReference(artist="Toto", title="Africa")


@pytest.fixture
def decisions(tmp_path: Path) -> Decisions:
    return Decisions(tmp_path / "made later" / "decisions.sqlite")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    made = Catalogue.create(tmp_path / "made.sqlite")
    made.upsert(make_tracks(5))
    return made


def unfound(entry: TrackReference) -> Match:
    return Match(entry, None, 0.0, "none")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TOTO, TrackReference(artist=" TOTO ", title="africa", source="line 7")),
        (TrackReference(title="방탄소년단  봄날"), TrackReference(title="방탄소년단 봄날")),
        (TrackReference(artist="КИНО", title="Кровь"), TrackReference(artist="Кино", title="кровь")),
        (TrackReference(artist="ＡＢＢＡ", title="ＳＯＳ"), TrackReference(artist="ABBA", title="SOS")),
        (TrackReference(artist="Bjo\u0308rk", title="Army"), TrackReference(artist="Björk", title="army")),
    ],
)  # fmt: skip
def test_one_line_in_two_ways(one: TrackReference, other: TrackReference) -> None:
    assert line_key(one) == line_key(other)


def test_nothing_is_decided_and_no_file_made(decisions: Decisions, catalogue: Catalogue) -> None:
    assert decisions.apply([unfound(TOTO)], catalogue) == (unfound(TOTO),)
    assert decisions.forget() == 0
    assert not decisions.path.exists()


def test_what_was_decided_last_holds(decisions: Decisions, catalogue: Catalogue) -> None:
    decisions.keep(TOTO, make_id(1))
    decisions.keep(TrackReference(artist="toto", title="AFRICA"), make_id(3))
    (match,) = decisions.apply([unfound(TOTO)], catalogue)
    assert match.track == catalogue.find_track(make_id(3))
    assert (match.method, match.confidence, match.is_doubtful) == ("decided", 1.0, False)
    assert decisions.forget() == 1
    assert decisions.apply([unfound(TOTO)], catalogue) == (unfound(TOTO),)


def test_a_skipped_line_leads_to_nothing(decisions: Decisions, catalogue: Catalogue) -> None:
    decisions.keep(TOTO, "")
    (track,) = catalogue.get_tracks([0])
    (match,) = decisions.apply([Match(TOTO, track, 0.9, "fuzzy")], catalogue)
    assert (match.track, match.method) == (None, "decided")


def test_an_id_needs_no_decision_and_a_track_that_is_not_there_none(
    decisions: Decisions, catalogue: Catalogue
) -> None:
    (track,) = catalogue.get_tracks([0])
    by_id, by_name = Match(TOTO, track, 1.0, "id"), Match(TOTO, track, 0.9, "fuzzy")
    decisions.keep(TOTO, make_id(1))
    assert decisions.apply([by_id], catalogue) == (by_id,)
    decisions.keep(TOTO, make_id(99))
    assert decisions.apply([by_name], catalogue) == (by_name,)


def test_a_damaged_file_says_what_to_do_and_is_forgotten(decisions: Decisions, catalogue: Catalogue) -> None:
    decisions.path.parent.mkdir()
    decisions.path.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with pytest.raises(StorageError) as caught:
        decisions.apply([unfound(TOTO)], catalogue)
    assert "segue match --forget" in caught.value.hint
    assert decisions.forget() == 0
    decisions.keep(TOTO, make_id(1))
    assert decisions.load() == {"toto - africa": make_id(1)}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be used"):
        Decisions(tmp_path / "file" / "decisions.sqlite").keep(TOTO, "")


def keep_many(path: Path, start: int) -> None:
    for number in range(start, start + 50):
        Decisions(path).keep(TrackReference(title=f"Song {number}"), make_id(number))


def test_two_processes_at_once(decisions: Decisions) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=keep_many, args=(decisions.path, start)) for start in (0, 50)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    assert len(decisions.load()) == 100
