"""Controls: checked when they are made, and every way in is made from the one table."""

import inspect
from dataclasses import fields, replace
from typing import Any

import pytest

from segue.cli.recommend import recommend
from segue.controls import CONTROLS, Controls, check_n
from segue.errors import InvalidControlsError
from segue.web.schemas import ControlsIn


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"adventurousness": 1.5}, "adventurousness: expected 0 to 1, got 1.5"),
        ({"adventurousness": "much"}, "expected 0 to 1, got 'much'"),
        ({"max_per_artist": 0}, "max_per_artist: expected 1 or more, got 0"),
        ({"max_per_artist": True}, "got True"),
        ({"one_version": 1}, "expected True or False, got 1"),
        ({"exclude_artists": "Muse"}, "expected a tuple of texts, got 'Muse'"),
        ({"exclude_tracks": ("short",)}, "'short'"),
        ({"minimum": {"energi": 0.5}}, "unknown feature 'energi'; did you mean 'energy'?"),
        ({"minimum": {"energy": "high"}}, "energy: expected 0 to 1, got 'high'"),
        ({"minimum": {"energy": float("nan")}}, "energy: expected 0 to 1, got nan"),
        (
            {"minimum": {"energy": 0.8}, "maximum": {"energy": 0.2}},
            "minimum 0.8 is above the maximum 0.2",
        ),
        ({"target": [("energy", 0.5)]}, "expected a mapping of feature to number"),
        ({"years": (2000, 1990)}, "years: the minimum 2000 is above the maximum 1990"),
        ({"years": 1990}, "expected two ends"),
        ({"popularity": (-5, None)}, "popularity: expected 0 to 100, got -5"),
        ({"order": "random"}, "expected 'smooth' or 'score', got 'random'"),
        ({"adventurousnes": 0.5}, "did you mean 'adventurousness'?"),
        ({"tempo": 120}, "there is no control 'tempo'"),
    ],
)
def test_what_cannot_be_used_is_refused_when_it_is_made(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidControlsError) as caught:
        Controls(**wrong)
    assert says in caught.value.message
    with pytest.raises(InvalidControlsError):
        Controls.of(wrong)


def test_a_mapping_is_as_good_and_nothing_means_the_defaults() -> None:
    assert Controls.of({"max_per_artist": 1}) == Controls(max_per_artist=1)
    assert Controls.of(None) == Controls()
    own = Controls(order="score")
    assert Controls.of(own) is own
    with pytest.raises(InvalidControlsError, match="expected Controls or a mapping, got list"):
        Controls.of([1])  # type: ignore[arg-type]


def test_a_changed_copy_is_checked_too() -> None:
    with pytest.raises(InvalidControlsError):
        replace(Controls(), adventurousness=7)


@pytest.mark.parametrize("n", [0, -1, 1001, 2.5, True])
def test_how_many(n: Any) -> None:
    with pytest.raises(InvalidControlsError, match="1 to 1,000"):
        check_n(n)


def test_the_table_the_value_the_command_and_the_api_have_the_same_controls() -> None:
    names = [control.name for control in CONTROLS]
    assert names == [each.name for each in fields(Controls)]
    assert names == list(ControlsIn.model_fields)
    assert set(names) <= set(inspect.signature(recommend).parameters)


def test_the_api_and_the_command_have_the_same_defaults() -> None:
    assert ControlsIn().to_controls() == Controls()
