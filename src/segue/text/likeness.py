"""How alike a reference and a track are: what both are compared by, and the confidence."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from segue.text import song_keys
from segue.text.canonical import canon, compact
from segue.text.name_forms import (
    CLASSICAL,
    TitleForms,
    clean_title,
    read_artist_text,
    read_artists,
    read_title,
    sorted_compact,
)
from segue.types import Track, TrackReference

MAX_LENGTH = 300  # characters of a title or artist that are looked at
ID, ISRC = 1.0, 0.98
SAME_NAME, SAME_SONG = 0.97, 0.95  # the whole title agrees; only what all versions share does
SWAPPED = 0.03  # taken off when title and artist stood in each other's place
OTHER_LENGTH = 0.04  # taken off when the lengths differ by more than LENGTH_S
OTHER_YEAR = 0.04  # taken off when the years differ by more than two, unless a version explains it
LENGTH_S = 20
LONG_TITLE = 0.86  # a title of three words or more without an artist, when one artist alone has it here
SHORT_TITLE = 0.8  # a shorter one: many artists have one like it, though not all are in the catalogue
MANY_ARTISTS = 0.7  # a title that several artists have
FUZZY = 0.95  # what a likeness just below that of equal names is worth
ONE_SLIP = 0.9  # the least likeness of two words that one slip of the finger parts
ADDITION = 0.93  # the likeness of titles that differ by something behind a dash or in brackets
OTHER_NAME = 0.95  # of a title and the nick name or movement that a longer one has
WORK = 0.9  # of some words of a classical work and its full name
PART_OF_NAME = 0.93  # of a surname, or one of the names, and the whole artist
OTHER_NUMBER = 0.8  # "Part 1" is not "Part 2", however alike the rest is
SHORTEST_WORD = 4  # letters; a shorter word is more often a slip than another word
OTHER_WORD = 0.8  # and "Believe" is not "Believer"
SHORT_NAME = 6  # letters of an artist that must stand in a line as they are
OTHER_SONG = 0.8  # nor is a title with an addition and with further artists the one without

VERSION_WORDS = frozenset(
    {"live", "remix", "mix", "acoustic", "unplugged", "demo", "instrumental", "karaoke", "edit", "cover",
     "tribute", "sped", "slowed", "nightcore", "reverb", "medley", "remake", "orchestral", "rerecorded",
     "extended", "dub", "performance", "8d", "lofi", "commentary", "interlude", "reprise", "intro", "skit",
     "session", "sessions"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A title with the artists that may stand for it, canonical."""

    title: TitleForms
    artists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reference as it is compared.

    `readings` are the ways in which it may be meant, each with what it costs; the first is as it stands.
    """

    reference: TrackReference
    readings: tuple[tuple[Named, float], ...]

    @property
    def named(self) -> Named:
        """What the reference says as it stands."""
        return self.readings[0][0]

    @property
    def year(self) -> int | None:
        """The year that the reference names, if any."""
        return self.named.title.year


_BY = re.compile(r"^(.+\S)\s+(?:by|von|par|de|–by)\s+(\S.*)$", re.IGNORECASE)
_PART_NUMBER = re.compile(r"^(?:(?:\d{1,2}[-.])?\d{1,3}\s*[-.–)]\s*|0\d\s+)(?=\S)")
_DASHES = re.compile(r"\s+[-–—]\s+")
_DASHED = re.compile(r"\s+[-–—:]\s+|\s+[/~]\s+|:\s+")
_IN_QUOTES = re.compile(r"""^([^"“„]+\S)\s*["“„]([^"“”]+)["“”]\s*$""")
_TOPIC = re.compile(r"\s+-\s+Topic$|VEVO$|\s+Official$", re.IGNORECASE)


def read_plain(reference: TrackReference) -> Wanted:
    """Return a reference as it stands: `read_wanted` without other readings, and quicker."""
    title = clean_title(reference.title[:MAX_LENGTH]) if reference.title.strip() else ""
    return Wanted(reference, ((_read(reference.artist[:MAX_LENGTH], title), 0.0),))


def read_wanted(reference: TrackReference, plain: Wanted | None = None) -> Wanted:
    """Return a reference as it is compared, in all the ways that it may be meant.

    `plain` is what `read_plain` gave, when it has been read.
    """
    title = clean_title(reference.title[:MAX_LENGTH]) if reference.title.strip() else ""
    artist = _TOPIC.sub("", reference.artist[:MAX_LENGTH])
    readings = dict((plain or read_plain(reference)).readings)
    if artist != reference.artist[:MAX_LENGTH]:
        readings = {_read(artist, title): 0.0, **readings}
    for other_artist, other_title, cost in _other_readings(artist, title):
        readings.setdefault(_read(other_artist, other_title), cost)
    return Wanted(reference, tuple(readings.items()))


def _read(artist: str, title: str) -> Named:
    forms = read_title(title) if title.strip() else TitleForms("", "", "")
    return Named(forms, read_artist_text(artist))


def _other_readings(artist: str, title: str) -> Iterable[tuple[str, str, float]]:
    """Yield (artist, title, cost) of the other ways in which a line may be meant."""
    if artist.strip() and title.strip():
        yield from _other_pairs(artist, title)
    elif title.strip():
        yield from _pairs_in_one(title)


def _other_pairs(artist: str, title: str) -> Iterable[tuple[str, str, float]]:
    yield title, artist, SWAPPED
    if found := _PART_NUMBER.match(title):
        yield artist, title[found.end() :], 0.01
    parts = (_DASHES if CLASSICAL.search(title) else _DASHED).split(title)
    if len(parts) > 1:
        yield artist, parts[-1], 0.03  # "Artist - Album - Title", "Composer - Work: Movement"
        yield parts[0], parts[1], 0.03  # "Channel - Artist - Title"
        yield parts[-1], " ".join(parts[:-1]), 0.04
    if ": " in artist:
        composer, _, work = artist.partition(": ")
        yield composer, f"{work} {title}", 0.01
    if found := _PART_NUMBER.match(artist):
        yield artist[found.end() :], title, 0.01
    if found := _BY.match(title):
        yield found[2], found[1], 0.03


def _pairs_in_one(title: str) -> Iterable[tuple[str, str, float]]:
    """Yield the two names that one text may hold."""
    if found := _BY.match(title):
        yield found[2], found[1], 0.0
    if found := _IN_QUOTES.match(title):
        yield found[1], found[2], 0.0
    parts = _DASHED.split(title)
    if len(parts) == 2:
        yield parts[0], parts[1], 0.0
        yield parts[1], parts[0], SWAPPED
    if title.count(",") == 1:
        one, _, other = title.partition(",")
        yield one, other, 0.02
        yield other, one, 0.02


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track as it is compared."""

    track: Track
    named: Named
    versions: frozenset[str]


def read_candidate(track: Track) -> Candidate:
    """Return a track as it is compared."""
    return Candidate(track, read_named(track.name, track.artists), find_versions(track.name))


@lru_cache(100_000)
def read_named(name: str, artists: tuple[str, ...]) -> Named:
    """Return the title and artists of a track as they are compared."""
    title = read_title(clean_title(name)) if name else TitleForms("", "", "")
    return Named(title, read_artists(artists))


def find_versions(title: str) -> frozenset[str]:
    """Return the words of a title that tell another recording from the usual one."""
    if "(" not in title and "[" not in title and " - " not in title:
        return frozenset()
    cut = min(at for at in (title.find("("), title.find("["), title.find(" - ")) if at >= 0)
    return VERSION_WORDS.intersection(song_keys.fold(title[cut:]).split())


# -- which version ------------------------------------------------------------------------------------------


def preference(wanted: Wanted, candidate: Candidate) -> tuple[float, ...]:
    """Return a key that sorts the versions of one song: the one that is meant comes first.

    What the reference tells of version, album, length and year; then the more popular, then the earlier.
    """
    track, reference = candidate.track, wanted.reference
    other = len(find_versions(reference.title) ^ candidate.versions)
    same_title = OSA.normalized_similarity(wanted.named.title.whole, candidate.named.title.whole)
    same_album = _alike_albums(reference.album, track.album) if reference.album else 0.0
    away_s = length_difference(wanted, track)
    near = 0.0 if away_s is None else -min(away_s, 60.0) / 60
    year = track.year
    same_year = 0.0 if wanted.year is None or year is None else -min(abs(wanted.year - year), 20) / 20
    told = same_title + same_album + near + same_year - 0.5 * min(other, 2)
    return (-round(told, 2), -(track.popularity or 0), float(year or 9999), float(len(track.name)))


def _alike_albums(one: str, other: str) -> float:
    return alike(canon(song_keys.title_key(one)), canon(song_keys.title_key(other))) if other else 0.0


def length_difference(wanted: Wanted, track: Track) -> float | None:
    """Return by how many seconds the lengths differ; None when one is not known."""
    theirs, ours = wanted.reference.duration_ms, track.features.get("duration_ms")
    return None if theirs is None or ours is None else abs(theirs - ours) / 1000


# -- confidence ---------------------------------------------------------------------------------------------


def score(wanted: Wanted, candidate: Candidate, is_common: Callable[[str], bool]) -> float:
    """Return the confidence that a track is what a reference means.

    Parameters
    ----------
    wanted, candidate
        What is compared.
    is_common
        Whether a word is one that many tracks have: then it is meant as it is written.

    """
    best = 0.0
    for named, cost in wanted.readings:
        if named.artists and named.title.key:
            best = max(best, _score_named(named, candidate.named, is_common) - cost)
    if not wanted.named.artists:
        best = max(best, _score_line(wanted.named.title, candidate.named, is_common))
    if best <= 0:
        return 0.0
    return max(best - _penalty(wanted, candidate.track), 0.0)


def _score_named(want: Named, have: Named, is_common: Callable[[str], bool]) -> float:
    artists = alike_artists(want.artists, have.artists)
    titles = alike_titles(want.title, have.title, is_common)
    if titles == ADDITION and _names_more(want, have):
        titles = OTHER_SONG
    if titles >= 1 and artists >= 1:
        return SAME_NAME if want.title.whole == have.title.whole else SAME_SONG
    if titles >= 1 and artists >= 0.8:
        return FUZZY * (0.6 * artists + 0.4)
    if artists < 0.5:
        return FUZZY * (0.6 * artists + 0.4 * titles)  # a title says more than an artist who is another
    return FUZZY * (0.7 * min(titles, artists) + 0.3 * max(titles, artists))


def _names_more(want: Named, have: Named) -> bool:
    """Tell whether a longer title comes with artists that the reference does not name."""
    if len(have.title.key) < len(want.title.key):
        return False
    rest = compact(have.title.key.removeprefix(have.title.head))
    initials = "".join(word[0] for word in have.title.key.removeprefix(have.title.head).split())
    if rest and initials == compact(have.title.head):  # "C.R.E.A.M. (Cash Rules Everything Around Me)"
        return False
    theirs = {sorted_compact(name) for name in want.artists}
    theirs.update(sorted_compact(name) for name in have.artists if name in have.title.whole)  # guests
    return any(
        sorted_compact(name) not in theirs and not _is_part(name, want.artists) for name in have.artists
    )


def _is_part(name: str, artists: tuple[str, ...]) -> bool:
    return any(set(name.split()) & set(other.split()) for other in artists)


def alike_titles(want: TitleForms, have: TitleForms, is_common: Callable[[str], bool]) -> float:
    """Return how alike two titles are, 0 to 1."""
    if want.key == have.key or compact(want.key) == compact(have.key):
        return 1.0
    found = 0.0
    if {want.head, have.head} != {want.key, have.key} and compact(want.head) == compact(have.head):
        found = ADDITION if (want.head == want.key) != (have.head == have.key) else OTHER_SONG
    if compact(want.key) in map(compact, have.others) or (
        len(have.key) >= 8 and compact(have.key) in map(compact, want.others)  # shorter: "Aria", "Presto"
    ):
        found = max(found, OTHER_NAME)
    if found < OTHER_NAME and (want.is_classical or have.is_classical):
        found = max(found, _alike_works(want, have))
    if found >= ADDITION:
        return found
    if found == OTHER_SONG:  # both have an addition, and not the same one, but for a slip
        same = alike(want.key, have.key)
        return max(found, min(same, _limit(want.key, have.key, is_common))) if same >= ONE_SLIP else found
    if (want.head == want.key) != (have.head == have.key):
        found = max(found, ADDITION * alike(want.head, have.head))
    slipped = max(alike(want.key, have.key), alike(want.whole, have.whole))
    if slipped > found and slipped >= 0.75:
        slipped = min(slipped, _limit(want.key, have.key, is_common))
    return max(found, slipped)


def _alike_works(want: TitleForms, have: TitleForms) -> float:
    """Compare the names of classical works by their words: all that one says must stand in the other."""
    ours, theirs = _work_words(want.key), _work_words(have.key)
    if not ours or not theirs:
        return 0.0
    fewer, more = (ours, theirs) if len(ours) <= len(theirs) else (theirs, ours)
    shared = sum(len(word) for word in fewer & more)
    share = shared / sum(map(len, fewer))
    numbers = {word for word in fewer if word.isdigit()} <= {word for word in more if word.isdigit()}
    telling = shared >= 6 and (len(fewer & more) >= 2 or shared >= 7)
    return WORK * share if share >= 0.85 and numbers and telling else 0.0


_NO_TELLING = frozenset(
    {"in", "the", "no", "op", "major", "minor", "flat", "sharp", "o", "from", "and", "a", "de", "la"}
)
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}


def _work_words(key: str) -> set[str]:
    return {_NUMERALS.get(word, word) for word in key.split() if word not in _NO_TELLING}


def _limit(want: str, have: str, is_common: Callable[[str], bool]) -> float:
    """Return the most that two titles may be alike: little where a number or a whole word is another one."""
    ours, theirs = want.split(), have.split()
    if [word for word in ours if word.isdigit()] != [word for word in theirs if word.isdigit()]:
        return OTHER_NUMBER
    lost, put = [word for word in ours if word not in theirs], [word for word in theirs if word not in ours]
    if len(lost) == len(put) == 1 and len(ours) >= 5 and alike(lost[0], put[0]) >= 0.5:
        return 1.0
    if len(lost) == len(put) and any(
        min(len(one), len(other)) >= SHORTEST_WORD
        and is_common(one)
        and is_common(other)
        and _squeeze(one) != _squeeze(other)
        for one, other in zip(lost, put, strict=True)
    ):
        return OTHER_WORD
    return 1.0


def _squeeze(word: str) -> str:
    """Return a word without doubled letters and the "s" of a plural."""
    return re.sub(r"(.)\1", r"\1", word).rstrip("s")


def alike_artists(wants: tuple[str, ...], haves: tuple[str, ...]) -> float:
    """Return how alike the likest two of the artists are, 0 to 1."""
    if not set(wants).isdisjoint(haves):
        return 1.0
    found = 0.0
    for want in wants:
        for have in haves:
            found = max(found, _alike_names(want, have))
    return found


@lru_cache(100_000)
def _alike_names(want: str, have: str) -> float:
    if sorted_compact(want) == sorted_compact(have) or compact(want) == compact(have):
        return 1.0
    ours, theirs = set(want.split()), set(have.split())
    found = alike(want, have)
    if ours < theirs or theirs < ours:
        fewer = ours if ours < theirs else theirs
        longer = have if ours < theirs else want
        if len(fewer) >= 2 or (sum(map(len, fewer)) >= 4 and longer.split()[-1] in fewer):
            found = max(found, PART_OF_NAME)
        elif sum(map(len, fewer)) >= 5:
            found = max(found, 0.86)
    return found


def _score_line(want: TitleForms, have: Named, is_common: Callable[[str], bool]) -> float:
    """Compare one text that may name both artist and title, in any order, or the title alone."""
    found = MANY_ARTISTS * max((alike(want.key, form) for form in have.title.all), default=0.0)
    texts = dict.fromkeys((want.key, want.whole))
    for artist in have.artists:
        titles = (have.title.key, have.title.head) if len(have.artists) == 1 else (have.title.key,)
        for title in titles:
            line = f"{artist} {title}"
            for text in texts:
                if len(artist) <= SHORT_NAME and not set(artist.split()) <= set(text.split()):
                    continue  # it adds too little to a title to be missed
                same = token_sort_ratio(text, line) / 100
                if same > 0.8 and same < 1:
                    same = min(same, _limit(_sort(text), _sort(line), is_common))
                found = max(found, FUZZY * same)
    return found


def _sort(text: str) -> str:
    return " ".join(sorted(text.split()))


@lru_cache(200_000)
def alike(one: str, other: str) -> float:
    """Return 1 less the share of letters to change: by insertion, deletion, exchange or two swapped.

    One slip of the finger in a word of at least five letters weighs no more than one in ten.
    """
    if not one or not other:
        return 0.0
    slips = OSA.distance(one, other)
    longest = max(len(one), len(other))
    return max(1 - slips / longest, ONE_SLIP if slips == 1 and longest >= 5 else 0.0)


def _penalty(wanted: Wanted, track: Track) -> float:
    away_s = length_difference(wanted, track)
    found = OTHER_LENGTH if away_s is not None and away_s > LENGTH_S else 0.0
    if wanted.year is not None and track.year is not None and track.year < wanted.year - 2:
        found += OTHER_YEAR  # a later year is a reissue; an earlier one is another recording
    return found
