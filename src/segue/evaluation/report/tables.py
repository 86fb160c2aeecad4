"""The tables of the report."""

from collections.abc import Sequence
from html import escape

from segue.evaluation.figures import Figure
from segue.evaluation.report.labels import MEASURES, number


def figure_table(figures: Sequence[Figure], measures: Sequence[str], *, own: str, caption: str) -> str:
    """Return a table with a row a method and a column a measure; half the interval's width stands beside."""
    shown = [name for name in measures if any(figure.measure == name for figure in figures)]
    rows = []
    for method in sorted(dict.fromkeys(figure.method for figure in figures), key=lambda name: name != own):
        by_measure = {figure.measure: figure for figure in figures if figure.method == method}
        rows.append([escape(method), *(_cell(by_measure.get(name)) for name in shown)])
    counts = {figure.value.count for figure in figures if figure.measure == shown[0]} if shown else set()
    lists = f", {max(counts):,} lists" if counts else ""
    header = ["", *(MEASURES[name].title for name in shown)]
    return _table(header, rows, own=own, caption=caption + lists)


def plain_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, own: str = "", caption: str = ""
) -> str:
    """Return a table of texts; the row whose first cell is `own` is set apart."""
    return _table(header, [[escape(cell) for cell in row] for row in rows], own=own, caption=caption)


def plus_minus(figure: Figure) -> str:
    """Return a mean and half the width of its interval as text: "0.385 ±0.014"."""
    half = (figure.value.high - figure.value.low) / 2
    return number(figure.value.mean, figure.measure) + (f" ±{number(half, figure.measure)}" if half else "")


def signed(difference: Figure) -> str:
    """Return a paired difference with its interval as text: "+0.021 (+0.015 to +0.027)"."""
    digits = MEASURES[difference.measure].digits
    value = difference.value
    return f"{value.mean:+.{digits}f} ({value.low:+.{digits}f} to {value.high:+.{digits}f})"


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    mean, _, beside = plus_minus(figure).partition(" ")
    return f"{mean} <small>{beside}</small>" if beside else mean


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], *, own: str, caption: str) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        f'<tr class="own">{_cells(row)}</tr>' if own and row[0] == escape(own) else f"<tr>{_cells(row)}</tr>"
        for row in rows
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="scroll"><table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cells(row: Sequence[str]) -> str:
    return "".join(f"<td>{cell}</td>" for cell in row)
