import pytest

from made_tracks import make_track
from segue.errors import EmptyPlaylistError, PlaylistFormatError
from segue.playlists.m3u import read_m3u, write_m3u

ID = "4uLU6hMCjMI75M1A2tKUQC"


def test_reads_an_extended_file() -> None:
    playlist = read_m3u(
        "#EXTM3U\n#PLAYLIST:Road trip\n#EXTINF:355,Queen - Bohemian Rhapsody\n"
        "#EXTALB:A Night at the Opera\nMusic/x.mp3\n\n"
        f'#EXTINF:-1 tvg-name="a, b",David Bowie - Heroes\nspotify:track:{ID}\n'
        f"https://open.spotify.com/track/{ID}\n# a comment\nMusic/Blur - Song 2.mp3\n{ID}\n"
    )

    assert playlist.name == "Road trip"
    assert [(e.source, e.track_id, e.artist, e.title, e.album, e.duration_ms) for e in playlist.entries] == [
        ("line 5", "", "Queen", "Bohemian Rhapsody", "A Night at the Opera", 355_000),
        ("line 8", ID, "David Bowie", "Heroes", "", None),
        ("line 9", ID, "", "", "", None),
        ("line 11", "", "Blur", "Song 2", "", None),
        ("line 12", ID, "", "", "", None),
    ]


def test_the_file_name_fills_what_the_line_above_leaves_open() -> None:
    (entry,) = read_m3u("#EXTINF:10,Innuendo\nQueen/Innuendo LP/01 Innuendo.mp3\n").entries

    assert (entry.artist, entry.album, entry.title) == ("Queen", "Innuendo LP", "Innuendo")


def test_an_artist_line_tells_where_the_dash_belongs() -> None:
    (entry,) = read_m3u("#EXTINF:10,A - B - C\n#EXTART:A - B\nx.mp3\n").entries

    assert (entry.artist, entry.title) == ("A - B", "C")


def test_a_stream_is_refused() -> None:
    with pytest.raises(PlaylistFormatError, match="line 2: #EXT-X-VERSION marks the playlist of a stream"):
        read_m3u("#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:9.009,\nsegment.ts\n")


def test_only_comments_are_empty() -> None:
    with pytest.raises(EmptyPlaylistError):
        read_m3u("#EXTM3U\n#PLAYLIST:None\n")


def test_writes_a_file_that_players_show_well() -> None:
    track = make_track(1, name="A\nB", artists=("X", "Y"), album="#1", features={"duration_ms": 1499.0})

    assert write_m3u([track], name="My\nlist") == (
        "#EXTM3U\n#PLAYLIST:My list\n#EXTINF:1,X, Y - A B\n#EXTART:X, Y\n#EXTALB:#1\n"
        "spotify:track:0000000000000000000001\n"
    )
