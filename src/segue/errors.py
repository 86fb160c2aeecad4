"""Every exception that segue raises. One root, so that a caller can catch them all with one name.

An error says what was expected, what came and what to do. `hint` holds the last part, so that the command
line and the page can set it apart. No message ever carries a token or another secret.
"""


class SegueError(Exception):
    """The root of all our exceptions.

    Parameters
    ----------
    message
        What was expected and what came, with the values.
    hint
        What to do about it; empty when there is nothing to do.

    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


# -- what a person gives us ---------------------------------------------------------------------------------


class InputError(SegueError):
    """Something that a person gave cannot be used as it is."""


class PlaylistFormatError(InputError):
    """The text is no playlist in any format that we read, or a broken one."""


class PlaylistTooLongError(PlaylistFormatError):
    """The playlist has more entries, or more bytes, than are read."""


class EmptyPlaylistError(InputError):
    """The playlist holds no tracks."""


class InvalidTrackIdError(InputError):
    """A track id is neither Spotify's (22 base-62 characters) nor a namespaced one (`isrc:...`)."""


class InvalidLinkError(InputError):
    """A link does not lead to what was asked for (track, album, playlist)."""


class InvalidControlsError(InputError):
    """A control is out of its range, contradicts another, or is unknown; or `n` is out of range."""


class NothingFitsError(InvalidControlsError):
    """No track of the catalogue meets all the controls."""


class InvalidFeatureError(InputError):
    """A feature value is missing where it is needed, out of range, not finite, or not a number.

    Attributes
    ----------
    fault
        In few words, for counting: "not a number", "out of range" or "not a whole number".

    """

    def __init__(self, message: str, *, fault: str = "out of range", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.fault = fault


class NoUsableSeeds(InputError):  # noqa: N818 - the public name that callers catch
    """None of the seeds is in the catalogue.

    Attributes
    ----------
    seeds
        The seeds as they were given.
    offer
        The name of a public set (`segue catalogue get`) that would add to a small catalogue; "" for none.

    """

    def __init__(self, message: str, *, seeds: tuple[str, ...] = (), offer: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.seeds = seeds
        self.offer = offer


# -- the catalogue ------------------------------------------------------------------------------------------


class CatalogueError(SegueError):
    """A catalogue cannot be read or written."""


class CatalogueNotFoundError(CatalogueError):
    """There is no file at the path of the catalogue."""


class NotACatalogueError(CatalogueError):
    """The file is not SQLite, or not one of ours."""


class CatalogueTooNewError(CatalogueError):
    """The catalogue was written by a newer version of segue."""


class CatalogueBusyError(CatalogueError):
    """Another process is importing into this catalogue."""


class MatchingStoppedError(SegueError):
    """Matching was given up before its end, because whoever asked for it wants it no more."""


class StorageError(SegueError):
    """The disk is full, the folder is read-only, or a file cannot be written."""


class ImportFormatError(CatalogueError):
    """A file to import has no column that we know, or cannot be parsed at all."""


class DownloadError(CatalogueError):
    """A public set cannot be fetched, or what came is not it."""


class FeatureSourceError(CatalogueError):
    """Features that were to come from elsewhere cannot be had: no answer, a long pause, or an odd one."""


# -- models -------------------------------------------------------------------------------------------------


class BundleError(SegueError):
    """A bundle cannot be used."""


class BundleNotFoundError(BundleError):
    """There is no bundle at this path or of this name."""


class BundleDamagedError(BundleError):
    """A file of the bundle is missing or its checksum is off."""


class BundleMismatchError(BundleError):
    """The bundle was made for another feature specification or format version."""


class TrainingError(SegueError):
    """Training cannot go on: too few usable lists, a missing extra, or a loss that is not finite."""


# -- settings -----------------------------------------------------------------------------------------------


class SettingsError(SegueError):
    """A setting or an environment variable has a value that we cannot use."""


# -- streaming services -------------------------------------------------------------------------------------


class ServiceError(SegueError):
    """Something between us and a streaming service went wrong; the root of those below."""


SpotifyError = ServiceError  # its name while Spotify was the only one


class SpotifySetupError(ServiceError):
    """There is no client id of a Spotify app yet, or Spotify does not know it."""


class SignInError(ServiceError):
    """Nobody is signed in, the sign-in has ended or failed, or it lacks a permission.

    Attributes
    ----------
    nobody
        Whether there is no sign-in at all, rather than one that does not work.

    """

    def __init__(self, message: str, *, nobody: bool = False, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.nobody = nobody


class SpotifyAccessError(ServiceError):
    """Spotify does not let this account read or change what was asked for, or there is no such thing.

    Attributes
    ----------
    status
        What Spotify answered: 403 or 404; 0 when it was not asked.

    """

    def __init__(self, message: str, *, status: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


class SpotifyLimitError(ServiceError):
    """Spotify asks for a longer pause than a run should wait.

    Attributes
    ----------
    retry_after_s
        Seconds until Spotify answers again, as it said; None when it did not say.

    """

    def __init__(self, message: str, *, retry_after_s: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class SpotifyUnreachableError(ServiceError):
    """Spotify did not answer, or answered with a fault of its own, also after a few tries.

    Attributes
    ----------
    may_have_arrived
        Whether Spotify may have acted on the request all the same.

    """

    def __init__(self, message: str, *, may_have_arrived: bool = False, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.may_have_arrived = may_have_arrived


class SpotifyAnswerError(ServiceError):
    """Spotify answered with something that we do not understand.

    Attributes
    ----------
    status
        The HTTP status of the answer; 0 when there is none. In the 400s nothing was done.
    about_track
        Whether Spotify says that a track is the reason: it does not know its id.

    """

    def __init__(self, message: str, *, status: int = 0, about_track: bool = False, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.about_track = about_track


class UnfinishedPlaylistError(ServiceError):
    """A playlist was made, or may have been made, and does not hold all its tracks yet.

    Attributes
    ----------
    url
        The link of the playlist; empty when the service did not tell it to us.

    """

    def __init__(self, message: str, *, url: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.url = url
