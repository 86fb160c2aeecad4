"""What `segue recommend` does with Spotify: reading links, asking, naming, saving."""

import sys
from pathlib import Path

import pytest
import typer

from fake_spotify import FakeSpotify, Fault, Song
from fake_spotify.fixtures import token_of
from segue.app import Reading
from segue.catalogue.store import Catalogue
from segue.cli.spotify import (
    Saving,
    Source,
    default_description,
    default_name,
    fill_in,
    read_link,
    save,
    wants_saving,
)
from segue.config import Settings
from segue.errors import (
    InputError,
    InvalidLinkError,
    SignInError,
    SpotifyAccessError,
    UnfinishedPlaylistError,
)
from segue.playlists.links import SpotifyLink
from segue.services.spotify import connect, transport
from segue.services.spotify.tokens import FileTokenStore
from segue.types import Playlist, Track, TrackReference

LINK = SpotifyLink("playlist", "A" * 22)
SOURCE = Source("Road trip", LINK)


@pytest.fixture
def picks(fake_spotify: FakeSpotify) -> list[Track]:
    songs = fake_spotify.world.add_songs(map(Song.numbered, range(10)))
    return [Track(song.track_id, song.name, (song.artist,)) for song in songs]


@pytest.mark.parametrize("kind", ["playlist", "album", "track", "liked"])
def test_links_of_every_kind_are_read(signed_in: Settings, fake_spotify: FakeSpotify, kind: str) -> None:
    songs = [Song.numbered(number) for number in range(3)]
    fake_spotify.world.users["ada"].liked = songs
    made = {
        "playlist": fake_spotify.world.add_playlist("ada", "Mine", songs).playlist_id,
        "album": fake_spotify.world.add_album("Album", songs),
        "track": songs[0].track_id,
        "liked": "",
    }
    told: list[str] = []
    link = SpotifyLink(kind, made[kind])  # type: ignore[arg-type]
    playlist = read_link(signed_in, link, notify=told.append)
    assert len(playlist.entries) == (1 if kind == "track" else 3)


def test_a_link_without_a_list_of_songs(signed_in: Settings) -> None:
    with pytest.raises(InvalidLinkError, match="'artist'") as caught:
        read_link(signed_in, SpotifyLink("artist", "A" * 22))
    assert "album" in caught.value.hint


@pytest.mark.parametrize("kind", ["playlist", "album", "liked"])
def test_without_a_sign_in_the_ways_that_need_none_are_named(
    spotify_settings: Settings, fake_spotify: FakeSpotify, kind: str
) -> None:
    link = SpotifyLink(kind, "" if kind == "liked" else "A" * 22)  # type: ignore[arg-type]
    with pytest.raises(SignInError, match=f"nobody is signed in to Spotify, so {link.url}") as caught:
        read_link(spotify_settings, link)
    for way in ("segue login", "Ctrl+A", "segue recommend -", "Exportify", "FILE.csv"):
        assert way in caught.value.hint
    assert fake_spotify.seen == []


def test_a_sign_in_that_lacks_something_is_made_again_and_nothing_else(
    spotify_settings: Settings, fake_spotify: FakeSpotify
) -> None:
    FileTokenStore(spotify_settings.config_dir).save(token_of(fake_spotify, scopes=("user-library-read",)))
    with pytest.raises(SignInError, match="lacks playlist-read-private") as caught:
        read_link(spotify_settings, LINK)
    assert caught.value.hint.startswith("Run `segue login` again")


def reading_of(*ids: str) -> Reading:
    return Reading(Playlist(tuple(TrackReference(track_id=one, source="line 1") for one in ids)))


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "own.sqlite"
    with Catalogue.create(path) as made:
        made.upsert([Track(Song.numbered(1).track_id, "Song 1", ("Artist 1",), features={"energy": 0.5})])
    return path


def test_only_links_that_the_catalogue_does_not_know_are_asked_about(
    signed_in: Settings, fake_spotify: FakeSpotify, catalogue: Path
) -> None:
    known, unknown = fake_spotify.world.add_songs([Song.numbered(1), Song.numbered(2)])
    told: list[str] = []
    reading = reading_of(known.track_id, unknown.track_id, "0" * 22)
    filled = fill_in(signed_in, reading, catalogue, notify=told.append).playlist.entries
    assert [entry.title for entry in filled] == ["", "Song 2", ""]
    assert filled[1].source == "line 1"
    assert fake_spotify.lines() == [f"GET /v1/tracks/{unknown.track_id}", f"GET /v1/tracks/{'0' * 22}"]
    assert told == ["Asking Spotify about 2 links that the catalogue does not know"]


def test_of_many_unknown_links_twenty_are_asked_about(
    signed_in: Settings, fake_spotify: FakeSpotify, catalogue: Path
) -> None:
    songs = fake_spotify.world.add_songs(map(Song.numbered, range(100, 140)))
    fill_in(signed_in, reading_of(*(song.track_id for song in songs)), catalogue, notify=lambda text: None)
    assert len(fake_spotify.seen) == 20


def test_nobody_is_asked_when_nobody_is_signed_in(
    spotify_settings: Settings, fake_spotify: FakeSpotify, catalogue: Path
) -> None:
    reading = reading_of("0" * 22)
    assert fill_in(spotify_settings, reading, catalogue) is reading
    assert fake_spotify.seen == []


def test_when_spotify_cannot_be_asked_the_rest_goes_on(
    signed_in: Settings, fake_spotify: FakeSpotify, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "TRIES", 1)
    fake_spotify.stop()
    told: list[str] = []
    reading = reading_of("0" * 22, "1" * 22)
    assert fill_in(signed_in, reading, catalogue, notify=told.append) is reading
    assert told[-1].startswith("Spotify could not be asked about 2 unknown links: 127.0.0.1")


def test_a_lone_id_can_be_a_playlist(signed_in: Settings, fake_spotify: FakeSpotify, catalogue: Path) -> None:
    mine = fake_spotify.world.add_playlist("ada", "Mine", [Song.numbered(3)])
    filled = fill_in(signed_in, reading_of(mine.playlist_id), catalogue, notify=lambda text: None)
    assert (filled.playlist.name, filled.link) == ("Mine", SpotifyLink("playlist", mine.playlist_id))


# -- whether to save ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "source", "silent", "yes", "expected"),
    [
        (True, Source(), False, False, True),
        (True, Source(), True, False, True),
        (False, Source(), False, True, False),  # a file is not saved unless asked for
        (False, Source("x", SpotifyLink("track", "A" * 22)), False, True, False),
        (False, SOURCE, False, True, True),
        (False, SOURCE, True, True, True),
        (False, SOURCE, True, False, False),
        (False, SOURCE, False, False, False),  # nobody to ask
    ],
)
def test_when_a_playlist_is_made(
    asked: bool, source: Source, silent: bool, yes: bool, expected: bool
) -> None:
    assert wants_saving(asked=asked, source=source, silent=silent, yes=yes) is expected


@pytest.mark.parametrize("answer", [True, False])
def test_a_person_is_asked_once(monkeypatch: pytest.MonkeyPatch, answer: bool) -> None:
    questions: list[str] = []

    def confirm(text: str, **options: object) -> bool:
        questions.append(text)
        return answer

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", confirm)
    assert wants_saving(asked=False, source=SOURCE, silent=False, yes=False) is answer
    assert questions == ["Make this a playlist in your Spotify account?"]


# -- names --------------------------------------------------------------------------------------------------


def test_what_is_written_when_nothing_is_said() -> None:
    assert default_name(SOURCE) == "Road trip, continued"
    assert default_description(SOURCE, 50) == (
        f'50 songs picked by segue, from "Road trip" (https://open.spotify.com/playlist/{"A" * 22}).'
    )
    assert default_description(Source("Mix.csv"), 1) == '1 song picked by segue, from "Mix.csv".'
    assert default_name(Source()) == "Picked by segue"
    assert default_description(Source(), 2) == "2 songs picked by segue, from a list of songs."


@pytest.mark.parametrize("name", ["x" * 500, "ü\n" * 250, " "])
def test_long_names_are_cut_to_what_spotify_takes(name: str) -> None:
    source = Source(name, LINK)
    assert 1 <= len(default_name(source)) <= 100
    assert len(default_description(source, 1_000)) <= 300
    assert "\n" not in default_name(source) + default_description(source, 50)


# -- saving -------------------------------------------------------------------------------------------------


def test_saving_tells_the_link_and_opens_it(
    signed_in: Settings, fake_spotify: FakeSpotify, picks: list[Track], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(connect, "open_browser", open_browser)
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
    save(signed_in, picks, Saving("Mine", "Words", public=True), Source(), notify=lambda text: None)
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
