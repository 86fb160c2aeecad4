from segue.web.metrics import Metrics


def test_text_format() -> None:
    metrics = Metrics()
    metrics.describe("asked_total", "How often.")
    metrics.describe("took_seconds", "How long.")
    metrics.count("asked_total", route='/a"b\\c\nd', status="200")
    metrics.count("asked_total", 2, route="/", status="200")
    metrics.observe("took_seconds", 0.02)
    metrics.observe("took_seconds", 99)
    metrics.gauge("depth", lambda: 3.0)
    text = metrics.render()
    assert "# HELP asked_total How often.\n# TYPE asked_total counter\n" in text
    assert r'asked_total{route="/a\"b\\c\nd",status="200"} 1.0' in text
    assert 'asked_total{route="/",status="200"} 2.0' in text
    assert 'took_seconds_bucket{le="0.01"} 0.0\n' in text
    assert 'took_seconds_bucket{le="0.025"} 1.0\n' in text
    assert 'took_seconds_bucket{le="+Inf"} 2.0\n' in text
    assert "took_seconds_sum 99.02\n" in text
    assert "depth 3.0\n" in text
    assert metrics.value("asked_total", route="/", status="200") == 2
    assert "took_seconds_count 2.0\n" in text
    assert "_created" not in text


def test_two_servers_count_apart() -> None:
    one, other = Metrics(), Metrics()
    for metrics in (one, other):
        metrics.gauge("depth", lambda: 0.0)
        metrics.count("asked_total")
    one.count("asked_total")
    assert (one.value("asked_total"), other.value("asked_total")) == (2, 1)


def test_a_metric_appears_with_its_first_value() -> None:
    metrics = Metrics()
    metrics.describe("asked_total", "How often.")
    assert "asked_total" not in metrics.render()
    assert metrics.value("asked_total") == 0
