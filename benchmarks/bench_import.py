"""How long an import takes: `scripts/bench import --catalogue FILE [--rows 1200000] [FILE...]`.

Writes a CSV in the layout of the data set of 1.2 million songs from the rows of a catalogue, again and again
under other ids until there are enough, and imports it; or imports the files that are named. Prints seconds,
processor time of both processes, and their greatest memory.
"""

import argparse
import csv
import json
import resource
import sys
import time
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from segue.catalogue.import_ import import_files
from segue.catalogue.row_codec import COLUMN_NAMES
from segue.catalogue.store import Catalogue
from segue.features import AUDIO_NAMES

COLUMNS = ("id", "name", "album", "artists", "explicit", *AUDIO_NAMES, "year", "release_date")
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def rename(track_id: str, turn: int) -> str:
    """Return another id for each turn."""
    letters = "".join(LETTERS[(LETTERS.index(letter) + turn) % 62] for letter in track_id[:3])
    return letters + track_id[3:]


def write_rows(catalogue: Path, path: Path, rows: int) -> None:
    with Catalogue.open(catalogue) as opened, path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        tracks = (
            (turn, dict(zip(COLUMN_NAMES, values, strict=True)))
            for turn in count()
            for values in opened.iter_values()
            if len(values[0]) == 22
        )
        for turn, track in islice(tracks, rows):
            artists = repr(json.loads(track["artists"])) if track["artists"] else "[]"
            sound = [track[name] for name in AUDIO_NAMES]
            date = track["release_date"]
            track_id = rename(track["track_id"], turn)
            writer.writerow((track_id, track["name"], track["album"], artists, False, *sound, date[:4], date))


def spent() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--catalogue", type=Path)
    parser.add_argument("--rows", type=int, default=1_200_000)
    parser.add_argument("--keep", type=Path, help="where the new catalogue stays")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        files = arguments.files
        if not files:
            if arguments.catalogue is None:
                parser.error("expected --catalogue, or files to import")
            files = [Path(folder) / "tracks_features.csv"]
            write_rows(arguments.catalogue, files[0], arguments.rows)
        size = sum(file.stat().st_size for file in files)
        target = arguments.keep or Path(folder) / "new.sqlite"
        before, began = spent(), time.perf_counter()
        report = import_files(target, files)
        took = time.perf_counter() - began
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    print(
        f"{report.rows:,} rows of {size / 1e6:,.0f} MB in {took:.1f} s ({report.rows / took:,.0f} a second), "
        f"{spent() - before:.1f} s of processor time, at most {peaks[0] // unit} and {peaks[1] // unit} MB; "
        f"{report.added:,} added, {report.updated:,} updated, {report.refused_rows:,} refused"
    )


if __name__ == "__main__":
    main()
