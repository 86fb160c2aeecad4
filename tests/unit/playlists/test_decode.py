import pytest

from segue.errors import EmptyPlaylistError, PlaylistFormatError
from segue.playlists.decode import MAX_BYTES, decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1"])
def test_reads_every_usual_encoding(encoding: str) -> None:
    assert decode("Björk – Jóga".replace("–", "-").encode(encoding)) == "Björk - Jóga"


def test_dashes_and_quotes_of_windows() -> None:
    assert decode("Björk – “Jóga”".encode("cp1252")) == "Björk – “Jóga”"


def test_bytes_that_windows_does_not_know_are_latin_1() -> None:
    assert decode(b"Bj\xf6rk \x81 - J\xf3ga and some more text, so that one control character is few" * 2)


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t", b"\xef\xbb\xbf", "\n".encode("utf-16")])
def test_nothing_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyPlaylistError):
        decode(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "got a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "got a picture (JPEG)"),
        (b"PK\x03\x04\x14\x00\x06\x00", "got a ZIP archive or a spreadsheet"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "got a PDF"),
        (b"SQLite format 3\x00", "got a SQLite database"),
        (b"ID3\x04\x00\x00", "got a sound file (MP3)"),
        (b"a\x00b\x00", "NUL bytes"),
        ("Queen - X".encode("utf-16-le"), "UTF-16 without its byte order mark"),
        ("Queen - X".encode("utf-16")[:-1], "begins as UTF-16 text and is broken at byte"),
        (b"\xef\xbb\xbfQueen - \xff", "begins as UTF-8 text and is broken at byte"),
        (bytes(range(1, 256)), "looks like a binary file"),
        (b"x" * (MAX_BYTES + 1), "expected a file of at most 20,000,000 bytes, got 20,000,001"),
    ],
)
def test_says_what_it_got_instead_of_text(data: bytes, message: str) -> None:
    with pytest.raises(PlaylistFormatError) as caught:
        decode(data)

    assert message in caught.value.message
    assert caught.value.hint


def test_text_that_begins_like_a_file_is_text() -> None:
    assert decode("ID3 - Ünder\n".encode()) == "ID3 - Ünder\n"
