"""Filling a catalogue from ReccoBeats, against a server on this machine that answers as it does."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest

from double_reccobeats import Double, answering, entry_of, hang_up, serving_double
from made_tracks import FEATURES, make_id, make_track
from segue.catalogue.fill import reccobeats
from segue.catalogue.fill.filling import FillReport, Wanted, fill, find_unfilled
from segue.catalogue.fill.reccobeats import BATCH, GIVES, NAME, TRIES, ReccoBeats, Timing
from segue.catalogue.store import Catalogue
from segue.errors import FeatureSourceError, SettingsError
from segue.types import Track

WANTED = Wanted(NAME, GIVES, BATCH)
NOW = 1_700_000_000.0


@pytest.fixture
def double() -> Iterator[Double]:
    with serving_double() as serving:
        yield serving


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A hundred tracks without features, one that lacks its key alone, one with all, one with another id."""
    path = tmp_path / "c.sqlite"
    keyless = {name: value for name, value in FEATURES.items() if name != "key"} | {"energy": 0.123}
    with Catalogue.create(path) as opened:
        opened.upsert(Track(make_id(number), f"Song {number}", popularity=number) for number in range(1, 101))
        opened.upsert([make_track(200, features=keyless, popularity=0), make_track(201)])
        opened.upsert(
            [Track("isrc:GBUM71029604", "Innuendo"), Track("abcdefghij:klmnopqrstu", "of 22 characters")]
        )
    return path


def run(catalogue: Path, double: Double, *, slept: list[float] | None = None) -> FillReport:
    timing = Timing(lambda: NOW, (slept if slept is not None else []).append)
    with ReccoBeats(double.url, timing=timing) as source:
        return fill(catalogue, find_unfilled(catalogue, WANTED), source, WANTED)


def features_of(catalogue: Path, number: int) -> dict[str, float]:
    with Catalogue.open(catalogue) as opened:
        track = opened.find_track(make_id(number))
    assert track is not None
    return dict(track.features)


def test_tracks_are_filled_the_most_popular_first(catalogue: Path, double: Double) -> None:
    double.unknown = {make_id(50)}
    assert run(catalogue, double) == FillReport(101, 100)
    assert [len(ids) for ids in double.asked] == [40, 40, 21]
    assert double.asked[0][:2] == [make_id(100), make_id(99)]
    assert features_of(catalogue, 7) == {name: FEATURES[name] for name in GIVES}
    assert features_of(catalogue, 50) == {}
    assert features_of(catalogue, 200) == FEATURES | {"energy": 0.123}  # what was known stays
    with Catalogue.open(catalogue) as opened:
        filled = opened.find_track(make_id(7))
    assert filled is not None
    assert (filled.name, filled.popularity) == ("Song 7", 7)


def test_only_ids_are_sent(catalogue: Path, double: Double) -> None:
    run(catalogue, double)
    sent = {track_id for ids in double.asked for track_id in ids}
    assert sent == {*map(make_id, range(1, 101)), make_id(200)}
    for heads in double.heads:
        assert heads.pop("path") == "/v1/audio-features"
        assert set(heads) <= {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}
        assert heads["User-Agent"] == "segue"


def test_what_was_asked_is_not_asked_again(catalogue: Path, double: Double) -> None:
    double.unknown = {make_id(50)}
    run(catalogue, double)
    assert find_unfilled(catalogue, WANTED) == []
    assert find_unfilled(catalogue, WANTED, again=True) == [make_id(50)]
    assert run(catalogue, double) == FillReport(0, 0)
    assert len(double.asked) == 3


@pytest.mark.parametrize("named", ["seconds", "date", "nothing"])
def test_pauses_are_kept(catalogue: Path, double: Double, named: str) -> None:
    told = {"seconds": "7", "date": formatdate(NOW + 7, usegmt=True), "nothing": ""}[named]
    double.faults = [answering(429, Retry_After=told)]
    slept: list[float] = []
    assert run(catalogue, double, slept=slept).filled == 101
    assert slept == [2.0 if named == "nothing" else 7.0]
    assert double.asked[0] == double.asked[1]


def test_a_long_pause_ends_the_run_and_what_came_stays(catalogue: Path, double: Double) -> None:
    double.faults = [
        answering(200, body({make_id(number) for number in range(61, 101)})),
        answering(429, Retry_After="86400"),
    ]
    slept: list[float] = []
    with pytest.raises(FeatureSourceError, match="pause of 1440 minutes") as caught:
        run(catalogue, double, slept=slept)
    assert slept == []
    assert "the same command goes on" in caught.value.hint
    assert len(find_unfilled(catalogue, WANTED)) == 61
    assert run(catalogue, double) == FillReport(61, 61)


def body(track_ids: set[str]) -> bytes:
    return json.dumps({"content": [entry_of(each) for each in track_ids]}).encode()


PASSING = {
    "fault": answering(500),
    "busy": answering(503),
    "no JSON": answering(200, b"<html>Please sign in to this network</html>"),
    "other JSON": answering(200, b"[]"),
    "odd content": answering(200, b'{"content": [7]}'),
    "deep": answering(200, b"[" * 100_000),
    "too much": answering(200, b" " * 2_000_000),
    "broken off": hang_up,
    "gzip that is none": answering(200, b"hello", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("what", PASSING)
def test_what_may_pass_is_tried_again(catalogue: Path, double: Double, what: str) -> None:
    double.faults = [PASSING[what]] * 2
    slept: list[float] = []
    assert run(catalogue, double, slept=slept).filled == 101
    assert slept == [2.0, 4.0]


@pytest.mark.parametrize("what", ["fault", "no JSON", "broken off"])
def test_what_does_not_pass_ends_the_run_and_marks_nothing(
    catalogue: Path, double: Double, what: str
) -> None:
    double.faults = [PASSING[what]] * TRIES
    with pytest.raises(FeatureSourceError, match="5 times in a row"):
        run(catalogue, double)
    assert len(double.asked) == TRIES
    assert len(find_unfilled(catalogue, WANTED)) == 101


@pytest.mark.parametrize("status", [301, 400, 403, 404])
def test_what_no_try_will_change_ends_the_run_at_once(catalogue: Path, double: Double, status: int) -> None:
    double.faults = [answering(status, Location=f"{double.url}/elsewhere")]
    with pytest.raises(FeatureSourceError, match=f"answered with {status}"):
        run(catalogue, double)
    assert len(double.asked) == 1


def test_a_slow_answer_is_tried_again(
    catalogue: Path, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reccobeats, "_TIMEOUT", httpx.Timeout(0.3))
    double.faults = [lambda handler: time.sleep(0.8)]
    slept: list[float] = []
    assert run(catalogue, double, slept=slept).filled == 101
    assert slept == [2.0]


def test_nobody_there(catalogue: Path) -> None:
    with serving_double() as gone:
        pass
    with pytest.raises(FeatureSourceError, match="could not be reached"):
        run(catalogue, gone)


def test_odd_values_and_tracks_that_were_not_asked_for_are_left_out(catalogue: Path, double: Double) -> None:
    odd = {
        **entry_of(make_id(100)),
        "energy": 7,
        "tempo": "fast",
        "key": -1,
        "mode": None,
        "valence": float("inf"),
    }
    stranger = entry_of(make_id(201)) | {"danceability": 0.999}
    double.faults = [answering(200, json.dumps({"content": [odd, stranger, {"href": "x"}]}).encode())]
    run(catalogue, double)
    assert set(features_of(catalogue, 100)) == set(GIVES) - {"energy", "tempo", "key", "mode", "valence"}
    assert features_of(catalogue, 201) == FEATURES


def test_no_other_host_is_asked() -> None:
    for url in ("https://example.org", "http://api.reccobeats.com", "https://api.reccobeats.com@example.org"):
        with pytest.raises(SettingsError, match="loopback"):
            ReccoBeats(url)


DRIVER = """
import sys
from pathlib import Path
from segue.catalogue.fill.filling import Wanted, fill, find_unfilled
from segue.catalogue.fill.reccobeats import GIVES, NAME, ReccoBeats
catalogue, wanted = Path(sys.argv[1]), Wanted(NAME, GIVES, 10)
with ReccoBeats(sys.argv[2]) as source:
    fill(catalogue, find_unfilled(catalogue, wanted), source, wanted, lambda done, _: print(done, flush=True))
"""


def test_killed_and_gone_on(catalogue: Path, double: Double) -> None:
    def slow(handler: object) -> None:
        time.sleep(3)

    def as_usual(ids: range) -> bytes:
        return body(set(map(make_id, ids)))

    double.faults = [answering(200, as_usual(range(91, 101))), answering(200, as_usual(range(81, 91))), slow]
    command = [sys.executable, "-c", DRIVER, str(catalogue), double.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["10\n", "20\n"]
        process.send_signal(signal.SIGKILL)
    assert len(find_unfilled(catalogue, WANTED)) == 81
    double.asked.clear()
    assert run(catalogue, double) == FillReport(81, 81)
    assert double.asked[0][0] == make_id(80)
