"""Why a pick was chosen: the seeds that it is nearest to, and what they truly share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segue.features import AUDIO_NAMES
from segue.recommend.pair_features import Seeds
from segue.recommend.track_arrays import Floats, Tables
from segue.types import Reason, Track

_TEMPO, _ENERGY, _VALENCE, _ACOUSTICNESS, _DANCEABILITY = (
    AUDIO_NAMES.index(name) for name in ("tempo", "energy", "valence", "acousticness", "danceability")
)
MAX_REASONS = 4
SAME_ERA_YEARS = 3
SAME_TEMPO = 0.015  # share of the tempo; double and half time do not count as the same
SAME_LEVEL = 0.1  # of features from 0 to 1
LOW_LEVEL, HIGH_LEVEL = 0.35, 0.65
USED_BEFORE = 0.05  # of a cosine: how much nearer a seed must be for each time that it was named before


class Explainer:
    """Gives the reasons for the picks of one query.

    Parameters
    ----------
    tables
        The catalogue.
    seeds
        The query.
    seed_tracks
        The seeds as tracks, in the order of `seeds.rows`.

    """

    def __init__(self, tables: Tables, seeds: Seeds, seed_tracks: Sequence[Track]) -> None:
        self._tables = tables
        self._seeds = seeds
        self._tracks = seed_tracks
        self._by_artist: dict[int, list[Track]] = {}  # empty for a model that looks at no name
        if tables.knows_lists:
            for artist, track in zip(tables.artist[seeds.rows].tolist(), seed_tracks, strict=True):
                self._by_artist.setdefault(artist, []).append(track)
        self._named = np.zeros(len(seed_tracks), np.float32)  # how often each was named as listed together

    def explain(self, rows: NDArray[np.int64], tracks: Sequence[Track]) -> list[tuple[Reason, ...]]:
        """Return the reasons for each of n picks, the strongest first; at least one each."""
        tables, own = self._tables, self._seeds.rows
        nearness = tables.embeddings[rows] @ tables.embeddings[own].T  # (n, S)
        pairs = tables.song_key[rows][:, None] ^ tables.song_key[own][None]  # (n, S)
        listed = np.where(tables.listed_pairs.find(pairs) > 0, nearness, -np.inf)
        return [
            tuple(self._reasons(row, track, nearness[i], listed[i]))[:MAX_REASONS]
            for i, (row, track) in enumerate(zip(rows.tolist(), tracks, strict=True))
        ]

    def _reasons(self, row: int, track: Track, nearness: Floats, listed: Floats) -> list[Reason]:
        reasons = []
        by_artist = self._seeds_by_artist(row, track)
        if by_artist:
            reasons.append(by_artist)
        best = int((listed - USED_BEFORE * self._named).argmax())
        if listed[best] > -np.inf:
            self._named[best] += 1
            seed = self._tracks[best]
            reasons.append(
                Reason("listed_together", f"often listed together with {_named(seed)}", (seed.track_id,))
            )
        nearest = int(nearness.argmax())
        reasons.extend(self._shared(row, track, nearest))
        if not reasons:
            seed = self._tracks[nearest]
            reasons.append(Reason("sound", f"nearest to {_named(seed)}", (seed.track_id,)))
        return reasons

    def _seeds_by_artist(self, row: int, track: Track) -> Reason | None:
        artist = int(self._tables.artist[row])
        same = self._by_artist.get(artist) if artist >= 0 else None
        if not same:
            return None
        rest = f" and {len(same) - 1} more" if len(same) > 1 else ""
        ids = tuple(seed.track_id for seed in same)
        return Reason("artist", f"{track.artists[0]} is on your list ({_short(same[0].name)}{rest})", ids)

    def _shared(self, row: int, track: Track, nearest: int) -> list[Reason]:
        """Compare with the nearest seed, number by number; what is missing on one side is never named."""
        seed = self._tracks[nearest]
        audio = self._tables.inputs.audio
        mine, theirs = audio[row], audio[self._seeds.rows[nearest]]
        ids, named = (seed.track_id,), _named(seed)
        reasons = []
        alike = [
            word
            for word in (
                _shared_word(mine[_ENERGY], theirs[_ENERGY], "calm", "energetic"),
                _shared_word(mine[_VALENCE], theirs[_VALENCE], "dark", "bright"),
                _shared_word(mine[_ACOUSTICNESS], theirs[_ACOUSTICNESS], "", "acoustic"),
                _shared_word(mine[_DANCEABILITY], theirs[_DANCEABILITY], "", "danceable"),
            )
            if word
        ]
        if alike:
            kind = "energy" if alike[0] in ("calm", "energetic") else "mood"
            reasons.append(Reason(kind, f"{' and '.join(alike[:2])} like {named}", ids))
        if abs(mine[_TEMPO] - theirs[_TEMPO]) <= SAME_TEMPO * theirs[_TEMPO]:
            reasons.append(Reason("tempo", f"at {mine[_TEMPO]:.0f} BPM, the tempo of {named}", ids))
        if track.year and seed.year and abs(track.year - seed.year) <= SAME_ERA_YEARS:
            reasons.append(Reason("era", f"from {track.year}, the time of {named}", ids))
        return reasons


def _shared_word(one: float, other: float, low: str, high: str) -> str:
    """Return a word for two near values that both lie far from the middle; nothing for others."""
    if not abs(one - other) <= SAME_LEVEL:
        return ""
    if min(one, other) >= HIGH_LEVEL:
        return high
    return low if max(one, other) <= LOW_LEVEL else ""


def _named(track: Track) -> str:
    return f"{_short(track.name)} ({track.artists[0]})" if track.artists else track.name or track.track_id


def _short(title: str) -> str:
    """Leave out what follows a dash: in a reason, "Remastered 2011" is noise."""
    return title.split(" - ", maxsplit=1)[0]
