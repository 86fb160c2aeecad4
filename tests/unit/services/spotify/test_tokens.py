"""The sign-in on disk: private, whole or not at all, one at a time."""

import json
import os
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from segue.errors import SignInError, StorageError
from segue.services.spotify.private_files import lock_file, write_private
from segue.services.spotify.tokens import FileTokenStore, Token

TOKEN = Token("0" * 32, "access", "refresh", 2_000_000_000.0, 1_790_000_000.0, ("a", "b"))
posix = pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")


@posix
def test_the_file_and_its_folder_are_private(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path / "config")
    store.save(TOKEN)
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert store.path.parent.stat().st_mode & 0o777 == 0o700


@posix
def test_a_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path)
    store.save(TOKEN)
    store.path.chmod(0o644)
    assert store.load() == TOKEN
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path)
    store.save(TOKEN)
    store.save(replace(TOKEN, access_token="other"))
    assert [path.name for path in tmp_path.iterdir()] == ["spotify-sign-in.json"]


@posix
def test_a_file_of_someone_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileTokenStore(tmp_path)
    store.save(TOKEN)
    monkeypatch.setattr(os, "getuid", lambda: 4_242)
    with pytest.raises(SignInError, match="belongs to another user") as caught:
        store.load()
    assert "SEGUE_CONFIG_DIR" in caught.value.hint


@posix
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = FileTokenStore(tmp_path / "elsewhere")
    elsewhere.save(TOKEN)
    (tmp_path / "spotify-sign-in.json").symlink_to(elsewhere.path)
    with pytest.raises(SignInError, match="cannot be read"):
        FileTokenStore(tmp_path).load()


def good(**other: object) -> bytes:
    fields = {
        "client_id": "0" * 32,
        "access_token": "s3cret",
        "refresh_token": "s3cret",
        "expires_at": 2e9,
        "signed_in_at": 1.79e9,
    }
    return json.dumps({**fields, **other}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"null",
        b"[]",
        good()[:-9],
        good(access_token=None),
        good(expires_at="s3cret"),
        good(signed_in_at=1e300),
        good(expires_at=float("nan")),
        good(signed_in_at=-1),
    ],
)
def test_a_damaged_file_is_named_and_its_content_is_not(tmp_path: Path, content: bytes) -> None:
    store = FileTokenStore(tmp_path)
    store.path.write_bytes(content)
    with pytest.raises(SignInError, match="is damaged") as caught:
        store.load()
    assert "segue login" in caught.value.hint
    assert "s3cret" not in repr(caught.value) + str(caught.value.__cause__)
    store.save(TOKEN)
    assert store.load() == TOKEN


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    FileTokenStore(tmp_path).path.mkdir()
    with pytest.raises(SignInError, match="cannot be read"):
        FileTokenStore(tmp_path).load()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be made"):
        FileTokenStore(tmp_path / "file" / "config").save(TOKEN)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    write_private(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_no_repr_shows_a_token() -> None:
    text = repr(replace(TOKEN, access_token="s3cret", refresh_token="s3cret"))
    assert "s3cret" not in text


@pytest.mark.parametrize(
    ("signed_in", "dies"),
    [
        ("2026-01-15", "2026-07-15"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-12-31", "2027-06-30"),
    ],
)
def test_a_sign_in_dies_after_six_months(signed_in: str, dies: str) -> None:
    at = datetime.fromisoformat(signed_in).replace(tzinfo=UTC).timestamp()
    assert f"{replace(TOKEN, signed_in_at=at).dies_on:%Y-%m-%d}" == dies


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    inside = 0
    most = 0

    def work() -> None:
        nonlocal inside, most
        with lock_file(tmp_path / "lock", sleep=lambda seconds: time.sleep(0.001)):
            inside += 1
            most = max(most, inside)
            time.sleep(0.002)
            inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_lock_that_never_comes_free(tmp_path: Path) -> None:
    with (
        lock_file(tmp_path / "lock"),
        pytest.raises(StorageError, match="held by another segue"),
        lock_file(tmp_path / "lock", sleep=lambda seconds: None),
    ):
        pass
