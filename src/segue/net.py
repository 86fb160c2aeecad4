"""Which addresses reach this machine alone. Names are not looked up."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback_address(host: str) -> bool:
    """Tell whether a host is a literal loopback address; IPv6 may stand in brackets."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_loopback_host(host: str) -> bool:
    """Tell whether only this machine can reach a server bound to this host."""
    return host == "localhost" or is_loopback_address(host)


def is_loopback_url(url: str) -> bool:
    """Tell whether the address is plain `http://` on a literal loopback address, with nothing after it.

    A name is never loopback here, not even `localhost`: what it stands for is decided elsewhere.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = parts.scheme == "http" and not (parts.path or parts.query or parts.fragment)
    return plain and "@" not in parts.netloc and is_loopback_address(host)
