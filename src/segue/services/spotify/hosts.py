"""The two hosts that segue talks to, and the one exception: a loopback address, for tests."""

from segue.config import SPOTIFY_ACCOUNTS_URL, SPOTIFY_API_URL
from segue.errors import SettingsError
from segue.net import is_loopback_url


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
    if bare in (SPOTIFY_API_URL, SPOTIFY_ACCOUNTS_URL) or is_loopback_url(bare):
        return bare
    raise SettingsError(
        f"{setting}: expected Spotify's own address or a loopback one such as http://127.0.0.1:9000, "
        "got another host",
        hint=f"Unset {setting}: it is for tests alone.",
    )
