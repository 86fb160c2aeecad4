from pathlib import Path

import numpy as np
import pytest

from segue.explore import map as atlas


def clusters(rng: np.random.Generator, n: int, k: int = 6, d: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, d) of unit length round k centres, and the number of each one's centre."""
    centres = rng.normal(size=(k, d))
    label = rng.integers(0, k, n)
    points = centres[label] + 0.25 * rng.normal(size=(n, d))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), label


def test_neighbours_stay_neighbours(rng: np.random.Generator) -> None:
    points, label = clusters(rng, 1_500)
    energy = (label / 5).astype(np.float32)
    drawn = atlas.draw(points, energy=energy, valence=np.full(1_500, np.nan, np.float32)).points
    assert drawn.shape == (1_500, 2)
    assert drawn.dtype == np.uint16
    sample = rng.choice(1_500, 200, replace=False)
    place = drawn.astype(np.float64)
    apart = ((place[sample, None] - place[None]) ** 2).sum(-1)
    apart[np.arange(200), sample] = np.inf
    near = np.argsort(apart, axis=1)[:, :5]
    assert (label[near] == label[sample, None]).mean() > 0.9


def test_energy_grows_to_the_right_and_mood_upwards(rng: np.random.Generator) -> None:
    points, _ = clusters(rng, 600)
    energy, valence = points[:, 0].copy(), points[:, 1].copy()
    energy[::7] = np.nan
    drawn = atlas.draw(points, energy=energy, valence=valence).points.astype(float)
    known = np.isfinite(energy)
    assert np.corrcoef(drawn[known, 0], energy[known])[0, 1] > 0
    assert np.corrcoef(drawn[:, 1], valence)[0, 1] >= -0.2


def test_a_map_is_the_same_each_time(rng: np.random.Generator) -> None:
    points, label = clusters(rng, 900)
    values = label.astype(np.float32)
    first, second = (atlas.draw(points, energy=values, valence=values).points for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 40])
def test_small_catalogues(rng: np.random.Generator, n: int) -> None:
    points, _ = clusters(rng, n)
    missing = np.full(n, np.nan, np.float32)
    assert atlas.draw(points, energy=missing, valence=missing).points.shape == (n, 2)


def test_tracks_that_are_all_the_same(rng: np.random.Generator) -> None:
    points = np.tile(clusters(rng, 1)[0], (50, 1))
    drawn = atlas.draw(points, energy=np.zeros(50, np.float32), valence=np.zeros(50, np.float32))
    assert drawn.points.shape == (50, 2)


def test_kept_and_found_again(tmp_path: Path) -> None:
    drawn = atlas.Atlas(np.arange(20, dtype=np.uint16).reshape(10, 2))
    key = atlas.map_key("revision", "model")
    assert atlas.load(tmp_path, key, 10) is None
    atlas.save(drawn, tmp_path / "maps", key)
    found = atlas.load(tmp_path / "maps", key, 10)
    assert found is not None
    np.testing.assert_array_equal(found.points, drawn.points)
    assert atlas.load(tmp_path / "maps", key, 11) is None, "a map of another size is not used"
    (tmp_path / "maps" / f"map-{key}.npy").write_bytes(b"damaged")
    assert atlas.load(tmp_path / "maps", key, 10) is None


def test_old_maps_go(tmp_path: Path) -> None:
    drawn = atlas.Atlas(np.zeros((1, 2), np.uint16))
    for i in range(7):
        atlas.save(drawn, tmp_path, atlas.map_key(str(i)))
    assert len(list(tmp_path.iterdir())) == 4


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    atlas.save(atlas.Atlas(np.zeros((1, 2), np.uint16)), tmp_path / "file", "x")
