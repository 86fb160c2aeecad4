"""What every place for a sign-in does."""

from dataclasses import replace
from pathlib import Path

import pytest

from segue.services.spotify.tokens import FileTokenStore, MemoryTokenStore, Token, TokenStore

TOKEN = Token("0" * 32, "access", "refresh", 2_000_000_000.0, 1_790_000_000.5, ("a", "b"))


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TokenStore:
    return FileTokenStore(tmp_path / "new" / "folder") if request.param == "file" else MemoryTokenStore()


def test_an_empty_store(store: TokenStore) -> None:
    assert store.load() is None
    assert store.delete() is False


def test_what_is_saved_is_loaded(store: TokenStore) -> None:
    store.save(TOKEN)
    assert store.load() == TOKEN


def test_the_last_save_counts(store: TokenStore) -> None:
    store.save(TOKEN)
    store.save(replace(TOKEN, access_token="other"))
    assert store.load() == replace(TOKEN, access_token="other")


def test_what_is_deleted_is_gone(store: TokenStore) -> None:
    store.save(TOKEN)
    assert store.delete() is True
    assert store.load() is None


def test_the_lock_can_be_taken_again(store: TokenStore) -> None:
    for _ in range(2):
        with store.lock():
            store.save(TOKEN)
