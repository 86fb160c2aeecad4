"""Adding music files to a catalogue: their tags and what they sound like.

What is done is stored every few seconds, each time in one transaction, so a run that is stopped or killed
goes on where it was. A file that has the size and the time of change that are noted is not read again.
"""

import hashlib
import os
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from segue.catalogue.music import ledger
from segue.catalogue.music.calibration import apply_calibrations
from segue.catalogue.music.ledger import Calibration, Entry
from segue.catalogue.music.sound import analyser_name
from segue.catalogue.music.tags import Tags
from segue.catalogue.music.walk import ENDINGS, MusicFile, find_music
from segue.catalogue.music.workers import Heard, hear_all
from segue.catalogue.row_codec import check_track, merge, to_values
from segue.catalogue.writer import open_transaction
from segue.errors import InputError
from segue.text.strings import clean, one_line
from segue.types import Track

STORE_AFTER_S = 10.0
STORE_AFTER_FILES = 200
_NAME_LENGTH = 150  # characters of a file's name in its id
Names = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class AddOptions:
    """How to add music.

    Attributes
    ----------
    jobs
        How many processes read files.
    names_of
        Says title, artist and album of a path, for files without such tags.
    progress
        Told the files done and in all.

    """

    jobs: int
    names_of: Callable[[str], Names]
    progress: Callable[[int, int], None] = lambda _done, _total: None


@dataclass(slots=True)
class AddReport:
    """What was done so far.

    Attributes
    ----------
    files
        All that were found.
    unchanged
        Those that were not read, since they are as they were.
    added, updated
        Tracks.
    unheard
        Files that are in the catalogue by their tags alone: (path, why).
    left_out
        Files and folders that are not: (path, why).
    usable
        Files that are in the catalogue.

    """

    files: int
    unchanged: int = 0
    added: int = 0
    updated: int = 0
    unheard: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    usable: int = 0

    def note(self, entry: Entry) -> None:
        """Count a file, and name it when it has a problem."""
        self.usable += bool(entry.track_id)
        if entry.problem:
            (self.unheard if entry.track_id else self.left_out).append((entry.path, entry.problem))


def add_music(catalogue: Path, roots: Sequence[Path], options: AddOptions) -> AddReport:
    """Add the music files of folders to a catalogue, which is made when there is none.

    Raises
    ------
    InputError
        When a root is not there, holds no music file, or the extra `files` is not installed.
    CatalogueBusyError, StorageError, NotACatalogueError, CatalogueTooNewError
        As `writer.open_transaction` does; what was stored before stays.

    """
    analyser = _check_extra()
    found = find_music(roots)
    if not found.files and not found.problems:
        told = ", ".join(str(root) for root in roots)
        raise InputError(
            f"no music files in {told}", hint=f"They end in one of: {', '.join(sorted(ENDINGS))}"
        )
    known = ledger.read_entries(catalogue)
    todo = [file for file in found.files if not _is_as_before(file, known.get(file.path), analyser)]
    report = AddReport(len(found.files), len(found.files) - len(todo), left_out=list(found.problems))
    for file in set(found.files) - set(todo):
        report.note(known[file.path])
    run = _Run(catalogue, analyser, ledger.read_calibrations(catalogue), options, report)
    if todo:
        run.read(todo)
    report.unheard.sort()
    report.left_out.sort()
    return report


def to_track_id(tags: Tags, path: str) -> str:
    """Return the id of a file's track: its ISRC, its MusicBrainz id, or one of its path.

    >>> to_track_id(Tags(), "/music/Queen/01 Innuendo.flac")
    'file:f2ee27f32e8a/01 Innuendo.flac'
    """
    if tags.isrc:
        return f"isrc:{tags.isrc}"
    if tags.mbid:
        return f"mbid:{tags.mbid}"
    folded = hashlib.blake2b(os.fsencode(path), digest_size=6).hexdigest()
    name = unicodedata.normalize("NFC", os.fsencode(os.path.basename(path)).decode("utf-8", "replace"))  # noqa: PTH119
    shown = "".join(char if char.isprintable() else "_" for char in name)
    return f"file:{folded}/{shown[-_NAME_LENGTH:].strip()}"


@dataclass(slots=True)
class _Run:
    """One run: what it was told, and what waits to be stored."""

    catalogue: Path
    analyser: str
    calibrations: Mapping[str, Calibration]
    options: AddOptions
    report: AddReport
    waiting: list[tuple[Track | None, Entry]] = field(default_factory=list)

    def read(self, files: Sequence[MusicFile]) -> None:
        """Read files and store what they hold; Ctrl+C stores what is read and stops."""
        stored_at = time.monotonic()
        with closing(hear_all(files, self.options.jobs)) as heard:
            try:
                for done, (file, each) in enumerate(heard, 1):
                    self.waiting.append(self._take(file, each))
                    late = time.monotonic() - stored_at > STORE_AFTER_S
                    if late or len(self.waiting) >= STORE_AFTER_FILES:
                        self._store()
                        stored_at = time.monotonic()
                    self.options.progress(done, len(files))
            except KeyboardInterrupt:
                self._store()
                raise
        self._store()

    def _take(self, file: MusicFile, heard: Heard) -> tuple[Track | None, Entry]:
        """Return the track of a file, None when nothing is known of it, and what to note of the file."""
        entry = Entry(file.path, file.size, file.mtime_ns, self.analyser, sound=heard.sound)
        if heard.problem and (heard.tags is None or not heard.tags.title):
            reason = "the file is empty" if file.size == 0 else heard.problem
            entry = replace(entry, problem=reason, sound={})
            self.report.note(entry)
            return None, entry
        tags = heard.tags or Tags()
        title, artist, album = self.options.names_of(_as_text(file.path)) if not tags.title else ("", "", "")
        track = Track(
            to_track_id(tags, file.path),
            tags.title or one_line(title),
            tags.artists or ((one_line(artist),) if artist else ()),
            tags.album or one_line(album),
            tags.isrc,
            tags.release_date,
            genre=tags.genre,
            features=apply_calibrations(heard.sound, self.calibrations),
        )
        entry = replace(entry, track_id=track.track_id, problem=heard.problem)
        self.report.note(entry)
        return check_track(track), entry

    def _store(self) -> None:
        """Store what waits, in one transaction.

        What a track has from elsewhere stays: another's measure of a feature is not replaced by ours.
        """
        if not self.waiting:
            return
        with open_transaction(self.catalogue) as writer:
            ledger.prepare(writer.connection)
            tracks = {track.track_id: track for track, _ in self.waiting if track is not None}
            stored = writer.find_stored(list(tracks))
            owned = ledger.find_owned(writer.connection, list(tracks)) | (tracks.keys() - stored.keys())
            writer.upsert(
                [
                    to_values(track) if track_id in owned else merge(to_values(track), stored[track_id])
                    for track_id, track in tracks.items()
                ]
            )
            entries = [replace(entry, owned=entry.track_id in owned) for _, entry in self.waiting]
            ledger.write_entries(writer.connection, entries)
        self.report.added += writer.added
        self.report.updated += writer.updated
        self.waiting.clear()


def _is_as_before(file: MusicFile, known: Entry | None, analyser: str) -> bool:
    return known is not None and (known.size, known.mtime_ns, known.analyser) == (
        file.size,
        file.mtime_ns,
        analyser,
    )


def _as_text(path: str) -> str:
    return clean(os.fsencode(path).decode("utf-8", "replace"))


def _check_extra() -> str:
    """Return the analyser's name; say what to install where it is missing."""
    try:
        import mutagen  # noqa: F401

        return analyser_name()
    except ImportError as error:
        raise InputError(
            f"music files are read by the extra 'files' ({error.name} is not installed)",
            hint="Install it: pip install '.[files]'",
        ) from error
