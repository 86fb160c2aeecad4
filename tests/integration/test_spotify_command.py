"""`segue recommend LINK` whole: the starter catalogue, the real model, the fake Spotify, real processes."""

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fake_spotify import FakeSpotify, Fault, Playlist, Song
from fake_spotify.demo import add_catalogue, add_mixed_playlist
from fake_spotify.faults import quota_exceeded, rate_limited
from fake_spotify.forks import Forks
from fake_spotify.world import episode, local_file, spotify_id
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.services.spotify.tokens import FileTokenStore
from segue.types import Track
from serving.fixtures import MODEL

WORK = """
import os, sys
import onnxruntime  # with all that follows, what each child would load anew
import segue.app, segue.cli.recommend, segue.cli.saving, segue.recommender, segue.result
from segue.cli.main import main
from segue.services.spotify import recovery

recovery.LOOKS_S = (0.0, 0.05)

def work(job):
    os.environ.update(job["environment"])
    sys.argv = ["segue", *job["words"]]
    sys.stdin = open(os.devnull)
    main()
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    opened = Forks(WORK)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tracks(starter: Path) -> list[Track]:
    with Catalogue.open(starter) as catalogue:
        return catalogue.find_by_genre("rock", limit=40)


class Segue:
    """Runs the command, and tells what Spotify holds."""

    def __init__(self, forks: Forks, fake: FakeSpotify, settings: Settings, catalogue: Path) -> None:
        self.forks = forks
        self.fake = fake
        self.settings = settings
        self._environment = {
            "SEGUE_CATALOGUE": str(catalogue),
            "SEGUE_DATA_DIR": str(settings.data_dir),
            "SEGUE_CONFIG_DIR": str(settings.config_dir),
            "SEGUE_SPOTIFY_API_URL": fake.url,
            "SEGUE_SPOTIFY_ACCOUNTS_URL": fake.url,
            "SEGUE_MODEL": MODEL,
            "COLUMNS": "150",
        }

    def run(self, *words: str) -> tuple[int, str]:
        code, said = self.forks.run({"environment": self._environment, "words": words})
        return code, "\n".join(said)

    def run_twice_at_once(self, *words: str) -> tuple[int, str]:
        job = {"environment": self._environment, "words": words}
        code, said = self.forks.run(job, job)
        return code, "\n".join(said)

    def made(self) -> list[Playlist]:
        return [one for one in self.fake.world.playlists.values() if "segue" in one.description]


@pytest.fixture
def segue(forks: Forks, fake_spotify: FakeSpotify, signed_in: Settings, starter: Path) -> Segue:
    add_catalogue(fake_spotify.world, starter)
    return Segue(forks, fake_spotify, signed_in, starter)


@pytest.fixture
def source(segue: Segue, tracks: list[Track]) -> Playlist:
    return add_mixed_playlist(segue.fake.world, "Road trip", tracks)


def link_of(playlist: Playlist) -> str:
    return f"https://open.spotify.com/intl-de/playlist/{playlist.playlist_id}?si=0123456789abcdef"


def held(playlist: Playlist) -> list[str]:
    return [song.track_id for song in playlist.songs]


def test_from_a_link_to_a_playlist(segue: Segue, source: Playlist) -> None:
    code, said = segue.run("recommend", link_of(source), "--yes")
    assert code == 0, said
    (made,) = segue.made()
    assert f"https://open.spotify.com/playlist/{made.playlist_id}" in said
    assert "Found 40 of 40 songs" in said
    assert "skipped: entry 4: a podcast episode" in said
    assert (made.name, made.public) == ("Road trip, continued", False)
    assert made.description == (
        f'50 songs picked by segue, from "Road trip" (https://open.spotify.com/playlist/{source.playlist_id}).'
    )
    assert len(set(held(made))) == 50
    assert not set(held(made)) & set(held(source))
    code, said = segue.run("recommend", link_of(source), "--json")
    picks = json.loads(said[said.index("{") :])
    assert [track["track_id"] for track in picks["tracks"]] == held(made)
    assert len(segue.made()) == 1


@pytest.mark.parametrize(
    "form",
    [
        "https://open.spotify.com/playlist/{}",
        "spotify:playlist:{}",
        "open.spotify.com/playlist/{}?si=1",
        "{}",
    ],
)
def test_links_in_every_form(segue: Segue, source: Playlist, form: str) -> None:
    code, said = segue.run("recommend", form.format(source.playlist_id), "--yes", "-n", "5")
    assert code == 0, said
    assert [len(made.songs) for made in segue.made()] == [5]


def test_albums_liked_songs_and_tracks(segue: Segue, tracks: list[Track]) -> None:
    songs = [segue.fake.world.songs[track.track_id] for track in tracks[:5]]
    segue.fake.world.users["ada"].liked = songs
    album = segue.fake.world.add_album("An album", songs)
    urls = [f"https://open.spotify.com/track/{song.track_id}" for song in songs]
    for words in (["liked"], [f"https://open.spotify.com/album/{album}"], urls[:1], urls):
        code, said = segue.run("recommend", *words, "-n", "5", "-o", "-")
        assert code == 0, said
        assert said.count("spotify:track:") == 5
    assert segue.made() == []


def test_a_track_that_the_catalogue_knows_by_another_id(segue: Segue, tracks: list[Track]) -> None:
    """Spotify has several ids for one recording: its title and artist lead to the one that is known."""
    twin = Song(spotify_id("twin"), tracks[0].name, tracks[0].artist)
    segue.fake.world.add_songs([twin])
    code, said = segue.run("recommend", f"spotify:track:{twin.track_id}", "-n", "5", "-o", "-")
    assert code == 0, said
    assert "Asking Spotify about 1 links" in said
    assert "Found 1 of 1" in said


def test_500_songs_cost_at_most_15_requests(segue: Segue, starter: Path) -> None:
    with Catalogue.open(starter) as catalogue:
        source = add_mixed_playlist(segue.fake.world, "Long", catalogue.get_tracks(range(497)))
    expire(segue.settings)
    code, said = segue.run("recommend", link_of(source), "--yes")
    assert code == 0, said
    assert len(segue.fake.seen) <= 15
    assert len(segue.made()[0].songs) == 50


def test_10_000_songs_are_read_with_progress_and_sampled(segue: Segue) -> None:
    segue.fake._contract = None  # judging 200 pages of one shape takes long and tells nothing more
    world = segue.fake.world
    known = list(world.songs.values())[100:]
    unknown = [Song.numbered(number) for number in range(50)]
    source = world.add_playlist("ada", "All of it", [*known, *unknown, *known][:10_000])
    code, said = segue.run("recommend", link_of(source), "--save", "spotify")
    assert code == 0, said
    assert 'Reading "All of it": 10,000 of 10,000' in said
    assert "songs, evenly spaced, are listened to; none of all comes back." in said
    assert not set(held(segue.made()[0])) & set(held(source))


# -- what cannot be read ------------------------------------------------------------------------------------


def test_lists_that_may_not_be_read(segue: Segue) -> None:
    segue.fake.world.add_user("bob")
    foreign = segue.fake.world.add_playlist("bob", "Bob's", map(Song.numbered, range(5)))
    foreign.public = True
    editorial = segue.fake.world.add_editorial("Top hits")
    for playlist in (foreign, editorial):
        code, said = segue.run("recommend", link_of(playlist))
        assert code == 23
        assert "may not be read" in said
        assert "Add to other playlist" in said
        assert "segue recommend -" in said


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["https://spotify.link/abcDEF"], 3, "is a short link"),
        (["spotify.link/abcDEF"], 3, "is a short link"),
        (["https://open.spotify.com/playlist/short"], 3, "22"),
        ([f"https://open.spotify.com/artist/{'A' * 22}"], 3, "artist"),
        ([f"https://open.spotify.com/playlist/{'A' * 22}"], 23, "may not be read"),
        ([f"https://open.spotify.com/show/{'A' * 22}"], 3, "podcast"),
        (["liked"], 3, "holds no songs"),
        (["liked", "--save", "tidal"], 3, "--save: expected spotify"),
    ],
)
def test_links_that_lead_nowhere(segue: Segue, words: list[str], code: int, text: str) -> None:
    ended, said = segue.run("recommend", *words)
    assert (ended, text in said) == (code, True), said
    assert "Traceback" not in said


def test_lists_without_songs(segue: Segue) -> None:
    empty = segue.fake.world.add_playlist("ada", "Empty")
    spoken = segue.fake.world.add_playlist("ada", "Spoken", [episode(1), local_file(1)])
    code, said = segue.run("recommend", link_of(empty))
    assert (code, '"Empty" holds no songs' in said) == (3, True), said
    code, said = segue.run("recommend", link_of(spoken))
    assert code == 3
    assert (
        '"Spoken" holds no songs, only entry 1: a podcast episode (Episode 1); entry 2: a local file' in said
    )


def test_nobody_signed_in_and_a_dead_sign_in(segue: Segue, source: Playlist) -> None:
    segue.fake.ahead_s = 200 * 86_400
    for _ in range(2):
        code, said = segue.run("recommend", link_of(source))
        assert (code, "has ended" in said, "segue login" in said) == (22, True, True)
    segue.run("logout")
    code, said = segue.run("recommend", link_of(source))
    assert (code, "nobody is signed in" in said) == (22, True)


def test_the_daily_quota(segue: Segue, source: Playlist) -> None:
    segue.fake.faults.add(quota_exceeded())
    code, said = segue.run("recommend", link_of(source))
    assert (code, "daily quota" in said, "until 2" in said) == (24, True, True)
    assert len(segue.fake.seen) == 1


def test_without_anyone_to_ask_nothing_is_made(segue: Segue, source: Playlist) -> None:
    code, said = segue.run("recommend", link_of(source))
    assert code == 0
    assert "Not saved. To make it a playlist at Spotify" in said
    assert segue.made() == []


# -- breaks -------------------------------------------------------------------------------------------------


def expire(settings: Settings) -> None:
    store = FileTokenStore(settings.config_dir)
    token = store.load()
    assert token
    store.save(replace(token, expires_at=1.0))


def test_a_break_while_adding_then_the_link_that_was_printed(segue: Segue, source: Playlist) -> None:
    segue.fake.faults.add(Fault("POST /v1/playlists/", status=403, body=b"{}", skip=1))
    words = ["recommend", link_of(source), "--yes", "-n", "120"]
    code, said = segue.run(*words)
    (made,) = segue.made()
    assert code == 27
    assert "holds 100 of 120 songs" in said
    url = f"https://open.spotify.com/playlist/{made.playlist_id}"
    assert f"--resume {url}" in said
    code, said = segue.run(*words, "--resume", url)
    assert code == 0, said
    assert "(100 were there already)" in said
    assert len(held(made)) == len(set(held(made))) == 120
    assert len(segue.made()) == 1


def test_two_processes_at_once_make_one_playlist(segue: Segue, source: Playlist) -> None:
    segue.fake.faults.add(rate_limited(3, where="POST /v1/playlists/"))
    code, said = segue.run_twice_at_once(
        "recommend", link_of(source), "--save", "spotify", "--yes", "-n", "120"
    )
    assert code == 0, said
    (made,) = segue.made()
    assert len(held(made)) == len(set(held(made))) == 120
    assert "waiting for it" in said
    assert said.count(f"https://open.spotify.com/playlist/{made.playlist_id}") >= 2
    assert "Another run of the same command has just made the playlist" in said


def test_a_resume_that_is_no_link_is_named(segue: Segue, source: Playlist) -> None:
    for wrong in ("nonsense", "non sense", "https://example.com/playlist/1", f"spotify:track:{'A' * 22}"):
        code, said = segue.run("recommend", link_of(source), "--yes", "--resume", wrong)
        assert code == 3, said
        assert "--resume: expected the link of a playlist" in said
        assert "Give the link that segue printed" in said
    assert segue.made() == []


@pytest.mark.parametrize("number", [3, 4, 5])
def test_stopping_a_save_says_how_to_go_on(segue: Segue, source: Playlist, number: int) -> None:
    words = ["recommend", link_of(source), "--yes", "-n", "120"]

    def watch(count: int, when: str) -> None:
        if (count, when) == (number, "before"):
            segue.fake.watch = lambda count, when: None
            segue.forks.interrupt()
            time.sleep(0.3)

    segue.fake.watch = watch
    code, said = segue.run(*words)
    assert (code, "run the same command again" in said) == (130, True), said
    assert "Traceback" not in said
    code, said = segue.run(*words)
    assert code == 0, said
    (made,) = segue.made()
    assert len(held(made)) == len(set(held(made))) == 120


def test_killed_at_every_request_then_run_again(segue: Segue, source: Playlist) -> None:
    words = ["recommend", link_of(source), "--yes", "-n", "120"]
    expire(segue.settings)
    code, said = segue.run(*words)
    assert code == 0, said
    (made,) = segue.made()
    expected, count = held(made), len(segue.fake.seen)
    assert count == 6  # token, playlist, lists, make, add, add
    for moment in ("before", "after"):
        for number in range(1, count + 1):
            for playlist in segue.made():
                del segue.fake.world.playlists[playlist.playlist_id]
            segue.fake.seen.clear()
            expire(segue.settings)
            kill_at(segue, number, moment)
            code, said = segue.run(*words)
            assert code == -signal.SIGKILL, said
            code, said = segue.run(*words)
            assert code == 0, said
            (made,) = segue.made()
            assert held(made) == expected, (number, moment)
            assert f"playlist/{made.playlist_id}" in said
    assert held(source)


def kill_at(segue: Segue, number: int, moment: str) -> None:
    def watch(count: int, when: str) -> None:
        if (count, when) == (number, moment):
            segue.fake.watch = lambda count, when: None
            segue.forks.kill()

    segue.fake.watch = watch


def test_no_secret_is_shown_and_nothing_of_spotify_is_kept(
    segue: Segue, source: Playlist, starter: Path, tmp_path: Path
) -> None:
    before = starter.read_bytes()
    odd = Song(spotify_id("odd"), "Only at Spotify", "Nobody", isrc="ZZODD2600001")
    segue.fake.world.add_songs([odd])
    source.songs.append(odd)
    said = "".join(
        segue.run(*words)[1] for words in (["recommend", link_of(source), "--yes"], ["status"], ["doctor"])
    )
    assert "not found: Nobody - Only at Spotify" in said
    for secret in [*segue.fake.accounts.access, *segue.fake.accounts.refresh]:
        assert secret not in said
    assert starter.read_bytes() == before
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"Only at Spotify" not in content
            assert odd.track_id.encode() not in content
