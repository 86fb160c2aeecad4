"""What every reader does with what it finds: check it, keep it, skip it, or say what is wrong with it.

A line that is no track does not spoil a list: as long as most lines are good, the others are reported in
`Playlist.skipped`. Where most are bad, we have misread the whole, and guessing on would hide it: an error.
"""

from dataclasses import dataclass

from segue.errors import (
    EmptyPlaylistError,
    InputError,
    InvalidLinkError,
    PlaylistFormatError,
    PlaylistTooLongError,
)
from segue.ids import find_track_id, is_namespaced_id
from segue.playlists.cleaning import count
from segue.text.isrc import find_isrc
from segue.text.links import (
    COLLECTION_HINT,
    NOUNS,
    SPOKEN,
    find_local,
    parse_link,
)
from segue.text.strings import clean, one_line, show
from segue.types import Playlist, TrackReference

MAX_ENTRIES = 100_000
"""The longest playlist that is read; Spotify's own limit is a tenth of it."""
PART_HINT = "Give a part of it: some hundred songs say all there is to know of a taste."
EXPECTED_HINT = (
    'A playlist is: Spotify track links, one a line; lines like "Artist - Title"; or a CSV, M3U, XSPF, JSPF '
    "or JSON file."
)


@dataclass(frozen=True, slots=True)
class Record:
    """What a file says of one entry, as it stands there.

    `links` are texts that may hold the track id: links, URIs, bare ids, file paths. `isrc` is unchecked.
    """

    links: tuple[str, ...] = ()
    isrc: str = ""
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_ms: int | None = None

    def reference(self, place: str, track_id: str = "") -> TrackReference:
        """Return the cleaned reference."""
        return TrackReference(
            track_id=track_id,
            isrc=find_isrc(self.isrc) or find_isrc(track_id),
            title=clean(self.title),
            artist=one_line(self.artist),
            album=clean(self.album),
            duration_ms=self.duration_ms,
            source=place,
        )


class Entries:
    """The entries of one playlist while it is read.

    Parameters
    ----------
    unit
        What one entry of the format is called in messages: "line", "row" or "track".

    """

    def __init__(self, unit: str = "line") -> None:
        self._unit = unit
        self._kept: list[TrackReference] = []
        self._skipped: list[str] = []
        self._faults = 0
        self._first_fault: tuple[str, InputError] | None = None

    def take(self, record: Record, place: str) -> None:
        """Keep an entry by Spotify's id, else by another id, else by what it says; skip podcasts."""
        fault: InputError | None = None
        named = ""
        for text in record.links:
            found = find_track_id(clean(text))
            if found and is_namespaced_id(found):
                named = named or found
                continue
            try:
                link = parse_link(text)
            except InputError as error:
                fault = fault or error
                continue
            if link.kind == "track":
                self.add(record.reference(place, link.id))
                return
            if link.kind in SPOKEN:
                self.skip(place, f"{NOUNS[link.kind]}, not music")
                return
            fault = InvalidLinkError(f"a link to {NOUNS[link.kind]}, not to a track", hint=COLLECTION_HINT)
        if named:
            self.add(record.reference(place, named))
        else:
            self._take_by_name(record, place, fault)

    def _take_by_name(self, record: Record, place: str, fault: InputError | None) -> None:
        reference = record.reference(place)
        local = next((local for text in record.links if (local := find_local(text))), None)
        if reference.title or reference.isrc:
            self.add(reference)
        elif local:
            self.add(
                TrackReference(
                    title=local.title,
                    artist=local.artist,
                    album=local.album,
                    duration_ms=local.duration_ms,
                    source=place,
                )
            )
        elif any("spotify:local:" in text for text in record.links):
            self.skip(place, "a local file without title and artist")
        else:
            self.refuse(place, fault or _nothing_known(record))

    def add(self, reference: TrackReference) -> None:
        """Keep an entry; duplicates are kept too."""
        self._count()
        self._kept.append(reference)

    def skip(self, place: str, why: str) -> None:
        """Leave out something that is in order and yet no music."""
        self._count()
        self._skipped.append(f"{place}: {why}")

    def refuse(self, place: str, error: InputError) -> None:
        """Leave out something that is wrong."""
        self._count()
        self._faults += 1
        self._first_fault = self._first_fault or (place, error)
        self._skipped.append(f"{place}: {error.message}")

    def playlist(self, *, name: str = "", description: str = "") -> Playlist:
        """Return what was read.

        Raises
        ------
        EmptyPlaylistError
            When nothing was found, or only what is no music.
        InputError
            Of the kind of the first fault, when there are more faults than tracks.

        """
        if self._first_fault and self._faults > len(self._kept):
            raise self._summary(*self._first_fault)
        if not self._kept:
            raise _empty(self._skipped)
        return Playlist(tuple(self._kept), clean(name), clean(description), tuple(self._skipped))

    def _count(self) -> None:
        if len(self._kept) + len(self._skipped) >= MAX_ENTRIES:
            raise PlaylistTooLongError(f"expected at most {MAX_ENTRIES:,} entries, got more", hint=PART_HINT)

    def _summary(self, place: str, error: InputError) -> InputError:
        """Return the error for the whole input: the first fault, with how many there are."""
        total = count(self._faults + len(self._kept), self._unit)
        which = f"none of the {total}" if not self._kept else f"only {len(self._kept):,} of {total}"
        message = f"{place}: {error.message}"
        if self._faults > 1 or self._kept:
            message = f"{which} can be read as a track; {message}"
        return type(error)(message, hint=error.hint)


def _nothing_known(record: Record) -> InputError:
    if record.isrc:
        return PlaylistFormatError(
            f"expected an ISRC like GBUM71029604, got {show(record.isrc)}",
            hint="An ISRC is two letters, three letters or digits, and seven digits.",
        )
    return PlaylistFormatError(
        "expected a track id, an ISRC, or a title and an artist, got none of them", hint=EXPECTED_HINT
    )


def _empty(skipped: list[str]) -> EmptyPlaylistError:
    if not skipped:
        return EmptyPlaylistError("the playlist is empty", hint=EXPECTED_HINT)
    return EmptyPlaylistError(
        f"the playlist holds no music; first of {count(len(skipped), 'entry', 'entries')}: {skipped[0]}",
        hint="Give a playlist with songs that Spotify knows.",
    )
