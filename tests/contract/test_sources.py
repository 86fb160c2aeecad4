"""One suite for every source of candidates, on a dozen tracks whose answer is known (see `made_tables`).

A new source is held to all of this as soon as it stands in `SOURCES`; what it must find goes into `PLANTED`.
"""

import numpy as np
import pytest

from made_tables import make_tables
from segue.index.exact import ExactIndex
from segue.recommend.candidates import SOURCES, find_candidates, start_lookup
from segue.recommend.pair_features import Seeds
from segue.recommend.sources.protocol import CandidateSource, Lookup
from segue.recommend.track_arrays import Factors, Tables

SEED = 4  # by the artist of rows 3, 4 and 5
# Of the tracks at angles of a tenth: the nearest; of the artist: the other two; of those listed with it: the
# artist's own and then, at equal likeness, the nearest by sound.
PLANTED = {"towers": {3, 5}, "by-artist": {3, 5}, "scene": {3, 5}}


def _lookup(tables: Tables, allowed: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None) -> Lookup:
    seeds = Seeds(np.array([SEED]), tables.embeddings[SEED])
    (scan,) = ExactIndex(tables.embeddings, tables.bias).scan(seeds.query[None] * np.float32(10))
    return start_lookup(tables, seeds, scan, allowed)


@pytest.fixture(params=SOURCES, ids=lambda source: source.name)
def source(request: pytest.FixtureRequest) -> CandidateSource:
    found: CandidateSource = request.param
    return found


def test_names_are_distinct_and_each_has_a_planted_answer() -> None:
    assert {each.name for each in SOURCES} == PLANTED.keys()
    assert len(SOURCES) == len(PLANTED)


def test_the_planted_answer_is_found(source: CandidateSource) -> None:
    assert set(source.find(_lookup(make_tables()), 2).tolist()) == PLANTED[source.name]


def test_no_seed_and_nothing_that_is_not_allowed_is_found(source: CandidateSource) -> None:
    allowed = np.ones(12, bool)
    allowed[3] = False
    found = source.find(_lookup(make_tables(), allowed), 12).tolist()
    assert not {3, SEED} & set(found)
    assert 5 in found
    assert allowed[SEED]  # the mask of the caller is left as it was
    nothing = source.find(_lookup(make_tables(), np.zeros(12, bool)), 12)
    assert nothing.tolist() == []


def test_rows_are_distinct_and_no_more_than_asked_for(source: CandidateSource) -> None:
    for n in (0, 1, 5, 100):
        found = source.find(_lookup(make_tables()), n)
        assert found.dtype == np.int64
        assert len(found) == len(np.unique(found)) <= n


def test_a_model_that_knows_no_list_still_gets_an_answer(source: CandidateSource) -> None:
    nobody = Factors(np.zeros((1, 1), np.float32), np.zeros(12, np.int32))
    found = source.find(_lookup(make_tables(songs=nobody, artists=nobody)), 3)
    assert (len(found) == 3) == (source.name == "towers")


def test_together_they_give_each_row_once_and_say_who_found_it() -> None:
    lookup = _lookup(make_tables())
    candidates = find_candidates(lookup, 4)
    assert np.array_equal(candidates.rows, np.unique(candidates.rows))
    assert SEED not in candidates.rows
    assert candidates.sources_of(5) == ("towers", "by-artist", "scene")
    assert np.array_equal(candidates.scores, lookup.scan.score_rows(candidates.rows))
    alone = find_candidates(lookup, 4, SOURCES[1:2])
    assert alone.rows.tolist() == [3, 5]
    assert alone.sources_of(3) == ("by-artist",)
