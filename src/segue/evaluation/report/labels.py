"""How measures, groups and methods are called where people read them, and how figures are written."""

from dataclasses import dataclass

from segue.evaluation.figures import Evaluation, Figure
from segue.evaluation.measures.intervals import Interval


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure in words.

    `digits` is how many decimals are shown, `about` a sentence for someone who meets it for the first time.
    """

    title: str
    about: str
    lower_is_better: bool = False
    digits: int = 3


MEASURES: dict[str, Measure] = {
    "ndcg": Measure(
        "NDCG@500",
        "How high up the held-out songs stand among 500 picks: 1 when all come first, 0 when none is there.",
    ),
    "r_precision": Measure(
        "R-precision",
        "Of G held-out songs, the share that the first G picks find.",
    ),
    "r_precision_2018": Measure(
        "R-precision 2018",
        "The same, plus a quarter for each right artist, as in the RecSys Challenge 2018.",
    ),
    "clicks": Measure(
        "Clicks",
        "How often one must ask for ten more songs until a right one comes; 51 when none comes in 500.",
        lower_is_better=True,
        digits=2,
    ),
    "recall_50": Measure("Recall@50", "The share of the held-out songs among the first 50 picks."),
    "recall_500": Measure("Recall@500", "The share of the held-out songs among the first 500 picks."),
    "recall_1000": Measure("Recall@1000", "The share of the held-out songs among the first 1,000 picks."),
    "intra_list_distance": Measure(
        "Variety", "Mean difference in sound between two songs of a list: 0 the same, 1 unrelated.", digits=2
    ),
    "distinct_artists": Measure("Artists", "Different artists among 50 songs.", digits=1),
    "repeated_versions": Measure(
        "Repeats", "Further versions of a song that the list already holds.", lower_is_better=True, digits=2
    ),
    "popularity": Measure("Popularity", "Mean popularity (0 to 100), where it is known.", digits=1),
    "popularity_lift": Measure(
        "Popularity lift",
        "Mean popularity of the picks, divided by that of the seeds; 1 is as popular as what was given.",
        digits=2,
    ),
    "list_popularity": Measure("In lists", "Mean of log2(1 + training lists that hold the song).", digits=2),
    "list_popularity_lift": Measure("Lift in lists", "The same, divided by that of the seeds.", digits=2),
    "coverage": Measure("Coverage", "Share of the catalogue that any of the lists shows.", digits=4),
    "coverage_of_possible": Measure(
        "Coverage of possible", "Different songs over all lists, of as many as could be.", digits=2
    ),
    "gini": Measure(
        "Gini", "How unequally songs are picked: 0 all alike, 1 the same few always.", lower_is_better=True
    ),
    "jump_ratio": Measure(
        "Jump",
        "Step in tempo, key and energy between neighbours; 1 is a shuffled order.",
        lower_is_better=True,
        digits=2,
    ),
    "jump_tempo_ratio": Measure("Jump, tempo", "The tempo part.", lower_is_better=True, digits=2),
    "jump_key_ratio": Measure(
        "Jump, key", "The key part, on the circle of fifths.", lower_is_better=True, digits=2
    ),
    "jump_energy_ratio": Measure("Jump, energy", "The energy part.", lower_is_better=True, digits=2),
    "first_distance_ratio": Measure(
        "First song",
        "How far the first song is from the seeds in sound; 1 is as far as the mean pick.",
        lower_is_better=True,
        digits=2,
    ),
}
METHODS = {
    "random": "Any songs. What finds no more than this has learned nothing.",
    "popularity": "The songs that most training lists hold, whatever the seeds are.",
    "same-artist": "Songs by the artists of the seeds, the most listed first; then what is popular.",
    "mean-audio": "The songs whose audio features are most like the mean of the seeds'; no playlists.",
    "track-neighbours": "For each seed the songs that share most training lists with it, added up.",
    "neighbour-playlists": "The songs of those training lists that are most like the seeds.",
    "als": "Matrix factorisation: playlists and songs get factors that predict which holds which.",
    "prototype": "An early prototype: towers never trained, and a ranker that learned that all is right.",
}
_GROUPS = {"mpd": "Million Playlist Dataset lists", "other": "Other lists"}


def group_title(group: str, n_groups: int = 2) -> str:
    """Return how a source group is called; the only one there is needs no telling apart."""
    return _GROUPS.get(group, group) if n_groups > 1 or group == "mpd" else "All lists"


def title_of(evaluation: Evaluation, group: str) -> str:
    """Return how a group of this run is called."""
    return group_title(group, len(evaluation.groups))


def number(value: float, measure: str) -> str:
    """Return a value as it is shown."""
    return f"{value:.{MEASURES[measure].digits}f}"


def interval_text(value: Interval, measure: str) -> str:
    """Return a mean with its interval as text: "0.385 (0.370–0.401)"."""
    mean = number(value.mean, measure)
    if value.low == value.high:
        return mean
    return f"{mean} ({number(value.low, measure)}–{number(value.high, measure)})"


def plus_minus(figure: Figure) -> str:
    """Return a mean and half the width of its interval as text: "0.385 ±0.014"."""
    half = (figure.value.high - figure.value.low) / 2
    return number(figure.value.mean, figure.measure) + (f" ±{number(half, figure.measure)}" if half else "")


def signed(difference: Figure) -> str:
    """Return a paired difference with its interval as text: "+0.021 (+0.015 to +0.027)"."""
    digits = MEASURES[difference.measure].digits
    value = difference.value
    return f"{value.mean:+.{digits}f} ({value.low:+.{digits}f} to {value.high:+.{digits}f})"
