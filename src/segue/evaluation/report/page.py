"""The report: one self-contained HTML page that anyone can read, and the same figures as JSON."""

import json
from collections.abc import Callable
from html import escape
from importlib.resources import files
from pathlib import Path

from segue.errors import StorageError
from segue.evaluation.figures import Evaluation
from segue.evaluation.report.labels import group_title
from segue.evaluation.report.sections import (
    accuracy,
    calibration,
    challenge,
    glossary,
    known_and_new,
    near_copies,
    popularity,
    seeds,
    shown_list,
    tiles,
)

_SECTIONS: tuple[Callable[[Evaluation], str], ...] = (
    accuracy,
    seeds,
    known_and_new,
    near_copies,
    shown_list,
    popularity,
    calibration,
    challenge,
    glossary,
)
_LIMITS = """
<h2>What these figures do not show</h2>
<p>They say how well a method guesses which songs people put on the same playlist, from songs that the
catalogue holds. They do not say whether a listener would enjoy a song that no one listed: such a song counts
as wrong here. The training lists are few beside what a streaming service has, they lean to popular and
Western music, and audio features were computed by others, years ago. An interval says how much a figure would
move with other lists of the same kind; it says nothing about lists of another kind.</p>
"""


def write_report(evaluation: Evaluation, folder: Path) -> tuple[Path, Path]:
    """Write `report.html` and `report.json` into a folder, made when it does not exist; return both paths.

    Raises
    ------
    StorageError
        When they cannot be written.

    """
    page, data = folder / "report.html", folder / "report.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(render_page(evaluation), encoding="utf-8")
        data.write_text(json.dumps(evaluation.to_dict(), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"the report cannot be written to {folder}: {error}") from error
    return page, data


def render_page(evaluation: Evaluation) -> str:
    """Return the whole page; it loads nothing from anywhere."""
    style = files("segue.evaluation.report").joinpath("report.css").read_text(encoding="utf-8")
    body = "\n".join(
        [_head(evaluation), tiles(evaluation), *(section(evaluation) for section in _SECTIONS), _LIMITS]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>How good are the recommendations?</title><style>{style}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def _head(evaluation: Evaluation) -> str:
    about = evaluation.about
    lists = about["lists"]
    counts = ", ".join(f"{group_title(group, len(lists))}: {count:,}" for group, count in lists.items())
    notes = "".join(f"<li>{escape(note)}</li>" for note in evaluation.notes)
    warning = (
        ""
        if about["gaps"] == "filled"
        else f"<p class='bad'>Gaps are {escape(about['gaps'])}: these figures look for leaks, "
        "they are not honest ones.</p>"
    )
    facts = (
        about["date"],
        f"{about['tracks']:,} songs in {about['catalogue']}",
        f"{about['part']} part of {about['playlists']}",
        f"playlists measured: {counts}",
        f"learned from: {about['training_lists']:,}",
    )
    return (
        "<h1>How good are the recommendations?</h1>"
        '<p class="lede">Playlists that no method learned from were cut in two. Each method saw the first '
        "part, the seeds, and picked songs from the whole catalogue. The more of the hidden second part it "
        "finds, and the sooner, the better it is. Bars around a figure show its 95\u202f% interval: what "
        "other playlists of the same kind would have given.</p>"
        f'<p class="about">{escape(" · ".join(facts))}</p>{_command(evaluation)}{warning}'
        + (f'<ul class="notes">{notes}</ul>' if notes else "")
    )


def _command(evaluation: Evaluation) -> str:
    command = evaluation.about.get("command")
    return f'<p class="about">Made by <code>{escape(command)}</code></p>' if command else ""
