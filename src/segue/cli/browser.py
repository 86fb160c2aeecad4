"""Opening a link in the person's browser."""

import webbrowser


def open_browser(url: str) -> bool:
    """Open a link in the person's browser; return whether that worked, as far as can be known."""
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False
