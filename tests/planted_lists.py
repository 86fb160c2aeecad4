"""A small catalogue and playlists whose right answers are known, as files.

Four clusters of 60 tracks with their own sound and artists; every list stays within one cluster.
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from made_tracks import FEATURES, make_id
from segue.catalogue.store import Catalogue
from segue.types import Track

CLUSTERS, SIZE = 4, 60
N_TRACKS = CLUSTERS * SIZE


def planted_track(row: int) -> Track:
    cluster = row // SIZE
    step = (row % SIZE) / SIZE / 20
    sound = dict.fromkeys(("danceability", "energy", "valence"), 0.1 + 0.2 * cluster + step)
    features = {**FEATURES, **sound, "key": float(cluster * 3), "tempo": 80.0 + 30 * cluster + step}
    return Track(
        make_id(row + 1),
        name=f"Song {row}",
        artists=(f"Artist {row // 12}",),
        album=f"Album {row // 6}" if row % 2 else "",
        release_date=f"{1970 + 10 * cluster}-01-02" if row % 3 else "",
        popularity=20 + row % 60 if row % 4 else None,
        features={name: value for name, value in features.items() if row % 5 or name != "energy"},
    )


def make_planted_catalogue(path: Path) -> Path:
    with Catalogue.create(path) as catalogue:
        catalogue.upsert(planted_track(row) for row in range(N_TRACKS))
    return path


def make_leaky_catalogue(path: Path) -> Path:
    """Make one in which gaps give the cluster away: clusters 0 and 1 lack the liveness, 2 and 3 the metre."""
    with Catalogue.create(path) as catalogue:
        catalogue.upsert(_leaky_track(row) for row in range(N_TRACKS))
    return path


def _leaky_track(row: int) -> Track:
    track = planted_track(row)
    gap = "liveness" if row // SIZE < 2 else "time_signature"
    return replace(track, features={name: value for name, value in track.features.items() if name != gap})


def write_planted_lists(path: Path, *, n_lists: int = 120, length: int = 24) -> Path:
    """Write lists as CSV; every third is of the Million Playlist Dataset."""
    rng = np.random.default_rng(3)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["source", "playlist_id", "playlist_name", "position", "track_id"])
        for number in range(n_lists):
            source = "mpd_made" if number % 3 == 0 else "made"
            rows = rng.permutation(SIZE)[:length] + SIZE * (number % CLUSTERS)
            for position, row in enumerate(rows.tolist()):
                writer.writerow([source, f"list-{number}", f"List {number}", position, make_id(row + 1)])
    return path
