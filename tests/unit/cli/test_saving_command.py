"""What `segue recommend` does with Spotify: reading links, asking, naming, saving."""

import sys
from collections.abc import Sequence

import pytest
import typer

from fake_spotify import FakeSpotify, Fault, Song
from segue.cli import browser
from segue.cli.saving import (
    Saving,
    default_description,
    default_name,
    wants_saving,
)
from segue.cli.saving import (
    save as save_at,
)
from segue.config import Settings
from segue.errors import (
    InputError,
    InvalidLinkError,
    SpotifyAccessError,
    UnfinishedPlaylistError,
)
from segue.services.protocol import Notify, Reading, SavedList, say_nothing
from segue.services.spotify import connect
from segue.services.spotify.about import ABOUT
from segue.services.spotify.service import open_spotify
from segue.text.links import SpotifyLink
from segue.types import Playlist, Track

LINK = SpotifyLink("playlist", "A" * 22)


def source_of(name: str = "", link: SpotifyLink | None = None) -> Reading:
    return Reading(Playlist((), name), link)


SOURCE = source_of("Road trip", LINK)
SPOTIFY = open_spotify(Settings(), say_nothing)


def save(
    settings: Settings,
    picks: Sequence[Track],
    saving: Saving,
    source: Reading,
    notify: Notify = say_nothing,
) -> SavedList:
    return save_at(open_spotify(settings, notify), picks, saving, source, notify=notify)


@pytest.fixture
def picks(fake_spotify: FakeSpotify) -> list[Track]:
    songs = fake_spotify.world.add_songs(map(Song.numbered, range(10)))
    return [Track(song.track_id, song.name, (song.artist,)) for song in songs]


# -- whether to save ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "source", "silent", "yes", "expected"),
    [
        (True, source_of(), False, False, True),
        (True, source_of(), True, False, True),
        (False, source_of(), False, True, False),  # a file is not saved unless asked for
        (False, source_of("x", SpotifyLink("track", "A" * 22)), False, True, False),
        (False, SOURCE, False, True, True),
        (False, SOURCE, True, True, True),
        (False, SOURCE, True, False, False),
        (False, SOURCE, False, False, False),  # nobody to ask
    ],
)
def test_when_a_playlist_is_made(
    asked: bool, source: Reading, silent: bool, yes: bool, expected: bool
) -> None:
    assert wants_saving(SPOTIFY, asked=asked, source=source, silent=silent, yes=yes) is expected


@pytest.mark.parametrize("answer", [True, False])
def test_a_person_is_asked_once(monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
    questions: list[str] = []

    def confirm(text: str, **options: object) -> bool:
        questions.append(text)
        return answer

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", confirm)
    assert wants_saving(SPOTIFY, asked=False, source=SOURCE, silent=False, yes=False) is answer
    assert questions == ["Make this a playlist in your Spotify account?"]


# -- names --------------------------------------------------------------------------------------------------


def test_what_is_written_when_nothing_is_said() -> None:
    assert default_name(SOURCE, ABOUT) == "Road trip, continued"
    assert default_description(SOURCE, 50, ABOUT) == (
        f'50 songs picked by segue, from "Road trip" (https://open.spotify.com/playlist/{"A" * 22}).'
    )
    assert default_description(source_of("Mix.csv"), 1, ABOUT) == '1 song picked by segue, from "Mix.csv".'
    assert default_name(source_of(), ABOUT) == "Picked by segue"
    assert default_description(source_of(), 2, ABOUT) == "2 songs picked by segue, from a list of songs."


@pytest.mark.parametrize("name", ["x" * 500, "ü\n" * 250, " "])
def test_long_names_are_cut_to_what_spotify_takes(name: str) -> None:
    source = source_of(name, LINK)
    assert 1 <= len(default_name(source, ABOUT)) <= 100
    assert len(default_description(source, 1_000, ABOUT)) <= 300
    assert "\n" not in default_name(source, ABOUT) + default_description(source, 50, ABOUT)


# -- saving -------------------------------------------------------------------------------------------------


def test_saving_tells_the_link_and_opens_it(
    signed_in: Settings, fake_spotify: FakeSpotify, picks: list[Track], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(browser, "open_browser", open_browser)
    told: list[str] = []
    saved = save(signed_in, picks, Saving(open_it=True), SOURCE, notify=told.append)
    (made,) = fake_spotify.world.playlists.values()
    assert (made.name, made.public) == ("Road trip, continued", False)
    assert made.description.startswith('10 songs picked by segue, from "Road trip"')
    assert told == [
        f"Made the playlist {saved.url}; adding 10 songs",
        'Added 10 songs to "Road trip, continued".',
    ]
    assert opened == [saved.url]
    assert connect.begun_of(signed_in).forget_finished() == 0


def test_names_of_ones_own_and_public(
    signed_in: Settings, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    save(signed_in, picks, Saving("Mine", "Words", public=True), source_of(), notify=lambda text: None)
    (made,) = fake_spotify.world.playlists.values()
    assert (made.name, made.description, made.public) == ("Mine", "Words", True)


def test_what_spotify_does_not_know_is_named(
    signed_in: Settings, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    fake_spotify.world.unknown = {picks[3].track_id}
    told: list[str] = []
    save(signed_in, picks, Saving(), SOURCE, notify=told.append)
    assert "Spotify does not know it any more, so it was left out: Artist 3 - Song 3" in told


@pytest.mark.parametrize("form", ["https://open.spotify.com/playlist/{}?si=x", "spotify:playlist:{}", "{}"])
def test_finishing_by_link(
    signed_in: Settings, fake_spotify: FakeSpotify, picks: list[Track], form: str
) -> None:
    half = fake_spotify.world.add_playlist("ada", "Half", map(Song.numbered, range(4)))
    told: list[str] = []
    save(signed_in, picks, Saving(resume=form.format(half.playlist_id)), SOURCE, notify=told.append)
    assert [song.track_id for song in half.songs] == [track.track_id for track in picks]
    assert told[-1] == 'Added 6 songs to "Half" (4 were there already).'


def test_finishing_by_a_link_of_another_kind(signed_in: Settings, picks: list[Track]) -> None:
    with pytest.raises(InvalidLinkError, match="--resume: expected the link of a playlist"):
        save(signed_in, picks, Saving(resume=f"https://open.spotify.com/track/{'A' * 22}"), SOURCE)


def test_a_name_that_is_too_long_is_said_before_anything_is_sent(
    signed_in: Settings, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    with pytest.raises(InputError, match="1 to 100 characters, got 101"):
        save(signed_in, picks, Saving(name="x" * 101), SOURCE)
    assert fake_spotify.seen == []


def test_a_break_and_the_same_command_again(
    signed_in: Settings, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    fake_spotify.faults.add(Fault("POST /v1/playlists", status=403, body=b"{}"))
    with pytest.raises(UnfinishedPlaylistError, match="holds 0 of 10") as caught:
        save(signed_in, picks, Saving(), SOURCE, notify=lambda text: None)
    assert isinstance(caught.value.__cause__, SpotifyAccessError)
    save(signed_in, picks, Saving(), SOURCE, notify=lambda text: None)
    assert len(fake_spotify.world.playlists) == 1
