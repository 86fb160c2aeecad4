"""A new playlist as people and programs take it: as JSON, a data frame, a file, a table in a notebook."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from segue import types
from segue.app import Answer
from segue.errors import SettingsError, StorageError
from segue.files import written_aside
from segue.playlists.json import SCHEMA, track_to_json
from segue.playlists.read import format_of, write_playlist
from segue.types import Match, Recommendation

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Result(types.Result):
    """A new playlist, how the one given was found, and what there is to say of it.

    Attributes
    ----------
    tracks
        The picks, in playing order.
    unmatched
        What the catalogue does not hold, as it was given.
    seeds
        The tracks that were found and listened to.
    matches
        How each entry that was given was found.
    notes
        What the picks do not show by themselves.
    name
        The name of the playlist given, when it has one.

    """

    matches: tuple[Match, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = ""

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return the result of a run of the flow."""
        found, name = answer.result, answer.reading.playlist.name
        return cls(found.tracks, answer.unmatched, found.seeds, answer.matches, answer.notes, name)

    def to_dict(self) -> dict[str, Any]:
        """Return what `segue recommend --json` prints, as values that JSON can hold."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "tracks": [_pick_to_dict(pick) for pick in self.tracks],
            "unmatched": [_missing_to_dict(match) for match in self.matches if not match.tracks],
            "entries": [entry_to_json(match) for match in self.matches],
            "notes": list(self.notes),
        }

    def to_pandas(self) -> "pd.DataFrame":
        """Return one row a pick, with a column for each field, feature and score.

        Raises
        ------
        SettingsError
            When pandas is not installed, which segue does not need for anything else.

        """
        try:
            import pandas as pd
        except ImportError as error:
            raise SettingsError(
                "to_pandas needs pandas, which is not installed", hint="pip install pandas"
            ) from error
        rows = []
        for pick in self.tracks:
            row = _pick_to_dict(pick) | {"artist": pick.artist, "reasons": "; ".join(map(str, pick.reasons))}
            rows.append({**row, **dict(pick.track.features)})
        return pd.DataFrame(rows)

    def save(self, path: str | Path) -> Path:
        """Write the picks as a playlist file, in the format that its ending names, and return its path.

        Raises
        ------
        PlaylistFormatError
            When the ending names no format that we write.
        StorageError
            When the file cannot be written.

        """
        target = Path(path).expanduser()
        tracks = [pick.track for pick in self.tracks]
        write_aside(target, write_playlist(tracks, format_of(str(target)), name=self.name or "segue"))
        return target

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{number}</td><td>{escape(pick.name)}</td><td>{escape(pick.artist)}</td>"
            f"<td>{escape('; '.join(map(str, pick.reasons[:2])))}</td></tr>"
            for number, pick in enumerate(self.tracks, 1)
        )
        return f"<table><thead><tr><th>#<th>Title<th>Artist<th>Why</tr></thead><tbody>{rows}</tbody></table>"


def _pick_to_dict(pick: Recommendation) -> dict[str, Any]:
    return {
        **track_to_json(pick.track),
        "retrieval_score": round(float(pick.retrieval_score), 5),
        "ranking_score": round(float(pick.ranking_score), 5),
        "song_year": pick.song_year,
        "reasons": [
            {"kind": reason.kind, "text": reason.text, "seeds": list(reason.seeds)} for reason in pick.reasons
        ],
    }


def entry_to_json(match: Match) -> dict[str, Any]:
    """Return what one line became, as `segue match --json`, `recommend --json` and the API tell it."""
    return {
        "given": str(match.reference),
        "source": match.reference.source,
        "track": track_to_json(match.track) if match.track else None,
        "songs": [track_to_json(track) for track in match.songs],
        "confidence": round(match.confidence, 4),
        "method": match.method,
        "is_doubtful": match.is_doubtful,
        "others": [
            {**track_to_json(track), "confidence": round(confidence, 4)}
            for track, confidence in match.closest
            if track != match.track
        ],
    }


def _missing_to_dict(match: Match) -> dict[str, Any]:
    closest = [
        {"track_id": track.track_id, "name": track.name, "artist": track.artist, "confidence": sure}
        for track, sure in match.closest
    ]
    return {"reference": str(match.reference), "closest": closest}


def write_aside(target: Path, text: str) -> None:
    """Write a text file whole or not at all: beside its place first, then moved there.

    What is no plain file (a pipe, `/dev/stdout`) is written to as it is.

    Raises
    ------
    StorageError
        When it cannot be written; what stood there before still does.

    """
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8", newline="")
            return
        with written_aside(target) as draft:
            draft.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise StorageError(
            f"cannot write {target}: {error.strerror}", hint="Choose another place."
        ) from error
