"""Retries and pauses: which, how long, and when to stop."""

from email.utils import formatdate

import pytest

from fake_spotify import FakeSpotify, Fault
from fake_spotify.faults import quota_exceeded, rate_limited
from fake_spotify.fixtures import Stopwatch
from segue.errors import SpotifyLimitError, SpotifyUnreachableError
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.transport import HttpSender, Request, Response, RetrySender, Timing


def test_a_short_pause_is_taken_and_told(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, stopwatch: Stopwatch, notes: list[str]
) -> None:
    fake_spotify.faults.add(rate_limited(7))
    assert spotify_client.fetch_user().id == "ada"
    assert stopwatch.slept == [7]
    assert notes == ["Spotify asks for a pause of 7 s; going on after it"]


@pytest.mark.parametrize("said", [61, 3_600, 86_400, "999999999999"])
def test_a_long_pause_ends_the_run_at_once(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, stopwatch: Stopwatch, said: int | str
) -> None:
    fake_spotify.faults.add(rate_limited(said))
    with pytest.raises(SpotifyLimitError, match=r"pause until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d"):
        spotify_client.fetch_user()
    assert stopwatch.slept == []
    assert spotify_client.requests == 1


def test_the_daily_quota_ends_the_run_at_once_however_short_the_pause(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, stopwatch: Stopwatch
) -> None:
    fake_spotify.faults.add(quota_exceeded(seconds=3))
    with pytest.raises(SpotifyLimitError, match=r"daily quota .* used up until") as caught:
        spotify_client.fetch_user()
    assert caught.value.retry_after_s == 3
    assert stopwatch.slept == []


def test_pauses_are_bounded_in_count(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    fake_spotify.faults.add(rate_limited(1, times=100))
    with pytest.raises(SpotifyLimitError):
        spotify_client.fetch_user()
    assert spotify_client.requests == 5


def test_pauses_are_bounded_in_total_over_a_run(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, stopwatch: Stopwatch
) -> None:
    for _ in range(3):
        fake_spotify.faults.add(rate_limited(60))
        spotify_client.fetch_user()
    fake_spotify.faults.add(rate_limited(1))
    with pytest.raises(SpotifyLimitError):
        spotify_client.fetch_user()
    assert sum(stopwatch.slept) == 180


@pytest.mark.parametrize("said", ["", "soon", "-5", "1e3", "²", formatdate(0, usegmt=True)])
def test_a_strange_retry_after_is_survived(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, said: str
) -> None:
    said = said.encode("latin-1", "ignore").decode("latin-1")
    fake_spotify.faults.add(rate_limited(said))
    assert spotify_client.fetch_user().id == "ada"


def test_a_retry_after_as_a_date(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, stopwatch: Stopwatch
) -> None:
    fake_spotify.faults.add(rate_limited(formatdate(stopwatch.now() + 10, usegmt=True)))
    spotify_client.fetch_user()
    assert stopwatch.slept[0] == pytest.approx(10, abs=1)


def test_the_rolling_window(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, stopwatch: Stopwatch
) -> None:
    fake_spotify.window_limit = 3
    stopwatch.sleep = lambda seconds: setattr(fake_spotify, "ahead_s", fake_spotify.ahead_s + seconds)  # type: ignore[method-assign]
    for _ in range(3):
        spotify_client.fetch_user()
    assert fake_spotify.ahead_s == 0


@pytest.mark.parametrize("kind", ["before", "after", "cut"])
def test_a_dropped_read_is_tried_again(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, stopwatch: Stopwatch, kind: str
) -> None:
    fake_spotify.faults.add(Fault(kind=kind, times=2))  # type: ignore[arg-type]
    assert spotify_client.fetch_user().id == "ada"
    assert stopwatch.slept == [1, 2]


def test_a_request_that_may_not_arrive_twice_is_sent_once(fake_spotify: FakeSpotify) -> None:
    fake_spotify.faults.add(Fault(kind="after"))
    sender = HttpSender(fake_spotify.url)
    retrying = RetrySender(sender, timing=Timing(sleep=lambda seconds: None))
    with pytest.raises(SpotifyUnreachableError) as caught:
        retrying.send(Request("POST", "/api/token", repeatable=False))
    sender.close()
    assert caught.value.may_have_arrived
    assert len(fake_spotify.seen) == 1


def test_a_host_that_is_not_there_is_tried_again_even_for_what_may_not_arrive_twice() -> None:
    slept: list[float] = []
    sender = HttpSender("http://127.0.0.1:9")  # the discard port: nobody listens
    retrying = RetrySender(sender, timing=Timing(sleep=slept.append))
    with pytest.raises(SpotifyUnreachableError, match="could not be reached") as caught:
        retrying.send(Request("POST", "/v1/me/playlists", repeatable=False))
    sender.close()
    assert not caught.value.may_have_arrived
    assert slept == [1, 2, 4, 8]


def test_no_repr_shows_a_secret() -> None:
    request = Request("POST", "/api/token", form={"code": "s3cret"}, body={"a": "s3cret"}).with_header(
        "Authorization", "Bearer s3cret"
    )
    assert "s3cret" not in repr(request)
    assert "s3cret" not in repr(Response(200, {"Set-Cookie": "s3cret"}, b"s3cret"))
