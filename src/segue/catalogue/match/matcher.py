"""The whole matching: by id, by ISRC, by name, and by likeness, each for all that is left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from segue.catalogue.batches import iter_batches
from segue.catalogue.match.shortlist import Shortlist
from segue.catalogue.match.word_search import find_rows
from segue.catalogue.store import Catalogue
from segue.errors import MatchingStoppedError
from segue.text import likeness, song_keys
from segue.text.isrc import find_isrc
from segue.text.likeness import Wanted, preference, read_wanted, score_fuzzy, score_name
from segue.types import Match, Playlist, Track, TrackReference

ACCEPTED = 0.85  # from this confidence on, a track is taken; below, it is only shown as a candidate
SHOWN = 0.28  # candidates below are no help: neither the title nor the artist is right
MAX_SHOWN = 3
ROUNDING = 0.001  # a score is compared before it is rounded, a bound may lie that far off
BATCH = 400  # entries that are matched at once: about a tenth of a second of work

Found = dict[TrackReference, Match]
WantedOf = Mapping[TrackReference, Wanted]
Key = tuple[str, str, str, str, str, int | None]


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
    keys = [_key(entry) for entry in playlist.entries]
    distinct = dict(zip(reversed(keys), reversed(playlist.entries), strict=True))
    shortlist = Shortlist(catalogue)
    found: dict[Key, Match] = {}
    for batch in iter_batches(distinct.items(), BATCH):
        if should_stop():
            raise MatchingStoppedError(
                f"matching was stopped after {len(found):,} of {len(distinct):,} entries"
            )
        matched = _match_batch(shortlist, [entry for _, entry in batch])
        found.update((key, matched[entry]) for key, entry in batch)
        progress(len(found), len(distinct))
    return [_answer(found[key], entry) for key, entry in zip(keys, playlist.entries, strict=True)]


def _key(entry: TrackReference) -> Key:
    """Return what decides how an entry is found: neither case, nor spaces, nor its line."""
    title, artist, album = (
        " ".join(text.lower().split()) for text in (entry.title, entry.artist, entry.album)
    )
    return entry.track_id, entry.isrc, title, artist, album, entry.duration_ms


def _answer(match: Match, entry: TrackReference) -> Match:
    return match if match.reference is entry else replace(match, reference=entry)


def _match_batch(shortlist: Shortlist, entries: Sequence[TrackReference]) -> Found:
    """Match distinct entries, step after step, each for all that is left."""
    catalogue = shortlist.catalogue
    wanted = {entry: read_wanted(entry) for entry in entries}
    found = _match_ids(catalogue, entries)
    for step in (_match_isrcs, _match_names, _match_swapped):
        if left := _left(wanted, found):
            found |= step(catalogue, left)
    return found | _match_fuzzy(shortlist, _left(wanted, found))


def _left(wanted: WantedOf, found: Found) -> WantedOf:
    return {entry: want for entry, want in wanted.items() if entry not in found}


def _match_ids(catalogue: Catalogue, entries: Sequence[TrackReference]) -> Found:
    with_id = [entry for entry in entries if entry.track_id]
    rows = catalogue.find_rows([entry.track_id for entry in with_id])
    known = [(entry, int(row)) for entry, row in zip(with_id, rows, strict=True) if row >= 0]
    tracks = catalogue.get_tracks([row for _, row in known])
    return {
        entry: Match(entry, track, likeness.ID, "id") for (entry, _), track in zip(known, tracks, strict=True)
    }


def _match_isrcs(catalogue: Catalogue, wanted: WantedOf) -> Found:
    codes = {entry: code for entry in wanted if (code := find_isrc(entry.isrc))}
    tracks = catalogue.find_by_isrcs(list(codes.values()))
    return {
        entry: Match(entry, _best(wanted[entry], tracks[code]), likeness.ISRC, "isrc")
        for entry, code in codes.items()
        if code in tracks
    }


def _match_names(catalogue: Catalogue, wanted: WantedOf) -> Found:
    return _match_keys(catalogue, wanted, 0.0)


def _match_swapped(catalogue: Catalogue, wanted: WantedOf) -> Found:
    swapped = {entry: likeness.swap(want) for entry, want in wanted.items() if entry.artist and entry.title}
    return _match_keys(catalogue, swapped, likeness.SWAPPED)


def _match_keys(catalogue: Catalogue, wanted: WantedOf, penalty: float) -> Found:
    """Match by the song key of any of the artists that an entry names, the whole text first."""
    hashes = {
        entry: [song_keys.hash64(f"{artist}\t{want.title}") for artist in want.artists]
        for entry, want in wanted.items()
        if want.title
    }
    songs = catalogue.find_by_songs([hashed for several in hashes.values() for hashed in several])
    found: Found = {}
    for entry, several in hashes.items():
        tracks = next((songs[hashed] for hashed in several if hashed in songs), None)
        if tracks:
            track = _best(wanted[entry], tracks)
            found[entry] = Match(entry, track, score_name(wanted[entry], track) - penalty, "name")
    return found


def _match_fuzzy(shortlist: Shortlist, wanted: WantedOf) -> Found:
    catalogue = shortlist.catalogue
    named = [want for entry, want in wanted.items() if entry.title.strip() or entry.artist.strip()]
    rows = shortlist.select(named, find_rows(catalogue, named) if named else [], SHOWN - ROUNDING)
    flat = list(dict.fromkeys(row for several in rows for row in several))
    tracks = dict(zip(flat, catalogue.get_tracks(flat), strict=True))
    found = {entry: Match(entry, None, 0.0, "none") for entry in wanted}
    for want, several in zip(named, rows, strict=True):
        found[want.reference] = _decide(want, [tracks[row] for row in several])
    return found


def _decide(wanted: Wanted, tracks: Iterable[Track]) -> Match:
    """Take the likest track when it is like enough; otherwise show the likest few."""
    tracks = list(tracks)
    swapped = likeness.swap(wanted) if wanted.artists and wanted.title else None
    scored = []
    for track in tracks:
        score = score_fuzzy(wanted, track)
        if swapped is not None:
            score = max(score, score_fuzzy(swapped, track) - likeness.SWAPPED)
        scored.append((score, track))
    if not wanted.artists:
        scored = _raise_lone_titles(wanted, scored)
    scored.sort(key=lambda pair: (-round(pair[0], 3), preference(wanted, pair[1])))
    if scored and scored[0][0] >= ACCEPTED:
        return Match(wanted.reference, scored[0][1], round(scored[0][0], 3), "fuzzy")
    return Match(wanted.reference, None, 0.0, "none", _closest(scored))


def _raise_lone_titles(wanted: Wanted, scored: list[tuple[float, Track]]) -> list[tuple[float, Track]]:
    """Raise the score of a title without an artist when all tracks of that title are by one artist."""
    same = [track for _, track in scored if song_keys.title_key(track.name) == wanted.title]
    if len({song_keys.artist_key(track.artists[0]) for track in same if track.artists}) != 1:
        return scored
    lone = likeness.LONG_TITLE if len(wanted.title.split()) >= 3 else likeness.SHORT_TITLE
    return [(lone if track in same else score, track) for score, track in scored]


def _closest(scored: Sequence[tuple[float, Track]]) -> tuple[tuple[Track, float], ...]:
    """Return the likest few songs, one version of each."""
    shown: dict[str, tuple[Track, float]] = {}
    for score, track in scored:
        if score >= SHOWN and len(shown) < MAX_SHOWN:
            shown.setdefault(
                song_keys.song_key(track.artists, track.name) or track.track_id, (track, round(score, 3))
            )
    return tuple(shown.values())


def _best(wanted: Wanted, tracks: Sequence[Track]) -> Track:
    return min(tracks, key=lambda track: preference(wanted, track))
