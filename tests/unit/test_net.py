"""Which addresses reach this machine alone."""

import pytest

from segue.net import is_loopback_host, is_loopback_url


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_loopback_hosts(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "example.org", "localhost.example.org", "10.0.0.1"])
def test_other_hosts(host: str) -> None:
    assert not is_loopback_host(host)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:9000", True),
        ("http://[::1]:9000", True),
        ("http://localhost:9000", False),
        ("https://127.0.0.1", False),
        ("http://127.0.0.1:9000/path", False),
        ("http://user@127.0.0.1", False),
        ("http://127.0.0.1:x", False),
    ],
)
def test_loopback_urls_are_literal(url: str, expected: bool) -> None:
    assert is_loopback_url(url) is expected
