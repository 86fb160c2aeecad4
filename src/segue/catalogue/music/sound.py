"""Hearing a music file: its audio features, computed by sonara (extra `files`).

sonara has its own idea of each feature. Tempo, key, mode and length mean the same as elsewhere; the others
are on a scale of its own, see `calibration`. It has no speechiness and no liveness, and the metre that it
finds is wrong more often than right (`docs/catalogue.md`), so these stay unknown.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from segue.features import get_feature
from segue.text.strings import one_line, shorten

LONGEST_S = 1_800.0  # longer is a mix or a book; an hour takes 1.6 GB of memory
_ASKED = ["bpm", "key", "energy", "danceability", "valence", "acousticness", "instrumentalness"]
_SAME_NAME = ("danceability", "energy", "valence", "acousticness", "instrumentalness")
_SILENCE_LUFS = -70.0  # the lowest that the measure knows
_NO_BEAT = 0.05  # of bpm_confidence; a lone tone has .005, noise .5, a drum .7
_PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


class SoundError(Exception):
    """The sound of a file cannot be decoded."""


def analyser_name() -> str:
    """Return what computes the features, with its version: another one may hear otherwise."""
    import sonara  # the extra `files`

    return f"sonara {sonara.__version__}"


def hear(path: str) -> dict[str, float]:
    """Return the audio features of a file that are known, by our names, on sonara's scale.

    Of silence, only the length is known.

    Raises
    ------
    SoundError
        When it cannot be decoded.

    """
    import sonara

    try:
        heard = sonara.analyze_file(path, features=_ASKED, vocalness_model="bundled")
    except Exception as error:  # a broken file makes it fail in any way
        raise SoundError(_reason(path, str(error))) from error
    return to_features(heard)


def to_features(heard: Mapping[str, Any]) -> dict[str, float]:
    """Return our features of what sonara heard; what is not finite or out of range is not known."""
    values = {"duration_ms": float(round(1000 * float(heard["duration_sec"])))}
    loudness = float(heard["loudness_lufs"])
    if loudness > _SILENCE_LUFS:
        values |= {name: float(heard[name]) for name in _SAME_NAME}
        values["loudness"] = min(max(loudness, get_feature("loudness").low), get_feature("loudness").high)
        if float(heard["bpm_confidence"]) >= _NO_BEAT:
            values["tempo"] = float(heard["bpm"])
        if float(heard["key_confidence"]) > 0.0:
            pitch, _, mode = str(heard["key"]).partition(" ")
            values |= {"key": float(_PITCHES.index(pitch)), "mode": float(mode == "major")}
    return {name: value for name, value in values.items() if _is_sound(name, value)}


def _is_sound(name: str, value: float) -> bool:
    feature = get_feature(name)
    return math.isfinite(value) and feature.low <= value <= feature.high


def _reason(path: str, message: str) -> str:
    """Return why, without the path, which is named beside it."""
    staged = re.search(r"codec='([^']*)'.*?stage=\w+\): (.*)", message.replace(path, ""))
    if staged:
        codec, why = staged.groups()
        return shorten(one_line(why if codec == "unknown" else f"{why} ({codec})"), 160)
    why = re.sub(r"^[\w ]*error: (?:: )?", "", message.replace(path, ""), flags=re.IGNORECASE)
    return shorten(one_line(why), 160) or "cannot be decoded"
