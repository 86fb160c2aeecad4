"""What the doctor looks at of Spotify, where no server is needed; `test_doctor_command` has the rest."""

import pytest

from segue.config import Settings
from segue.services.spotify.access import SpotifyAccess
from segue.services.spotify.checkup import SpotifyCheckup
from segue.services.spotify.transport import Timing


def test_the_clock_without_spotifys(settings: Settings) -> None:
    assert SpotifyCheckup(SpotifyAccess(settings)).clock().state == "note"


@pytest.mark.parametrize(("off_s", "state"), [(299, "ok"), (301, "broken"), (-301, "broken")])
def test_the_clock_at_its_limit(settings: Settings, off_s: float, state: str) -> None:
    access = SpotifyAccess(settings, timing=Timing(lambda: 1e9 + off_s, lambda _: None))
    assert SpotifyCheckup(access, date_s=1e9).clock().state == state
