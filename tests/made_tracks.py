"""Tracks and tables made up for tests."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from segue.features import AUDIO
from segue.types import Track

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FEATURES = {
    "danceability": 0.5, "energy": 0.7, "key": 4.0, "loudness": -7.25, "mode": 1.0, "speechiness": 0.05,
    "acousticness": 0.1, "instrumentalness": 0.0, "liveness": 0.2, "valence": 0.6, "tempo": 121.5,
    "duration_ms": 215_000.0, "time_signature": 4.0,
}  # fmt: skip
assert set(FEATURES) == {feature.name for feature in AUDIO}


def make_id(number: int) -> str:
    """Return the track id of a number: 22 base-62 characters."""
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits.rjust(22, "0")


def make_track(number: int, **changes: object) -> Track:
    """Return a track with every field known."""
    values: dict[str, object] = {
        "track_id": make_id(number), "name": f"Song {number}", "artists": (f"Artist {number % 7}",),
        "album": f"Album {number % 3}", "isrc": f"GBUM7{number:07d}",
        "release_date": f"{1960 + number % 60}-05-03",
        "popularity": number % 101, "genre": "rock", "features": dict(FEATURES),
    }  # fmt: skip
    return Track(**{**values, **changes})  # type: ignore[arg-type]


def make_tracks(count: int) -> list[Track]:
    """Return the first `count` tracks."""
    return [make_track(number) for number in range(count)]


def write_table(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write rows as CSV; the first gives the columns."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def make_rows(count: int) -> list[dict[str, object]]:
    """Return rows as a public data set has them."""
    return [
        {
            "track_id": make_id(number),
            "track_name": f"Song {number}",
            "artists": f"Artist {number % 7}",
            **FEATURES,
        }
        for number in range(count)
    ]
