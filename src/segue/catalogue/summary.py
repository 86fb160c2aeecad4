"""What a catalogue holds, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from segue.catalogue.store import Catalogue


@dataclass(frozen=True, slots=True)
class Summary:
    """How many tracks a catalogue has, and for how many of them each field is known."""

    path: str
    revision: str
    size_bytes: int
    tracks: int
    known: Mapping[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return the summary as plain values, for JSON."""
        return {
            "path": self.path,
            "revision": self.revision,
            "size_bytes": self.size_bytes,
            "tracks": self.tracks,
            "known": dict(self.known),
        }


def summarise(catalogue: Catalogue) -> Summary:
    """Count what a catalogue holds."""
    return Summary(
        path=str(catalogue.path),
        revision=catalogue.revision,
        size_bytes=catalogue.path.stat().st_size,
        tracks=len(catalogue),
        known=catalogue.count_known(),
    )
