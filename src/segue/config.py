"""Settings: read once from the environment, then passed down as a value.

| variable | meaning | default |
|---|---|---|
| `SEGUE_DATA_DIR` | catalogues and what is computed from them | the platform's data folder |
| `SEGUE_CONFIG_DIR` | the catalogue in use, the sign-in | the platform's config folder |
| `SEGUE_CATALOGUE` | the catalogue to use, before the one chosen with `segue catalogue use` | - |
| `SEGUE_MODEL` | the bundle to use: `full`, `audio` or a folder | `full` |
| `SEGUE_SPOTIFY_CLIENT_ID` | the client id of your own Spotify app | - |
| `SEGUE_SPOTIFY_API_URL`, `SEGUE_SPOTIFY_ACCOUNTS_URL` | a loopback address, for tests | Spotify |
| `SEGUE_RECCOBEATS_URL` | a loopback address, for tests | ReccoBeats |

A variable that is set to nothing counts as not set. The settings are a plain dataclass, since every command
reads them: a validating library took a fifth of a second to load, for texts and paths that need no check.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path

from platformdirs import user_config_path, user_data_path

SPOTIFY_API_URL = "https://api.spotify.com"
SPOTIFY_ACCOUNTS_URL = "https://accounts.spotify.com"
RECCOBEATS_URL = "https://api.reccobeats.com"
_PREFIX = "SEGUE_"
# Read by the tests and scripts of segue itself, see docs/commands.md.
_OF_DEVELOPERS = ("SEGUE_SHARED_DATA",)
_OF_TESTS = "SEGUE_TEST_"


def _text(name: str, default: str) -> Callable[[], str]:
    return lambda: os.environ.get(name) or default


def _folder(name: str, default: Callable[[], Path]) -> Callable[[], Path]:
    return lambda: Path(os.environ[name]) if os.environ.get(name) else default()


def _path(name: str) -> Callable[[], Path | None]:
    return lambda: Path(os.environ[name]) if os.environ.get(name) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that the environment decides. What is not given is read from there."""

    data_dir: Path = field(
        default_factory=_folder("SEGUE_DATA_DIR", lambda: user_data_path("segue", appauthor=False))
    )
    config_dir: Path = field(
        default_factory=_folder("SEGUE_CONFIG_DIR", lambda: user_config_path("segue", appauthor=False))
    )
    catalogue: Path | None = field(default_factory=_path("SEGUE_CATALOGUE"))
    model: str = field(default_factory=_text("SEGUE_MODEL", "full"))
    spotify_client_id: str = field(default_factory=_text("SEGUE_SPOTIFY_CLIENT_ID", ""))
    spotify_api_url: str = field(default_factory=_text("SEGUE_SPOTIFY_API_URL", SPOTIFY_API_URL))
    spotify_accounts_url: str = field(
        default_factory=_text("SEGUE_SPOTIFY_ACCOUNTS_URL", SPOTIFY_ACCOUNTS_URL)
    )
    reccobeats_url: str = field(default_factory=_text("SEGUE_RECCOBEATS_URL", RECCOBEATS_URL))

    @property
    def decisions_file(self) -> Path:
        """The file that remembers what a person decided in `segue match`."""
        return self.data_dir / "decisions.sqlite"

    @property
    def chosen_catalogue_file(self) -> Path:
        """The file that remembers what `segue catalogue use` chose."""
        return self.config_dir / "catalogue"


def load_settings() -> Settings:
    """Read the settings from the environment."""
    return Settings()


def setting_names() -> tuple[str, ...]:
    """Return the variables that decide something, in the order of the settings."""
    return tuple(_PREFIX + setting.name.upper() for setting in fields(Settings))


def find_unknown_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that look like ours and are none, each with the closest of ours; "" for none."""
    known = setting_names()
    unknown = (
        name
        for name in environ
        if name.startswith(_PREFIX)
        and name not in known
        and name not in _OF_DEVELOPERS
        and not name.startswith(_OF_TESTS)
    )
    return {name: next(iter(get_close_matches(name, known, n=1)), "") for name in sorted(unknown)}
