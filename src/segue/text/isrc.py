"""International Standard Recording Codes (ISO 3901): 2 letters, 3 letters or digits, 7 digits."""

import re

_SHAPE = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")


def find_isrc(text: str) -> str:
    """Return the code in upper case without dashes; empty when the text is no code.

    >>> find_isrc("gb-um7-10-00001")
    'GBUM71000001'
    """
    bare = text.strip().upper().removeprefix("ISRC").replace("-", "").replace(" ", "").lstrip(":")
    return bare if _SHAPE.fullmatch(bare) else ""
