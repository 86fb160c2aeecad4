"""Music files are found once each."""

import os
from pathlib import Path

import pytest

from segue.catalogue.music.walk import find_music
from segue.errors import InputError


def found_in(*roots: Path) -> list[str]:
    return [file.path for file in find_music(roots).files]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "Music"
    for name in (
        "Queen/a.mp3",
        "Queen/B.FLAC",
        "Кино/Группа крови.ogg",
        ".trash/c.mp3",
        "Queen/._a.mp3",
        "cover.jpg",
    ):
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return place


def test_what_is_music(folder: Path) -> None:
    assert found_in(folder) == [
        str(folder / each) for each in ("Queen/B.FLAC", "Queen/a.mp3", "Кино/Группа крови.ogg")
    ]
    assert found_in(folder / "Queen" / "a.mp3") == [str(folder / "Queen" / "a.mp3")]


def test_links_lead_to_each_file_once(folder: Path, tmp_path: Path) -> None:
    (folder / "Queen" / "loop").symlink_to(folder)
    (folder / "again.mp3").symlink_to(folder / "Queen" / "a.mp3")
    (folder / "nowhere.mp3").symlink_to(folder / "gone")
    os.link(folder / "Queen" / "a.mp3", folder / "Queen" / "hard.mp3")
    (tmp_path / "way").symlink_to(folder)
    found = find_music([folder, tmp_path / "way", folder / "Queen"])
    assert len(found.files) == 3
    assert all(Path(file.path).resolve() == Path(file.path) for file in found.files)
    assert [(Path(path).name, why) for path, why in found.problems] == [("gone", "No such file or directory")]


def test_names_that_are_no_text(folder: Path) -> None:
    odd = os.fsencode(folder) + b"/\xff\xfe.mp3"
    with open(odd, "wb"):  # noqa: PTH123 - a Path holds text
        pass
    assert os.fsdecode(odd) in found_in(folder)


def test_pipes_are_left_alone(folder: Path) -> None:
    os.mkfifo(folder / "pipe.mp3")
    assert len(found_in(folder)) == 3


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file or folder"):
        find_music([tmp_path / "gone"])
