"""How errors end a command: a complete table from our exceptions to exit codes, and how they are shown."""

from segue import errors
from segue.errors import SegueError
from segue.text.strings import clean

# 1 is left to "found nothing" and to Python itself, 2 to wrong usage.
EXIT_CODES: dict[type[SegueError], int] = {
    errors.SegueError: 70,
    errors.InputError: 3,
    errors.PlaylistFormatError: 3,
    errors.PlaylistTooLongError: 3,
    errors.EmptyPlaylistError: 3,
    errors.InvalidTrackIdError: 3,
    errors.InvalidLinkError: 3,
    errors.InvalidControlsError: 3,
    errors.NothingFitsError: 3,
    errors.InvalidFeatureError: 3,
    errors.NoUsableSeeds: 4,
    errors.CatalogueError: 5,
    errors.CatalogueNotFoundError: 5,
    errors.NotACatalogueError: 5,
    errors.CatalogueTooNewError: 5,
    errors.CatalogueBusyError: 6,
    errors.ImportFormatError: 3,
    errors.DownloadError: 11,
    errors.FeatureSourceError: 12,
    errors.MatchingStoppedError: 6,
    errors.StorageError: 7,
    errors.BundleError: 8,
    errors.BundleNotFoundError: 8,
    errors.BundleDamagedError: 8,
    errors.BundleMismatchError: 8,
    errors.TrainingError: 9,
    errors.SettingsError: 10,
    errors.ServiceError: 20,
    errors.SpotifySetupError: 21,
    errors.SignInError: 22,
    errors.SpotifyAccessError: 23,
    errors.SpotifyLimitError: 24,
    errors.SpotifyUnreachableError: 25,
    errors.SpotifyAnswerError: 26,
    errors.UnfinishedPlaylistError: 27,
}


def exit_code(error: SegueError) -> int:
    """Return the exit code of an error; that of its nearest listed base when it is not listed itself."""
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)


def show_error(error: SegueError) -> None:
    """Print the message, and what to do about it, to standard error."""
    from rich.console import Console  # not before something is wrong: it takes a twentieth of a second
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    console.print(Text.assemble(("error: ", "bold red"), clean(error.message)), soft_wrap=True)
    if error.hint:
        console.print(Text(clean(error.hint)), soft_wrap=True)
