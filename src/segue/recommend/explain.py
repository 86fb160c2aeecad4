"""Why a pick was chosen: the seeds that it is nearest to, and what they truly share."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from segue.features import AUDIO_NAMES
from segue.recommend.pair_features import Seeds
from segue.recommend.sound_words import (
    SIMILAR_LEVEL,
    are_both_sung,
    find_far_words,
    find_near_words,
)
from segue.recommend.track_arrays import Floats, Tables
from segue.text.reissues import may_be_reissue
from segue.types import Reason, Track

_TEMPO = AUDIO_NAMES.index("tempo")
MAX_REASONS = 4
MAX_WORDS = 3
SAME_ERA_YEARS = 3
SAME_TEMPO = 0.015  # share of the tempo; double and half time do not count as the same
SAME_SCENE = 0.5  # cosine of the factors of two artists
USED_BEFORE = 0.05  # of a cosine: how much nearer a seed must be for each time that it was named before


class Explainer:
    """Gives the reasons for the picks of one query.

    Parameters
    ----------
    tables
        The catalogue.
    seeds
        The query.
    tracks
        By row: the seeds, all picks that will be explained, and the first release of each.

    """

    def __init__(self, tables: Tables, seeds: Seeds, tracks: Mapping[int, Track]) -> None:
        self._tables = tables
        self._seeds: list[int] = seeds.rows.tolist()
        self._tracks = tracks
        self._by_artist: dict[int, list[Track]] = {}  # empty for a model that looks at no name
        if tables.knows_lists:
            for artist, row in zip(tables.artist[seeds.rows].tolist(), self._seeds, strict=True):
                self._by_artist.setdefault(artist, []).append(tracks[row])
        self._named = np.zeros(len(self._seeds), np.float32)  # how often each was named as listed together

    def explain(self, rows: NDArray[np.int64]) -> list[tuple[Reason, ...]]:
        """Return the reasons for each of n picks (n,), the strongest first; at least one each."""
        tables, own = self._tables, self._seeds
        nearness = tables.embeddings[rows] @ tables.embeddings[own].T  # (n, S)
        pairs = tables.song_key[rows][:, None] ^ tables.song_key[own][None]  # (n, S)
        listed = np.where(tables.listed_pairs.find(pairs) > 0, nearness, -np.inf)
        return [
            tuple(self._reasons(row, nearness[i], listed[i]))[:MAX_REASONS]
            for i, row in enumerate(rows.tolist())
        ]

    def _reasons(self, row: int, nearness: Floats, listed: Floats) -> list[Reason]:
        reasons = []
        by_artist = self._seeds_by_artist(row)
        if by_artist:
            reasons.append(by_artist)
        best = int((listed - USED_BEFORE * self._named).argmax())
        if listed[best] > -np.inf:
            self._named[best] += 1
            seed = self._tracks[self._seeds[best]]
            reasons.append(
                Reason("listed_together", f"often listed together with {_named(seed)}", (seed.track_id,))
            )
        reasons.extend(self._shared(row, self._seeds[int(nearness.argmax())]))
        return reasons or [self._find_weaker(row, nearness)]

    def _seeds_by_artist(self, row: int) -> Reason | None:
        artist = int(self._tables.artist[row])
        same = self._by_artist.get(artist) if artist >= 0 else None
        if not same:
            return None
        rest = f" and {len(same) - 1} more" if len(same) > 1 else ""
        ids = tuple(seed.track_id for seed in same)
        name = self._tracks[row].artists[0]
        return Reason("artist", f"{name} is on your list ({_short(same[0].name)}{rest})", ids)

    def _shared(self, row: int, nearest: int) -> list[Reason]:
        """Compare with the nearest seed, number by number; what is missing on one side is never named."""
        seed = self._tracks[nearest]
        audio = self._tables.inputs.audio
        mine, theirs = audio[row], audio[nearest]
        ids, named = (seed.track_id,), _named(seed)
        reasons = []
        alike = find_far_words(mine, theirs)
        if alike:
            kind = "energy" if alike[0] in ("calm", "energetic") else "mood"
            reasons.append(Reason(kind, f"{' and '.join(alike[:2])} like {named}", ids))
        if abs(mine[_TEMPO] - theirs[_TEMPO]) <= SAME_TEMPO * theirs[_TEMPO]:
            reasons.append(Reason("tempo", f"at {mine[_TEMPO]:.0f} BPM, the tempo of {named}", ids))
        year, other = self._find_year(row), self._find_year(nearest)
        if year and other and abs(year - other) <= SAME_ERA_YEARS:
            reasons.append(Reason("era", f"from {year}, the time of {named}", ids))
        return reasons

    def _find_year(self, row: int) -> int | None:
        """Return the year of a song; None where it is not known, or a later edition alone tells it."""
        year = self._tables.song_year[row]
        first = self._tracks[int(self._tables.first_release[row])]
        return None if np.isnan(year) or may_be_reissue(first.name, first.album) else int(year)

    def _find_weaker(self, row: int, nearness: Floats) -> Reason:
        """Return what else a pick shares: with the nearest seed, with an artist, with any seed."""
        nearest, *others = [self._seeds[place] for place in (-nearness).argsort(kind="stable").tolist()]
        found = self._sound(row, nearest) or self._scene(row)
        found = found or next(filter(None, (self._sound(row, seed) for seed in others)), None)
        found = found or self._rough_sound(row, nearest)
        seed = self._tracks[nearest]
        # Where nothing is known of one of them, there is only the model's word.
        return found or Reason("sound", f"nearest to {_named(seed)}", (seed.track_id,))

    def _sound(self, row: int, seed: int) -> Reason | None:
        """Say how alike two sound by what is about the same, wherever it lies."""
        words = find_near_words(*self._tables.inputs.audio[[row, seed]])
        return self._like("about", words, seed) if words else None

    def _rough_sound(self, row: int, seed: int) -> Reason | None:
        """Say what two share that sound little alike."""
        audio = self._tables.inputs.audio[[row, seed]]
        words = find_near_words(*audio, most=SIMILAR_LEVEL)
        if words:
            return self._like("roughly", words, seed)
        track = self._tracks[seed]
        return (
            Reason("sound", f"sung, like {_named(track)}", (track.track_id,))
            if are_both_sung(*audio)
            else None
        )

    def _like(self, degree: str, words: Sequence[str], seed: int) -> Reason:
        track = self._tracks[seed]
        text = f"{degree} as {_join(words[:MAX_WORDS])} as {_named(track)}"
        return Reason("sound", text, (track.track_id,))

    def _scene(self, row: int) -> Reason | None:
        """Name the seed whose artist stands most in the playlists that this artist does."""
        factors = self._tables.artists
        near = factors.vectors[factors.place[self._seeds]] @ factors.vectors[factors.place[row]]  # (S,)
        if near.max() < SAME_SCENE:
            return None
        seed = self._tracks[self._seeds[int(near.argmax())]]
        text = f"{self._tracks[row].artists[0]} is in the same kind of playlists as {seed.artists[0]}"
        return Reason("scene", text, (seed.track_id,))


def _join(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _named(track: Track) -> str:
    return f"{_short(track.name)} ({track.artists[0]})" if track.artists else track.name or track.track_id


def _short(title: str) -> str:
    """Leave out what follows a dash: in a reason, "Remastered 2011" is noise."""
    return title.split(" - ", maxsplit=1)[0]
