import csv
import io

import pytest

from made_tracks import FEATURES, make_id, make_track
from segue.errors import EmptyPlaylistError, InvalidTrackIdError, PlaylistFormatError
from segue.playlists.csv import guard, read_csv, unguard, write_csv

ID = "4uLU6hMCjMI75M1A2tKUQC"
OTHER = "7tFiyTwD0nx5a1eklYtX2J"
EXPORTIFY_OLD = f""""Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album URI","Album Name",\
"Album Artist URI(s)","Album Artist Name(s)","Album Release Date","Album Image URL","Disc Number",\
"Track Number","Track Duration (ms)","Track Preview URL","Explicit","Popularity","ISRC","Added By","Added At"
"spotify:track:{ID}","See You Again","spotify:artist:x, spotify:artist:y","Tyler\\, The Creator, Kali Uchis",\
"spotify:album:z","Flower Boy","","Tyler\\, The Creator","2017-07-21","https://i.scdn.co/image/1","1","4",\
"180387","","true","80","USQX91701278","spotify:user:me","2020-01-01T00:00:00Z"
"spotify:local:Queen:Live:Innuendo:390","Innuendo","","Queen","","Live","","","","","0","0","390000","","false",\
"0","","",""
"spotify:episode:{ID}","Talk","","","","","","","","","","","","","","","","",""
"""
EXPORTIFY_NEW = f"""Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,\
Explicit,Added By,Added At,Genres,Record Label,Danceability,Energy
spotify:track:{ID},See You Again,Flower Boy,"Tyler, The Creator;Kali Uchis",2017-07-21,180387,80,true,me,\
2020-01-01,"hip hop,rap",Columbia,0.558,0.559
"""


def test_reads_exportify_of_old() -> None:
    playlist = read_csv(EXPORTIFY_OLD)

    first, local = playlist.entries
    assert (first.track_id, first.title, first.artist) == (
        ID,
        "See You Again",
        "Tyler, The Creator; Kali Uchis",
    )
    assert (first.album, first.isrc, first.duration_ms) == ("Flower Boy", "USQX91701278", 180_387)
    assert (local.track_id, local.artist, local.title, local.duration_ms) == (
        "",
        "Queen",
        "Innuendo",
        390_000,
    )
    assert playlist.skipped == ("line 4: a podcast episode, not music",)


def test_reads_exportify_of_now() -> None:
    (entry,) = read_csv(EXPORTIFY_NEW).entries

    assert (entry.track_id, entry.artist) == (ID, "Tyler, The Creator; Kali Uchis")
    assert (entry.album, entry.duration_ms) == ("Flower Boy", 180_387)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_finds_out_delimiters_and_line_ends(delimiter: str, line_end: str) -> None:
    rows = [["Title", "Artist", "Length"], ["Innuendo", "Queen", "6:30"], ["", "", ""], ["X", "Y", ""]]

    playlist = read_csv("\ufeff" + "".join(delimiter.join(row) + line_end for row in rows))

    assert [(e.source, e.title, e.artist, e.duration_ms) for e in playlist.entries] == [
        ("line 2", "Innuendo", "Queen", 390_000),
        ("line 4", "X", "Y", None),
    ]


def test_reads_the_separator_line_of_a_spreadsheet_and_comments() -> None:
    playlist = read_csv(f"sep=;\n# exported\nname;artist;uri\nA;B;spotify:track:{ID}\n")

    assert [(e.source, e.title, e.track_id) for e in playlist.entries] == [("line 4", "A", ID)]


@pytest.mark.parametrize(
    "header",
    [
        "track_id",
        "id",
        "Spotify ID",
        "uri",
        "spotify_track_uri",
        "URL",
        "Track URL",
        "Spotify - id",
        "SpotifyLink",
    ],
)
def test_knows_many_names_for_the_id(header: str) -> None:
    assert read_csv(f"no,{header}\n1,{ID}\n").entries[0].track_id == ID


def test_a_column_of_foreign_ids_does_not_hide_the_names() -> None:
    (entry,) = read_csv("id,isrc,title,artist\n4711,GBUM71029604,Innuendo,Queen\n").entries

    assert (entry.track_id, entry.isrc, entry.title) == ("", "GBUM71029604", "Innuendo")


def test_a_column_of_playlist_names_names_the_playlist() -> None:
    header = "Track name,Artist name,Playlist name\n"

    assert read_csv(header + "A,B,Mine\nC,D,Mine\n").name == "Mine"
    assert read_csv(header + "A,B,Mine\nC,D,Yours\n").name == ""


@pytest.mark.parametrize(
    "text",
    [
        f"spotify:track:{ID}\nspotify:track:{OTHER}\n",
        f"{ID}\n{OTHER}\n",
        f'"{ID}"\r\n"{OTHER}"\r\n',
        f"1,https://open.spotify.com/track/{ID},x\n2,https://open.spotify.com/track/{OTHER},y\n",
        f"Track URI\nspotify:track:{ID}\nspotify:track:{OTHER}\n",
        f"{ID},{OTHER}\n",
    ],
)
def test_reads_lists_without_a_header(text: str) -> None:
    assert [entry.track_id for entry in read_csv(text).entries] == [ID, OTHER]


def test_two_columns_without_a_header_are_artist_and_title() -> None:
    playlist = read_csv("Queen;Innuendo\nBlur;Song 2\n")

    assert [(e.artist, e.title) for e in playlist.entries] == [("Queen", "Innuendo"), ("Blur", "Song 2")]


def test_a_single_column_of_names_is_read_as_lines() -> None:
    (entry,) = read_csv("Queen - Innuendo\n").entries

    assert (entry.artist, entry.title) == ("Queen", "Innuendo")


def test_the_name_of_a_single_column_is_no_song() -> None:
    entries = read_csv("Song\nQueen - Innuendo\nCreep by Radiohead\n").entries

    assert [(e.source, e.artist, e.title) for e in entries] == [
        ("line 2", "Queen", "Innuendo"),
        ("line 3", "", "Creep by Radiohead"),
    ]


@pytest.mark.parametrize("header", ["Song,Band", "Titel;Interpret", "Titre\tArtiste"])
def test_a_header_in_plain_words_or_another_language_is_no_song(header: str) -> None:
    delimiter = next(char for char in ",;\t" if char in header)

    (entry,) = read_csv(f"{header}\nInnuendo{delimiter}Queen\n").entries

    assert (entry.artist, entry.title) == ("Queen", "Innuendo")


@pytest.mark.parametrize("row", ['"Innuendo,Queen', '"Innuendo" live,Queen'])
def test_a_quote_that_is_never_closed_is_named_by_its_line(row: str) -> None:
    with pytest.raises(PlaylistFormatError, match="line 3: a quote is never closed") as caught:
        read_csv(f'Title,Artist\nX,Y\n{row}\n"A","B"\n')

    assert "Innuendo" in caught.value.message
    assert "Close the quote" in caught.value.hint


def test_quotes_mean_nothing_in_tables_with_tabs_that_break_their_rules() -> None:
    (entry,) = read_csv('Artist\tTitle\n"Weird Al" Yankovic\tEat It\n').entries

    assert entry.artist == '"Weird Al" Yankovic'


def test_columns_that_say_nothing_are_named() -> None:
    with pytest.raises(
        PlaylistFormatError, match=r'line 1: none of the 3 columns .*: "foo", "bar", "baz"'
    ) as caught:
        read_csv("foo;bar;baz\n1;2;3\n")

    assert "Track URI" in caught.value.hint


def test_a_title_without_an_artist_column_is_not_enough() -> None:
    with pytest.raises(PlaylistFormatError, match="none of the 3 columns"):
        read_csv("title,year,label\nInnuendo,1991,EMI\n")
    with pytest.raises(PlaylistFormatError, match=r'none of the 2 columns .*: "Song", "Year"'):
        read_csv("Song,Year\nInnuendo,1991\n")


def test_wrong_ids_are_skipped_among_good_ones_and_an_error_alone() -> None:
    playlist = read_csv(f"uri\nspotify:track:{ID}\nspotify:track:{OTHER}\nspotify:track:abc\n")
    assert playlist.skipped[0].startswith("line 4: expected a track id of 22 letters")

    with pytest.raises(InvalidTrackIdError, match="line 2: "):
        read_csv("uri\nspotify:track:abc\n")


@pytest.mark.parametrize("text", ["", "\n\n", "Track URI,Track Name\n"])
def test_no_rows_are_an_empty_playlist(text: str) -> None:
    with pytest.raises(EmptyPlaylistError):
        read_csv(text)


def test_many_rows_are_no_trouble() -> None:
    text = "Track URI,Track Name\n" + "".join(f"spotify:track:{make_id(n)},Song\n" for n in range(10_000))

    assert len(read_csv(text).entries) == 10_000


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-1", "'-1"),
        ("@home", "'@home"),
        ("'=1+1", "''=1+1"),
        ("＝1", "'＝1"),
        ("+", "+"),
        ("'+", "'+"),
        ("'Heroes'", "'Heroes'"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_formulas_are_disarmed_and_come_back(cell: str, written: str) -> None:
    assert guard(cell) == written
    assert unguard(written) == cell


def test_writes_the_columns_of_exportify() -> None:
    track = make_track(
        1, name='=cmd|"x"', artists=("A, B", "C"), features={**FEATURES, "tempo": 121.123456789}
    )

    (row,) = csv.DictReader(io.StringIO(write_csv([track]), newline=""))

    assert row == {
        "Track URI": "spotify:track:0000000000000000000001", "Track Name": "'=cmd|\"x\"",
        "Artist Name(s)": "A, B;C", "Album Name": "Album 1", "ISRC": "GBUM70000001",
        "Duration (ms)": "215000", "Release Date": "1961-05-03", "Popularity": "1", "Genres": "rock",
        "Danceability": "0.5", "Energy": "0.7", "Key": "4", "Loudness": "-7.25",
        "Mode": "1", "Speechiness": "0.05", "Acousticness": "0.1",
        "Instrumentalness": "0.0", "Liveness": "0.2", "Valence": "0.6", "Tempo": "121.123457",
        "Time Signature": "4",
    }  # fmt: skip


def test_what_is_not_known_is_an_empty_cell() -> None:
    track = make_track(1, popularity=None, isrc="", features={"tempo": float("nan")})

    (row,) = csv.DictReader(io.StringIO(write_csv([track]), newline=""))

    assert [row[name] for name in ("Popularity", "ISRC", "Duration (ms)", "Tempo", "Energy")] == [""] * 5


@pytest.mark.parametrize("rows", ["", "\n\n", ",,\n"])
def test_a_header_alone_is_told_from_an_empty_file(rows: str) -> None:
    with pytest.raises(EmptyPlaylistError, match="below the header") as caught:
        read_csv(f"Track URI,Track Name,Artist Name(s)\n{rows}")
    assert "Export the playlist again" in caught.value.hint
