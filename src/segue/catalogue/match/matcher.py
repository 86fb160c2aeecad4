"""The whole matching: by id, by ISRC, by name, and by likeness, each for all that is left."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from segue.catalogue.batches import iter_batches
from segue.catalogue.match.name_index import (
    NameIndex,
    get_index,
    get_speller,
    hash_artist,
    hash_song,
    hash_title,
)
from segue.catalogue.match.shortlist import Bounds, Shortlist
from segue.catalogue.store import Catalogue
from segue.errors import MatchingStoppedError
from segue.text import likeness, song_keys
from segue.text.aliases import ALIASES
from segue.text.isrc import find_isrc
from segue.text.likeness import (
    Candidate,
    Named,
    Wanted,
    preference,
    read_candidate,
    read_plain,
    read_wanted,
    score,
)
from segue.types import Match, Playlist, Track, TrackReference

ACCEPTED = 0.85  # from this confidence on, a track is taken; below, it is only shown as a candidate
SHOWN = 0.28  # candidates below are no help: neither the title nor the artist is right
MAX_SHOWN = 3
WITH_OTHERS = 100  # entries that are not found are looked for more widely; of more, `Matcher.closest` tells
BATCH = 400  # entries that are matched at once: about a tenth of a second of work
MAX_VERSIONS = 24  # tracks by one name that are compared, the most popular;
MORE_VERSIONS = 200  # so many where album or length tell them apart
MAX_CUT_WORDS = 12  # of a line that may be artist and title in one
COMMON, COMMON_SHARE = 20, 2_000  # tracks, and one of so many: a word that as many have is meant as it stands
KNOWN_BY = 50  # popularity from which on a title alone means its best-known song,
AHEAD = 15  # if that is so much ahead of the next,
KNOWN_LONG, KNOWN_SHORT = (
    60,
    70,
)  # popularity at which the only song of a title is taken: of three words, of two
MANY_VERSIONS = 3  # or if so many tracks are versions of it, and twice as many as of the next

CLOSE = Bounds(each=0.0, both=0.4, line=0.3, own=0.0, rows=1_000)  # what may be shown, though not taken

Found = dict[TrackReference, Match]
Key = tuple[str, str, str, str, str, int | None]


class Matcher:
    """Finds entries in one state of a catalogue. Used by one thread at a time.

    `match` gives each entry its track; `closest` the few tracks nearest to one entry, whether or not it was
    found, for a person to choose from.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._index: NameIndex = get_index(catalogue)
        self._shortlist = Shortlist(self._index, lambda: get_speller(catalogue))
        self._candidates: dict[int, Candidate] = {}
        self._others_left = WITH_OTHERS
        self._common = max(COMMON, len(self._index.popularity) // COMMON_SHARE)

    def match(
        self,
        playlist: Playlist,
        *,
        should_stop: Callable[[], bool] = lambda: False,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> list[Match]:
        """Find each entry; as `match_playlist` does."""
        keys = [_key(entry) for entry in playlist.entries]
        distinct = dict(zip(reversed(keys), reversed(playlist.entries), strict=True))
        self._others_left = WITH_OTHERS
        found: dict[Key, Match] = {}
        for batch in iter_batches(distinct.items(), BATCH):
            if should_stop():
                raise MatchingStoppedError(
                    f"matching was stopped after {len(found):,} of {len(distinct):,} entries"
                )
            matched = self._match_batch([entry for _, entry in batch])
            found.update((key, matched[entry]) for key, entry in batch)
            progress(len(found), len(distinct))
        return [_answer(found[key], entry) for key, entry in zip(keys, playlist.entries, strict=True)]

    def closest(self, entry: TrackReference, n: int = MAX_SHOWN) -> tuple[tuple[Track, float], ...]:
        """Return the tracks nearest to an entry with their confidence, one version of each song, best first.

        Takes about a millisecond. What `match` would take stands first, when it takes something.
        """
        wanted = read_wanted(entry)
        if not wanted.named.title.key and not wanted.named.artists:
            return ()
        rows = self._find_exact([wanted])[0]
        near = self._shortlist.select([wanted], most=12, bounds=CLOSE)[0]
        return _show(self._rank(wanted, [*rows, *near]), n)

    def _match_batch(self, entries: Sequence[TrackReference]) -> Found:
        """Match distinct entries, step after step, each for all that is left."""
        found = _match_ids(self._catalogue, entries)
        left = [entry for entry in entries if entry not in found]
        found |= _match_isrcs(self._catalogue, left)
        left = [entry for entry in left if entry not in found]
        found |= {entry: _none(entry) for entry in left}
        plain = [read_plain(entry) for entry in left if entry.artist and entry.title]
        found |= {
            each.reference: match for each, _, match in self._iter_exact(plain) if match.track is not None
        }
        known = {each.reference: each for each in plain}
        wanted = [read_wanted(entry, known.get(entry)) for entry in left if found[entry].track is None]
        unsure: list[tuple[Wanted, list[int]]] = []
        for each, rows, match in self._iter_exact(wanted):
            if match.track:
                found[each.reference] = match
            elif each.named.title.key:
                unsure.append((each, rows))
        near = self._shortlist.select([each for each, _ in unsure])
        self._read(row for rows in near for row in rows)
        for (each, rows), more in zip(unsure, near, strict=True):
            found[each.reference] = self._decide(each, [*rows, *more], "fuzzy")
        return {entry: self._with_others(match) for entry, match in found.items()}

    def _iter_exact(self, wanted: Sequence[Wanted]) -> Iterator[tuple[Wanted, list[int], Match]]:
        """Yield each reference with the rows of its exact names and what comes of them."""
        exact = self._find_exact(wanted)
        self._read(row for rows in exact for row in rows)
        for each, rows in zip(wanted, exact, strict=True):
            yield each, rows, self._decide(each, rows, "name")

    def _with_others(self, match: Match) -> Match:
        if match.track is not None or match.method != "none" or self._others_left <= 0:
            return match
        self._others_left -= 1
        closest = self.closest(match.reference)
        if closest and closest[0][1] >= ACCEPTED:  # a wider look found it
            track, confidence = closest[0]
            return replace(match, track=track, confidence=confidence, method="fuzzy")
        return replace(match, closest=closest)

    # -- by exact names -----------------------------------------------------------------------------------

    def _find_exact(self, wanted: Sequence[Wanted]) -> list[list[int]]:
        """Return the rows that have title and artist of any reading, the most popular first."""
        hashes = [_song_hashes(each) for each in wanted]
        flat = iter(self._index.by_song.find([hashed for several in hashes for hashed in several]))
        songs = [[next(flat) for _ in several] for several in hashes]
        alone = [(at, hash_title(each.named.title.key)) for at, each in enumerate(wanted) if _is_alone(each)]
        titles = self._index.by_title.find([hashed for _, hashed in alone])
        for (at, _), rows in zip(alone, titles, strict=True):
            songs[at].append(rows)
        return [
            self._most_popular(each.reference, {row for rows in several for row in rows.tolist()})
            for each, several in zip(wanted, songs, strict=True)
        ]

    def _most_popular(self, entry: TrackReference, rows: Collection[int]) -> list[int]:
        popularity = self._index.popularity
        most = MORE_VERSIONS if entry.album or entry.duration_ms else MAX_VERSIONS
        return sorted(rows, key=lambda row: (-popularity[row], row))[:most] if len(rows) > 1 else list(rows)

    # -- comparing ----------------------------------------------------------------------------------------

    def _read(self, rows: Iterable[int]) -> None:
        missing = [row for row in dict.fromkeys(rows) if row not in self._candidates]
        if len(self._candidates) > 20_000:
            self._candidates.clear()
            missing = list(dict.fromkeys(rows))
        for row, track in zip(missing, self._catalogue.get_tracks(missing), strict=True):
            self._candidates[row] = read_candidate(track)

    def _rank(self, wanted: Wanted, rows: Iterable[int]) -> list[tuple[float, Candidate]]:
        """Return the tracks with their confidence, best first."""
        rows = list(dict.fromkeys(rows))
        self._read(rows)
        candidates = [self._candidates[row] for row in rows]
        scored = [(score(wanted, candidate, self._is_common), candidate) for candidate in candidates]
        if _is_alone(wanted):
            scored = _raise_lone_titles(wanted, scored)
        scored.sort(key=lambda pair: (-round(pair[0] * 50), preference(wanted, pair[1])))
        return scored

    def _is_common(self, word: str) -> bool:
        number = self._index.words.get(word)
        return number is not None and self._index.count(number) >= self._common

    def _decide(self, wanted: Wanted, rows: Sequence[int], method: Literal["name", "fuzzy"]) -> Match:
        """Take the likest track when it is like enough; otherwise show the likest few."""
        if not rows:
            return _none(wanted.reference)
        scored = self._rank(wanted, rows)
        best, candidate = scored[0]
        if best >= ACCEPTED:
            confidence = min(round(best, 3), likeness.SAME_NAME)
            return Match(
                wanted.reference, candidate.track, confidence, "name" if method == "name" else "fuzzy"
            )
        return replace(_none(wanted.reference), closest=_show(scored, MAX_SHOWN))


def match_playlist(
    catalogue: Catalogue,
    playlist: Playlist,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Match]:
    """Find each entry of a playlist in the catalogue.

    An entry is looked for by its id, then its ISRC, then its artist and title, then by likeness; the first
    that finds it decides. Entries come back in their order, each with one `Match`. A repeated line is looked
    for once.

    Parameters
    ----------
    catalogue, playlist
        Where to look, and for what.
    should_stop
        Asked after every few hundred entries; once it says so, the work is given up.
    progress
        Told as often how many of the distinct entries are done, and how many there are.

    Raises
    ------
    MatchingStoppedError
        When `should_stop` said so.

    """
    return Matcher(catalogue).match(playlist, should_stop=should_stop, progress=progress)


def _key(entry: TrackReference) -> Key:
    """Return what decides how an entry is found: neither case, nor spaces, nor its line."""
    title, artist, album = (
        " ".join(text.lower().split()) for text in (entry.title, entry.artist, entry.album)
    )
    return entry.track_id, entry.isrc, title, artist, album, entry.duration_ms


def _answer(match: Match, entry: TrackReference) -> Match:
    return match if match.reference is entry else replace(match, reference=entry)


def _none(entry: TrackReference) -> Match:
    return Match(entry, None, 0.0, "none")


def _match_ids(catalogue: Catalogue, entries: Sequence[TrackReference]) -> Found:
    with_id = [entry for entry in entries if entry.track_id]
    if not with_id:
        return {}
    rows = catalogue.find_rows([entry.track_id for entry in with_id])
    known = [(entry, int(row)) for entry, row in zip(with_id, rows, strict=True) if row >= 0]
    tracks = catalogue.get_tracks([row for _, row in known])
    return {
        entry: Match(entry, track, likeness.ID, "id") for (entry, _), track in zip(known, tracks, strict=True)
    }


def _match_isrcs(catalogue: Catalogue, entries: Sequence[TrackReference]) -> Found:
    codes = {entry: code for entry in entries if (code := find_isrc(entry.isrc))}
    if not codes:
        return {}
    tracks = catalogue.find_by_isrcs(list(codes.values()))
    return {
        entry: Match(entry, _best(read_wanted(entry), tracks[code]), likeness.ISRC, "isrc")
        for entry, code in codes.items()
        if code in tracks
    }


def _best(wanted: Wanted, tracks: Sequence[Track]) -> Track:
    candidates = map(read_candidate, tracks)
    return min(candidates, key=lambda candidate: preference(wanted, candidate)).track


def _is_alone(wanted: Wanted) -> bool:
    """Tell whether a reference is one text, which may be a title or both names."""
    return not wanted.named.artists and bool(wanted.named.title.key)


def _song_hashes(wanted: Wanted) -> dict[int, None]:
    found: dict[int, None] = {}
    for named, _ in wanted.readings:
        found.update(dict.fromkeys(_hash_named(named)))
    if _is_alone(wanted):
        found.update(dict.fromkeys(_hash_cuts(wanted.named.title.key)))
    return found


def _hash_named(named: Named) -> Iterable[int]:
    titles = [hash_title(form) for form in named.title.all if form]
    for artist in named.artists:
        hashed = hash_artist(artist)
        for title in titles:
            yield hash_song(hashed, title)


def _hash_cuts(line: str) -> Iterable[int]:
    """Yield the song of a line cut in two at each space: artist first, and title first."""
    words = line.split()
    if len(words) <= MAX_CUT_WORDS:
        for at in range(1, len(words)):
            one, other = " ".join(words[:at]), " ".join(words[at:])
            yield hash_song(hash_artist(ALIASES.get(one, one)), hash_title(other))
            yield hash_song(hash_artist(ALIASES.get(other, other)), hash_title(one))


def _raise_lone_titles(
    wanted: Wanted, scored: Sequence[tuple[float, Candidate]]
) -> list[tuple[float, Candidate]]:
    """Raise the score of a title without an artist where it is clear whose song is meant.

    That is: all tracks of the title are by one artist; or album or length of the reference fit one artist's
    alone; or one artist's is well known, and well ahead of the next.
    """
    title = wanted.named.title
    same = [
        candidate
        for _, candidate in scored
        if candidate.named.artists and title.key in (candidate.named.title.key, candidate.named.title.whole)
    ]
    meant = {candidate.named.artists[0] for candidate in same if _fits(wanted, candidate)}
    artists = {candidate.named.artists[0] for candidate in same}
    worth, chosen = likeness.MANY_ARTISTS, meant
    if len(meant) == 1:
        worth = likeness.LONG_TITLE
    elif len(artists) == 1:
        worth, chosen = likeness.SHORT_TITLE, artists
        if _is_known_alone(same, len(title.key.split())):
            worth = likeness.LONG_TITLE
    elif len(artists) > 1 and len(title.key.split()) >= 2 and (best := _find_best_known(same)):
        worth, chosen = likeness.LONG_TITLE, {best}
    return [
        (max(found, worth), candidate)
        if candidate in same and candidate.named.artists[0] in chosen
        else (found, candidate)
        for found, candidate in scored
    ]


def _is_known_alone(same: Sequence[Candidate], words: int) -> bool:
    """Tell whether the only song of a title here is the one meant, and no cover of what is not here."""
    known = max((-1 if each.track.popularity is None else each.track.popularity) for each in same)
    return (words >= 3 and (known < 0 or known >= KNOWN_LONG)) or (words >= 2 and known >= KNOWN_SHORT)


def _find_best_known(same: Sequence[Candidate]) -> str | None:
    """Return the artist whose song of one title is well ahead: in popularity, or, unknown, in versions."""
    popularity: dict[str, int] = {}
    versions: Counter[str] = Counter()
    for candidate in same:
        name, known = candidate.named.artists[0], candidate.track.popularity
        popularity[name] = max(popularity.get(name, -1), -1 if known is None else known)
        versions[name] += 1
    (most, count), (_, next_count) = versions.most_common(2)
    first, second = sorted(popularity, key=lambda name: -popularity[name])[:2]
    if count >= MANY_VERSIONS and count >= 2 * next_count and popularity[most] >= popularity[second] - AHEAD:
        return most
    ahead = popularity[first] >= KNOWN_BY and popularity[first] - popularity[second] >= AHEAD
    return first if ahead and -1 not in popularity.values() and versions[first] == count else None


def _fits(wanted: Wanted, candidate: Candidate) -> bool:
    """Tell whether album or length of a reference are those of a track."""
    away_s = likeness.length_difference(wanted, candidate.track)
    album = song_keys.title_key(wanted.reference.album)
    same_album = bool(album) and album == song_keys.title_key(candidate.track.album)
    return same_album or (away_s is not None and away_s <= 2)


def _show(scored: Sequence[tuple[float, Candidate]], most: int) -> tuple[tuple[Track, float], ...]:
    """Return the likest few songs, one version of each."""
    shown: dict[str, tuple[Track, float]] = {}
    for found, candidate in scored:
        track = candidate.track
        if found >= SHOWN and len(shown) < most:
            song = song_keys.song_key(track.artists, track.name) or track.track_id
            shown.setdefault(song, (track, round(min(found, likeness.SAME_NAME), 3)))
    ordered: Mapping[str, tuple[Track, float]] = shown
    return tuple(sorted(ordered.values(), key=lambda pair: -pair[1]))
