from xml.etree import ElementTree

import pytest

from made_tracks import make_track
from segue.errors import EmptyPlaylistError, PlaylistFormatError
from segue.playlists.xspf import MAX_TAGS, NAMESPACE, read_xspf, write_xspf

ID = "4uLU6hMCjMI75M1A2tKUQC"
BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
<playlist version="1" xmlns="http://xspf.org/ns/0/"><title>&c;</title><trackList/></playlist>"""
EXTERNAL = """<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><playlist><title>&x;</title></playlist>"""


def document(tracks: str) -> str:
    return f'<playlist xmlns="{NAMESPACE}"><title>T</title><trackList>{tracks}</trackList></playlist>'


def test_reads_links_isrcs_names_and_lengths() -> None:
    playlist = read_xspf(
        document(
            f"<track><location>https://open.spotify.com/track/{ID}</location></track>"
            f"<track><location>x.mp3</location><identifier>spotify:track:{ID}</identifier></track>"
            "<track><identifier>urn:isrc:GBUM71029604</identifier></track>"
            "<track><identifier>https://musicbrainz.org/recording/1</identifier>"
            "<title>Fish &amp; Chips</title><creator>A</creator><album>B</album>"
            "<duration>215000</duration></track>"
            "<track><location>file:///m/Queen%20-%20Innuendo.mp3</location></track>"
        )
    )

    assert playlist.name == "T"
    assert [
        (e.source, e.track_id, e.isrc, e.artist, e.title, e.album, e.duration_ms) for e in playlist.entries
    ] == [
        ("track 1", ID, "", "", "", "", None),
        ("track 2", ID, "", "", "x", "", None),
        ("track 3", "", "GBUM71029604", "", "", "", None),
        ("track 4", "", "", "A", "Fish & Chips", "B", 215_000),
        ("track 5", "", "", "Queen", "Innuendo", "", None),
    ]


def test_reads_a_document_without_a_namespace() -> None:
    text = "<playlist><trackList><track><title>T</title><creator>C</creator></track></trackList></playlist>"

    assert len(read_xspf(text).entries) == 1


@pytest.mark.parametrize("text", [BOMB, EXTERNAL])
def test_entities_are_refused_not_expanded(text: str) -> None:
    with pytest.raises(PlaylistFormatError, match="declares a document type or entities"):
        read_xspf(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<playlist><trackList><track>", "broken at line 1, column 29"),
        ("<playlist>\n<title>a</b></playlist>", "broken at line 2, column 11"),
        ("<rss></rss>", 'begins with "<rss>"'),
        ("no XML", "broken at line 1"),
        ("<playlist>" + "<a/>" * (MAX_TAGS + 1), "XML tags, got more"),
    ],
)
def test_says_where_it_is_broken(text: str, message: str) -> None:
    with pytest.raises(PlaylistFormatError, match=message) as caught:
        read_xspf(text)

    assert caught.value.hint


def test_no_tracks_are_an_empty_playlist() -> None:
    with pytest.raises(EmptyPlaylistError):
        read_xspf(document(""))


def test_a_track_that_says_nothing_is_told_by_number() -> None:
    with pytest.raises(PlaylistFormatError, match="track 1: expected a track id, an ISRC, or a title"):
        read_xspf(document("<track/>"))


def test_writes_what_other_programs_parse() -> None:
    root = ElementTree.fromstring(write_xspf([make_track(1, name="]]> <&> \"'\r\n")], name="A & B"))

    names = {"x": NAMESPACE}
    assert root.findtext("x:title", namespaces=names) == "A & B"
    track = root.find("x:trackList/x:track", names)
    assert track is not None
    assert [(child.tag.rpartition("}")[2], child.text) for child in track] == [
        ("location", "https://open.spotify.com/track/0000000000000000000001"),
        ("identifier", "spotify:track:0000000000000000000001"),
        ("identifier", "urn:isrc:GBUM70000001"),
        ("title", "]]> <&> \"'"),
        ("creator", "Artist 1"),
        ("album", "Album 1"),
        ("duration", "215000"),
    ]
