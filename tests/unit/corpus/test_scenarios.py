"""How lists are cut in each scenario."""

import numpy as np
import pytest

from segue.corpus.lists import TrackList
from segue.corpus.scenarios import SCENARIO_NAMES, SCENARIOS, cut_all, find_scenarios
from segue.corpus.splits import cut_half
from segue.errors import InputError


def track_list(n: int, *, name: str = "Rainy days", source: str = "made") -> TrackList:
    return TrackList(source, "p", name, np.arange(n))


def test_the_challenge_has_ten() -> None:
    assert len(find_scenarios(("challenge",))) == 10
    assert len(find_scenarios(("seeds",))) == 5


def test_names_are_expanded_once_and_checked() -> None:
    names = [scenario.name for scenario in find_scenarios(("half", "seeds", "seeds-5", "half"))]
    assert names == ["half", "seeds-1", "seeds-5", "seeds-10", "seeds-25", "seeds-100"]
    assert len(find_scenarios(("all",))) == len(SCENARIOS) == len(SCENARIO_NAMES) - 3
    with pytest.raises(InputError, match="unknown scenario 'first-3'") as caught:
        find_scenarios(("first-3",))
    assert "title-first-1" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "seeds"), [("first-5", range(5)), ("title-first-1", range(1)), ("title", range(0))]
)
def test_the_first_tracks_are_shown_and_all_others_held_out(name: str, seeds: range) -> None:
    case = SCENARIOS[name].cut(track_list(30))
    assert case is not None
    assert case.seeds.tolist() == list(seeds)
    assert case.continuation.tolist() == list(range(len(seeds), 30))


def test_random_tracks() -> None:
    case = SCENARIOS["title-random-25"].cut(track_list(60))
    assert case is not None
    assert len(case.seeds) == 25
    assert case.seeds.tolist() != list(range(25))
    assert sorted([*case.seeds, *case.continuation]) == list(range(60))


def test_numbers_of_seeds_share_the_continuation_of_the_half() -> None:
    entry = track_list(60)
    case = SCENARIOS["seeds-10"].cut(entry)
    assert case is not None
    np.testing.assert_array_equal(case.continuation, cut_half(entry).continuation)


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("first-10", track_list(14)),  # too short: fewer than five would be held out
        ("first-5", track_list(30, source="mpd_nothotdog")),  # its order means nothing
        ("title", track_list(30, name="  ")),
        ("title-first-5", track_list(30, name="2014")),  # a number in place of a title
        ("title-first-5", track_list(30, name="p")),  # the id in place of a title
        ("seeds-25", track_list(40)),
    ],
)
def test_lists_that_cannot_take_part(name: str, entry: TrackList) -> None:
    assert SCENARIOS[name].cut(entry) is None
    assert cut_all(SCENARIOS[name], (entry,)) == ()


def test_a_list_without_order_can_be_shown_at_random() -> None:
    assert SCENARIOS["title-random-25"].cut(track_list(40, source="mpd_nothotdog")) is not None
