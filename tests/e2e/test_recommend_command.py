"""`segue recommend` as a person runs it: a process, real files, the starter catalogue."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from segue.config import Settings
from segue.playlists.detect import read_playlist

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


def test_an_example_becomes_a_table_and_a_file(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.m3u8"
    done = _run(home, "recommend", str(EXAMPLES / "classic-rock.csv"), "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert "50 songs" in done.stdout
    assert "spotify:track:" in done.stdout
    assert len(read_playlist(out.read_bytes(), filename=out.name).entries) == 50


def test_links_come_out_to_paste_and_json_says_why(home: Path) -> None:
    text = (EXAMPLES / "hip-hop-links.txt").read_text()
    lines = _run(home, "recommend", "-", "-o", "-", "-n", "7", stdin=text).stdout.splitlines()
    assert len(lines) == 7
    assert all(line.startswith("spotify:track:") for line in lines)
    found = json.loads(_run(home, "recommend", "-", "--json", "-n", "7", stdin=text).stdout)
    assert [f"spotify:track:{track['track_id']}" for track in found["tracks"]] == lines
    assert all(track["reasons"] for track in found["tracks"])


def test_what_is_not_found_is_listed_with_the_closest(home: Path) -> None:
    done = _run(home, "recommend", str(EXAMPLES / "typed-from-memory.txt"), "--model", "audio")
    assert done.returncode == 0
    assert "not found: white stripes" in done.stderr
    assert "Seven Nation Army" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (["recommend", "-"], "", 3, "empty"),
        (["recommend", "nowhere.csv"], "", 3, "no file"),
        (["recommend", "-"], "0000000000000000000000\n", 4, "none of the"),
        (["recommend", "-", "-n", "0"], "0000000000000000000000\n", 3, "1 to 1,000"),
        (["recommend", "-", "-n", "1000000000"], "0000000000000000000000\n", 3, "1 to 1,000"),
        (["recommend", "-", "--min", "energie=1"], "x - y\n", 3, "energie"),
        (["recommend", "-", "--model", "nowhere"], "x - y\n", 8, "bundle"),
        (["recommend", "-", "-o", "new.docx"], "x - y\n", 3, "docx"),
        (["recommend", "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M"], "", 22, "sign"),
    ],
)
def test_bad_input_ends_with_what_to_do(
    home: Path, arguments: list[str], stdin: str, code: int, words: str
) -> None:
    done = _run(home, *arguments, stdin=stdin)
    assert done.returncode == code, done.stderr
    assert words in done.stderr.lower()
    assert "Traceback" not in done.stderr


def test_two_tastes_share_few_picks(home: Path) -> None:
    picks = []
    for name in ("classic-rock.csv", "house-night.xspf"):
        lines = _run(home, "recommend", str(EXAMPLES / name), "-o", "-").stdout.splitlines()
        picks.append(set(lines))
    assert len(picks[0] & picks[1]) <= 5


def test_every_command_explains_itself(home: Path) -> None:
    names = ["recommend", "serve", "login", "logout", "status", "doctor", "train", "evaluate", "catalogue"]
    whole = _run(home, "--help").stdout
    for name in names:
        assert name in whole
        assert _run(home, name, "--help").returncode == 0


def test_settings_are_all_documented() -> None:
    import segue.config

    for name in Settings.model_fields:
        assert f"SEGUE_{name.upper()}" in (segue.config.__doc__ or "")
