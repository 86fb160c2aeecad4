from segue.web.metrics import Metrics


def test_text_format() -> None:
    metrics = Metrics()
    metrics.describe("asked_total", "counter", "How often.")
    metrics.describe("took_seconds", "histogram", "How long.")
    metrics.count("asked_total", route='/a"b\\c\nd', status="200")
    metrics.count("asked_total", 2, route="/", status="200")
    metrics.observe("took_seconds", 0.02)
    metrics.observe("took_seconds", 99)
    metrics.gauge("depth", lambda: 3.0)
    text = metrics.render()
    assert "# HELP asked_total How often.\n# TYPE asked_total counter\n" in text
    assert r'asked_total{route="/a\"b\\c\nd",status="200"} 1' in text
    assert 'asked_total{route="/",status="200"} 2' in text
    assert 'took_seconds_bucket{le="0.01"} 0\n' in text
    assert 'took_seconds_bucket{le="0.025"} 1\n' in text
    assert 'took_seconds_bucket{le="+Inf"} 2\n' in text
    assert "took_seconds_sum 99.020000\ntook_seconds_count 2\n" in text
    assert text.endswith("depth 3\n")
    assert metrics.value("asked_total", route="/", status="200") == 2
