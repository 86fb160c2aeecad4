"""Does our own method beat everything that it is compared with? Read off the paired differences of a run."""

from dataclasses import dataclass
from typing import Literal

from segue.evaluation.figures import ALL, Evaluation, Figure, best_other
from segue.evaluation.report.labels import MEASURES

Outcome = Literal["better", "even", "worse", "unknown"]
MIN_LISTS = 10  # resampling fewer tells little of what other lists would give


@dataclass(frozen=True, slots=True)
class Verdict:
    """Our own method beside the best other one, on the same lists.

    Attributes
    ----------
    own, rival
        The figure of the model, and the best figure among all others.
    difference
        Own minus rival, paired.
    unbeaten
        The other methods that the model is not surely better than; "surely" means that the whole interval of
        the paired difference lies on the better side of zero, and that there are at least 10 lists.
    n_others
        How many others there are.

    """

    own: Figure
    rival: Figure
    difference: Figure
    unbeaten: tuple[str, ...]
    n_others: int

    @property
    def outcome(self) -> Outcome:
        """How the model stands to the best other: surely better or worse, neither, or on too few lists."""
        if self.difference.value.count < MIN_LISTS:
            return "unknown"
        side = _side(self.difference)
        return "better" if side > 0 else "worse" if side < 0 else "even"

    @property
    def ratio(self) -> float | None:
        """Own divided by rival; None where the rival has nothing."""
        return self.own.value.mean / self.rival.value.mean if self.rival.value.mean > 0 else None


def find_verdict(
    evaluation: Evaluation, scenario: str, group: str, *, measure: str = "ndcg", part: str = ALL
) -> Verdict | None:
    """Return how the model stands; None in a run without a model, without others, or without this figure."""
    where = {"scenario": scenario, "group": group, "measure": measure, "part": part}
    figures = evaluation.find(**where)
    own = next((figure for figure in figures if figure.method == evaluation.about["model"]), None)
    if own is None:
        return None
    rival = best_other(figures, own.method, lower_is_better=MEASURES[measure].lower_is_better)
    differences = evaluation.find_differences(**where)
    difference = next((each for each in differences if rival and each.against == rival.method), None)
    if rival is None or difference is None:
        return None
    few = difference.value.count < MIN_LISTS
    unbeaten = tuple(each.against for each in differences if few or _side(each) <= 0)
    return Verdict(own, rival, difference, unbeaten, len(differences))


def seed_scenarios(evaluation: Evaluation) -> list[str]:
    """Return the scenarios of a run that differ by the number of seeds alone."""
    return [name for name in evaluation.values("scenario") if name.startswith("seeds-")]


def _side(difference: Figure) -> int:
    """Return 1 where the whole interval is better than zero, -1 where it is worse, else 0."""
    if not difference.value.excludes_zero():
        return 0
    better = (difference.value.mean > 0) != MEASURES[difference.measure].lower_is_better
    return 1 if better else -1
