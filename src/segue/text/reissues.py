"""What title and album tell of a date: whether it is that of a later edition, not of the song."""

import re

# Of albums that bring out again what is older. Words of new recordings are left out: the date of a remix or a
# radio edit is as near to its song's as that of any album.
_ALBUM = re.compile(
    r"\b(?:re-?master(?:ed|s|izado)?|re-?issued?|re-?releases?|re-?mixed|re-?recorded|deluxe|anniversary|legacy|"
    r"compilations?|collect(?:ion|ions|ed)|antholog(?:y|ies)|essentials?|definitive|ultimate|complete|greatest|"
    r"best|hits?|number (?:ones|1['’]?s)|gold(?:en)?|platinum|classics?|masters|masterpieces|millennium|"
    r"singles|box(?:ed)? set|rarities|b-?sides|years|decades?|vol|volumes?|favou?rites|anthems|ballads|"
    r"playlist|lo mejor|[eé]xitos|meilleurs?|succ[eè]s|beste|live|concerts?|unplugged|sessions?|bbc|vivo|"
    r"soundtrack|motion picture|various artists)\b"
    r"|\b(?:19|20)?\d0['’]?s\b"  # "80s", "the 1960's"
    r"|\b(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)?\d\d\b",  # "1933-1944"
    re.IGNORECASE,
)
# What stands after a dash or in brackets: "One - Remastered 2021", "One (Live)", but not "Live Forever".
_ASIDE = re.compile(r"\s[-–—]\s.*|[(\[][^)\]]*[)\]]")
_TITLE = re.compile(
    r"\b(?:re-?master(?:ed|izado)?|re-?issue|re-?mixed|re-?recorded|live|vivo|unplugged|session|demo|deluxe|"
    r"anniversary|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def may_be_reissue(title: str, album: str) -> bool:
    """Tell whether a release may be later than its song, so that its date says nothing of the song's.

    A release whose album is not known may be: nearly a third of such dates are years too late.

    >>> may_be_reissue("Take Five", "Time Out"), may_be_reissue("Take Five", "Jazz Collection")
    (False, True)
    >>> may_be_reissue("Something - Remastered 2009", "Abbey Road"), may_be_reissue("Live Forever", "Oasis")
    (True, False)
    """
    aside = " ".join(_ASIDE.findall(title))
    return not album or bool(_ALBUM.search(album)) or bool(_TITLE.search(aside))
