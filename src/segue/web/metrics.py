"""Counts and durations in the text format that Prometheus reads. A page of code instead of a dependency."""

import bisect
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Labels = tuple[tuple[str, str], ...]


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _labels(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels) + "}" if labels else ""


@dataclass(slots=True)
class _Histogram:
    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect.bisect_left(BUCKETS, value)] += 1
        self.total += value

    def lines(self, name: str, labels: Labels) -> Iterator[str]:
        running = 0
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), self.counts, strict=True):
            running += count
            yield f"{name}_bucket{_labels((*labels, ('le', bound)))} {running}"
        yield f"{name}_sum{_labels(labels)} {self.total:.6f}"
        yield f"{name}_count{_labels(labels)} {running}"


class Metrics:
    """All that one server counts. Labels come from a closed set (routes, statuses), so memory is bounded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._about: dict[str, tuple[str, str]] = {}
        self._counters: dict[str, dict[Labels, float]] = {}
        self._histograms: dict[str, dict[Labels, _Histogram]] = {}
        self._gauges: dict[str, Callable[[], float]] = {}

    def describe(self, name: str, kind: str, text: str) -> None:
        """Say what a metric is; `kind` is "counter", "gauge" or "histogram"."""
        self._about[name] = (kind, text)

    def count(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Add to a counter."""
        key = tuple(sorted(labels.items()))
        with self._lock:
            series = self._counters.setdefault(name, {})
            series[key] = series.get(key, 0.0) + amount

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Add one value to a histogram."""
        key = tuple(sorted(labels.items()))
        with self._lock:
            self._histograms.setdefault(name, {}).setdefault(key, _Histogram()).observe(value)

    def gauge(self, name: str, read: Callable[[], float]) -> None:
        """Read this value whenever the metrics are asked for."""
        self._gauges[name] = read

    def value(self, name: str, **labels: str) -> float:
        """Return what a counter stands at."""
        with self._lock:
            return self._counters.get(name, {}).get(tuple(sorted(labels.items())), 0.0)

    def _head(self, name: str) -> Iterator[str]:
        kind, text = self._about.get(name, ("untyped", ""))
        yield f"# HELP {name} {text}"
        yield f"# TYPE {name} {kind}"

    def render(self) -> str:
        """Return everything in the text exposition format, version 0.0.4."""
        lines: list[str] = []
        gauges = {name: read() for name, read in self._gauges.items()}
        with self._lock:
            for name, series in sorted(self._counters.items()):
                lines += self._head(name)
                lines += [f"{name}{_labels(labels)} {value:g}" for labels, value in sorted(series.items())]
            for name, histograms in sorted(self._histograms.items()):
                lines += self._head(name)
                for labels, histogram in sorted(histograms.items()):
                    lines += histogram.lines(name, labels)
        for name, value in sorted(gauges.items()):
            lines += [*self._head(name), f"{name} {value:g}"]
        return "\n".join(lines) + "\n"
