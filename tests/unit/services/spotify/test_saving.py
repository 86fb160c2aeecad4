"""Making a playlist: in order, once, and finished after any break."""

from dataclasses import replace
from pathlib import Path

import pytest

from fake_spotify import FakeSpotify, Fault, Song
from fake_spotify.faults import quota_exceeded, rate_limited
from fake_spotify.fixtures import token_of
from fake_spotify.world import Playlist, spotify_id
from segue.config import Settings
from segue.errors import (
    InputError,
    SignInError,
    SpotifyAccessError,
    SpotifyUnreachableError,
    UnfinishedPlaylistError,
)
from segue.services.protocol import SavedList
from segue.services.spotify.client import SpotifyClient
from segue.services.spotify.connect import open_client
from segue.services.spotify.saving import NewPlaylist, save_playlist
from segue.services.spotify.tokens import FileTokenStore
from segue.services.spotify.transport import Timing
from segue.services.spotify.unfinished import Begun, Mark, hash_of, mark_of
from segue.text.strings import shorten
from segue.types import Track

NEW = NewPlaylist("After Road & trip", "Made from <Road & trip>, it's 50 songs")


@pytest.fixture
def picks(fake_spotify: FakeSpotify) -> list[Track]:
    """230 tracks: three requests to add them."""
    return [track_of(song) for song in fake_spotify.world.add_songs(map(Song.numbered, range(230)))]


def track_of(song: Song) -> Track:
    return Track(song.track_id, song.name, (song.artist,), isrc=song.isrc)


def lists(fake: FakeSpotify) -> list[Playlist]:
    return list(fake.world.playlists.values())


def noted(fake: FakeSpotify) -> Mark:
    """Return the mark of a run that died while it asked for the list, long ago."""
    return Mark("process 1", public=False, asked_at=1.0, before=tuple(map(hash_of, fake.world.playlists)))


def held(playlist: Playlist) -> list[str]:
    return [song.track_id for song in playlist.songs]


def ids(tracks: list[Track]) -> list[str]:
    return [track.track_id for track in tracks]


def test_50_songs_take_three_requests(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track], notes: list[str]
) -> None:
    saved = save_playlist(spotify_client, picks[:50], NEW)
    (made,) = lists(fake_spotify)
    assert saved == SavedList(f"https://open.spotify.com/playlist/{made.playlist_id}", NEW.name, 50, 0)
    assert held(made) == ids(picks[:50])
    assert (made.name, made.description, made.public) == (NEW.name, NEW.description, False)
    assert fake_spotify.lines() == [
        "GET /v1/me/playlists",
        "POST /v1/me/playlists",
        f"POST /v1/playlists/{made.playlist_id}/items",
    ]
    assert notes == [f"Made the playlist {saved.url}; adding 50 songs"]


def test_more_than_a_hundred_are_added_in_order(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    save_playlist(spotify_client, picks, NEW)
    assert held(lists(fake_spotify)[0]) == ids(picks)
    assert spotify_client.requests == 5


def test_a_track_that_comes_twice_is_added_once(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    save_playlist(spotify_client, [picks[0], picks[1], picks[0]], NEW)
    assert held(lists(fake_spotify)[0]) == ids(picks[:2])


def test_public_when_asked_for(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    save_playlist(spotify_client, picks[:3], NewPlaylist("Mine", public=True))
    assert lists(fake_spotify)[0].public


def test_running_it_again_makes_another_list(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    first, second = (save_playlist(spotify_client, picks, NEW) for _ in range(2))
    assert first.url != second.url
    assert [held(made) for made in lists(fake_spotify)] == [ids(picks)] * 2


# -- names and descriptions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "  \n ", "x" * 101])
def test_a_name_that_does_not_fit(name: str) -> None:
    with pytest.raises(InputError, match="name: expected 1 to 100"):
        NewPlaylist(name)


def test_a_description_that_does_not_fit() -> None:
    with pytest.raises(InputError, match="at most 300 characters, got 301"):
        NewPlaylist("x", "y" * 301)


def test_the_longest_description_and_line_breaks(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    new = NewPlaylist(" a\nb ", "y" * 298 + "\nz")
    save_playlist(spotify_client, picks[:1], new)
    made = lists(fake_spotify)[0]
    assert (made.name, made.description) == ("a b", "y" * 298 + " z")


def test_shorten() -> None:
    assert shorten("short", 10) == "short"
    assert shorten("a longer\ntext than ten", 10) == "a longer…"
    assert len(shorten("x" * 400, 300)) == 300


# -- permissions --------------------------------------------------------------------------------------------


def test_without_the_permission_nothing_is_sent(
    spotify_settings: Settings, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    FileTokenStore(spotify_settings.config_dir).save(
        token_of(fake_spotify, scopes=("playlist-read-private",))
    )
    with (
        open_client(spotify_settings) as client,
        pytest.raises(SignInError, match="lacks playlist-modify-private"),
    ):
        save_playlist(client, picks, NEW)
    assert fake_spotify.seen == []


# -- breaks -------------------------------------------------------------------------------------------------


def test_a_lost_answer_to_making_it_makes_no_second_one(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    fake_spotify.faults.add(Fault("POST /v1/me/playlists", kind="after"))
    saved = save_playlist(spotify_client, picks, NEW)
    (made,) = lists(fake_spotify)
    assert held(made) == ids(picks)
    assert saved.added == 230


def test_making_it_that_may_have_failed_says_so_and_is_not_tried_again(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    fake_spotify.faults.add(Fault("POST /v1/me/playlists", status=502))
    with pytest.raises(UnfinishedPlaylistError, match="did not say whether it made") as caught:
        save_playlist(spotify_client, picks, NEW)
    assert "same command again" in caught.value.hint
    assert fake_spotify.lines().count("POST /v1/me/playlists") == 1
    assert lists(fake_spotify) == []


@pytest.mark.parametrize("kind", ["before", "after", "cut"])
@pytest.mark.parametrize("skip", [0, 1, 2])
def test_a_lost_answer_to_adding_adds_nothing_twice(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track], kind: str, skip: int
) -> None:
    fake_spotify.faults.add(Fault("POST /v1/playlists/", kind=kind, skip=skip))  # type: ignore[arg-type]
    saved = save_playlist(spotify_client, picks, NEW)
    (made,) = lists(fake_spotify)
    assert held(made) == ids(picks)
    assert (saved.added, saved.present) == (230, 0)


def test_a_short_pause_while_adding(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    fake_spotify.faults.add(rate_limited(5, where="POST /v1/playlists/"))
    save_playlist(spotify_client, picks, NEW)
    assert held(lists(fake_spotify)[0]) == ids(picks)


def test_half_done_then_finished_by_its_link(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    fake_spotify.faults.add(Fault("POST /v1/playlists/", status=503, skip=1, times=50))
    with pytest.raises(UnfinishedPlaylistError, match="holds 100 of 230 songs") as caught:
        save_playlist(spotify_client, picks, NEW)
    (made,) = lists(fake_spotify)
    assert caught.value.url.endswith(made.playlist_id)
    assert f"--resume {caught.value.url}" in caught.value.hint
    fake_spotify.faults.clear()
    saved = save_playlist(spotify_client, picks, NEW, resume=made.playlist_id)
    assert (saved.added, saved.present) == (130, 100)
    assert held(made) == ids(picks)
    assert len(lists(fake_spotify)) == 1


def test_half_done_then_finished_by_running_it_again(
    spotify_client: SpotifyClient,
    fake_spotify: FakeSpotify,
    picks: list[Track],
    notes: list[str],
    tmp_path: Path,
) -> None:
    fake_spotify.faults.add(quota_exceeded())
    fake_spotify.faults._faults[0].where, fake_spotify.faults._faults[0].skip = "POST /v1/playlists/", 2
    begun = Begun(tmp_path / "begun")
    with pytest.raises(UnfinishedPlaylistError, match="holds 200 of 230 songs: The daily quota"):
        save_playlist(spotify_client, picks, NEW, begun=begun)
    fake_spotify.faults.clear()
    save_playlist(spotify_client, picks, NEW, begun=begun)
    (made,) = lists(fake_spotify)
    assert held(made) == ids(picks)
    assert any(note.startswith("Finishing the playlist") for note in notes)
    save_playlist(spotify_client, picks, NEW, begun=begun)
    assert len(lists(fake_spotify)) == 2


def test_finishing_what_is_complete_adds_nothing(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    save_playlist(spotify_client, picks, NEW)
    saved = save_playlist(spotify_client, picks, NEW, resume=lists(fake_spotify)[0].playlist_id)
    assert (saved.added, saved.present) == (0, 230)


def test_what_was_taken_out_goes_back_to_its_place(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    own = Song(spotify_id("own"), "Mine", "Me")
    songs = [fake_spotify.world.songs[track.track_id] for track in picks]
    kept = fake_spotify.world.add_playlist("ada", NEW.name, [*songs[2:5], own, *songs[7:20]])
    save_playlist(spotify_client, picks[:20], NEW, resume=kept.playlist_id)
    assert [entry for entry in held(kept) if entry != own.track_id] == ids(picks[:20])
    assert own.track_id in held(kept)


def test_a_relinked_track_counts_as_there(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    by_isrc = Song(spotify_id("other"), "Renamed", "Artist 0", isrc=picks[0].isrc)
    by_name = Song(spotify_id("another"), "Song 1 - 2011 Remaster", "Artist 1")
    fake_spotify.world.add_songs([by_isrc, by_name])
    fake_spotify.world.relinked = {
        picks[0].track_id: by_isrc.track_id,
        picks[1].track_id: by_name.track_id,
    }
    save_playlist(spotify_client, picks, NEW)
    (made,) = lists(fake_spotify)
    saved = save_playlist(spotify_client, picks, NEW, resume=made.playlist_id)
    assert (saved.added, saved.present) == (0, 230)


def test_two_versions_of_one_song_are_two(spotify_client: SpotifyClient, fake_spotify: FakeSpotify) -> None:
    studio, live = Song(spotify_id("s"), "Tune", "Band"), Song(spotify_id("l"), "Tune - Live", "Band")
    fake_spotify.world.add_songs([studio, live])
    kept = fake_spotify.world.add_playlist("ada", NEW.name, [live])
    save_playlist(spotify_client, [track_of(studio), track_of(live)], NEW, resume=kept.playlist_id)
    assert held(kept) == [studio.track_id, live.track_id]


# -- lists that are not ours --------------------------------------------------------------------------------


def test_a_list_named_by_mistake_is_left_alone(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    kept = fake_spotify.world.add_playlist("ada", "Mine", [Song(spotify_id("own"), "Mine", "Me")])
    with pytest.raises(SpotifyAccessError, match="none of the songs to add"):
        save_playlist(spotify_client, picks, NEW, resume=kept.playlist_id)
    assert len(kept.songs) == 1


def test_the_list_of_someone_else_cannot_be_finished(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    fake_spotify.world.add_user("bob")
    kept = fake_spotify.world.add_playlist("bob", NEW.name)
    kept.public = True
    with pytest.raises(SpotifyAccessError):
        save_playlist(spotify_client, picks, NEW, resume=kept.playlist_id)


def test_lists_that_only_look_alike_are_not_filled(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    world = fake_spotify.world
    world.add_user("bob")
    songs = [world.songs[track.track_id] for track in picks]
    others = world.add_songs(map(Song.numbered, range(900, 950)))
    alike = [
        world.add_playlist("ada", NEW.name, [*songs[:40], *others]),
        world.add_playlist("ada", NEW.name),
        world.add_playlist("ada", "Another name"),
        world.add_playlist("bob", NEW.name),
    ]
    alike[1].description = "Another description"
    alike[3].collaborators.add("ada")
    before = [held(playlist) for playlist in alike]
    begun = Begun()
    begun.put(mark_of(NEW.name, NEW.description, picks), noted(fake_spotify))
    save_playlist(spotify_client, picks, NEW, begun=begun)
    assert [held(playlist) for playlist in alike] == before
    assert held(lists(fake_spotify)[-1]) == ids(picks)


def test_a_mark_of_a_list_that_was_deleted_makes_a_new_one(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    begun = Begun()
    begun.put(mark_of(NEW.name, NEW.description, picks), noted(fake_spotify))
    save_playlist(spotify_client, picks, NEW, begun=begun)
    assert held(lists(fake_spotify)[0]) == ids(picks)
    assert not begun.holds(mark_of(NEW.name, NEW.description, picks))


@pytest.mark.parametrize("in_memory", [True, False])
def test_marks(tmp_path: Path, in_memory: bool, picks: list[Track]) -> None:
    begun = Begun(None if in_memory else tmp_path / "new" / "begun")
    key = mark_of("name", "text", picks)
    assert key != mark_of("name", "text", picks[1:])
    assert not begun.holds(key)
    mark = Mark("process 1", public=True, asked_at=5.0, before=("a", "b"), playlist_id="x")
    with begun.hold(key, Timing(), print) as held_mark:
        held_mark.note(mark)
        assert held_mark.mark == mark
    assert begun.holds(key)
    assert begun.forget_finished() == 1
    begun.put(key, replace(mark, finished_at=9.0))
    assert not begun.holds(key)
    assert begun.forget_finished() == 0
    assert begun.find(key) is None


def test_a_list_that_can_only_be_read_in_part_is_not_filled(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    save_playlist(spotify_client, picks[:150], NEW)
    (made,) = lists(fake_spotify)
    fake_spotify.api.items_forbidden = True
    with pytest.raises(SpotifyAccessError):
        save_playlist(spotify_client, picks, NEW, resume=made.playlist_id)
    assert held(made) == ids(picks[:150])


# -- tracks that Spotify does not know any more -------------------------------------------------------------


@pytest.mark.parametrize("bad", [[0], [49], [0, 1], [7, 23, 41], list(range(20))])
def test_unknown_tracks_are_left_out_and_named(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track], bad: list[int]
) -> None:
    fake_spotify.world.unknown = {picks[index].track_id for index in bad}
    saved = save_playlist(spotify_client, picks[:50], NEW)
    good = [track for index, track in enumerate(picks[:50]) if index not in bad]
    assert held(lists(fake_spotify)[0]) == ids(good)
    assert [picks.index(track) for track in saved.refused] == bad
    assert saved.added == len(good)


def test_spotify_out_of_reach_before_anything_was_made(
    spotify_client: SpotifyClient, fake_spotify: FakeSpotify, picks: list[Track]
) -> None:
    fake_spotify.stop()
    with pytest.raises(SpotifyUnreachableError, match="could not be reached"):
        save_playlist(spotify_client, picks, NEW)
