"""`segue match` as a person and as a program use it; the decisions hold in all four ways afterwards."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from made_tracks import make_id, make_track
from segue.catalogue.store import Catalogue
from segue.cli.main import app
from segue.config import Settings
from segue.recommender import Recommender
from segue.types import Track
from serving.fixtures import StartServer

NAMES = (
    ("Enter Sandman", "Metallica"),
    ("Starlight", "Muse"),
    ("Hysteria", "Muse"),
    ("Группа крови", "Кино"),
    ("Звезда по имени Солнце", "Кино"),
    ("Africa", "Toto"),
)
# Found; in doubt; not found, though something is near; not found, and nothing is.
LIST = "Muse - Starlight\nMetallicca - Enter Sandmen\nКино - Группа\nNobody - Nothing At All\n"


def made(number: int) -> Track:
    title, artist = NAMES[number]
    return make_track(number, name=title, artists=(artist,), isrc="")


@pytest.fixture
def catalogue(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "few.sqlite"
    with Catalogue.create(path) as few:
        few.upsert([*map(made, range(len(NAMES))), *map(make_track, range(10, 60))])
    monkeypatch.setenv("SEGUE_CATALOGUE", str(path))
    assert settings.decisions_file.parent == Path(os.environ["SEGUE_DATA_DIR"])
    return path


@pytest.fixture
def playlist(tmp_path: Path) -> Path:
    path = tmp_path / "list.txt"
    path.write_text(LIST, "utf-8")
    return path


class Person:
    """Sits at a terminal of `segue match` and types."""

    def __init__(self, *words: str) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "segue", "match", *words],
            stdin=slave, stderr=slave, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.unread = ""

    def wait_for(self, text: str, patience_s: float = 60.0) -> None:
        """Read until a text is on the screen, after all that was waited for before."""
        until = time.monotonic() + patience_s
        while text not in self.unread:
            assert time.monotonic() < until, f"waited for {text!r}, saw {self.unread!r}"
            if select.select([self.master], [], [], 0.5)[0]:
                try:
                    self.unread += os.read(self.master, 4096).decode("utf-8", "replace")
                except OSError:  # the terminal was closed
                    raise AssertionError(f"ended before {text!r}: {self.unread!r}") from None
        self.unread = self.unread.partition(text)[2]

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def end(self) -> tuple[int, str]:
        """Return exit code and standard output."""
        output, _ = self.process.communicate(timeout=120)
        return self.process.returncode, output.decode("utf-8")

    def leave(self) -> None:
        """End what is still running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        os.close(self.master)


@pytest.fixture
def sit_down() -> Iterator[Callable[..., Person]]:
    """Start `segue match` at a terminal of its own."""
    with ExitStack() as stack:

        def start(*words: str) -> Person:
            person = Person(*words)
            stack.callback(person.leave)
            return person

        yield start


def entries(*words: str) -> list[dict[str, object]]:
    result = CliRunner().invoke(app, ["match", *words, "--json"])
    assert result.exit_code == 0, result.output
    value = json.loads(result.stdout)
    assert value["schema"] == 1
    return list(value["entries"])


def test_as_json(catalogue: Path, playlist: Path) -> None:
    found, doubtful, near, missing = entries(str(playlist))
    assert found["given"] == "Muse - Starlight"
    assert found["track"]["track_id"] == make_id(1)  # type: ignore[index]
    assert (found["confidence"], found["is_doubtful"], found["others"]) == (0.97, False, [])
    assert doubtful["track"] or doubtful["others"]
    assert near["others"][0]["track_id"] == make_id(3)  # type: ignore[index]
    assert 0 < near["others"][0]["confidence"] < 1  # type: ignore[index]
    assert (missing["track"], missing["confidence"], missing["others"]) == (None, 0.0, [])


def test_without_a_terminal_nothing_is_asked(catalogue: Path, playlist: Path, settings: Settings) -> None:
    result = CliRunner().invoke(app, ["match", str(playlist)])
    assert result.exit_code == 0, result.output
    assert "  Muse - Starlight -> Muse - Starlight" in result.stdout
    assert "- Nobody - Nothing At All: not found" in result.stdout
    assert not settings.decisions_file.exists()


def test_a_person_chooses_and_it_holds_from_then_on(
    catalogue: Path, playlist: Path, sit_down: Callable[..., Person]
) -> None:
    person = sit_down(str(playlist))
    person.wait_for("1/3  Metallicca - Enter Sandmen")
    person.wait_for("> ")
    person.type("9\n")
    person.wait_for("expected 1 to")
    person.wait_for("> ")
    person.type("1\n")
    person.wait_for("2/3  Кино - Группа")
    person.wait_for("> ")
    person.type("1\n")
    person.wait_for("3/3  Nobody - Nothing At All")
    person.wait_for("> ")
    person.type("s\n")
    code, output = person.end()
    assert code == 0
    assert "Кино - Группа -> Кино - Группа крови" in output
    assert "left out, as you decided" in output
    methods = [entry["method"] for entry in entries(str(playlist))]
    assert methods == ["name", "decided", "decided", "decided"]
    with Recommender.open(catalogue) as recommender:
        tracks = [match.track and match.track.track_id for match in recommender.match(LIST.splitlines())]
    assert tracks == [make_id(1), make_id(0), make_id(3), None]
    again = CliRunner().invoke(app, ["recommend", str(playlist), "--json", "-n", "5"])
    assert [entry["method"] for entry in json.loads(again.stdout)["entries"]] == methods
    assert "Forgot 3 decisions." in CliRunner().invoke(app, ["match", "--forget"]).stderr
    assert [entry["method"] for entry in entries(str(playlist))] != methods


def test_enter_accepts_or_leaves_and_q_ends(
    catalogue: Path, playlist: Path, sit_down: Callable[..., Person]
) -> None:
    before = entries(str(playlist))
    person = sit_down(str(playlist))
    person.wait_for("> ")
    person.type("\n")
    person.wait_for("> ")
    person.type("q\n")
    code, _ = person.end()
    assert code == 0
    after = entries(str(playlist))
    accepted = "decided" if before[1]["track"] else before[1]["method"]
    assert after[1]["method"] == accepted
    assert after[2:] == before[2:]


def test_what_was_decided_before_ctrl_c_is_kept(
    catalogue: Path, playlist: Path, sit_down: Callable[..., Person]
) -> None:
    person = sit_down(str(playlist))
    person.wait_for("> ")
    person.type("1\n")
    person.wait_for("2/3")
    person.wait_for("> ")
    time.sleep(0.5)  # a signal between the question and the wait for an answer would not wake it
    os.killpg(person.process.pid, signal.SIGINT)
    person.wait_for("What you decided so far is kept.")
    code, _ = person.end()
    assert code == 130
    assert [entry["method"] for entry in entries(str(playlist))][1] == "decided"


def test_the_api_and_the_page_read_the_decisions(
    catalogue: Path,
    playlist: Path,
    settings: Settings,
    sit_down: Callable[..., Person],
    start_server: StartServer,
) -> None:
    person = sit_down("Toto Afrika Song")
    person.wait_for("> ")
    person.type("s\n")
    assert person.end()[0] == 0
    server = start_server(settings, lambda: Recommender.open(catalogue))
    with server.client() as client:
        answer = client.post("/api/v1/match", json={"playlist": "Toto Afrika Song\nMuse - Hysteria"}).json()
        whole = client.post("/api/v1/recommendations", json={"playlist": LIST, "n": 3}).json()
    assert [entry["method"] for entry in answer["entries"]] == ["decided", "name"]
    assert [entry["given"] for entry in whole["entries"]] == LIST.splitlines()


def test_nothing_given() -> None:
    result = CliRunner().invoke(app, ["match"])
    assert "expected a playlist" in str(result.exception)
