"""The drawings of the report, by Matplotlib: SVG that takes colours and font from the page around it."""

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import Any

from markupsafe import Markup
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from segue.evaluation.measures.intervals import Interval

_ROW, _WIDTH, _HEIGHT = 26, 860, 340  # points, which are the units of the SVG
_LINES = ("own", "a", "b", "c")
# Matplotlib draws in these stand-ins; the page has a variable for each, with a value for light and for dark.
_COLOURS = {
    name: f"#0000{number:02x}" for number, name in enumerate(("ink", "soft", "rule", "rest", *_LINES), 1)
}
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,  # a name may hold a dollar sign
    "font.sans-serif": "DejaVu Sans",  # comes with Matplotlib; the page puts its own in place
    "font.size": 13,
    "text.color": _COLOURS["ink"],
    "axes.facecolor": "none",
    "axes.edgecolor": _COLOURS["rule"],
    "axes.labelcolor": _COLOURS["soft"],
    "axes.titlecolor": _COLOURS["soft"],
    "axes.titlelocation": "left",
    "axes.titlesize": 12.5,
    "axes.labelsize": 12.5,
    "axes.axisbelow": True,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "grid.color": _COLOURS["rule"],
    "grid.linewidth": 1,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 6,
    "ytick.major.pad": 8,
    "xtick.labelcolor": _COLOURS["soft"],
    "ytick.labelcolor": _COLOURS["soft"],
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
}


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of a dot plot: a mean with its interval, and both as text. `strong` marks our own."""

    label: str
    value: Interval
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a line plot: a value with its interval at each x."""

    label: str
    points: tuple[tuple[float, Interval], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a line plot says at its axes; `ticks` maps each x to its text, `y_text` writes a height."""

    title: str
    x_title: str
    y_title: str
    ticks: Mapping[float, str]
    y_text: str = "{x:g}"
    x_log: bool = False


def dot_plot(dots: Sequence[Dot], title: str) -> Markup:
    """Draw means with their intervals, one below the other, on an axis that begins at 0."""

    def draw(axes: Axes) -> None:
        rows = range(len(dots))
        colours = [_COLOURS["own" if dot.strong else "rest"] for dot in dots]
        lows, highs = [dot.value.low for dot in dots], [dot.value.high for dot in dots]
        axes.hlines(rows, lows, highs, colors=colours, linewidth=3, alpha=0.45)
        axes.scatter([dot.value.mean for dot in dots], rows, c=colours, s=60, zorder=3)
        axes.set(xlim=(0, max((*highs, 0)) * 1.02 or 1), ylim=(len(dots) - 0.5, -0.5))
        axes.tick_params("y", labelcolor=_COLOURS["ink"])
        axes.grid(axis="x")
        beside = axes.secondary_yaxis("right")
        beside.spines["right"].set_visible(False)
        axes.set_yticks(rows, [dot.label for dot in dots])
        beside.set_yticks(rows, [dot.text for dot in dots])
        for dot, *labels in zip(dots, axes.get_yticklabels(), beside.get_yticklabels(), strict=True):
            for label in labels if dot.strong else ():
                label.set(color=_COLOURS["own"], weight="bold")

    return _svg(_ROW * len(dots) + 30, title, draw)


def line_plot(lines: Sequence[Line], words: Words) -> Markup:
    """Draw lines with their intervals as bands; the first is our own and lies on top."""

    def draw(axes: Axes) -> None:
        for order, (line, name) in enumerate(zip(lines, _LINES, strict=False)):
            x = [position for position, _ in line.points]
            lows, highs = ([getattr(value, end) for _, value in line.points] for end in ("low", "high"))
            means = [value.mean for _, value in line.points]
            above: dict[str, Any] = {"color": _COLOURS[name], "zorder": 3 - order / 10}
            axes.fill_between(x, lows, highs, alpha=0.12, linewidth=0, **above)
            axes.plot(x, means, "o-", linewidth=2 if order else 3, **above)
        axes.set(xlabel=words.x_title, title=words.y_title)
        if words.x_log:
            axes.set_xscale("log", base=2)
            axes.minorticks_off()
        axes.set_xticks(list(words.ticks), list(words.ticks.values()))
        axes.yaxis.set_major_formatter(words.y_text)
        axes.set_ylim(bottom=0)
        axes.grid(axis="y")
        legend = axes.legend(
            axes.get_lines(),
            [line.label for line in lines],
            loc="center left",
            bbox_to_anchor=(1.01, 0.5),
            labelcolor="linecolor",
        )
        legend.get_texts()[0].set_fontweight("bold")

    return _svg(_HEIGHT, words.title, draw)


def _svg(height: float, title: str, draw: Callable[[Axes], None]) -> Markup:
    """Return a drawing to stand within a page: without a head, links and the names of its parts."""
    drawn = StringIO()
    with style.context(["default", _STYLE | {"svg.hashsalt": title}]), warnings.catch_warnings():
        # Matplotlib's font is only measured with; what it lacks, the reader's browser has.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure = Figure(figsize=(_WIDTH / 72, height / 72), layout="constrained")
        draw(figure.add_subplot())
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(drawn, format="svg", transparent=True, metadata=nothing)
    head_and_names = r' id="[\w.]+_\d+"|\bxmlns(:\w+)?="[^"]*"|\bxlink:(?=href=")'
    svg = re.sub(head_and_names, "", drawn.getvalue().partition("<svg ")[2])
    for name, colour in _COLOURS.items():
        svg = svg.replace(colour, f"var(--{name})")
    return Markup(f'<svg role="img" aria-label="{escape(title)}" {svg}')  # noqa: S704 - Matplotlib escapes text
