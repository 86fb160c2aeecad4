"""What a track lacks must tell a built-in model nothing: figures stay when other tracks have the gaps.

Measured on a part of the development data, small enough for a test: 40 held-out lists a group, their tracks,
and some thousands of others. `docs/decisions/leaks.md` gives the figures on all of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pytest

from segue.catalogue.import_.importer import import_files
from segue.catalogue.store import Catalogue
from segue.cli.evaluate import open_model
from segue.corpus.gaps import Gaps
from segue.corpus.scenarios import HALF
from segue.corpus.splits import part_of
from segue.evaluation.dataset import Source
from segue.evaluation.figures import Figure
from segue.evaluation.session import Request, evaluate
from segue.text.song_keys import hash64

pytestmark = pytest.mark.shared_data
LISTS, OTHERS = 40, 30  # lists a group; every so many tracks that are on none of them
MEASURES = ("r_precision", "r_precision_2018", "ndcg", "clicks", "recall_50", "recall_500", "recall_1000")


@pytest.fixture(scope="module")
def small(shared_data: Path) -> Iterator[Source]:
    """Give the catalogue and the lists; what comes out of the data set is deleted at the end."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        held, taken = folder / "lists.parquet", folder / "tracks.parquet"
        source_lists, source_tracks = (
            f"read_parquet('{shared_data / file}')" for file in ("playlists.parquet", "tracks.parquet")
        )
        chosen = choose_lists(source_lists, source_tracks)
        duckdb.execute(
            f"COPY (SELECT * FROM {source_lists} WHERE list_contains(?, playlist_id)) TO '{held}'", [chosen]
        )
        duckdb.execute(
            f"COPY (SELECT * FROM {source_tracks} WHERE hash(track_id) % {OTHERS} = 0 "
            f"OR track_id IN (SELECT track_id FROM read_parquet('{held}'))) TO '{taken}'"
        )
        import_files(folder / "catalogue.sqlite", [taken])
        yield Source(folder / "catalogue.sqlite", held, folder)


def choose_lists(lists: str, tracks: str) -> list[str]:
    """Return ids of test lists, the first by hash of each group."""
    counts = duckdb.execute(
        f"SELECT playlist_id, any_value(starts_with(source, 'mpd')) FROM {lists} "
        f"WHERE track_id IN (SELECT track_id FROM {tracks}) AND source NOT IN ('hari', 'thorstein') "
        "GROUP BY playlist_id HAVING count(*) >= 30"
    ).fetchall()
    tests = sorted((hash64(name), name, mpd) for name, mpd in counts if part_of(name) == "test")
    return [
        name
        for group in (True, False)
        for _, name, _ in [entry for entry in tests if entry[2] == group][:LISTS]
    ]


def figures(source: Source, model: str, gaps: Gaps) -> dict[tuple[str, str], Figure]:
    request = Request(replace(source, gaps=gaps), (HALF,), model=open_model(model), shown=False)
    found = evaluate(request, progress=lambda *_: None).find(part="all")
    return {(figure.group, figure.measure): figure for figure in found}


def outside(found: dict[tuple[str, str], Figure], honest: dict[tuple[str, str], Figure]) -> Sequence[str]:
    """Return the figures that have left the interval of the honest ones, in words."""
    return [
        f"{group} {measure}: {figure.value.mean:.3f}, honest {value.low:.3f} to {value.high:.3f}"
        for (group, measure), figure in found.items()
        if (value := honest[group, measure].value)
        and measure in MEASURES
        and not value.low <= figure.value.mean <= value.high
    ]


def test_the_part_of_the_data_has_gaps(small: Source) -> None:
    with Catalogue.open(small.catalogue) as catalogue:
        columns = catalogue.load_columns()
    assert len(columns.year) > 8000
    assert 0.005 < np.isnan(columns.audio).mean() < 0.5
    assert np.isnan(columns.year).mean() > 0.02


@pytest.mark.parametrize("model", ["full", "audio"])
def test_figures_stay_when_other_tracks_have_the_gaps(small: Source, model: str) -> None:
    honest = figures(small, model, "filled")
    assert {group for group, _ in honest} == {"mpd", "other"}
    assert all(figure.value.count >= LISTS * 0.9 for figure in honest.values())
    assert honest["mpd", "recall_1000"].value.mean > 0.3  # it does find something that could be lost
    assert not outside(figures(small, model, "shuffled"), honest)
    assert not outside(figures(small, model, "raw"), honest)
