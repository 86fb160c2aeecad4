"""The starter catalogue: some 34,000 real tracks that come with segue. See NOTICE beside this file."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from segue.catalogue.migrations import SCHEMA_VERSION
from segue.catalogue.store import Catalogue
from segue.catalogue.writer import open_transaction
from segue.config import Settings
from segue.errors import CatalogueError, StorageError

_MAKER = 3  # goes up when the same data would make another catalogue: other keys of names, other columns
_DATA = files(__name__) / "tracks.csv.gz"


def starter_path(settings: Settings) -> Path:
    """Return where the starter catalogue is kept, whether it has been made or not."""
    return settings.data_dir / "starter.sqlite"


@contextmanager
def starter_table() -> Iterator[Path]:
    """Give the table that the starter catalogue is imported from, as a file."""
    with as_file(_DATA) as path:
        yield path


def starter_revision() -> str:
    """Return the revision of the starter catalogue: the same wherever the same data is shipped."""
    return f"starter-{SCHEMA_VERSION}.{_MAKER}-{hashlib.sha256(_DATA.read_bytes()).hexdigest()[:24]}"


def starter_catalogue(settings: Settings) -> Path:
    """Return the path of the starter catalogue; makes it, once, from the data that segue ships.

    Raises
    ------
    StorageError
        When the data folder cannot be written.

    """
    path = starter_path(settings)
    revision = starter_revision()
    if not _is_current(path, revision):
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".starter-") as folder:
                made = Path(folder) / path.name
                _make(made, revision)
                os.replace(made, path)  # noqa: PTH105 - whole or not at all, also when two processes do it
        except OSError as error:
            raise StorageError(
                f"cannot make the starter catalogue in {settings.data_dir}: {error.strerror}",
                hint="Set SEGUE_DATA_DIR to a folder that can be written.",
            ) from error
    return path


def _is_current(path: Path, revision: str) -> bool:
    if not path.exists():
        return False
    try:
        with Catalogue.open(path) as catalogue:
            return catalogue.revision == revision
    except CatalogueError:
        return False


def _make(path: Path, revision: str) -> None:
    # Once in the life of a data folder; every other start need not wait for the readers of all formats.
    from segue.catalogue.import_ import import_files

    with starter_table() as data:
        import_files(path, [data])
    with open_transaction(path) as writer:
        writer.set_revision(revision)
