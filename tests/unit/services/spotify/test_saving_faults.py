"""Every fault at every request of a save, and saves killed at random: one list with the right songs."""

import json
import random
from urllib.parse import urlencode

import pytest

from fake_spotify import FakeSpotify, Fault, Song
from fake_spotify.faults import FAULTS, rate_limited
from fake_spotify.fixtures import Stopwatch, token_of
from segue.errors import SegueError, SpotifyUnreachableError
from segue.services.spotify.auth import Accounts, BearerSender, TokenKeeper
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.saving import NewPlaylist, save_playlist
from segue.services.spotify.tokens import MemoryTokenStore
from segue.services.spotify.transport import Request, Response, RetrySender, Timing
from segue.services.spotify.unfinished import Begun, mark_of
from segue.types import Track

NEW = NewPlaylist("After it", "Made from it")
REQUESTS = 5  # lists, make, add, add, add


class Killed(BaseException):
    """The process is gone."""


class Direct:
    """Hands requests to the fake without a socket; `kill` ends the run at a request, before or after it."""

    def __init__(self, fake: FakeSpotify, kill: tuple[int, bool] | None = None) -> None:
        self.fake, self.kill, self.count = fake, kill, 0

    def send(self, request: Request) -> Response:
        """Answer, or fail as the fault that strikes says."""
        self.count += 1
        if self.kill == (self.count, False):
            raise Killed
        target = request.path + (f"?{urlencode(request.params)}" if request.params else "")
        raw = json.dumps(request.body).encode() if request.body is not None else b""
        headers = {**request.headers, "Content-Type": "application/json"}
        answer, fault = self.fake.answer(request.method, target, headers, raw)
        if self.kill == (self.count, True):
            raise Killed
        if fault and fault.kind in ("before", "after", "cut"):
            raise SpotifyUnreachableError("Spotify broke off its answer", may_have_arrived=True)
        return Response(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.body)


def picks_of(fake: FakeSpotify) -> list[Track]:
    songs = fake.world.add_songs(map(Song.numbered, range(230)))
    return [Track(song.track_id, song.name, (song.artist,), isrc=song.isrc) for song in songs]


class Account:
    """One person's account, their old list, and runs of one save."""

    def __init__(self) -> None:
        self.fake = FakeSpotify()
        self.picks = picks_of(self.fake)
        self.old = self.fake.world.add_playlist("ada", NEW.name)
        self.old.description = NEW.description
        self.begun, self.clock = Begun(), Stopwatch()
        self.key = mark_of(NEW.name, NEW.description, self.picks)
        self.store = MemoryTokenStore()
        self.store.save(token_of(self.fake))

    def save(self, kill: tuple[int, bool] | None = None) -> None:
        """Run the save once."""
        timing = Timing(now=self.clock.now, sleep=self.clock.sleep)
        direct = Direct(self.fake, kill)
        keeper = TokenKeeper(self.store, Accounts(direct, timing=timing), timing=timing)
        client = SpotifyClient(
            BearerSender(RetrySender(direct, timing=timing), keeper), keeper, timing=timing
        )
        save_playlist(client, self.picks, NEW, begun=self.begun)

    def check(self) -> None:
        """Check that there is one new list, with the right songs, and that the old one is as it was."""
        old, new = self.fake.world.playlists.values()
        assert old.songs == []
        assert [song.track_id for song in new.songs] == [track.track_id for track in self.picks]

    def close(self) -> None:
        self.fake._server.server_close()


@pytest.mark.parametrize("number", range(REQUESTS))
@pytest.mark.parametrize("times", [1, 1_000])
@pytest.mark.parametrize("name", sorted(FAULTS))
def test_every_fault_at_every_request(name: str, times: int, number: int) -> None:
    """Done, or a clear error; once the fault is over, the same command finishes the one list."""
    account = Account()
    account.fake.faults.add(FAULTS[name](number, times))
    done = True
    try:
        account.save()
    except SegueError as error:
        done = False
        print(error.message)
        made = len(account.fake.world.playlists) > 1
        assert not made or account.begun.holds(account.key)
    account.fake.faults.clear()
    if not done:
        account.save()
    account.check()
    account.close()


@pytest.mark.parametrize("start", range(200))
def test_killed_at_random_and_run_again(start: int) -> None:
    """One to four runs die at random requests, with random faults; then one runs to its end."""
    rng = random.Random(start)
    account = Account()
    for _ in range(rng.randint(1, 4)):
        if rng.random() < 0.5:
            account.fake.faults.add(FAULTS[rng.choice(sorted(FAULTS))](rng.randrange(REQUESTS), 1))
        try:
            account.save((rng.randint(1, 8), rng.random() < 0.5))
        except (Killed, SegueError):
            account.fake.faults.clear()
        else:
            break
    else:
        account.save()
    account.check()
    account.close()


def test_an_old_list_of_the_same_name_is_never_altered() -> None:
    account = Account()
    account.fake.faults.add(Fault("POST /v1/me/playlists", status=500))
    with pytest.raises(SegueError, match="did not say whether it made"):
        account.save()
    account.save()
    account.check()
    account.close()


def test_a_short_pause_on_the_first_addition() -> None:
    account = Account()
    account.fake.faults.add(rate_limited(15, where="POST /v1/playlists/"))
    account.save()
    account.check()
    account.close()
