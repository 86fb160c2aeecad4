"""`segue recommend` as a person runs it: a process, real files, the starter catalogue."""

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from segue.cli.main import main
from segue.config import Settings
from segue.playlists.read import read_playlist

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def _run(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE_")}
    environment |= {"SEGUE_DATA_DIR": str(home / "data"), "SEGUE_CONFIG_DIR": str(home / "config")}
    command = [sys.executable, "-m", "segue", *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, env=environment, timeout=120, check=False
    )


@dataclass(frozen=True)
class Command:
    """Runs the command in this process: what is asked of it is its answer, not that it is a process."""

    home: Path
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        self.patch.setenv("SEGUE_DATA_DIR", str(self.home / "data"))
        self.patch.setenv("SEGUE_CONFIG_DIR", str(self.home / "config"))
        self.patch.setattr(sys, "argv", ["segue", *arguments])
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self.capture.readouterr()
        assert isinstance(ended.value.code, int)
        return subprocess.CompletedProcess(["segue", *arguments], ended.value.code, out, err)


@pytest.fixture
def command(
    home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    return Command(home, monkeypatch, capsys)


def test_an_example_becomes_a_table_and_a_file(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.m3u8"
    done = _run(home, "recommend", str(EXAMPLES / "classic-rock.csv"), "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert "50 songs" in done.stdout
    assert "spotify:track:" in done.stdout
    assert len(read_playlist(out.read_bytes(), filename=out.name).entries) == 50


def test_links_come_out_to_paste_and_json_says_why(command: Command) -> None:
    text = (EXAMPLES / "hip-hop-links.txt").read_text()
    lines = command.run("recommend", "-", "-o", "-", "-n", "7", stdin=text).stdout.splitlines()
    assert len(lines) == 7
    assert all(line.startswith("spotify:track:") for line in lines)
    found = json.loads(command.run("recommend", "-", "--json", "-n", "7", stdin=text).stdout)
    assert [f"spotify:track:{track['track_id']}" for track in found["tracks"]] == lines
    assert all(track["reasons"] for track in found["tracks"])


def test_what_is_not_found_is_listed_with_the_closest(command: Command) -> None:
    done = command.run("recommend", str(EXAMPLES / "typed-from-memory.txt"), "--model", "audio")
    assert done.returncode == 0
    assert "Found 16 of 17 songs in the catalogue." in done.stderr
    assert "not found: Hozier - Nobody Wrote This Song; closest: Hozier - " in done.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (["recommend", "-"], "", 3, "empty"),
        (["recommend", "nowhere.csv"], "", 3, "no file"),
        (["recommend", "-"], "0000000000000000000000\n", 4, "none of the"),
        (["recommend", "-", "-n", "0"], "0000000000000000000000\n", 3, "1 to 1,000"),
        (["recommend", "-", "-n", "1000000000"], "0000000000000000000000\n", 3, "1 to 1,000"),
        (["recommend", "-", "--min", "energie=1"], "x - y\n", 3, "energie"),
        (["recommend", "-", "--min", "energy=loud"], "x - y\n", 3, "for example: --min energy=0.6"),
        (["recommend", "-", "--years", "long ago"], "x - y\n", 3, "for example: --years 1990-1999"),
        (["recommend", "-", "--save", "tidal"], "x - y\n", 3, "-o file"),
        (["recommend", "-", "--min", "popularity=50"], "x - y\n", 3, "--popularity"),
        (["recommend", "-", "--exclude-track", "foo"], "x - y\n", 3, "foo"),
        (["recommend", "-", "--json", "-o", "-"], "x - y\n", 3, "choose one"),
        (["recommend", "-", "--format", "csv"], "x - y\n", 3, "-o file"),
        (["recommend", "-", "-o", "nowhere/new.csv"], "x - y\n", 7, "no folder"),
        (["recommend", "."], "", 3, "folder"),
        (["recommend", "-", "--years", "1900-1901"], "Queen - We Will Rock You\n", 3, "widen a range"),
        (["recommend", "-", "--model", "nowhere"], "x - y\n", 8, "bundle"),
        (["recommend", "-", "-o", "new.docx"], "x - y\n", 3, "docx"),
        (
            ["recommend", "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M"],
            "",
            23,
            "add to other playlist",
        ),
        (["recommend", f"https://open.spotify.com/playlist/{'A' * 22}"], "", 22, "exportify"),
    ],
)
def test_bad_input_ends_with_what_to_do(
    command: Command, arguments: list[str], stdin: str, code: int, words: str
) -> None:
    done = command.run(*arguments, stdin=stdin)
    assert done.returncode == code, done.stderr
    assert words in done.stderr.lower()


def test_an_error_is_no_traceback_in_a_process_of_its_own(home: Path) -> None:
    done = _run(home, "recommend", "nowhere.csv")
    assert (done.returncode, "no file" in done.stderr.lower(), "Traceback" in done.stderr) == (3, True, False)


def test_two_tastes_share_few_picks(command: Command) -> None:
    picks = []
    for name in ("classic-rock.csv", "house-night.xspf"):
        lines = command.run("recommend", str(EXAMPLES / name), "-o", "-").stdout.splitlines()
        picks.append(set(lines))
    assert len(picks[0] & picks[1]) <= 5


def test_settings_are_all_documented() -> None:
    import segue.config

    for name in segue.config.setting_names():
        assert name in (segue.config.__doc__ or "")


def test_what_fell_short_is_said(command: Command) -> None:
    done = command.run(
        "recommend", str(EXAMPLES / "classic-rock.csv"), "-o", "-",
        "--min", "tempo=215", "--exclude-artist", "acdc",
    )  # fmt: skip
    assert done.returncode == 0
    assert 0 < len(done.stdout.splitlines()) < 50
    assert "of 50 songs" in done.stderr
    assert "No artist is called 'acdc'" in done.stderr


def test_the_table_keeps_to_the_width_of_the_screen(home: Path) -> None:
    command = [sys.executable, "-m", "segue", "recommend", str(EXAMPLES / "heavy.m3u8"), "-n", "3"]
    environment = os.environ | {"COLUMNS": "90", "SEGUE_DATA_DIR": str(home / "data")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=True)
    assert max(map(len, done.stdout.splitlines())) <= 90


def test_the_example_of_the_readme_runs(home: Path, tmp_path: Path) -> None:
    text = (EXAMPLES.parent / "README.md").read_text()
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    environment = os.environ | {
        "SEGUE_DATA_DIR": str(home / "data"),
        "SEGUE_CONFIG_DIR": str(home / "config"),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, env=environment, timeout=60, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 50


def test_nothing_is_left_for_the_makers_of_a_library(home: Path, tmp_path: Path) -> None:
    environment = os.environ | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment |= {"SEGUE_DATA_DIR": str(home / "data"), "SEGUE_CONFIG_DIR": str(home / "config")}
    command = [sys.executable, "-m", "segue", "recommend", str(EXAMPLES / "heavy.m3u8"), "-n", "3"]
    subprocess.run(command, capture_output=True, env=environment, timeout=60, check=True)
    assert [path for path in tmp_path.rglob("*") if "icrosoft" in str(path)] == []


def test_the_playlist_that_was_read_is_replaced_only_when_forced(command: Command, tmp_path: Path) -> None:
    own = tmp_path / "mine.txt"
    own.write_text("Muse - Starlight\nMetallica - Enter Sandman\n")
    (tmp_path / "same.txt").symlink_to(own)
    for out in (own, tmp_path / "same.txt"):
        done = command.run("recommend", str(own), "-o", str(out), "--format", "uris")
        assert done.returncode == 3
        assert "would replace the playlist that you gave" in done.stderr
    assert own.read_text().startswith("Muse")
    assert command.run("recommend", str(own), "-o", str(own), "--format", "uris", "--force").returncode == 0
    assert own.read_text().startswith("spotify:track:")
