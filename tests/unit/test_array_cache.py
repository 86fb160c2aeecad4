"""Arrays beside a catalogue: used when they are just those expected, built again in every other case."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from segue import array_cache
from segue.array_cache import Spec, find_kept, folder_for, keep, key_for

KEY = key_for("revision", "bundle")
ARRAYS = {"bias": np.arange(5, dtype=np.float32), "artist": np.arange(5, dtype=np.int32)}
EXPECTED = {"bias": Spec("float32", (5,)), "artist": Spec("int32", (5,))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = folder_for(tmp_path / "songs.sqlite")
    assert keep(found, KEY, ARRAYS)
    return found


def _truncate(own: Path) -> None:
    content = (own / "bias.npy").read_bytes()
    (own / "bias.npy").write_bytes(content[:-4])


def _list_foreign(own: Path) -> None:
    (own / "bias.npy").rename(own / "stranger.npy")
    manifest = own / array_cache.MANIFEST
    manifest.write_text(manifest.read_text().replace("bias", "stranger"))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "truncated": _truncate,
    "empty": lambda own: (own / "bias.npy").write_bytes(b""),
    "deleted": lambda own: (own / "bias.npy").unlink(),
    "short": lambda own: np.save(own / "bias.npy", ARRAYS["bias"][:3]),
    "long": lambda own: np.save(own / "bias.npy", np.zeros(6, np.float32)),
    "another type": lambda own: np.save(own / "bias.npy", np.zeros(5, np.float64)),
    "extra": lambda own: np.save(own / "stranger.npy", ARRAYS["bias"]),
    "foreign, and listed": _list_foreign,
    "pickled": lambda own: np.save(own / "bias.npy", np.array([{}] * 5, object), allow_pickle=True),
    "no manifest": lambda own: (own / array_cache.MANIFEST).unlink(),
    "a manifest that is no JSON": lambda own: (own / array_cache.MANIFEST).write_text("{"),
    "a manifest of another form": lambda own: (own / array_cache.MANIFEST).write_text('["bias"]'),
}


def test_what_was_kept_is_found(folder: Path) -> None:
    found = find_kept(folder, KEY, EXPECTED)
    assert found is not None
    assert found.keys() == ARRAYS.keys()
    assert all(np.array_equal(found[name], ARRAYS[name]) for name in ARRAYS)
    assert find_kept(folder, key_for("revision", "other"), EXPECTED) is None


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_not_used_and_is_replaced(folder: Path, damage: Callable[[Path], object]) -> None:
    damage(folder / KEY)
    assert find_kept(folder, KEY, EXPECTED) is None
    assert keep(folder, KEY, ARRAYS)
    assert find_kept(folder, KEY, EXPECTED) is not None
    assert not [each for each in folder.iterdir() if each.name.startswith(".draft")]


def test_a_sound_one_of_another_process_stays(folder: Path) -> None:
    before = (folder / KEY / "bias.npy").stat().st_ino
    assert keep(folder, KEY, ARRAYS)
    assert (folder / KEY / "bias.npy").stat().st_ino == before


def test_other_revisions_and_formats_go_and_other_bundles_stay(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keep(folder, key_for("revision", "second"), ARRAYS)
    assert find_kept(folder, KEY, EXPECTED) is not None
    monkeypatch.setattr(array_cache, "FORMAT", array_cache.FORMAT + 1)
    assert key_for("revision", "bundle") != KEY
    assert keep(folder, key_for("revision", "bundle"), ARRAYS)
    assert [each.name for each in folder.iterdir()] == [key_for("revision", "bundle")]
    assert keep(folder, key_for("later", "bundle"), ARRAYS)
    assert [each.name for each in folder.iterdir()] == [key_for("later", "bundle")]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not keep(tmp_path / "file", KEY, ARRAYS)
