"""Adding a public set to a catalogue: fetch, import, clean up."""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from segue.catalogue.get.download import Download, fetch_file
from segue.catalogue.get.registry import PublicSet
from segue.catalogue.import_ import ImportReport, import_files
from segue.catalogue.import_.importer import Progress
from segue.catalogue.in_use import find_write_target, make_room, use_first
from segue.catalogue.starter import starter_table
from segue.config import Settings
from segue.errors import ImportFormatError


@dataclass(frozen=True, slots=True)
class Target:
    """The catalogue to add to.

    Attributes
    ----------
    path
        Its file; it is made when there is none.
    with_starter
        Whether the tracks of the starter catalogue go into it too.

    """

    path: Path
    with_starter: bool = False


def download_folder(settings: Settings, wanted: PublicSet) -> Path:
    """Return where a set is kept between its download and its import."""
    return settings.data_dir / "downloads" / wanted.name


def add_set(
    wanted: PublicSet, target: Target, download: Download, *, progress: Progress | None = None
) -> ImportReport:
    """Fetch a set and import it; what was fetched is deleted afterwards.

    Raises
    ------
    DownloadError, StorageError, CatalogueBusyError
        When it cannot be fetched or imported; the same call goes on where this one stopped.
    ImportFormatError
        When what was fetched is no table of tracks; it is deleted.

    """
    path = fetch_file(wanted, download)
    with ExitStack() as stack:
        before = [stack.enter_context(starter_table())] if target.with_starter else []
        try:
            report = import_files(
                target.path, [*before, path], mapping=dict(wanted.mapping), progress=progress
            )
        except ImportFormatError:
            path.unlink(missing_ok=True)
            raise
    shutil.rmtree(download.folder, ignore_errors=True)
    return report


def add_to_own(
    settings: Settings, wanted: PublicSet, download: Download, *, progress: Progress | None = None
) -> ImportReport:
    """Fetch a set into the catalogue in use; instead of the starter, into one's own, which is then in use.

    A first catalogue of one's own takes the starter's place, so it gets the starter's songs too. Raises as
    `add_set` does.
    """
    path = find_write_target(settings)
    make_room(path)
    report = add_set(wanted, Target(path, with_starter=not path.exists()), download, progress=progress)
    use_first(settings, path)
    return report
