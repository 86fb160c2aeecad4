"""What `segue doctor` looks at of Spotify: its hosts, this machine's clock beside theirs, and the sign-in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from segue.errors import SignInError, SpotifyError
from segue.services.spotify import connect
from segue.services.spotify.about import SCOPES
from segue.services.spotify.access import SpotifyAccess
from segue.services.spotify.hosts import check_url
from segue.services.spotify.transport import HttpSender, Request
from segue.types import Check, State

_CLOCK_OFF_S = 300
_ENDS_SOON_DAYS = 14


@dataclass(slots=True)
class SpotifyCheckup:
    """One visit of the doctor. `date_s` is what Spotify's clock said, None when it said nothing."""

    access: SpotifyAccess
    date_s: float | None = None

    def checks(self) -> Mapping[str, Callable[[], Check]]:
        """Return the checks in order: the first asks for the time that the others use."""
        return {"spotify": self.spotify, "clock": self.clock, "sign-in": self.sign_in}

    def spotify(self) -> Check:
        """Check that both hosts answer at all; asks without a token, so a refusal is a good answer."""
        settings = self.access.settings
        hosts = (
            (settings.spotify_accounts_url, "SEGUE_SPOTIFY_ACCOUNTS_URL", "/authorize"),
            (settings.spotify_api_url, "SEGUE_SPOTIFY_API_URL", "/v1/me"),
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
        if self._has_sign_in():
            todo = f"Check {way} Without Spotify, segue still works from files: segue recommend FILE"
            return Check("spotify", "broken", error.message, todo)
        todo = f"segue works without it: segue recommend FILE. For Spotify's links and sign-in: check {way}"
        return Check("spotify", "note", error.message, todo)

    def clock(self) -> Check:
        """Compare this machine's clock with Spotify's."""
        if self.date_s is None:
            return Check("clock", "note", "not compared, since Spotify told no time")
        off_s = self._now() - self.date_s
        if abs(off_s) < _CLOCK_OFF_S:
            return Check("clock", "ok", f"agrees with Spotify's to {max(1, round(abs(off_s)))} s")
        found = f"{_span(abs(off_s))} {'ahead of' if off_s > 0 else 'behind'} Spotify's"
        return Check("clock", "broken", found, "Let the system set the clock by itself (network time).")

    def sign_in(self) -> Check:
        """Check that the sign-in works, and for how long."""
        around = self.access.around()
        try:
            token = connect.get_token(self.access.settings, around)
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
            with connect.open_client(self.access.settings, around) as client:
                client.fetch_user()
        days = (token.dies_on - datetime.fromtimestamp(self._now(), UTC)).days
        found = f"signed in until {token.dies_on:%d %B %Y} ({days} days)"
        if days < _ENDS_SOON_DAYS:
            return Check("sign-in", "note", found, "Run `segue login` again before then.")
        return Check("sign-in", "ok", found)

    def _has_sign_in(self) -> bool:
        """Return whether there is a sign-in; one that cannot be read counts, since someone made it."""
        try:
            return self.access.is_signed_in()
        except SignInError:
            return True

    def _now(self) -> float:
        return self.access.around().timing.now()


def _date_of(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


def _span(seconds: float) -> str:
    if seconds < 2 * 3_600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3_600:.0f} hours" if seconds < 2 * 86_400 else f"{seconds / 86_400:.0f} days"
