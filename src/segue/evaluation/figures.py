"""What a measurement gives: figures with their intervals, and the whole of one run as a value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from segue.evaluation.measures.intervals import Interval

ALL = "all"  # the slice that holds every list

SCHEMA = 1  # of the figures as JSON, which programs look at


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of one method.

    Attributes
    ----------
    scenario
        How lists were cut ("half", "seeds-5", ...), or "top-50" for what is asked of the shown list.
    group
        The source group ("mpd", "other").
    part
        Which lists or tracks: "all", "no near copies", "occurs 0", "artist unseen", ...
    method
        What was measured.
    measure
        "ndcg", "r_precision", "recall_1000", ...
    value
        The mean over lists and its interval.
    against
        For a paired difference, the method that was subtracted; else empty.

    """

    scenario: str
    group: str
    part: str
    method: str
    measure: str
    value: Interval
    against: str = ""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Picks of like ranking score: their mean score, and the share of them that were right."""

    group: str
    low: float
    high: float
    mean_score: float
    hit_rate: float
    count: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run: what was measured, and every figure.

    `about` holds the date, the data and the settings; `notes` are remarks for the reader, such as how many
    lists were left out.
    """

    about: Mapping[str, Any]
    figures: tuple[Figure, ...]
    calibration: tuple[CalibrationBin, ...] = ()
    notes: tuple[str, ...] = ()
    methods: tuple[str, ...] = field(default=())

    @property
    def groups(self) -> list[str]:
        """The source groups of the lists."""
        return list(self.about["lists"])

    @property
    def own_method(self) -> str:
        """What a report is about: the model, or the first baseline when there is no model."""
        return str(self.about["model"] or self.methods[0])

    @property
    def main_scenario(self) -> str:
        """The scenario that a report is about: half of the list, where it was run."""
        names = self.values("scenario")
        return "half" if "half" in names else names[0]

    def find(self, **wanted: str) -> list[Figure]:
        """Return the figures whose fields equal those given; differences only when `against` is given."""
        wanted.setdefault("against", "")
        return [
            figure
            for figure in self.figures
            if all(getattr(figure, name) == value for name, value in wanted.items())
        ]

    def find_differences(self, **wanted: str) -> list[Figure]:
        """Return the paired differences, against whatever method, whose fields equal those given."""
        return [
            figure
            for figure in self.figures
            if figure.against and all(getattr(figure, name) == value for name, value in wanted.items())
        ]

    def values(self, name: str, among: Iterable[Figure] | None = None) -> list[str]:
        """Return the distinct values of a field, in order of first appearance."""
        figures: Iterable[Figure] = self.figures if among is None else among
        return list(dict.fromkeys(str(getattr(figure, name)) for figure in figures))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON; a figure is one flat object."""
        return {
            "schema": SCHEMA,
            "about": dict(self.about),
            "notes": list(self.notes),
            "methods": list(self.methods),
            "figures": [_flat(figure) for figure in self.figures],
            "calibration": [asdict(entry) for entry in self.calibration],
        }


def best_other(figures: Sequence[Figure], method: str, *, lower_is_better: bool) -> Figure | None:
    """Return the best figure of any other method, or None when there is none."""
    others = [figure for figure in figures if figure.method != method]
    if not others:
        return None
    return (min if lower_is_better else max)(others, key=lambda figure: figure.value.mean)


def _flat(figure: Figure) -> dict[str, Any]:
    fields = asdict(figure)
    value = fields.pop("value")
    if not figure.against:
        del fields["against"]
    return fields | {name: round(number, 6) for name, number in value.items()}
