"""What is shown of a list and what is held out: our protocol, numbers of seeds, the challenge's scenarios."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from segue.corpus.lists import TrackList
from segue.corpus.splits import Case, cut_half, cut_seeds, shuffle_list
from segue.errors import InputError

# Lists whose tracks are a random part in no order: "the first five" means nothing there.
ORDERLESS_SOURCES = frozenset({"mpd_nothotdog"})
_MIN_CONTINUATION = 5
SEED_COUNTS = (1, 5, 10, 25, 100)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to cut lists.

    Attributes
    ----------
    name
        As on the command line.
    about
        What is shown, in words.
    n_seeds
        How many tracks are shown; None for half of the list.
    choose
        "half": the protocol's order, with its continuation whatever `n_seeds`. "first" and "random": the
        challenge's, where all the rest is held out.
    needs_title
        Only lists with a title take part, as in the challenge. No method here reads titles.

    """

    name: str
    about: str
    n_seeds: int | None
    choose: Literal["half", "first", "random"] = "half"
    needs_title: bool = False

    def cut(self, entry: TrackList) -> Case | None:
        """Return the case of this list, or None where the list is too short or lacks title or order."""
        if self.needs_title and not _has_title(entry):
            return None
        if self.n_seeds is None:
            return cut_half(entry)
        if self.choose == "half":
            return cut_seeds(entry, self.n_seeds)
        if self.choose == "first" and entry.source in ORDERLESS_SOURCES:
            return None
        if len(entry.rows) < self.n_seeds + _MIN_CONTINUATION:
            return None
        rows = entry.rows if self.choose == "first" else shuffle_list(entry)
        return Case(entry, rows[: self.n_seeds], rows[self.n_seeds :])


def _has_title(entry: TrackList) -> bool:
    """Whether the name says something: some collections give a number or the id in its place."""
    name = entry.name.strip()
    return bool(name) and name != entry.playlist_id and not name.isdigit()


HALF = Scenario("half", "half of the list, at random (5 to 100 tracks)", None)
_SEEDS = tuple(
    Scenario(f"seeds-{n}", f"{n} {'track' if n == 1 else 'tracks'}, at random", n) for n in SEED_COUNTS
)
_CHALLENGE = (
    Scenario("title", "the title only", 0, "first", needs_title=True),
    Scenario("title-first-1", "the title and the first track", 1, "first", needs_title=True),
    Scenario("title-first-5", "the title and the first 5 tracks", 5, "first", needs_title=True),
    Scenario("first-5", "the first 5 tracks", 5, "first"),
    Scenario("title-first-10", "the title and the first 10 tracks", 10, "first", needs_title=True),
    Scenario("first-10", "the first 10 tracks", 10, "first"),
    Scenario("title-first-25", "the title and the first 25 tracks", 25, "first", needs_title=True),
    Scenario("title-random-25", "the title and 25 tracks, at random", 25, "random", needs_title=True),
    Scenario("title-first-100", "the title and the first 100 tracks", 100, "first", needs_title=True),
    Scenario("title-random-100", "the title and 100 tracks, at random", 100, "random", needs_title=True),
)
SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (HALF, *_SEEDS, *_CHALLENGE)}
_SETS: dict[str, tuple[Scenario, ...]] = {
    "seeds": _SEEDS,
    "challenge": _CHALLENGE,
    "all": (HALF, *_SEEDS, *_CHALLENGE),
}
SCENARIO_NAMES: tuple[str, ...] = (*SCENARIOS, *_SETS)


def find_scenarios(names: tuple[str, ...]) -> tuple[Scenario, ...]:
    """Return the scenarios of these names, each once; "seeds", "challenge" and "all" name several.

    Raises
    ------
    InputError
        When a name is unknown.

    """
    found: dict[str, Scenario] = {}
    for name in names:
        if name not in SCENARIO_NAMES:
            raise InputError(f"unknown scenario {name!r}", hint=f"One of: {', '.join(SCENARIO_NAMES)}.")
        several = _SETS[name] if name in _SETS else (SCENARIOS[name],)
        found |= {scenario.name: scenario for scenario in several}
    return tuple(found.values())


def cut_all(scenario: Scenario, entries: tuple[TrackList, ...]) -> tuple[Case, ...]:
    """Return the cases of all lists that can take part."""
    cases = [scenario.cut(entry) for entry in entries]
    return tuple(case for case in cases if case is not None and np.size(case.continuation))
