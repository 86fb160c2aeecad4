"""Reading one cell: what each field accepts, in all the ways that data sets write it."""

import ast
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from segue.catalogue.row_codec import artists_json
from segue.errors import InvalidFeatureError
from segue.features import AUDIO, POPULARITY, YEAR, Feature
from segue.ids import SPOTIFY_ID, SPOTIFY_PATTERN, find_track_id, is_spotify_id
from segue.text.durations import Unit, read_clock, to_ms
from segue.text.isrc import find_isrc
from segue.text.song_keys import split_artists
from segue.text.strings import show

Parse = Callable[[object], object]  # a cell as it was read -> what is stored; None or "" when missing

MAX_TEXT = 2_000  # characters; the longest real titles and artist lists are about half of that
MAX_ARTISTS = 100
_MISSING_WORDS = {"", "nan", "na", "n/a", "null", "none", "nil", "-", "\\n", "<na>"}
_DATE = re.compile(r"(\d{4})(?:[-/.](0[1-9]|1[0-2])(?:[-/.](0[1-9]|[12]\d|3[01]))?)?(?:\.0+|[T ].*)?")
_LAST_YEAR = re.compile(r"\D(\d{4})")
_NOTES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11}
_NOTE = re.compile(r"([a-h])\s*([#♯b♭]?)(?:\s*/.*)?(?:\s+(?:major|minor))?", re.IGNORECASE)
_SIGNATURE = re.compile(r"(\d)\s*/\s*(?:4|8)")
_DECIMAL_COMMA = re.compile(r"-?\d*,\d+")
_ARTIST_DUMP = re.compile(rf"\bname, (.*?), type, artist, uri, spotify:artist:{SPOTIFY_PATTERN}")
_ALBUM_NAME = re.compile(r"""'name': ('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"), 'release_date': '""")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


class RefusedCell(Exception):  # noqa: N818 - not an error of ours: it is counted, not raised to the caller
    """A cell that makes its row unusable. `reason` is one of few, for counting; `detail` has the value."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail or reason


def parse_track_id(cell: object) -> str:
    """Return the id in an id, a URI or a link; a namespaced id counts as one."""
    text = cell if type(cell) is str else str(cell).strip() if cell is not None else ""
    if is_spotify_id(text):
        return text
    if found := find_track_id(text):
        return found
    text = text.strip()
    if text.lower() in _MISSING_WORDS or text.lower() == "spotify:track:":
        raise RefusedCell("no track id")
    raise RefusedCell(
        "track id: not 22 letters and digits",
        f"track id: expected 22 letters and digits, or such as isrc:GBUM71029604; got {show(text)}",
    )


def parse_track_id_or_none(cell: object) -> str:
    """Return what `parse_track_id` does; "" where it refuses, for a row that another column identifies."""
    try:
        return parse_track_id(cell)
    except RefusedCell:
        return ""


def parse_mbid(cell: object) -> str:
    """Return `mbid:UUID` of a MusicBrainz recording's id, bare or linked; "" where there is none."""
    text = str(cell).strip() if cell is not None else ""
    found = find_track_id(text) or find_track_id(f"mbid:{text}") or ""
    return found if found.startswith("mbid:") else ""


def parse_text(cell: object) -> str:
    """Return a text on one line, without control characters."""
    if cell is None or (type(cell) is float and math.isnan(cell)):
        return ""
    text = cell if type(cell) is str else str(cell)
    if len(text) > MAX_TEXT:
        raise RefusedCell("text: too long", f"text: at most {MAX_TEXT} characters, got {len(text)}")
    return text.strip() if text.isprintable() else " ".join(_CONTROL.sub(" ", text).split())


def parse_title(cell: object) -> str:
    """Return a name; some data sets hold a whole object, as a value or as text, of which it is one part."""
    if type(cell) is str and cell.startswith("{") and cell.endswith("}") and len(cell) < 10 * MAX_TEXT:
        # To read thousands of album objects in full takes seconds; there the name stands before the date.
        album = _ALBUM_NAME.search(cell)
        cell = _read_literal(album[1]) if album else _read_literal(cell)
    return parse_text(cell.get("name") if isinstance(cell, Mapping) else cell)


def parse_artists(cell: object) -> str:
    """Return the names as stored: from a list, a list written as text, or names joined by signs."""
    if type(cell) is str:
        return _parse_artist_text(cell)
    if cell is None or isinstance(cell, float):
        return ""
    return _store_artists(_artist_names(cell))


@lru_cache(65_536)
def _parse_artist_text(text: str) -> str:
    if len(text) > 10 * MAX_TEXT:
        raise RefusedCell("artists: too long", f"artists: at most {MAX_TEXT} characters, got {len(text)}")
    text = text.strip()
    if text[:1] + text[-1:] in {"[]", "{}"}:
        return _store_artists(_artist_names(_read_literal(text)))
    if "spotify:artist:" in text and (dumped := _ARTIST_DUMP.findall(text)):
        return _store_artists(tuple(dumped))
    return _store_artists(split_artists(text))


@lru_cache(4_096)  # the tracks of an album stand together, each with the same album object
def _read_literal(text: str) -> object:
    """Read a list or object in Python's or JSON's spelling; what is neither is a name that has brackets."""
    try:
        return ast.literal_eval(text.replace("null", "None") if "null" in text else text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _artist_names(value: object) -> tuple[str, ...]:
    """Return the names in a list of names or of artist objects."""
    if isinstance(value, Mapping):
        return (str(value.get("name") or ""),)
    if isinstance(value, list | tuple):
        return tuple(
            str(item.get("name") or "") if isinstance(item, Mapping) else str(item)
            for item in value
            if item is not None
        )
    return (str(value),)


def _store_artists(found: tuple[str, ...]) -> str:
    kept = tuple(dict.fromkeys(name for text in found if (name := parse_text(text))))[:MAX_ARTISTS]
    if sum(map(len, kept)) > MAX_TEXT:
        raise RefusedCell("artists: too long", f"artists: at most {MAX_TEXT} characters")
    return artists_json(kept) if kept else ""


def parse_isrc(cell: object) -> str:
    """Return the code in its one shape; refused when there is a text that is no code."""
    text = parse_text(cell)
    code = find_isrc(text)
    if not code and text.lower() not in _MISSING_WORDS:
        raise RefusedCell(
            "isrc: not an ISRC", f"isrc: expected a code such as GBUM71029604, got {show(text)}"
        )
    return code


def parse_genre(cell: object) -> str:
    """Return the genres joined by "; "."""
    if isinstance(cell, list | tuple):
        return "; ".join(text for item in cell if (text := parse_text(item)))
    text = parse_text(cell)
    if text.startswith("[") and text.endswith("]"):
        return "; ".join(_artist_names(_read_literal(text)))
    return "; ".join(part.strip() for part in re.split("[;,]", text) if part.strip())


@lru_cache(16_384)
def _parse_date_text(text: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None:
        last = _LAST_YEAR.findall(f" {text}")
        if text.lower() in _MISSING_WORDS or not last:
            return ""
        year, month, day = last[-1], None, None  # "5/3/1999": which is the month is anyone's guess
    else:
        year, month, day = found.groups()
    if math.isnan(_check(YEAR, int(year), "release_date")):
        return ""
    return "-".join(part for part in (year, month, day) if part)


def parse_date(cell: object) -> str:
    """Return a date as precise as it was given; a year of 0, and what is no date at all, is missing."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return "" if math.isnan(cell) else _parse_date_text(f"{cell:.0f}")
    return _parse_date_text(parse_text(cell))


def _check(feature: Feature, number: object, name: str = "") -> float:
    try:
        return feature.parse(number)
    except InvalidFeatureError as error:
        detail = error.message.replace(f"{feature.name}:", f"{name}:", 1) if name else error.message
        raise RefusedCell(f"{name or feature.name}: {error.fault}", detail[:200]) from error
    except OverflowError as error:  # a whole number of hundreds of digits
        raise RefusedCell(f"{name or feature.name}: out of range") from error


@dataclass(frozen=True, slots=True)
class NumberParser:
    """Reads a numeric field: quick for what is right, thorough for the rest."""

    feature: Feature

    def __call__(self, cell: object) -> float | None:
        """Return the number in one cell; None when it is missing."""
        if isinstance(cell, str):
            try:
                cell = float(cell)
            except ValueError:
                return _parse_words(self.feature, str(cell).strip())
        number = _check(self.feature, cell)
        return None if math.isnan(number) else number

    def read_column(self, cells: Sequence[object]) -> list[float | None]:
        """Return the numbers of a whole column, checked at once where all of them are plain numbers."""
        feature = self.feature
        try:
            numbers = np.array([math.nan if cell == "" else cell for cell in cells], np.float64)
        except (TypeError, ValueError, OverflowError):
            return [self(cell) for cell in cells]
        if numbers.ndim != 1:
            return [self(cell) for cell in cells]
        known = ~np.isnan(numbers)
        if feature.missing is not None:
            known &= numbers != feature.missing
        sound = (numbers >= feature.low) & (numbers <= feature.high)
        if feature.integer:
            sound &= numbers == np.floor(numbers)
        if (known & ~sound).any():
            return [self(cell) for cell in cells]  # raises, and says which
        if known.all():
            return list(numbers.tolist())
        boxed = numbers.astype(object)
        boxed[~known] = None
        return list(boxed.tolist())


def parse_column(parse: Parse, cells: Sequence[object]) -> list[object]:
    """Return what `parse` makes of each cell of a column; of whole columns quicker than cell by cell."""
    read = parse.read_column if isinstance(parse, NumberParser) else _QUICK_COLUMNS.get(parse)
    return list(read(cells)) if read else [parse(cell) for cell in cells]


def _read_ids(cells: Sequence[object]) -> Sequence[object]:
    try:
        sound = all(map(SPOTIFY_ID.fullmatch, cells))  # type: ignore[arg-type] # else a TypeError
    except TypeError:
        sound = False
    return cells if sound else [parse_track_id(cell) for cell in cells]


def _read_titles(cells: Sequence[object]) -> Sequence[object]:
    return [
        cell.strip()
        if type(cell) is str and len(cell) <= MAX_TEXT and cell.isprintable() and cell[:1] != "{"
        else parse_title(cell)
        for cell in cells
    ]


def _read_repeated(parse: Parse) -> Callable[[Sequence[object]], Sequence[object]]:
    """Return what reads a column of texts that come again and again, each of them once."""
    cached = lru_cache(16_384)(parse)
    return lambda cells: [cached(cell) if type(cell) is str else parse(cell) for cell in cells]


def _parse_words(feature: Feature, text: str) -> float | None:
    """Read a number that is written in another way: "C#", "Minor", "4/4", "0,5", "NA"."""
    if text.lower() in _MISSING_WORDS:
        return None
    if feature.name == "key" and (note := _NOTE.fullmatch(text)):
        shift = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(note[2].lower(), 0)
        return float((_NOTES[note[1].lower()] + shift) % 12)
    if feature.name == "mode" and text.lower() in {"major", "minor"}:
        return float(text.lower() == "major")
    if feature.name == "time_signature" and (signature := _SIGNATURE.fullmatch(text)):
        text = signature[1]
    if _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    number = _check(feature, text)
    return None if math.isnan(number) else number


_DURATION = next(feature for feature in AUDIO if feature.name == "duration_ms")
_ANY_DURATION = Feature("duration", "", 0, 1e9, missing=0)


def duration_parser(unit: Unit) -> Parse:
    """Return the parser of a length in a unit, as `text.durations` reads it; what is no length is refused."""
    read = NumberParser(_ANY_DURATION)

    def parse(cell: object) -> float | None:
        if type(cell) is str and (clock := read_clock(cell.strip())) is not None:
            return _check_length(clock)
        number = read(cell)
        return None if number is None else _check_length(to_ms(number, unit))

    return parse


def _check_length(milliseconds: int) -> float | None:
    length = _check(_DURATION, float(milliseconds))
    return None if math.isnan(length) else length


def _parse_popularity(cell: object) -> int | None:
    number = _READ_POPULARITY(cell)
    return None if number is None else int(number)


_READ_POPULARITY = NumberParser(POPULARITY)

_QUICK_COLUMNS: dict[Parse, Callable[[Sequence[object]], Sequence[object]]] = {
    parse_track_id: _read_ids,
    parse_title: _read_titles,
    parse_date: _read_repeated(parse_date),
    parse_genre: _read_repeated(parse_genre),
    _parse_popularity: lambda cells: [
        None if number is None else int(number) for number in _READ_POPULARITY.read_column(cells)
    ],
}

PARSERS: dict[str, Parse] = {
    "track_id": parse_track_id,
    "name": parse_title,
    "artists": parse_artists,
    "album": parse_title,
    "isrc": parse_isrc,
    "release_date": parse_date,
    "year": parse_date,
    "popularity": _parse_popularity,
    "genre": parse_genre,
    **{feature.name: NumberParser(feature) for feature in AUDIO},
    "duration_s": duration_parser("s"),
    "duration_min": duration_parser("min"),
    "duration": duration_parser(""),
}
