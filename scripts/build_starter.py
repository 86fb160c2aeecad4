"""Writes the starter catalogue's table: one row a track, its genres joined. Called by build-starter."""

import csv
import gzip
import io
import sys
from pathlib import Path

import duckdb

from segue.features import AUDIO_NAMES

# The same tracks in the same order give the same bytes, so that a rebuild shows no difference in git.
QUERY = f"""
SELECT track_id, arg_min(track_name, track_genre) AS name, arg_min(artists, track_genre) AS artists,
       arg_min(album_name, track_genre) AS album, max(popularity) AS popularity,
       string_agg(DISTINCT track_genre, '; ' ORDER BY track_genre) AS genre,
       {", ".join(f"arg_min({name}, track_genre) AS {name}" for name in AUDIO_NAMES)}
FROM read_parquet(?) GROUP BY track_id ORDER BY track_id
"""  # noqa: S608 - our own names


def main(source: Path, target: Path) -> None:
    """Read the Parquet file `source`, write the gzipped CSV `target`."""
    cursor = duckdb.connect(":memory:").execute(QUERY, [str(source)])
    columns = [name for name, *_ in cursor.description]
    rows = cursor.fetchall()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.getvalue().encode())
    print(f"{target}: {len(rows)} tracks, {target.stat().st_size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
