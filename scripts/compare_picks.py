"""Holds what people get against an earlier version of segue. Called by compare-picks.

`lists` draws seeds from playlists, `record` writes what this version answers, `diff` prints every difference
of two records. `record` uses nothing but `segue.Recommender` and `segue.Controls`, so that it runs on an
older version as well: PYTHONPATH=OLD/src PYTHON=... scripts/compare-picks record ...
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from segue import Controls, Recommender

N_LISTS = 300
MAX_SEEDS = 100
SAME_SCORE = 1e-4  # scores are compared relative to 1; float sums may differ in their last digits
CONTROLS = (
    Controls(),
    Controls(order="score", max_per_artist=None),
    Controls(minimum={"energy": 0.5}, maximum={"tempo": 140}, target={"valence": 0.7}),
    Controls(adventurousness=0.5, new_artists_only=True),
    Controls(years=(1980, 2010), one_version=False),
)


def draw_lists(playlists: Path, catalogue: Path, out: Path) -> None:
    """Write the seeds of `N_LISTS` playlists, half of each list, one JSON array a line."""
    from segue.catalogue.store import Catalogue
    from segue.corpus.lists import read_lists, resolve

    rng = np.random.default_rng(8)
    with Catalogue.open(catalogue) as opened:
        lists = resolve(read_lists(playlists), opened)
        chosen = rng.choice(len(lists), min(N_LISTS, len(lists)), replace=False)
        with out.open("w", encoding="utf-8") as file:
            for index in chosen.tolist():
                rows = rng.permutation(lists[index].rows)[
                    : max(1, min(MAX_SEEDS, len(lists[index].rows) // 2))
                ]
                file.write(json.dumps([track.track_id for track in opened.get_tracks(rows.tolist())]) + "\n")


def record(catalogue: Path, lists: Path, out: Path) -> None:
    """Write one JSON object a list, model and controls: the picks with scores and reasons."""
    seeds = [json.loads(line) for line in lists.read_text(encoding="utf-8").splitlines()]
    with out.open("w", encoding="utf-8") as file:
        for model in ("full", "audio"):
            with Recommender.open(catalogue, model) as recommender:
                for index, ids in enumerate(seeds):
                    which = index % len(CONTROLS)
                    result = recommender.recommend(ids, 50, CONTROLS[which])
                    picks = [
                        [
                            pick.track_id,
                            pick.retrieval_score,
                            pick.ranking_score,
                            [str(r) for r in pick.reasons],
                        ]
                        for pick in result.tracks
                    ]
                    answer = {"key": f"{model} list {index} controls {which}", "picks": picks}
                    file.write(json.dumps(answer, ensure_ascii=False) + "\n")


def iter_differences(before: list[list[Any]], after: list[list[Any]]) -> Iterator[str]:
    """Yield what differs between two answers, in words."""
    old, new = [pick[0] for pick in before], [pick[0] for pick in after]
    if set(old) != set(new):
        gone, come = set(old) - set(new), set(new) - set(old)
        yield f"picks: {len(gone)} gone, {len(come)} new: {sorted(gone)[:3]} / {sorted(come)[:3]}"
    elif old != new:
        yield f"order: {sum(a != b for a, b in zip(old, new, strict=True))} of {len(old)} stand elsewhere"
    theirs = {pick[0]: pick for pick in before}
    shared = [(theirs[pick[0]], pick) for pick in after if pick[0] in theirs]
    for column, name in ((1, "retrieval scores"), (2, "ranking scores")):
        gaps = [abs(a[column] - b[column]) / max(1.0, abs(a[column])) for a, b in shared]
        if gaps and max(gaps) > SAME_SCORE:
            yield f"{name}: up to {max(gaps):.2g}"
    reasons = sum(a[3] != b[3] for a, b in shared)
    if reasons:
        yield f"reasons: {reasons} of {len(shared)} differ"


def diff(before: Path, after: Path) -> int:
    """Print every difference; return how many answers differ."""
    old, new = (
        {answer["key"]: answer["picks"] for answer in map(json.loads, path.read_text("utf-8").splitlines())}
        for path in (before, after)
    )
    different = 0
    for key in sorted(old.keys() | new.keys()):
        if key not in old or key not in new:
            found = [f"only {'before' if key in old else 'after'}"]
        else:
            found = list(iter_differences(old[key], new[key]))
        different += bool(found)
        for text in found:
            print(f"{key}: {text}")  # noqa: T201
    print(f"{different} of {len(old.keys() | new.keys())} answers differ")  # noqa: T201
    return different


def main(arguments: list[str]) -> int:
    """Run one of the three parts; 0 when nothing differs."""
    part, *paths = arguments
    files = [Path(path) for path in paths]
    if part == "lists":
        draw_lists(*files)
    elif part == "record":
        record(*files)
    elif part == "diff":
        return 1 if diff(*files) else 0
    else:
        sys.exit(f"expected lists, record or diff, got {part}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
