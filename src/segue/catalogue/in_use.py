"""Which catalogue is in use: the one named in the environment, the one chosen, or the starter."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from segue.catalogue.starter import starter_catalogue, starter_path
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.errors import CatalogueNotFoundError, InputError, StorageError
from segue.files import written_aside


@dataclass(frozen=True, slots=True)
class InUse:
    """The catalogue in use and who decided it."""

    path: Path
    chosen_by: Literal["option", "SEGUE_CATALOGUE", "use", "default"]


def find_in_use(settings: Settings) -> InUse:
    """Return the catalogue in use; makes the starter catalogue when it is that one.

    Raises
    ------
    CatalogueNotFoundError
        When the one that was named or chosen is not there any more.
    StorageError
        When the starter catalogue cannot be made.

    """
    if settings.catalogue is not None:
        path = settings.catalogue.expanduser()
        return InUse(_check(path, "Correct or unset SEGUE_CATALOGUE."), "SEGUE_CATALOGUE")
    chosen = find_chosen(settings)
    if chosen is not None:
        hint = "Choose another with `segue catalogue use PATH`, or go back: `segue catalogue use starter`."
        return InUse(_check(chosen, hint), "use")
    return InUse(starter_catalogue(settings), "default")


def find_write_target(settings: Settings) -> Path:
    """Return the catalogue that an import fills: the one in use, or, instead of the starter, one's own."""
    own = find_own(settings)
    return own if own is not None else settings.data_dir / "catalogue.sqlite"


def get_own(settings: Settings, named: Path | None) -> Path:
    """Return the catalogue to change: the one that was named, or the one in use.

    Raises
    ------
    InputError
        When it is the starter, which is not written to.
    CatalogueNotFoundError, StorageError
        As `find_in_use` does.

    """
    path = named.expanduser() if named else find_in_use(settings).path
    if path.absolute() == starter_path(settings).absolute():
        raise InputError(
            f"expected a catalogue of your own, got the starter {path}, which is not written to",
            hint="Fill one with `segue catalogue import` or `add`; or name it: --catalogue PATH",
        )
    return path


def find_own(settings: Settings) -> Path | None:
    """Return the catalogue of one's own that is in use, whether or not it is there; None for the starter."""
    return settings.catalogue.expanduser() if settings.catalogue is not None else find_chosen(settings)


def find_catalogue(settings: Settings) -> Path:
    """Return the path of the catalogue in use; raises as `find_in_use` does."""
    return find_in_use(settings).path


def find_chosen(settings: Settings) -> Path | None:
    """Return what `use_catalogue` chose, if anything."""
    try:
        text = settings.chosen_catalogue_file.read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"cannot read {settings.chosen_catalogue_file}: {error}") from error
    return Path(text) if text else None


def use_catalogue(settings: Settings, path: Path | None) -> None:
    """Remember the catalogue to use from now on; None goes back to the starter.

    Raises
    ------
    CatalogueNotFoundError, NotACatalogueError, CatalogueTooNewError
        When the file cannot serve as a catalogue.
    StorageError
        When the choice cannot be written.

    """
    if path is not None:
        path = path.expanduser().absolute()
        Catalogue.open(path).close()
    chosen = settings.chosen_catalogue_file
    try:
        if path is None:
            chosen.unlink(missing_ok=True)
            return
        chosen.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(chosen) as draft:
            draft.write_text(f"{path}\n", "utf-8")
    except OSError as error:
        raise StorageError(
            f"cannot write {chosen}: {error.strerror}", hint="Set SEGUE_CONFIG_DIR to a folder of your own."
        ) from error


def make_room(target: Path) -> None:
    """Make the folder of a catalogue that is to be written.

    Raises
    ------
    StorageError
        When it cannot be made, or `target` is a folder itself.

    """
    if target.is_dir():
        raise StorageError(
            f"expected the file of a catalogue to fill, got the folder {target}",
            hint=f"Name a file in it, for example: --into {shlex.quote(str(target / 'catalogue.sqlite'))}",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the folder {target.parent} of the catalogue cannot be made: {error.strerror}",
            hint="Name a catalogue in a folder of your own: --into PATH",
        ) from error


def use_first(settings: Settings, target: Path) -> bool:
    """Put a first catalogue of one's own in use; return whether that was needed."""
    if find_in_use(settings).path == target:
        return False
    use_catalogue(settings, target)
    return True


def _check(path: Path, hint: str) -> Path:
    if not path.is_file():
        raise CatalogueNotFoundError(f"there is no catalogue at {path}", hint=hint)
    return path
