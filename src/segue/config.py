"""Settings: read once from the environment, then passed down as a value.

| variable | meaning | default |
|---|---|---|
| `SEGUE_DATA_DIR` | catalogues and what is computed from them | the platform's data folder |
| `SEGUE_CONFIG_DIR` | the catalogue in use, the sign-in | the platform's config folder |
| `SEGUE_CATALOGUE` | the catalogue to use, before the one chosen with `segue catalogue use` | - |
| `SEGUE_MODEL` | the bundle to use: `full`, `audio` or a folder | `full` |
| `SEGUE_SPOTIFY_CLIENT_ID` | the client id of your own Spotify app | - |
| `SEGUE_SPOTIFY_API_URL`, `SEGUE_SPOTIFY_ACCOUNTS_URL` | a loopback address, for tests | Spotify |
"""

from pathlib import Path
from typing import Annotated

from platformdirs import user_config_path, user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from segue.errors import SettingsError

SPOTIFY_API_URL = "https://api.spotify.com"
SPOTIFY_ACCOUNTS_URL = "https://accounts.spotify.com"


class Settings(BaseSettings):
    """Everything that the environment decides."""

    model_config = SettingsConfigDict(env_prefix="SEGUE_", frozen=True, extra="ignore")

    data_dir: Path = Field(default_factory=lambda: user_data_path("segue", appauthor=False))
    config_dir: Path = Field(default_factory=lambda: user_config_path("segue", appauthor=False))
    catalogue: Path | None = None
    model: Annotated[str, NoDecode] = "full"
    spotify_client_id: str = ""
    spotify_api_url: str = SPOTIFY_API_URL
    spotify_accounts_url: str = SPOTIFY_ACCOUNTS_URL

    @property
    def chosen_catalogue_file(self) -> Path:
        """The file that remembers what `segue catalogue use` chose."""
        return self.config_dir / "catalogue"


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises
    ------
    SettingsError
        When a variable has a value that we cannot use.

    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "SEGUE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}", hint="Correct or unset the variable.") from error
