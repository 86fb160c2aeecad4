"""To whom a token may be sent."""

import pytest

from segue.errors import SettingsError
from segue.services.spotify.hosts import check_url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.spotify.com",
        "https://accounts.spotify.com/",
        "http://127.0.0.1:9000",
        "http://127.1.2.3:9000/",
        "http://[::1]:9000",
        "http://127.0.0.1",
    ],
)
def test_spotify_and_loopback(url: str) -> None:
    assert check_url(url, setting="X") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://api.spotify.com",
        "https://api.spotify.com.example.com",
        "https://api.spotify.com@example.com",
        "http://127.0.0.1:80@example.com",
        "http://127.0.0.1:1@127.0.0.1:2",
        "https://example.com",
        "http://localhost:9000",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0:9000",
        "http://[::ffff:8.8.8.8]",
        "http://127.0.0.1:9000/path",
        "http://127.0.0.1:9000?x",
        "http://127.0.0.1:notaport",
        "https://127.0.0.1:9000",
        "file:///etc/passwd",
        "http://2130706433",
        "http://[::1",
    ],
)
def test_everyone_else_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="SEGUE_SPOTIFY_API_URL: expected Spotify's own"):
        check_url(url, setting="SEGUE_SPOTIFY_API_URL")
