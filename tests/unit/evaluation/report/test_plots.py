"""The drawings: sound XML, the right places, and names that cannot break out."""

from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from segue.evaluation.report.plots import (
    Axes,
    Dot,
    Line,
    Point,
    dot_plot,
    line_plot,
    nice_ticks,
    spread_labels,
)


def number(element: Element, name: str) -> float:
    return float(element.attrib[name])


@pytest.mark.parametrize(
    ("top", "expected"),
    [(0.374, [0, 0.1, 0.2, 0.3, 0.4]), (51, [0, 20, 40, 60]), (0.03, [0, 0.01, 0.02, 0.03]), (0, [0, 1])],
)
def test_ticks(top: float, expected: list[float]) -> None:
    assert nice_ticks(top) == pytest.approx(expected)


def test_labels_keep_apart_and_in_order() -> None:
    placed = spread_labels([50, 10, 52, 100])
    assert placed[1] == 10
    assert placed[3] == 100
    assert placed[2] - placed[0] >= 16


def test_dots_stand_where_their_values_are() -> None:
    dots = [Dot("<a> & b", 0.2, 0.1, 0.3, "0.2", strong=True), Dot("c", 0.4, 0.4, 0.4, "0.4")]
    root = fromstring(dot_plot(dots, title='a "title"'))
    first, second = (number(circle, "cx") for circle in root.iter("circle"))
    zero, *_, top = (number(line, "x1") for line in root.iter("line") if line.get("class") == "grid")
    assert (first - zero) / (top - zero) == pytest.approx(0.5, abs=0.01)
    assert second == pytest.approx(top)
    assert [group.get("class") for group in root.iter("g")] == ["own", "rest"]
    assert "<a> & b" in [text.text for text in root.iter("text")]
    assert root.get("aria-label") == 'a "title"'


def test_lines_rise_to_the_right() -> None:
    points = tuple(Point(x, x / 10, x / 10 - 0.05, x / 10 + 0.05) for x in (0.0, 1.0, 2.0))
    axes = Axes("seeds", "NDCG", ((0.0, "1"), (1.0, "5"), (2.0, "25")))
    lines = [Line("own", points, "own"), Line("other", points[:1], "a")]
    root = fromstring(line_plot(lines, axes, title="t"))
    own = next(group for group in root.iter("g") if group.get("class") == "own")
    places = [(number(c, "cx"), number(c, "cy")) for c in own.iter("circle")]
    assert places == sorted(places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    assert [group.get("class") for group in root.iter("g")][-1] == "own"
