"""What a streaming service or player gives us. One folder beside this file does all of it for one service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from segue.config import Settings
from segue.types import Check, Playlist, Track, TrackReference

CONSENT_TIMEOUT_S = 300.0  # how long a sign-in at a terminal waits for the browser to come back
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


@dataclass(frozen=True, slots=True)
class About:
    """What is always so of a service, for those who speak of it to people.

    Attributes
    ----------
    name
        What people call it; in options and paths it stands in lower case.
    name_length, description_length
        The longest name and description of a list that it takes, in characters.
    key
        What a person must bring to sign in ("client id"), empty for nothing; `get_key` says how to get one.
    permissions
        What a person is asked to agree to, and what each is for.
    permissions_page
        Where that is taken back; empty where there is no such page.

    """

    name: str
    name_length: int
    description_length: int
    key: str = ""
    get_key: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict)
    permissions_page: str = ""

    @property
    def slug(self) -> str:
        """The name as it stands in options and paths."""
        return self.name.casefold()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that works, as far as is known.

    Attributes
    ----------
    user
        Whose it is; None when the service cannot say now, and `problem` then says why.
    ends
        When it ends for good; None for never.
    permissions
        What the person agreed to.
    key
        What the person brought (`About.key`); empty for nothing.

    """

    user: str | None = None
    problem: str = ""
    ends: datetime | None = None
    permissions: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class SignedOut:
    """What was forgotten, and what was not.

    Attributes
    ----------
    was_signed_in
        Whether anyone was.
    unfinished
        How many lists that were begun stay noted, to be finished later.
    key_kept
        Whether what the person brought (`About.key`) stays remembered, see `Access.forget_key`.

    """

    was_signed_in: bool
    unfinished: int = 0
    key_kept: bool = False


class Access(Protocol):
    """The sign-in at a service, on this machine or, in a server, of one browser.

    What goes wrong with it is a `SignInError`; a service that cannot be reached is a `ServiceError`.
    """

    @property
    def is_ready(self) -> bool:
        """Whether someone could sign in without bringing anything."""
        ...

    def check_key(self, text: str) -> str:
        """Return what a person brought, tidied; empty text stands for what is remembered.

        Raises
        ------
        ServiceError
            When it cannot be one, or nothing is remembered; the hint says how to get one.

        """
        ...

    def sign_in(
        self, key: str, *, show: Callable[[str], object], paste: Callable[[], str] | None
    ) -> SignedIn:
        """Sign in the person at this terminal, and keep the sign-in and the key.

        Parameters
        ----------
        key
            As `check_key` returned it.
        show
            Is given the link that the person must open; not called when there is none.
        paste
            Asks for the address that the browser ended at. None to have the browser come back here.

        """
        ...

    def begin(self, address: str) -> str:
        """Return the link for a person in a browser, who comes back to `address` with the answer."""
        ...

    def finish(self, address: str) -> SignedIn:
        """Take the whole address that the browser came back to, once."""
        ...

    def require(self) -> None:
        """Raise `SignInError` when nobody is signed in, as far as can be told without asking the service."""
        ...

    def look_up(self) -> SignedIn:
        """Return who is signed in; asks the service for the name."""
        ...

    def sign_out(self) -> SignedOut:
        """Forget the sign-in, and all that came of it but the marks of lists that were only begun."""
        ...

    def forget_key(self) -> bool:
        """Forget what the person brought; return whether anything was remembered."""
        ...


@dataclass(frozen=True, slots=True)
class NewList:
    """The list that a person wants to have made.

    Attributes
    ----------
    name, description, public
        What it is called, and whether others see it.
    resume
        The link of a list to finish; empty to finish what the same request began, or make one.
    asked_at
        When it was asked for, in seconds since 1970: a list that another run of the same request completes
        after that is this one's, too. 0 for now.

    """

    name: str
    description: str = ""
    public: bool = False
    resume: str = ""
    asked_at: float = 0.0


@dataclass(frozen=True, slots=True)
class SavedList:
    """The list as it stands.

    `added` tracks were added by this run, `present` were there before; `refused` are those that the service
    does not know, or no longer.
    """

    url: str
    name: str
    added: int
    present: int
    refused: tuple[Track, ...] = ()


class MusicService(Protocol):
    """A service as everyone sees it: signs in, reads its links, knows tracks by their ids, finds, and saves.

    Nothing is sent before something of its own is asked for, and nothing it answers outlives the run.
    """

    @property
    def about(self) -> About:
        """What is always so of it."""
        ...

    @property
    def access(self) -> Access:
        """The sign-in."""
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

    def find_tracks(self, tracks: Sequence[Track]) -> Mapping[str, str]:
        """Find tracks of a catalogue at the service: by its own id, else ISRC, else artist and title.

        Returns
        -------
        found
            The service's own id of each track that it has, by `track_id`.

        Raises
        ------
        ServiceError
            When it cannot be asked.

        """
        ...

    def save(self, tracks: Sequence[Track], found: Mapping[str, str], new: NewList) -> SavedList:
        """Make a list of the tracks, in this order, or finish the one that the same request began.

        Parameters
        ----------
        tracks, found
            What it should hold, and what `find_tracks` said of it.
        new
            What it is called, and which one to finish.

        Raises
        ------
        UnfinishedPlaylistError
            When the list exists, or may exist, and is not complete; the hint says how to finish it.
        InputError, ServiceError, StorageError
            When nothing was made.

        """
        ...

    def checks(self) -> Mapping[str, Callable[[], Check]]:
        """Return what a checkup looks at, by name, in order; a check may raise `SegueError` instead."""
        ...


class OpenService(Protocol):
    """Makes a service of settings; what it needs is loaded only when it is asked for something."""

    def __call__(self, settings: Settings, notify: Notify, *, in_memory: bool) -> MusicService:
        """Return the service.

        Parameters
        ----------
        settings
            Where sign-ins are kept.
        notify
            Hears of progress.
        in_memory
            Whether the sign-in is one browser's at a server: then it is kept in memory, and nowhere else.

        """
        ...


def bare_entries(entries: Sequence[TrackReference]) -> list[int]:
    """Return the indices of the entries that say an id and nothing else."""
    return [
        index for index, entry in enumerate(entries) if entry.track_id and not (entry.title or entry.isrc)
    ]
