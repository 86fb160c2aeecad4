"""The two hosts that segue talks to, and the one exception: a loopback address, for tests."""

import ipaddress
from urllib.parse import urlsplit

from segue.config import SPOTIFY_ACCOUNTS_URL, SPOTIFY_API_URL
from segue.errors import SettingsError


def check_url(url: str, *, setting: str) -> str:
    """Return the base address without a trailing slash, when it is one that tokens may be sent to.

    Parameters
    ----------
    url
        Spotify's own address, or `http://` with a literal loopback address and a port.
    setting
        The environment variable that it came from, for the message.

    Raises
    ------
    SettingsError
        For every other address: a sign-in would be sent to a stranger.

    """
    bare = url.rstrip("/")
    if bare in (SPOTIFY_API_URL, SPOTIFY_ACCOUNTS_URL) or is_loopback(bare):
        return bare
    raise SettingsError(
        f"{setting}: expected Spotify's own address or a loopback one such as http://127.0.0.1:9000, "
        "got another host",
        hint=f"Unset {setting}: it is for tests alone.",
    )


def is_loopback(url: str) -> bool:
    """Tell whether the address is plain `http://` on a literal loopback address, with nothing after it.

    A name is never loopback, not even `localhost`: what it stands for is decided elsewhere.
    """
    try:
        parts = urlsplit(url)
        address = ipaddress.ip_address(parts.hostname or "")
        _ = parts.port
    except ValueError:
        return False
    plain = parts.scheme == "http" and not (parts.path or parts.query or parts.fragment)
    return plain and "@" not in parts.netloc and address.is_loopback
