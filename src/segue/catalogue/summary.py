"""What a catalogue holds, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segue.catalogue.music import ledger
from segue.catalogue.store import Catalogue


@dataclass(frozen=True, slots=True)
class MusicSummary:
    """How many music files a catalogue has, what heard them, and which features are fitted to Spotify's."""

    files: int
    analysers: tuple[str, ...]
    fitted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many tracks a catalogue has, and for how many of them each field is known."""

    path: str
    revision: str
    size_bytes: int
    tracks: int
    known: Mapping[str, int]
    music: MusicSummary | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the summary as plain values, for JSON."""
        return {
            "path": self.path,
            "revision": self.revision,
            "size_bytes": self.size_bytes,
            "tracks": self.tracks,
            "known": dict(self.known),
            "music": None
            if self.music is None
            else {
                "files": self.music.files,
                "analysers": list(self.music.analysers),
                "fitted": list(self.music.fitted),
            },
        }


def summarise(catalogue: Catalogue) -> Summary:
    """Count what a catalogue holds."""
    return Summary(
        path=str(catalogue.path),
        revision=catalogue.revision,
        size_bytes=catalogue.path.stat().st_size,
        tracks=len(catalogue),
        known=catalogue.count_known(),
        music=_summarise_music(catalogue.path),
    )


def _summarise_music(path: Path) -> MusicSummary | None:
    entries = [entry for entry in ledger.read_entries(path).values() if entry.track_id]
    if not entries:
        return None
    calibrations = ledger.read_calibrations(path).values()
    return MusicSummary(
        files=len(entries),
        analysers=tuple(sorted({entry.analyser for entry in entries})),
        fitted=tuple(sorted(each.feature for each in calibrations if each.knots)),
    )
