"""Counts and durations of one server, in the text format that Prometheus reads."""

import threading
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _WithoutTimes(CollectorRegistry):
    """Metrics without the times of their making, which the library drops only for the whole process."""

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        for metric in super().collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


class Metrics:
    """All that one server counts. Labels come from a closed set (routes, statuses), so memory is bounded.

    The registry is the server's own: two servers in one process do not add up. A metric appears with its
    first value.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._registry = _WithoutTimes()
        self._texts: dict[str, str] = {}
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def describe(self, name: str, text: str) -> None:
        """Say what a metric is, before its first value."""
        self._texts[name] = text

    def count(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Add to a counter, whose name ends in "_total"."""
        with self._lock:
            counter = self._counters.get(name)
            if counter is None:
                text = self._texts.get(name, "")
                counter = Counter(name, text, sorted(labels), registry=self._registry)
                self._counters[name] = counter
        (counter.labels(**labels) if labels else counter).inc(amount)

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Add one value to a histogram."""
        with self._lock:
            histogram = self._histograms.get(name)
            if histogram is None:
                text = self._texts.get(name, "")
                histogram = Histogram(name, text, sorted(labels), registry=self._registry, buckets=BUCKETS)
                self._histograms[name] = histogram
        (histogram.labels(**labels) if labels else histogram).observe(value)

    def gauge(self, name: str, read: Callable[[], float]) -> None:
        """Read this value whenever the metrics are asked for."""
        Gauge(name, self._texts.get(name, ""), registry=self._registry).set_function(read)

    def value(self, name: str, **labels: str) -> float:
        """Return what a counter stands at."""
        return self._registry.get_sample_value(name, labels) or 0.0

    def render(self) -> str:
        """Return everything in the text exposition format, version 0.0.4."""
        return generate_latest(self._registry).decode()
