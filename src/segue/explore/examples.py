"""Playlists to try a catalogue with: each is of one taste, found in whatever catalogue is in service.

They are looked for rather than listed, so that they exist in a catalogue of one's own too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.explore.profile import Facts
from segue.types import Track

LENGTH = 15
ENOUGH = 8


@dataclass(frozen=True, slots=True)
class Taste:
    """What the songs of an example have in common: closed ranges by feature name, in the feature's unit."""

    name: str
    description: str
    bounds: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Example:
    """A playlist of one taste, most popular first."""

    taste: Taste
    tracks: tuple[Track, ...]


TASTES = (
    Taste(
        "Slow evening",
        "acoustic, quiet, unhurried",
        {"acousticness": (0.5, 1), "energy": (0, 0.45), "speechiness": (0, 0.1), "tempo": (60, 130)},
    ),
    Taste(
        "Full volume",
        "loud guitars, no mercy",
        {"energy": (0.9, 1), "loudness": (-5.5, 5), "danceability": (0, 0.55), "acousticness": (0, 0.05)},
    ),
    Taste(
        "Good mood",
        "bright, easy to dance to",
        {"valence": (0.8, 1), "danceability": (0.65, 1), "energy": (0.5, 0.85), "speechiness": (0, 0.1)},
    ),
    Taste(
        "Words first",
        "spoken more than sung",
        {"speechiness": (0.2, 0.6), "danceability": (0.6, 1), "instrumentalness": (0, 0.01)},
    ),
    Taste(
        "Small hours",
        "a steady beat, hardly a voice",
        {"instrumentalness": (0.5, 1), "danceability": (0.65, 1), "tempo": (115, 130)},
    ),
    Taste(
        "Running",
        "170 beats a minute and up",
        {"tempo": (165, 185), "energy": (0.75, 1), "valence": (0.35, 1)},
    ),
)


def _rows(facts: Facts, taste: Taste) -> NDArray[np.int64]:
    """Return the rows of the most popular tracks of a taste, one an artist; at most LENGTH."""
    mask = np.ones(len(facts.recommender.tables), np.bool_)
    for name, (low, high) in taste.bounds.items():
        values = facts.column(name)
        mask &= (values >= low) & (values <= high)
    rows = np.flatnonzero(mask)
    popularity = np.nan_to_num(facts.column("popularity")[rows], nan=0.0)
    rows = rows[np.argsort(-popularity, kind="stable")][: 20 * LENGTH]
    _, first = np.unique(facts.recommender.tables.artist[rows], return_index=True)
    return rows[np.sort(first)][:LENGTH]


def find_examples(catalogue: Catalogue, facts: Facts) -> list[Example]:
    """Return the tastes that this catalogue has enough songs of."""
    examples = []
    for taste in TASTES:
        rows = _rows(facts, taste)
        if len(rows) < ENOUGH:
            continue
        examples.append(Example(taste, tuple(catalogue.get_tracks([int(row) for row in rows]))))
    return examples


def is_starter(settings: Settings, catalogue: Catalogue) -> bool:
    """Tell whether this is the small catalogue that comes with segue."""
    return catalogue.path.parent == settings.data_dir and catalogue.path.stem.startswith("starter")
