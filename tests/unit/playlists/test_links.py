import pytest

from segue.errors import EmptyPlaylistError, InvalidLinkError, InvalidTrackIdError
from segue.playlists.links import read_links

ID = "4uLU6hMCjMI75M1A2tKUQC"
OTHER = "7tFiyTwD0nx5a1eklYtX2J"


def test_reads_what_a_copy_from_a_client_gives() -> None:
    text = f"https://open.spotify.com/track/{ID}\r\nhttps://open.spotify.com/track/{OTHER}?si=1\r\n"

    playlist = read_links(text)

    assert [entry.track_id for entry in playlist.entries] == [ID, OTHER]
    assert [entry.source for entry in playlist.entries] == ["line 1", "line 2"]


def test_order_and_duplicates_are_kept() -> None:
    playlist = read_links(f"{OTHER}\n{ID} {OTHER}\n{ID},{ID}\n")

    assert [entry.track_id for entry in playlist.entries] == [OTHER, ID, OTHER, ID, ID]


def test_a_bad_line_among_good_ones_is_skipped_with_its_reason() -> None:
    playlist = read_links(f"{ID}\n{ID[:-1]}\n{OTHER}\nspotify:episode:{ID}")

    assert [entry.source for entry in playlist.entries] == ["line 1", "line 3"]
    assert playlist.skipped == (
        f'line 2: expected a track id of 22 letters (a-z, A-Z) and digits, got 21: "{ID[:-1]}"',
        "line 4: a podcast episode, not music",
    )


def test_bad_lines_alone_are_an_error_that_names_the_first() -> None:
    with pytest.raises(
        InvalidTrackIdError, match=r"none of the 2 lines can be read as a track; line 2: .*got 3"
    ):
        read_links("\nabc\nde\n")


def test_more_bad_than_good_is_an_error() -> None:
    with pytest.raises(InvalidTrackIdError, match="only 1 of 3 lines can be read as a track; line 2: "):
        read_links(f"{ID}\nabc\nde\n")


def test_the_link_of_a_playlist_is_no_track_and_the_hint_says_the_ways_round() -> None:
    with pytest.raises(InvalidLinkError, match="line 1: a link to a playlist, not to a track") as caught:
        read_links(f"https://open.spotify.com/playlist/{ID}")

    assert "select all its songs, copy" in caught.value.hint


def test_only_podcasts_are_no_playlist() -> None:
    with pytest.raises(EmptyPlaylistError, match="holds no music; first of 2 entries: line 1: a podcast"):
        read_links(f"spotify:episode:{ID}\nspotify:show:{ID}\n")


def test_nothing_is_empty() -> None:
    with pytest.raises(EmptyPlaylistError, match="the playlist is empty"):
        read_links(" \n\t\n")
