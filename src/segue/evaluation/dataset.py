"""Everything that methods are measured on, read and cut once: the filled catalogue, and the lists by part."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Catalogue, Columns
from segue.corpus.gaps import Gaps, filled_catalogue
from segue.corpus.lists import TrackList, iter_lists, resolve
from segue.corpus.splits import (
    MIN_MEASURED_TRACKS,
    Part,
    largest_overlap,
    split_lists,
)
from segue.errors import InputError
from segue.evaluation.measures.breakdown import Training, count_training
from segue.evaluation.model_method import trained_hashes

NEAR_COPY = 0.5  # of its tracks in one training list


@dataclass(frozen=True, slots=True)
class Source:
    """Where the data is and how it is to be taken.

    Attributes
    ----------
    catalogue, playlists
        The files.
    folder
        Where filled copies of catalogues are kept.
    part
        The part that is measured: "test", or "validation" while tuning.
    gaps
        "filled" for honest figures; the others to look for leaks.
    limit
        Measure at most so many lists, chosen by hash; None for all.

    """

    catalogue: Path
    playlists: Path
    folder: Path
    part: Part = "test"
    gaps: Gaps = "filled"
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """The data of one run; N tracks.

    Attributes
    ----------
    catalogue, columns
        The filled copy.
    popularity
        (N,) of the original: for figures about popularity alone, no method sees it.
    lists
        The L lists that are measured.
    overlap
        (L,) the largest share of each list's tracks that one training list holds.
    fitted
        The rows of the lists that baselines learn from.
    training
        How often tracks and artists occur in them.
    notes
        Remarks for the reader: what was left out and why.

    """

    catalogue: Catalogue
    columns: Columns
    popularity: NDArray[np.float32]
    lists: tuple[TrackList, ...]
    overlap: NDArray[np.float64]
    fitted: Sequence[NDArray[np.int64]]
    training: Training
    notes: tuple[str, ...]


@contextmanager
def open_world(source: Source, *, trained: NDArray[np.uint64] | None = None) -> Iterator[World]:
    """Read everything; the catalogue is closed at the end.

    Parameters
    ----------
    source
        Where the data is.
    trained
        Hashes of the lists that the model was trained on; they are never measured.

    Raises
    ------
    InputError
        When no list is left to measure.

    """
    with Catalogue.open(source.catalogue) as original:
        path = filled_catalogue(original, source.folder, gaps=source.gaps)
        popularity = original.load_columns().popularity
    with Catalogue.open(path) as catalogue:
        split = split_lists(resolve(iter_lists(source.playlists), catalogue))
        lists, notes = _choose(split.measured(source.part), source, trained)
        fitted = split.fitted_for(source.part)
        columns = catalogue.load_columns()
        rows = [entry.rows for entry in fitted]
        yield World(
            catalogue=catalogue,
            columns=columns,
            popularity=popularity,
            lists=lists,
            overlap=largest_overlap(lists, fitted, len(catalogue)),
            fitted=rows,
            training=count_training(rows, columns.artist_hash),
            notes=notes,
        )


def _choose(
    lists: tuple[TrackList, ...], source: Source, trained: NDArray[np.uint64] | None
) -> tuple[tuple[TrackList, ...], tuple[str, ...]]:
    """Leave out what the model was trained on, and cut to the limit."""
    if not lists:
        raise InputError(
            f"{source.playlists}: no list to measure in the {source.part} part",
            hint=f"A measured list needs at least {MIN_MEASURED_TRACKS} tracks of the catalogue, and a fifth "
            "of all lists is measured: give more lists, or a catalogue that holds more of their tracks.",
        )
    used = trained_hashes(trained, [entry.list_hash for entry in lists])
    held_out = sorted(
        (entry for entry, known in zip(lists, used, strict=True) if not known),
        key=lambda entry: entry.list_hash,
    )
    notes = []
    if used.any():
        notes.append(f"{used.sum()} of {len(lists)} lists were left out: the model was trained on them.")
    if not held_out:
        raise InputError(
            f"all {len(lists)} lists of the {source.part} part were used to train this model",
            hint="Measure it on lists that it has not seen.",
        )
    if source.limit is not None and source.limit < len(held_out):
        notes.append(f"Only {source.limit} of {len(held_out)} lists were measured, chosen by hash.")
        held_out = held_out[: source.limit]
    return tuple(held_out), tuple(notes)
