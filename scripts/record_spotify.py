"""Runs login and recommend in a terminal of its own against the fake Spotify; writes an SVG.

Called by record-spotify. Nothing in the picture comes from Spotify: the playlist is made of songs of the
starter catalogue, and the account is made up.
"""

import os
import pty
import re
import select
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from fake_spotify import CLIENT_ID, FakeSpotify  # noqa: E402
from fake_spotify.browser import Browser  # noqa: E402
from fake_spotify.demo import add_catalogue, add_mixed_playlist  # noqa: E402
from segue.catalogue.starter import starter_catalogue  # noqa: E402
from segue.catalogue.store import Catalogue  # noqa: E402
from segue.config import Settings  # noqa: E402

WIDTH, HEIGHT = 118, 50
TITLE = "segue and a stand-in for Spotify (made against tests/fake_spotify, not against Spotify)"
LONG_LINK = re.compile(r"(authorize\?client_id=)\S+")


def run(command: list[str], react: Callable[[str], str]) -> str:
    """Run a command in a terminal; `react` sees all that was shown so far and may return what to type."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ |= {
            "COLUMNS": str(WIDTH),
            "LINES": str(HEIGHT),
            "TERM": "xterm-256color",
            "BROWSER": "true",
        }
        os.execv(sys.executable, [sys.executable, "-m", "segue", *command])  # noqa: S606 - our own program
    shown = ""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65_536)
        except OSError:
            break
        if not data:
            break
        shown += data.decode("utf-8", "replace")
        os.write(terminal, react(shown).encode())
    os.waitpid(child, 0)
    os.close(terminal)
    return shown.replace("\r\n", "\n")


class Person:
    """Sits before the terminal: opens the link once, and says yes once."""

    def __init__(self) -> None:
        self._browser = Browser()
        self._opened = self._answered = False

    def react(self, shown: str) -> str:
        """Do what the terminal asks for."""
        link = re.search(r"http://127\.0\.0\.1:\d+/authorize\S+(?=\r?\n)", shown)
        if link and not self._opened:
            self._opened = True
            self._browser.open(link[0])
        if "in your Spotify account? [Y/n]" in shown and not self._answered:
            self._answered = True
            return "y\n"
        return ""


def tidy(shown: str, fake: FakeSpotify) -> str:
    """Return the text as it stood at the end, without the bars that came and went."""
    lines = [re.split(r"\r|\x1b\[\d*A|\x1b\[2K", line)[-1] for line in shown.split("\n")]
    text = "\n".join(lines).replace(fake.url, "http://127.0.0.1:PORT")
    return LONG_LINK.sub(r"\1...", text).strip("\n")


def shorten(text: str, *, head: int, tail: int) -> str:
    """Leave out the middle of a long output."""
    lines = text.split("\n")
    if len(lines) <= head + tail:
        return text
    return "\n".join([*lines[:head], f"    ... {len(lines) - head - tail} lines more ...", *lines[-tail:]])


def main(target: Path) -> None:
    """Record, and write the picture."""
    with tempfile.TemporaryDirectory() as folder, FakeSpotify() as fake:
        os.environ |= {
            "SEGUE_DATA_DIR": f"{folder}/data",
            "SEGUE_CONFIG_DIR": f"{folder}/config",
            "SEGUE_SPOTIFY_API_URL": fake.url,
            "SEGUE_SPOTIFY_ACCOUNTS_URL": fake.url,
        }
        catalogue = starter_catalogue(Settings())
        add_catalogue(fake.world, catalogue)
        with Catalogue.open(catalogue) as opened:
            tracks = opened.find_by_genre("deep-house", limit=24)
        source = add_mixed_playlist(fake.world, "Friday night", tracks)
        link = f"https://open.spotify.com/playlist/{source.playlist_id}?si=4f2a"
        console = Console(record=True, width=WIDTH, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        for words, head, tail in (
            (["login", "--client-id", CLIENT_ID], 99, 0),
            (["recommend", link], 21, 9),
        ):
            shown = tidy(run(words, Person().react), fake)
            console.print(Text.assemble(("$ ", "bold green"), (f"segue {' '.join(words)}", "bold")))
            console.print(Text.from_ansi(shorten(shown, head=head, tail=tail)), soft_wrap=True)
            console.print()
    target.parent.mkdir(parents=True, exist_ok=True)
    picture = console.export_svg(title=TITLE)
    # Fonts are taken from the reader's own machine, not from another host.
    target.write_text(re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL), "utf-8")
    print(f"{target}: {target.stat().st_size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
