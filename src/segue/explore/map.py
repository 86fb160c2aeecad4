"""A map of the catalogue: every track as a point in a plane, near those that sound like it.

How: t-SNE (van der Maaten and Hinton, 2008) of a few hundred landmark tracks, worked out exactly in
NumPy, and every other track placed between the landmarks it is nearest to. That takes seconds at 300,000
tracks, where t-SNE of all of them would take an hour, and shows the same neighbourhoods. The plane is then
turned so that energy grows to the right and brightness of mood upwards, which gives the directions a meaning.
"""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger("segue.web")
Floats = NDArray[np.float32]

LANDMARKS = 500
PERPLEXITY = 25.0
STEPS = 300
NEAREST = 12
CHUNK = 8_192
FORMAT = 3


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map of one catalogue.

    Attributes
    ----------
    points
        (N, 2) uint16: x grows to the right, y upwards, each over the whole range.

    """

    points: NDArray[np.uint16]


def pick_landmarks(embeddings: Floats, rng: np.random.Generator) -> Floats:
    """Return rows that spread over the catalogue: of three random draws, the one furthest from those before.

    Parameters
    ----------
    embeddings
        (N, D) unit vectors.
    rng
        Where the draws come from.

    Returns
    -------
    (L, D) with L = min(N, LANDMARKS).

    """
    n = len(embeddings)
    if n <= LANDMARKS:
        return np.asarray(embeddings, np.float32)
    draws = rng.choice(n, size=min(n, 3 * LANDMARKS), replace=False)
    pool = np.asarray(embeddings[np.sort(draws)], np.float32)
    chosen = [0]
    nearest = pool @ pool[0]
    while len(chosen) < LANDMARKS:
        open_rows = np.setdiff1d(rng.choice(len(pool), size=12), chosen)
        if len(open_rows) == 0:
            continue
        best = int(open_rows[np.argmin(nearest[open_rows])])
        chosen.append(best)
        nearest = np.maximum(nearest, pool @ pool[best])
    return pool[chosen]


def _affinities(points: Floats) -> NDArray[np.float64]:
    """Return t-SNE's joint probabilities (L, L): a Gaussian a point, its width set by the perplexity."""
    squared = np.maximum(0.0, 2.0 - 2.0 * (points @ points.T)).astype(np.float64)
    np.fill_diagonal(squared, np.inf)
    target = np.log(min(PERPLEXITY, max(2.0, (len(points) - 1) / 3)))
    low, high = np.zeros(len(points)), np.full(len(points), np.inf)
    beta = np.full(len(points), 1.0 / max(1e-9, float(np.median(squared[np.isfinite(squared)]))))
    for _ in range(60):
        weights = np.exp(-squared * beta[:, None])
        sums = np.maximum(weights.sum(axis=1), 1e-300)
        finite = np.where(np.isfinite(squared), squared, 0.0)
        entropy = np.log(sums) + beta * (finite * weights).sum(axis=1) / sums
        wide = entropy > target
        low, high = np.where(wide, beta, low), np.where(wide, high, beta)
        beta = np.where(np.isinf(high), beta * 2, (low + np.where(np.isinf(high), low, high)) / 2)
    conditional = weights / sums[:, None]
    joint: NDArray[np.float64] = (conditional + conditional.T) / (2 * len(points))
    return np.maximum(joint, 1e-12)


def _principal(points: Floats, n: int = 2) -> NDArray[np.float64]:
    """Return the first principal components (L, n): where t-SNE starts, so that maps repeat."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return np.asarray(centred @ axes[:n].T, np.float64)


def embed_landmarks(points: Floats) -> Floats:
    """Return where t-SNE puts the landmarks: (L, D) to (L, 2)."""
    if len(points) < 4:
        return np.asarray(np.pad(_principal(points, 1), ((0, 0), (0, 1))), np.float32)
    joint = _affinities(points)
    place = _principal(points)
    place *= 1e-2 / max(1e-12, float(place[:, 0].std()))
    velocity, gains = np.zeros_like(place), np.ones_like(place)
    rate = max(50.0, len(points) / 12.0)
    for step in range(STEPS):
        exaggeration, momentum = (12.0, 0.5) if step < 100 else (1.0, 0.8)
        norms = (place**2).sum(axis=1)
        kernel = 1.0 / (1.0 + norms[:, None] + norms[None, :] - 2.0 * place @ place.T)
        np.fill_diagonal(kernel, 0.0)
        force = (exaggeration * joint - kernel / kernel.sum()) * kernel
        gradient = 4.0 * (force.sum(axis=1)[:, None] * place - force @ place)
        gains = np.where(np.sign(gradient) == np.sign(velocity), gains * 0.8, gains + 0.2).clip(0.01)
        velocity = momentum * velocity - rate * gains * gradient
        place = place + velocity
        place -= place.mean(axis=0)
    return np.asarray(place, np.float32)


def place_between(embeddings: Floats, landmarks: Floats, places: Floats) -> Floats:
    """Return a place for every track: the mean of its nearest landmarks' places, nearer ones weighing more.

    Parameters
    ----------
    embeddings
        (N, D) unit vectors.
    landmarks, places
        (L, D) and (L, 2).

    Returns
    -------
    (N, 2) float32.

    """
    nearest = min(NEAREST, len(landmarks))
    placed = np.empty((len(embeddings), 2), np.float32)
    for start in range(0, len(embeddings), CHUNK):
        likeness = np.asarray(embeddings[start : start + CHUNK], np.float32) @ landmarks.T  # (C, L)
        best = np.argpartition(likeness, -nearest, axis=1)[:, -nearest:]  # (C, K)
        near = np.take_along_axis(likeness, best, axis=1)
        top = near.max(axis=1, keepdims=True)
        # The scale is each track's own, so that tracks in sparse regions do not all fall on one landmark.
        spread = np.maximum(top - near.min(axis=1, keepdims=True), 1e-6)
        weights = np.exp(-4.0 * (top - near) / spread)
        weights /= weights.sum(axis=1, keepdims=True)
        placed[start : start + CHUNK] = np.einsum("ck,ckd->cd", weights, places[best])
    return placed


def _slope(place: Floats, values: Floats) -> NDArray[np.float64]:
    """Return the direction (2,) in which the values grow, by least squares; zeros when none are known."""
    known = np.isfinite(values)
    if known.sum() < 3:
        return np.zeros(2)
    design = np.column_stack([place[known], np.ones(int(known.sum()))]).astype(np.float64)
    return np.asarray(np.linalg.lstsq(design, values[known].astype(np.float64), rcond=None)[0][:2])


def turn(place: Floats, energy: Floats, valence: Floats) -> Floats:
    """Turn and mirror the plane, so that energy grows to the right and valence upwards."""
    across = _slope(place, energy)
    length = float(np.hypot(*across))
    if length > 0:
        cos, sin = across / length
        place = np.asarray(place @ np.array([[cos, -sin], [sin, cos]]), np.float32)
    if _slope(place, valence)[1] < 0:
        place = place * np.array([1, -1], np.float32)
    return place


def _jitter(place: Floats, rng: np.random.Generator) -> Floats:
    """Spread the points a little, so that tracks between the same landmarks do not coincide."""
    scale = 0.004 * float(np.ptp(place, axis=0).max())
    return place + rng.normal(0, scale, place.shape).astype(np.float32)


def to_range(place: Floats) -> NDArray[np.uint16]:
    """Return the points over all of 16 bits, outliers at the edge."""
    low, high = np.percentile(place, [0.05, 99.95], axis=0)
    unit = np.clip((place - low) / np.maximum(high - low, 1e-9), 0, 1)
    return np.asarray(np.round(unit * 65_535), np.uint16)


def draw(embeddings: Floats, *, energy: Floats, valence: Floats) -> Atlas:
    """Work out the map of a catalogue.

    Parameters
    ----------
    embeddings
        (N, D) float32 unit vectors.
    energy, valence
        (N,), NaN where missing.

    """
    rng = np.random.default_rng(20_261_124)
    if len(embeddings) == 0:
        return Atlas(np.zeros((0, 2), np.uint16))
    landmarks = pick_landmarks(embeddings, rng)
    place = place_between(embeddings, landmarks, embed_landmarks(landmarks))
    return Atlas(to_range(_jitter(turn(place, energy, valence), rng)))


def map_key(*parts: str) -> str:
    """Return the name under which a map of this catalogue revision and model is kept."""
    return hashlib.blake2b("\t".join((str(FORMAT), *parts)).encode(), digest_size=10).hexdigest()


def load(folder: Path, key: str, n: int) -> Atlas | None:
    """Return the map that was kept under this key, unless there is none or it does not fit."""
    try:
        points = np.load(folder / f"map-{key}.npy", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return Atlas(points) if points.shape == (n, 2) and points.dtype == np.uint16 else None


def save(atlas: Atlas, folder: Path, key: str) -> None:
    """Keep a map, in one step, and drop the older ones; a folder that cannot be written is no error."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"map-{key}.part"
        with unfinished.open("wb") as file:
            np.save(file, atlas.points, allow_pickle=False)
        unfinished.replace(folder / f"map-{key}.npy")
    except OSError as error:
        log.warning("the map is not kept: %s", error)
        return
    kept = sorted(folder.glob("map-*.npy"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[4:]:
        old.unlink(missing_ok=True)
