"""Entries that name an artist or an album and no song, and the songs that stand for them."""

from collections.abc import Sequence
from dataclasses import replace

from segue.catalogue.match.artists import MOST_SONGS, NamedSeeds, find_named_seeds
from segue.recommend.flow import Recommender
from segue.text.canonical import compact
from segue.text.name_forms import read_title
from segue.types import Match

MAX_NAMES = 50  # lines of one text that may be artists; each takes some hundredths of a second
MAX_ALBUMS = 10  # lines of two names that are no song; of more, the list is one of songs that are not there


def find_named(matches: Sequence[Match], recommender: Recommender) -> tuple[Match, ...]:
    """Return the matches; those whose entry is an artist, several or an album with the songs of it.

    A text alone that is the title of a song stays that song. One that is only near a song, or the title of
    many, is an artist when an artist bears it.
    """
    known: dict[tuple[str, str], Match | None] = {}
    names, albums = MAX_NAMES, MAX_ALBUMS
    found: list[Match] = []
    for match in matches:
        entry = match.reference
        key = entry.artist, entry.title
        if key not in known and _may_be_named(match):
            names, albums = (names, albums - 1) if all(key) else (names - 1, albums)
            known[key] = _find(match, recommender) if min(names, albums) >= 0 else None
        named = known.get(key) if _may_be_named(match) else None
        found.append(replace(named, reference=entry) if named else match)
    return tuple(found)


def _may_be_named(match: Match) -> bool:
    entry = match.reference
    if not (entry.artist or entry.title) or match.method not in ("none", "fuzzy"):
        return False
    return match.track is None if entry.artist and entry.title else True


def _find(match: Match, recommender: Recommender) -> Match | None:
    catalogue, tables = recommender.catalogue, recommender.tables
    counts = tables.track_count if len(catalogue) == len(tables) else None  # an import may have added to it
    seeds = find_named_seeds(catalogue, match.reference, list_counts=counts)
    seeds = tuple(each for each in seeds if not _is_rather_a_song(each, match))
    songs = {track.track_id: track for each in seeds for track in each.tracks}
    if not songs:
        return None
    return Match(
        match.reference,
        None,
        1.0,
        seeds[0].kind,
        songs=tuple(songs.values()),
        named=tuple(each.name for each in seeds),
    )


def _is_rather_a_song(seeds: NamedSeeds, match: Match) -> bool:
    """Tell whether a text alone means a song of that title rather than a lesser known artist: "Creep"."""
    if seeds.kind == "album" or not match.closest:
        return False
    song, _ = match.closest[0]
    text = _key(match.reference.artist or match.reference.title)
    if _key(song.name) != text:
        return False
    in_full = len(seeds.tracks) >= MOST_SONGS and _key(seeds.name) == text
    best = max(track.popularity or 0 for track in seeds.tracks)
    return not in_full and (song.popularity or 0) > best


def _key(text: str) -> str:
    return compact(read_title(text).key)
