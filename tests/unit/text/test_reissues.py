"""What tells a later edition from the first."""

import pytest

from segue.text.reissues import may_be_reissue


@pytest.mark.parametrize(
    ("title", "album"),
    [
        ("Take Five", "Jazz Collection"),
        ("Something - Remastered 2009", "Abbey Road"),
        ("Something", "Abbey Road (Remastered)"),
        ("Get It While You Can", "Pearl (Legacy Edition)"),
        ("Refugee", "Damn The Torpedoes (Deluxe Edition)"),
        ("Billie Jean", "Thriller 25th Anniversary"),
        ("The Rocker", "Greatest Hits"),
        ("Superstition", "Number 1's"),
        ("Get Down On It", "The Very Best Of Kool & The Gang"),
        ("All of Me", "Lady Day (1933-1944)"),
        ("Take On Me", "Hits of the 80's"),
        ("Hey Jude [Live]", "Somewhere"),
        ("La Camisa Negra", "Grandes Éxitos"),
        ("Take Five", ""),
    ],
)
def test_later_editions(title: str, album: str) -> None:
    assert may_be_reissue(title, album)


@pytest.mark.parametrize(
    ("title", "album"),
    [
        ("Take Five", "Time Out"),
        ("Live Forever", "Definitely Maybe"),
        ("1999", "Purple Rain"),
        ("Blank Space", "1989"),
        ("Payback - Original Mix", "Payback"),
        ("It's You - Radio Edit", "It's You"),
        ("Olive Tree", "Alive"),
    ],
)
def test_first_editions(title: str, album: str) -> None:
    assert not may_be_reissue(title, album)
