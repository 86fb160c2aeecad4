"""What `segue doctor` looks at: one function a check, each saying what it found and what to do."""

import os
import shutil
import struct
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from segue.catalogue.connections import find_damage
from segue.catalogue.in_use import find_in_use
from segue.catalogue.store import Catalogue
from segue.config import Settings, find_unknown_variables
from segue.errors import SegueError
from segue.model.bundle import Bundle
from segue.services.protocol import MusicService
from segue.types import Check

_OLDEST_PYTHON = (3, 11)
_LITTLE_SPACE = 1_000_000_000  # bytes; a catalogue of a million tracks with its embeddings takes about this
_NO_SPACE = 100_000_000


@dataclass(frozen=True, slots=True)
class Checkup:
    """One visit of the doctor.

    `full` checks the indexes of the catalogue against its tables too, which takes longer.
    """

    settings: Settings
    services: Sequence[MusicService] = ()
    full: bool = False

    def run(self) -> Iterator[Check]:
        """Yield each check as it is done; the services come last, since they can take some seconds."""
        own: Mapping[str, Callable[[], Check]] = {
            "python": self.python,
            "settings": self.variables,
            "catalogue": self.catalogue,
            "model": self.model,
            "disk": self.disk,
        }
        theirs = (pair for service in self.services for pair in service.checks().items())
        for name, check in chain(own.items(), theirs):
            try:
                yield check()
            except SegueError as error:
                yield Check(name, "broken", error.message, error.hint)

    def python(self) -> Check:
        """Check the interpreter."""
        bits = struct.calcsize("P") * 8
        found = f"Python {'.'.join(map(str, sys.version_info[:3]))}, {bits} bit, segue {version('segue')}"
        if sys.version_info[:2] < _OLDEST_PYTHON or bits < 64:
            return Check("python", "broken", found, "Install a 64-bit Python 3.11 or newer, and segue in it.")
        return Check("python", "ok", found)

    def variables(self) -> Check:
        """Check that no variable of the environment looks like a setting and is none."""
        unknown = find_unknown_variables(os.environ)
        if not unknown:
            return Check("settings", "ok", "every SEGUE_ variable that is set is a setting")
        found = f"{', '.join(unknown)}: set, and no setting of segue"
        meant = [f"{closest} in place of {name}" for name, closest in unknown.items() if closest]
        todo = f"Did you mean {'; '.join(meant)}? " if meant else ""
        return Check("settings", "note", found, f"{todo}docs/commands.md lists all settings.")

    def catalogue(self) -> Check:
        """Check that the catalogue in use opens and is whole, and count its tracks."""
        used = find_in_use(self.settings)
        with Catalogue.open(used.path) as catalogue:
            count = len(catalogue)
        damage = find_damage(used.path, full=self.full)
        if damage:
            todo = (
                "It must be made anew: segue catalogue import FILE --into PATH, then segue catalogue use PATH"
            )
            return Check("catalogue", "broken", f"{used.path} is damaged: {damage}", todo)
        found = f"{count:,} tracks in {used.path}"
        if count == 0:
            return Check("catalogue", "broken", found, "Fill it: segue catalogue import FILE")
        if used.chosen_by == "default":
            todo = "This is the small built-in one. For more songs: segue catalogue import FILE"
            return Check("catalogue", "note", found, todo)
        return Check("catalogue", "ok", found)

    def model(self) -> Check:
        """Check that the bundle in use is whole."""
        bundle = Bundle.open(self.settings.model)
        return Check("model", "ok", f"{bundle.name}, checksums hold, in {bundle.folder}")

    def disk(self) -> Check:
        """Check that there is room, and that we may write."""
        folders = (self.settings.data_dir, self.settings.config_dir)
        for folder in folders:
            if not os.access(_existing(folder), os.W_OK):
                todo = "Make it writable, or set SEGUE_DATA_DIR and SEGUE_CONFIG_DIR to folders of your own."
                return Check("disk", "broken", f"{folder} cannot be written", todo)
        free = min(shutil.disk_usage(_existing(folder)).free for folder in folders)
        found = f"{free / 1e9:.1f} GB free for {self.settings.data_dir}"
        if free < _LITTLE_SPACE:
            todo = "Make room, or set SEGUE_DATA_DIR to a folder on another disk."
            return Check("disk", "broken" if free < _NO_SPACE else "note", found, todo)
        return Check("disk", "ok", found)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that exists."""
    return next((place for place in (folder, *folder.parents) if place.exists()), Path("/"))
