"""International Standard Recording Codes (ISO 3901): 2 letters, 3 letters or digits, 7 digits."""

import re

_BEFORE = re.compile(r"(?:urn:)?isrc[:=\s]*|https?://(?:www\.)?musicbrainz\.org/isrc/", re.IGNORECASE)
# Hyphens, dashes and spaces stand between the parts: country, registrant, year, number.
_GAP = r"[\s\-\u2010-\u2015]{0,3}"
_SHAPE = re.compile(
    f"([A-Z]{{2}}){_GAP}([A-Z0-9]{{3}}){_GAP}([0-9]{{2}}){_GAP}([0-9]{{5}})", re.IGNORECASE | re.ASCII
)
_LONGEST = 100


def find_isrc(text: str) -> str:
    """Return the code in capitals without hyphens; "" when the text is no code.

    The prefixes `isrc:`, `urn:isrc:` and `https://musicbrainz.org/isrc/` are understood.

    >>> find_isrc("gb-um7-10-29604"), find_isrc("urn:isrc:GBUM71029604"), find_isrc("GB UM7 10 29604")
    ('GBUM71029604', 'GBUM71029604', 'GBUM71029604')
    """
    bare = text.strip()
    if len(bare) > _LONGEST:
        return ""
    if before := _BEFORE.match(bare):
        bare = bare[before.end() :].strip()
    found = _SHAPE.fullmatch(bare)
    return "".join(found.groups()).upper() if found else ""
