"""Tags of every kind of file say the same in the end."""

from pathlib import Path

import pytest
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags, ASFUnicodeAttribute
from mutagen.id3 import ID3, TALB, TCON, TDOR, TDRC, TIT2, TPE1, TSRC, TXXX, UFID
from mutagen.mp4 import MP4FreeForm, MP4Tags

from made_music import make_tone, write_music
from segue.catalogue.music.tags import Tags, TagsError, read_tags, texts_of, to_tags

MBID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"
WANTED = Tags(
    "Innuendo", ("Queen", "Steve Howe"), "Innuendo", "1991-01-14", "GBUM71029604", MBID, "rock; prog"
)


def test_id3() -> None:
    tags = ID3()
    for frame in (
        TIT2(text="Innuendo"), TPE1(text="Queen & Steve Howe"),
        TXXX(desc="ARTISTS", text=["Queen", "Steve Howe"]),
        TALB(text="Innuendo"), TDRC(text="2011-09-05"), TDOR(text="1991-01-14"), TSRC(text="GB-UM7-10-29604"),
        TCON(text=["(17)", "Prog"]), UFID(owner="http://musicbrainz.org", data=MBID.encode()),
    ):  # fmt: skip
        tags.add(frame)
    assert to_tags(texts_of(tags)) == WANTED


def test_mp4() -> None:
    tags = MP4Tags()
    tags["\xa9nam"], tags["\xa9ART"], tags["\xa9alb"] = ["Innuendo"], ["Queen; Steve Howe"], ["Innuendo"]
    tags["\xa9day"], tags["\xa9gen"] = ["1991-01-14T08:00:00Z"], ["Rock", "Prog"]
    tags["----:com.apple.iTunes:ISRC"] = [MP4FreeForm(b"GBUM71029604")]
    tags["----:com.apple.iTunes:MusicBrainz Track Id"] = [MP4FreeForm(MBID.encode())]
    assert to_tags(texts_of(tags)) == WANTED


def test_windows_media_and_ape() -> None:
    tags = ASFTags()
    for name, value in {
        "Title": "Innuendo", "Author": "Queen; Steve Howe", "WM/AlbumTitle": "Innuendo",
        "WM/Year": "1991-01-14",
        "WM/ISRC": "GBUM71029604", "MusicBrainz/Track Id": MBID, "WM/Genre": "Rock; Prog",
    }.items():  # fmt: skip
        tags[name] = [ASFUnicodeAttribute(value)]
    assert to_tags(texts_of(tags)) == WANTED
    ape = APEv2()
    ape.update(
        {"Title": "Innuendo", "Artist": ["Queen", "Steve Howe"], "Album": "Innuendo", "Year": "1991-01-14"}
    )
    ape.update({"ISRC": "GBUM71029604", "MUSICBRAINZ_TRACKID": MBID, "Genre": ["Rock", "Prog"]})
    assert to_tags(texts_of(ape)) == WANTED


@pytest.mark.parametrize("ending", [".mp3", ".flac", ".ogg"])
def test_real_files(tmp_path: Path, ending: str) -> None:
    told: dict[str, str | list[str]] = {
        "title": "봄날 (Spring Day)", "artist": ["방탄소년단", "Queen"], "album": "Ты", "date": "1991-01-14",
        "isrc": "GBUM71029604", "musicbrainz_trackid": MBID, "genre": "Rock; Prog",
    }  # fmt: skip
    found = read_tags(str(write_music(tmp_path / f"a{ending}", make_tone(1.0), told)))
    assert abs(found.seconds - 1.0) < 0.1
    assert (found.title, found.artists, found.album) == ("봄날 (Spring Day)", ("방탄소년단", "Queen"), "Ты")
    assert (found.release_date, found.isrc, found.mbid) == ("1991-01-14", "GBUM71029604", MBID)
    assert found.genre == "rock; prog"


def test_what_has_none_of_our_forms_is_left_out() -> None:
    tags = APEv2()
    tags.update(
        {"Title": " \x1b[31mA\tB\n", "Year": "19", "ISRC": "none", "MUSICBRAINZ_TRACKID": "12", "Genre": " ;"}
    )
    assert to_tags(texts_of(tags)) == Tags("[31mA B")
    tags.update({"Title": "x" * 5_000, "Year": "0000-01-01", "Artist": "A, B feat. C"})
    found = to_tags(texts_of(tags))
    assert (len(found.title), found.release_date, found.artists) == (2_000, "", ("A", "B feat. C"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"ID3\x04\x00\x00\xff\xff\xff\xff",
        b"fLaC\x00\x00\x00\x22",
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
    ],
)
def test_what_is_no_music(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    with pytest.raises(TagsError):
        read_tags(str(path))
