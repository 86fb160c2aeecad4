"""What draws picks one way without ruling anything out: targets and adventurousness."""

import numpy as np

from segue.controls import Controls
from segue.features import AUDIO_NAMES
from segue.recommend.candidates import Candidates
from segue.recommend.track_arrays import Floats, Tables

# In standard deviations of the ranking score over the candidates.
TARGET_PULL = 2.0
ADVENTURE_PULL = 2.5


def steer(tables: Tables, candidates: Candidates, ranking: Floats, controls: Controls) -> Floats:
    """Return the scores (C,) by which picks are chosen.

    Without targets and at adventurousness 0 these are the ranking scores (C,) themselves.

    A target costs the distance in standard deviations of the seeds' feature. Adventurousness costs
    popularity: the more playlists hold a song, the more it loses, so that the mean popularity of the picks
    falls steadily from 0 to 1.
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
        known = tables.song_count[candidates.rows]
        if not known.any():  # a bundle without playlists: the far side of the sound is all there is
            known = candidates.scores
        away = (known - known.mean()) / max(float(known.std()), 1e-6)
        chosen = chosen - ADVENTURE_PULL * controls.adventurousness * away
    return chosen.astype(np.float32)
