"""Files are whole or not there, whoever else writes them."""

import threading
from pathlib import Path

import pytest

from segue.files import written_aside


def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "list.txt"
    target.write_text("old")

    def fail_halfway() -> None:
        with written_aside(target) as draft:
            draft.write_text("half")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail_halfway()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    target = tmp_path / "list.txt"
    texts = [letter * 200_000 for letter in "ab"]
    failed: list[str] = []

    def write(text: str) -> None:
        for _ in range(40):
            with written_aside(target) as draft:
                draft.write_text(text)
            if target.read_text() not in texts:
                failed.append("mixed")

    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert [path.name for path in tmp_path.iterdir()] == ["list.txt"]


def test_a_link_stays_one_and_permissions_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    with written_aside(link) as draft:
        draft.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o600
