"""Two runs of one save that overlap: over real HTTP, with marks on disk, one list that is right."""

import threading
import time
from collections.abc import Callable

import pytest

from fake_spotify import FakeSpotify, Song
from fake_spotify.faults import rate_limited
from segue.config import Settings
from segue.errors import UnfinishedPlaylistError
from segue.services.protocol import SavedList
from segue.services.spotify.connect import Surroundings, open_client
from segue.services.spotify.saving import NewPlaylist, save_playlist
from segue.services.spotify.transport import Timing
from segue.services.spotify.unfinished import Begun
from segue.types import Track

NEW = NewPlaylist("After it", "Made from it")
MOMENTS = [  # requests of the first run: lists, make, add (a pause of 15 s), add again, add, add
    (1, "before"),
    (1, "after"),
    (2, "before"),
    (2, "after"),
    (3, "before"),
    (3, "after"),
    (4, "before"),
    (4, "after"),
    (5, "after"),
    (6, "before"),
    (6, "after"),
]


class FastClock:
    """A clock that runs fifty times as fast as this machine's, and sleeps as much shorter."""

    def __init__(self) -> None:
        self._start = time.time()

    def now(self) -> float:
        """The time by this clock."""
        return self._start + (time.time() - self._start) * 50

    def sleep(self, seconds: float) -> None:
        """Really sleep, a fiftieth of it."""
        time.sleep(seconds / 50)


class Runs:
    """Runs of one save, each a thread with a client and marks of its own over the same folder."""

    def __init__(self, settings: Settings, picks: list[Track]) -> None:
        self.settings = settings
        self.picks = picks
        self.done: list[SavedList] = []
        self.failed: list[UnfinishedPlaylistError] = []
        self.told: list[str] = []
        self._clock = FastClock()
        self._threads: list[threading.Thread] = []

    def start(self, *, wait_s: float | None = None, started_at: float = 0.0) -> None:
        """Start one; `started_at` is when its command began, 0 for now."""
        thread = threading.Thread(target=self._save, args=(wait_s, started_at))
        self._threads.append(thread)
        thread.start()

    def _save(self, wait_s: float | None, started_at: float) -> None:
        timing = Timing(now=self._clock.now, sleep=self._clock.sleep)
        begun = Begun(self.settings.config_dir / "begun-playlists", wait_s=wait_s, started_at=started_at)
        try:
            with open_client(self.settings, Surroundings(timing=timing, notify=self.told.append)) as client:
                self.done.append(save_playlist(client, self.picks, NEW, begun=begun))
        except UnfinishedPlaylistError as error:
            self.failed.append(error)

    def join(self) -> None:
        """Wait for all of them, those that are started meanwhile too."""
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()


@pytest.fixture
def runs(signed_in: Settings, fake_spotify: FakeSpotify) -> Runs:
    songs = fake_spotify.world.add_songs(map(Song.numbered, range(230)))
    picks = [Track(song.track_id, song.name, (song.artist,), isrc=song.isrc) for song in songs]
    fake_spotify.faults.add(rate_limited(15, where="POST /v1/playlists/"))
    return Runs(signed_in, picks)


def once_at(fake: FakeSpotify, moment: tuple[int, str], work: Callable[[], None]) -> None:
    """Do this when the first run's request gets there, and give it time to get going."""

    def watch(number: int, when: str) -> None:
        if (number, when) == moment:
            fake.watch = lambda number, when: None
            work()
            time.sleep(0.05)

    fake.watch = watch


def only_list(fake: FakeSpotify, picks: list[Track]) -> str:
    (made,) = fake.world.playlists.values()
    assert [song.track_id for song in made.songs] == [track.track_id for track in picks]
    return f"https://open.spotify.com/playlist/{made.playlist_id}"


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_second_run_started_at_any_moment(
    runs: Runs, fake_spotify: FakeSpotify, moment: tuple[int, str]
) -> None:
    """The second waits, and returns the list that the first has made."""
    once_at(fake_spotify, moment, runs.start)
    runs.start()
    runs.join()
    url = only_list(fake_spotify, runs.picks)
    assert not runs.failed
    assert [saved.url for saved in runs.done] == [url, url]
    assert sorted(saved.added for saved in runs.done) == [0, 230]
    assert any("waiting for it" in line for line in runs.told)


def test_a_command_that_began_before_the_other_ended_and_saves_after_it(
    runs: Runs, fake_spotify: FakeSpotify
) -> None:
    """Picking songs takes a while: the other's save may begin and end in it."""
    began = time.time()
    runs.start()
    runs.join()
    runs.start(started_at=began)
    runs.join()
    url = only_list(fake_spotify, runs.picks)
    assert [saved.url for saved in runs.done] == [url, url]


def test_a_command_that_began_after_the_other_ended_makes_a_list_of_its_own(
    runs: Runs, fake_spotify: FakeSpotify
) -> None:
    for _ in range(2):
        runs.start()
        runs.join()
    assert len(fake_spotify.world.playlists) == 2


def test_four_runs_at_once(runs: Runs, fake_spotify: FakeSpotify) -> None:
    for _ in range(4):
        runs.start()
    runs.join()
    url = only_list(fake_spotify, runs.picks)
    assert [saved.url for saved in runs.done] == [url] * 4


def test_a_second_run_that_does_not_wait_says_that_it_is_under_way(
    runs: Runs, fake_spotify: FakeSpotify
) -> None:
    once_at(fake_spotify, (4, "before"), lambda: runs.start(wait_s=0))
    runs.start()
    runs.join()
    url = only_list(fake_spotify, runs.picks)
    assert [saved.url for saved in runs.done] == [url]
    (error,) = runs.failed
    assert "is making this very playlist" in error.message
    assert "run the same command again" in error.hint


def test_the_second_run_goes_on_where_the_first_broke_off(runs: Runs, fake_spotify: FakeSpotify) -> None:
    fake_spotify.faults.clear()
    fake_spotify.faults.add(rate_limited(7_200, where="POST /v1/playlists/"))
    once_at(fake_spotify, (3, "before"), runs.start)
    runs.start()
    runs.join()
    url = only_list(fake_spotify, runs.picks)
    assert [saved.url for saved in runs.done] == [url]
    assert len(runs.failed) == 1
