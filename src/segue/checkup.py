"""What `segue doctor` looks at: one function a check, each saying what it found and what to do."""

import os
import shutil
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from segue.catalogue.connections import find_damage
from segue.catalogue.in_use import find_in_use
from segue.catalogue.store import Catalogue
from segue.config import Settings, find_unknown_variables
from segue.errors import SegueError, SignInError, SpotifyError
from segue.model.bundle import Bundle
from segue.services.spotify import connect
from segue.services.spotify.auth import SCOPES
from segue.services.spotify.hosts import check_url
from segue.services.spotify.transport import HttpSender, Request, Timing

State = Literal["ok", "note", "broken"]

_OLDEST_PYTHON = (3, 11)
_LITTLE_SPACE = 1_000_000_000  # bytes; a catalogue of a million tracks with its embeddings takes about this
_NO_SPACE = 100_000_000
_CLOCK_OFF_S = 300
_ENDS_SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found. `todo` is empty when there is nothing to do."""

    name: str
    state: State
    found: str
    todo: str = ""


@dataclass(slots=True)
class Checkup:
    """One visit of the doctor. `date_s` is what Spotify's clock said, None when it said nothing.

    `full` checks the indexes of the catalogue against its tables too, which takes longer.
    """

    settings: Settings
    timing: Timing = field(default_factory=Timing)
    date_s: float | None = None
    full: bool = False

    def run(self) -> Iterator[Check]:
        """Yield each check as it is done; Spotify comes last, since it can take some seconds."""
        checks: tuple[tuple[str, Callable[[], Check]], ...] = (
            ("python", self.python),
            ("settings", self.variables),
            ("catalogue", self.catalogue),
            ("model", self.model),
            ("disk", self.disk),
            ("spotify", self.spotify),
            ("clock", self.clock),
            ("sign-in", self.sign_in),
        )
        for name, check in checks:
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

    def spotify(self) -> Check:
        """Check that both hosts answer at all; asks without a token, so a refusal is a good answer."""
        hosts = (
            (self.settings.spotify_accounts_url, "SEGUE_SPOTIFY_ACCOUNTS_URL", "/authorize"),
            (self.settings.spotify_api_url, "SEGUE_SPOTIFY_API_URL", "/v1/me"),
        )
        urls = [check_url(url, setting=setting) for url, setting, _ in hosts]
        for url, (_, _, path) in zip(urls, hosts, strict=True):
            sender = HttpSender(url)
            try:
                headers = sender.send(Request("GET", path)).headers
            except SpotifyError as error:
                return self._unreached(error)
            finally:
                sender.close()
            self.date_s = _date_of(headers.get("date", ""))
        return Check("spotify", "ok", f"{' and '.join(url.partition('//')[2] for url in urls)} answer")

    def _unreached(self, error: SpotifyError) -> Check:
        """Weigh that Spotify cannot be reached: who has not signed in does not need it."""
        way = "the connection, the proxy (HTTPS_PROXY) and the firewall."
        if _is_signed_in(self.settings):
            todo = f"Check {way} Without Spotify, segue still works from files: segue recommend FILE"
            return Check("spotify", "broken", error.message, todo)
        todo = f"segue works without it: segue recommend FILE. For Spotify's links and sign-in: check {way}"
        return Check("spotify", "note", error.message, todo)

    def clock(self) -> Check:
        """Compare this machine's clock with Spotify's."""
        if self.date_s is None:
            return Check("clock", "note", "not compared, since Spotify told no time")
        off_s = self.timing.now() - self.date_s
        if abs(off_s) < _CLOCK_OFF_S:
            return Check("clock", "ok", f"agrees with Spotify's to {max(1, round(abs(off_s)))} s")
        found = f"{_span(abs(off_s))} {'ahead of' if off_s > 0 else 'behind'} Spotify's"
        return Check("clock", "broken", found, "Let the system set the clock by itself (network time).")

    def sign_in(self) -> Check:
        """Check that the sign-in works, and for how long."""
        try:
            token = connect.get_token(self.settings)
        except SignInError as error:
            state: State = "note" if error.nobody else "broken"
            found = error.message
            todo = f"{error.hint} Only needed for Spotify links and for saving to Spotify."
            return Check("sign-in", state, found, todo if state == "note" else error.hint)
        missing = [scope for scope in SCOPES if scope not in token.scopes]
        if missing:
            return Check(
                "sign-in", "note", f"lacks {', '.join(missing)}", "Run `segue login` again, agree to all."
            )
        if self.date_s is not None:
            with connect.open_client(self.settings, connect.Surroundings(timing=self.timing)) as client:
                client.fetch_user()
        days = (token.dies_on - datetime.fromtimestamp(self.timing.now(), UTC)).days
        found = f"signed in until {token.dies_on:%d %B %Y} ({days} days)"
        if days < _ENDS_SOON_DAYS:
            return Check("sign-in", "note", found, "Run `segue login` again before then.")
        return Check("sign-in", "ok", found)


def _is_signed_in(settings: Settings) -> bool:
    """Return whether there is a sign-in; one that cannot be read counts, since someone made it."""
    try:
        return connect.store_of(settings).load() is not None
    except SignInError:
        return True


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that exists."""
    return next((place for place in (folder, *folder.parents) if place.exists()), Path("/"))


def _date_of(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


def _span(seconds: float) -> str:
    if seconds < 2 * 3_600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3_600:.0f} hours" if seconds < 2 * 86_400 else f"{seconds / 86_400:.0f} days"
