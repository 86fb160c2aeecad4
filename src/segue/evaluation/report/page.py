"""The report: one self-contained HTML page that anyone can read, and the same figures as JSON.

Needs the extra `evaluate`, for Jinja2 and Matplotlib.
"""

import json
from functools import partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from segue.errors import StorageError
from segue.evaluation.figures import Evaluation, best_other
from segue.evaluation.report import charts, labels, tables
from segue.evaluation.report.verdicts import find_verdict, seed_scenarios

_PARTS = (
    charts.dots, charts.seed_lines, charts.sweep_lines, charts.calibration_lines,
    tables.figure_table, tables.differences, tables.seed_table, tables.band_table, tables.calibration_table,
    tables.challenge_scenarios, tables.challenge_table,
    labels.title_of, find_verdict, seed_scenarios,
)  # fmt: skip


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
    environment = Environment(
        loader=PackageLoader("segue.evaluation", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    bound = {part.__name__: partial(part, evaluation) for part in _PARTS}
    return environment.get_template("report.html.jinja").render(
        bound, run=evaluation, about=evaluation.about, labels=labels, tables=tables, best_other=best_other
    )
