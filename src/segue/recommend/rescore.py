"""What draws picks one way without ruling anything out: targets and adventurousness."""

import numpy as np

from segue.controls import Controls
from segue.features import AUDIO_NAMES
from segue.index.protocol import Rows
from segue.recommend.candidates import Candidates
from segue.recommend.track_arrays import Floats, Tables

# In standard deviations of the ranking score over the candidates.
TARGET_PULL = 2.0
ADVENTURE_PULL = 1.5
# In standard deviations of how listed, or how popular, the candidates are. A pool is full of what hardly
# anyone plays by the seeds' artists; with less, their share of the picks rises with adventurousness.
OWN_ARTIST = 3.0


def steer(
    tables: Tables, candidates: Candidates, ranking: Floats, *, seeds: Rows, controls: Controls
) -> Floats:
    """Return the scores (C,) by which picks are chosen.

    Without targets and at adventurousness 0 these are the ranking scores (C,) themselves. A target costs the
    distance in standard deviations of the catalogue's feature, adventurousness costs familiarity.

    Parameters
    ----------
    tables
        The catalogue.
    candidates
        What the sources found.
    ranking
        (C,) their ranking scores.
    seeds
        (S,) rows of all that a person gave.
    controls
        `target` and `adventurousness`.

    """
    if not controls.target and not controls.adventurousness:
        return ranking
    spread = max(float(ranking.std()), 1e-6)
    chosen = ranking / spread
    for name, value in controls.target.items():
        place = AUDIO_NAMES.index(name)
        theirs = tables.inputs.audio[candidates.rows, place]
        everyone = tables.inputs.audio[:: max(len(tables) // 4096, 1), place]
        scale = max(float(np.nanstd(everyone)), 1e-6) if not np.isnan(everyone).all() else 1.0
        away = np.abs(theirs - value) / scale
        chosen = chosen - TARGET_PULL * np.where(np.isnan(away), 1.0, away)
    if controls.adventurousness:
        familiarity = find_familiarity(tables, candidates, seeds)
        chosen = chosen - ADVENTURE_PULL * controls.adventurousness * familiarity
    return chosen.astype(np.float32)


def find_familiarity(tables: Tables, candidates: Candidates, seeds: Rows) -> Floats:
    """Return how well known each candidate is to a listener (C,); higher is better known.

    It rises with the number of playlists that hold the song, with its popularity, and where an artist of the
    seeds made it. The sum over the n picks cannot rise with adventurousness: each is among the n best by a
    score from which a share of it is taken. Where all of that is the same for all, the nearest to the seeds
    are the best known.
    """
    rows = candidates.rows
    artist = tables.artist[rows]
    own = (artist >= 0) & np.isin(artist, tables.artist[seeds])
    listed, popular = tables.song_count[rows], tables.known_popularity[rows]
    familiarity: Floats = _standing(listed) + _standing(popular) + OWN_ARTIST * own
    return familiarity if np.ptp(familiarity) > 0 else _standing(candidates.scores)


def _standing(values: Floats) -> Floats:
    """Return each value's rank (C,), spread around 0 with a standard deviation of about 1.

    What is not known, NaN, stands in the middle: it is neither popular nor unpopular. Ranks, since counts and
    popularity have long tails whose ends would be all that matters.
    """
    known = np.isfinite(values)
    standing = np.zeros(len(values), np.float32)
    if known.any():
        _, place, counts = np.unique(values[known], return_inverse=True, return_counts=True)
        middle = (counts.cumsum() - counts / 2) / counts.sum()  # 0 to 1; equal values share one
        standing[known] = (middle[place] - 0.5) * np.sqrt(12)
    return standing
