"""Small drawings as inline SVG: dots with intervals, and lines. Colours come from the page around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import floor, log10

_ROW, _LABEL, _VALUE, _WIDTH = 26, 168, 168, 860
_LINE_HEIGHT, _MARGIN_LEFT, _MARGIN_RIGHT = 340, 52, 232
_TOP, _BOTTOM = 34, 50
_LABEL_GAP = 16


@dataclass(frozen=True, slots=True)
class Dot:
    """One line of a dot plot: a mean with its interval. `strong` marks our own."""

    label: str
    mean: float
    low: float
    high: float
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One place of a line: `x` is a position on the axis, `low` and `high` its interval."""

    x: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a line plot. `role` picks its colour: "own", "a", "b", "c" or "rest"."""

    label: str
    points: tuple[Point, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Axes:
    """The axes of a line plot: titles, and the ticks of x as (position, text)."""

    x_title: str
    y_title: str
    x_ticks: tuple[tuple[float, str], ...]
    y_text: Callable[[float], str] = "{:g}".format


def dot_plot(dots: Sequence[Dot], *, title: str) -> str:
    """Draw means with their intervals, one below the other, on an axis that begins at 0."""
    top = max((dot.high for dot in dots), default=1.0)
    ticks = nice_ticks(top)
    span = _WIDTH - _LABEL - _VALUE
    height = _ROW * len(dots) + 26

    def place(value: float) -> float:
        return _LABEL + span * max(0.0, value) / ticks[-1]

    parts = [
        f'<line class="grid" x1="{place(tick):.1f}" y1="4" x2="{place(tick):.1f}" y2="{height - 22}"/>'
        f'<text class="tick" x="{place(tick):.1f}" y="{height - 6}" text-anchor="middle">{tick:g}</text>'
        for tick in ticks
    ]
    parts += [_dot(dot, 4 + _ROW * (row + 0.5), place) for row, dot in enumerate(dots)]
    return _svg(height, title, parts)


def line_plot(lines: Sequence[Line], axes: Axes, *, title: str) -> str:
    """Draw lines with their intervals as bands, each with its name at its right end."""
    ticks = nice_ticks(max((point.high for line in lines for point in line.points), default=1.0))
    positions = [position for position, _ in axes.x_ticks]
    low, high = min(positions, default=0.0), max(positions, default=1.0)
    width, height = _WIDTH - _MARGIN_LEFT - _MARGIN_RIGHT, _LINE_HEIGHT - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[float, float]:
        share = (x - low) / (high - low) if high > low else 0.5
        return _MARGIN_LEFT + width * share, _TOP + height * (1 - max(0.0, y) / ticks[-1])

    parts = [_grid(axes, ticks, at)]
    ends = spread_labels([at(line.points[-1].x, line.points[-1].mean)[1] for line in lines])
    # Our own line is drawn last, so that it lies on top.
    order = sorted(range(len(lines)), key=lambda place: lines[place].role == "own")
    parts += [_line(lines[place], at, ends[place]) for place in order]
    return _svg(_LINE_HEIGHT, title, parts)


def nice_ticks(top: float) -> list[float]:
    """Return ticks from 0 to at least `top` in steps of 1, 2 or 5 times a power of ten."""
    if top <= 0:
        return [0.0, 1.0]
    raw = top / 4
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    count = 1
    while count * step < top * (1 - 1e-9):
        count += 1
    return [round(place * step, 10) for place in range(count + 1)]


def spread_labels(heights: Sequence[float]) -> list[float]:
    """Return heights at least one label apart, in the same order, moved down as little as that takes."""
    placed = list(heights)
    order = sorted(range(len(placed)), key=lambda place: placed[place])
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + _LABEL_GAP)
    return placed


def _dot(dot: Dot, y: float, place: Callable[[float], float]) -> str:
    low, mean, high = (f"{place(value):.1f}" for value in (dot.low, dot.mean, dot.high))
    label, text = escape(dot.label), escape(dot.text)
    return (
        f'<g class="{"own" if dot.strong else "rest"}"><title>{label}: {text}</title>'
        f'<text class="label" x="{_LABEL - 12}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
        f'<line class="interval" x1="{low}" y1="{y:.1f}" x2="{high}" y2="{y:.1f}"/>'
        f'<circle class="dot" cx="{mean}" cy="{y:.1f}" r="4.5"/>'
        f'<text class="value" x="{_WIDTH - _VALUE + 12}" y="{y + 4:.1f}">{text}</text></g>'
    )


def _grid(axes: Axes, ticks: Sequence[float], at: Callable[[float, float], tuple[float, float]]) -> str:
    parts = []
    right = _WIDTH - _MARGIN_RIGHT
    for tick in ticks:
        y = at(axes.x_ticks[0][0], tick)[1]
        parts.append(
            f'<line class="grid" x1="{_MARGIN_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{_MARGIN_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">'
            f"{escape(axes.y_text(tick))}</text>"
        )
    floor_y = at(axes.x_ticks[0][0], 0)[1]
    parts += [
        f'<text class="tick" x="{at(position, 0)[0]:.1f}" y="{floor_y + 17:.1f}" text-anchor="middle">'
        f"{escape(text)}</text>"
        for position, text in axes.x_ticks
    ]
    middle = (_MARGIN_LEFT + right) / 2
    parts.append(
        f'<text class="axis" x="{middle:.1f}" y="{_LINE_HEIGHT - 6}" text-anchor="middle">'
        f"{escape(axes.x_title)}</text>"
        f'<text class="axis" x="{_MARGIN_LEFT}" y="14">{escape(axes.y_title)}</text>'
    )
    return "".join(parts)


def _line(line: Line, at: Callable[[float, float], tuple[float, float]], label_y: float) -> str:
    def path(values: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*value) for value in values))

    means = path([(point.x, point.mean) for point in line.points])
    band = path(
        [(point.x, point.high) for point in line.points]
        + [(point.x, point.low) for point in reversed(line.points)]
    )
    dots = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        for x, y in (at(point.x, point.mean) for point in line.points)
    )
    end = at(line.points[-1].x, line.points[-1].mean)[0]
    return (
        f'<g class="{line.role}"><title>{escape(line.label)}</title><polygon class="band" points="{band}"/>'
        f'<polyline class="line" points="{means}"/>{dots}'
        f'<text class="end" x="{end + 10:.1f}" y="{label_y + 4:.1f}">{escape(line.label)}</text></g>'
    )


def _svg(height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title, quote=True)}">'
        f"{''.join(parts)}</svg>"
    )
