"""What a streaming service or player gives us. One folder beside this file does all of it for one service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from segue.types import Playlist, TrackReference

Notify = Callable[[str], None]


def say_nothing(text: str) -> None:
    """Tell nobody of progress."""


class Link(Protocol):
    """Where a collection of songs lies at a service."""

    @property
    def kind(self) -> str:
        """What it leads to: "playlist", "album", "liked" and the like."""
        ...

    @property
    def id(self) -> str:
        """The service's own id of it; empty where it needs none."""
        ...

    @property
    def url(self) -> str:
        """The public address."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A playlist as it was read, and the link that it came from, if any."""

    playlist: Playlist
    link: Link | None = None


class MusicService(Protocol):
    """A service as the flow sees it: it knows its links, reads lists, and knows tracks by their ids.

    Nothing is sent before something of its own is asked for, and nothing it answers outlives the run.
    """

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def recognise(self, text: str) -> Link | None:
        """Return the collection that the whole of a text is a link to; None for any other text."""
        ...

    def read(self, link: Link) -> Playlist:
        """Return the songs that a link of its own leads to.

        Raises
        ------
        SegueError
            When they cannot be read; the hint names every way round.

        """
        ...

    def can_complete(self) -> bool:
        """Tell, without asking the service, whether `complete` would ask it."""
        ...

    def complete(self, reading: Reading, unknown: Sequence[int]) -> Reading:
        """Fill in artist and title of entries that are known by an id of its own alone.

        Parameters
        ----------
        reading
            What was read.
        unknown
            Indices of the entries whose id the catalogue does not hold and that say nothing else.

        Returns
        -------
        reading
            The same where nobody is signed in, or the service cannot be asked.

        """
        ...


def bare_entries(entries: Sequence[TrackReference]) -> list[int]:
    """Return the indices of the entries that say an id and nothing else."""
    return [
        index for index, entry in enumerate(entries) if entry.track_id and not (entry.title or entry.isrc)
    ]
