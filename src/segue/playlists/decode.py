"""From the bytes of a file to its text: size, kind, encoding."""

import codecs
import unicodedata

from segue.errors import EmptyPlaylistError, PlaylistFormatError, PlaylistTooLongError
from segue.playlists.entries import EXPECTED_HINT, PART_HINT

MAX_BYTES = 20_000_000
"""The largest file that is read: 100,000 rows of Exportify's widest table, and then some."""
_MAX_SHARE_OF_CONTROLS = 0.02
# How files begin that people take for playlists. What to do comes with the kind.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a picture (PNG)", ""),
    (b"\xff\xd8\xff", "a picture (JPEG)", ""),
    (b"GIF8", "a picture (GIF)", ""),
    (b"RIFF", "a sound or picture file (RIFF)", ""),
    (b"%PDF", "a PDF", "Copy the lines out of it and paste them."),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet (XLSX, ODS)", "Unpack it, or save the sheet as CSV."),
    (b"\xd0\xcf\x11\xe0", "an old Office file (XLS, DOC)", "Save the sheet as CSV."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"SQLite format 3", "a SQLite database", "As a catalogue, name it with --catalogue."),
    (b"PAR1", "a Parquet file", "Save the list as CSV. To add its tracks to a catalogue, import it."),
    (b"ID3", "a sound file (MP3)", "Give the list of songs, not a song."),
    (b"fLaC", "a sound file (FLAC)", "Give the list of songs, not a song."),
    (b"OggS", "a sound file (Ogg)", "Give the list of songs, not a song."),
    (b"bplist", "a binary property list", "Export the playlist as text (M3U or XSPF)."),
)
_BOMS: tuple[tuple[bytes, str], ...] = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def decode(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, else UTF-8, else Windows-1252, else Latin-1.

    Raises
    ------
    EmptyPlaylistError
        When there is nothing but white space.
    PlaylistTooLongError
        When it is larger than `MAX_BYTES`.
    PlaylistFormatError
        When it is broken in the encoding that its mark names, or no text.

    """
    if len(data) > MAX_BYTES:
        raise PlaylistTooLongError(
            f"expected a file of at most {MAX_BYTES:,} bytes, got {len(data):,}", hint=PART_HINT
        )
    _refuse_known_kinds(data)
    text = _decode_marked(data) or _decode_unmarked(data)
    if not text.strip("\ufeff\x00 \t\r\n\f\v\xa0"):
        raise EmptyPlaylistError("the playlist is empty", hint=EXPECTED_HINT)
    _refuse_binary(text)
    return text


def _refuse_known_kinds(data: bytes) -> None:
    for start, kind, hint in _MAGIC:
        if data.startswith(start) and not _is_plain_text(data):
            raise PlaylistFormatError(f"expected a playlist, got {kind}", hint=hint or EXPECTED_HINT)


def _is_plain_text(data: bytes) -> bool:
    """Tell whether it is UTF-8 without NUL: then "ID3 - Some Song" is a song, not a sound file."""
    try:
        return "\x00" not in data.decode()
    except UnicodeDecodeError:
        return False


def _decode_marked(data: bytes) -> str:
    """Return the text after its byte order mark, or "" when there is no mark."""
    encoding = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "")
    if not encoding:
        return ""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise PlaylistFormatError(
            f"the file begins as {encoding.upper().removesuffix('-SIG')} text and is broken at byte "
            f"{error.start:,}",
            hint="The file may be cut short. Save or download it again, as UTF-8.",
        ) from error


def _decode_unmarked(data: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _refuse_binary(text: str) -> None:
    if "\x00" in text:
        raise PlaylistFormatError(
            "expected text, got a file with NUL bytes: a binary file, or UTF-16 without its byte order mark",
            hint="If it is text, save it as UTF-8.",
        )
    sample = text[:100_000]
    controls = sum(
        1 for char in sample if char not in "\t\n\r\f\v\x1a" and unicodedata.category(char) == "Cc"
    )
    if controls > _MAX_SHARE_OF_CONTROLS * len(sample):
        raise PlaylistFormatError(
            "expected text, got what looks like a binary file",
            hint=EXPECTED_HINT,
        )
