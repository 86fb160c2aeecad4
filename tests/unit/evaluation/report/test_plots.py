"""The drawings: sound XML, the right places, colours of the page, and names that cannot break out."""

import re
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from segue.evaluation.measures.intervals import Interval

pytest.importorskip("matplotlib")

from segue.evaluation.report.plots import Dot, Line, Words, dot_plot, line_plot

ODD = "_<b>x</b> & $a$ ]]> 日本"


def marks(root: Element, colour: str) -> list[tuple[float, float]]:
    """Return where the dots of a colour stand."""
    uses = [use for use in root.iter("use") if f"fill: var(--{colour})" in use.get("style", "")]
    return [(float(use.attrib["x"]), float(use.attrib["y"])) for use in uses]


def tick(root: Element, value: float) -> float:
    """Return where the axis below has a value."""
    texts = (each for each in root.iter("text") if "middle" in each.attrib["style"])
    return next(float(each.attrib["x"]) for each in texts if float(each.text or "") == value)


def test_dots_stand_where_their_values_are() -> None:
    dots = [
        Dot("ours", Interval(0.2, 0.1, 0.3, 9), "0.2", strong=True),
        Dot("b", Interval(0.4, 0.4, 0.4, 9), "0.4"),
    ]
    root = fromstring(dot_plot(dots, 'a "title"'))
    ((x, y),), ((other_x, other_y),) = marks(root, "own"), marks(root, "rest")
    assert (x - tick(root, 0)) / (tick(root, 0.4) - tick(root, 0)) == pytest.approx(0.5, abs=0.01)
    assert other_x == pytest.approx(tick(root, 0.4), abs=0.1)
    assert y < other_y
    assert root.get("aria-label") == 'a "title"'


def test_lines_rise_to_the_right() -> None:
    points = tuple((x, Interval(x / 10, x / 10 - 0.05, x / 10 + 0.05, 9)) for x in (1.0, 5.0, 25.0))
    words = Words("t", "seeds", "NDCG", {1: "1", 5: "5", 25: "25"}, x_log=True)
    root = fromstring(line_plot([Line("own", points), Line("_other", points[:1])], words))
    band, *own, legend = marks(root, "own")
    assert band[0] == 0 < tick(root, 25) < legend[0]
    assert [x for x, _ in own] == pytest.approx([tick(root, seeds) for seeds in (1, 5, 25)], abs=0.1)
    assert own[1][0] - own[0][0] == pytest.approx(own[2][0] - own[1][0], abs=0.1)
    assert [y for _, y in own] == sorted((y for _, y in own), reverse=True)
    assert {"own", "_other", "seeds", "NDCG"} <= {text.text for text in root.iter("text")}


def draw_both(name: str) -> list[str]:
    value = Interval(0.2, 0.1, 0.3, 9)
    return [
        dot_plot([Dot(name, value, name), Dot("b", value, "", strong=True)], name),
        line_plot([Line(name, ((0, value),))], Words(f"{name}, lines", name, name, {0: name}, "{x:.0%}")),
    ]


def test_names_are_text_whatever_they_hold() -> None:
    for drawn in draw_both(ODD):
        root = fromstring(drawn)
        assert ODD in [text.text for text in root.iter("text")]
        assert ODD in root.attrib["aria-label"]
        assert not list(root.iter("b"))


def test_the_same_figures_give_the_same_drawing() -> None:
    assert draw_both("a") == draw_both("a")


def test_a_page_may_hold_many_and_gives_their_colours() -> None:
    drawn = draw_both("a") + draw_both("b")
    names = re.findall(r' id="(.*?)"', "".join(drawn))
    assert len(names) == len(set(names))
    assert not re.search(r"#[0-9a-f]{6}\b|http|<metadata", "".join(drawn))


def test_nothing_found_is_drawn_too() -> None:
    zero = Interval(0.0, 0.0, 0.0, 9)
    assert marks(fromstring(dot_plot([Dot("a", zero, "0", strong=True)], "t")), "own")


def test_the_readers_own_style_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    before = draw_both("a")
    monkeypatch.setitem(matplotlib.rcParams, "axes.grid", True)
    monkeypatch.setitem(matplotlib.rcParams, "font.size", 40)
    assert draw_both("a") == before
    assert matplotlib.rcParams["font.size"] == 40
