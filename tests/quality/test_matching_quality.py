"""How well references are matched, measured on real names that are written in other ways.

As a program, prints the table of docs/matching.md over the whole data set:
`.venv/bin/python tests/quality/test_matching_quality.py FOLDER_OF_THE_DATA_SET`
"""

import random
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest

from segue.catalogue.import_ import import_files
from segue.catalogue.match import match_playlist
from segue.catalogue.store import Catalogue
from segue.text import song_keys
from segue.types import Playlist, Track, TrackReference

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slip(text: str, rng: random.Random) -> str:
    """Return the text with one slip of the finger: a letter lost, doubled, wrong, or two swapped."""
    if len(text) < 4:
        return text
    at = rng.randrange(1, len(text) - 1)
    return rng.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + rng.choice(LETTERS) + text[at:],
            text[:at] + rng.choice(LETTERS) + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        ]
    )


def plain(text: str) -> str:
    """Return the text in lower case without accents."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in apart if not unicodedata.combining(char))


def head(title: str) -> str:
    """Return the title without what stands after a dash."""
    return title.split(" - ", maxsplit=1)[0]


Rewrite = Callable[[Track, random.Random], TrackReference]
WAYS: dict[str, tuple[Rewrite, float]] = {  # and the least share that must be found
    "as it is": (lambda t, r: TrackReference(title=t.name, artist=t.artist), 0.999),
    "first artist alone": (lambda t, r: TrackReference(title=t.name, artist=t.artists[0]), 0.999),
    "lower case, no accents": (
        lambda t, r: TrackReference(title=plain(t.name), artist=plain(t.artist)), 0.995,
    ),
    "another remaster": (
        lambda t, r: TrackReference(title=f"{head(t.name)} - Remastered 2011", artist=t.artists[0]), 0.98,
    ),
    "another guest": (
        lambda t, r: TrackReference(title=f"{head(t.name)} (feat. Somebody)", artist=t.artists[0]), 0.98,
    ),
    "title and artist swapped": (lambda t, r: TrackReference(title=t.artists[0], artist=t.name), 0.98),
    "one slip in the title": (lambda t, r: TrackReference(title=slip(t.name, r), artist=t.artists[0]), 0.92),
    "one slip in the artist": (lambda t, r: TrackReference(title=t.name, artist=slip(t.artists[0], r)), 0.93),
    "one slip in each": (
        lambda t, r: TrackReference(title=slip(t.name, r), artist=slip(t.artists[0], r)), 0.83,
    ),
    "one text": (lambda t, r: TrackReference(title=f"{t.artists[0]} {t.name}"), 0.95),
    "title by artist": (lambda t, r: TrackReference(title=f"{t.name} by {t.artists[0]}"), 0.93),
    "title alone": (lambda t, r: TrackReference(title=t.name), 0.25),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares of references: found right, found wrong, and not taken but among the closest; ms for each."""

    right: float
    wrong: float
    close: float
    ms: float


def key(track: Track) -> str:
    return song_keys.song_key(track.artists, track.name)


def measure(catalogue: Catalogue, tracks: list[Track], rewrite: Rewrite) -> Outcome:
    rng = random.Random(20_261_124)
    entries = tuple(rewrite(track, rng) for track in tracks)
    started = time.perf_counter()
    matches = match_playlist(catalogue, Playlist(entries))
    ms = (time.perf_counter() - started) / len(tracks) * 1000
    right = wrong = close = 0
    for match, track in zip(matches, tracks, strict=True):
        if match.track is None:
            close += any(key(near) == key(track) for near, _ in match.closest)
        elif key(match.track) == key(track):
            right += 1
        else:
            wrong += 1
    return Outcome(right / len(tracks), wrong / len(tracks), close / len(tracks), ms)


def sample(catalogue: Catalogue, count: int) -> list[Track]:
    """Return tracks that have a name and an artist, drawn at random."""
    rows = random.Random(7).sample(range(len(catalogue)), min(len(catalogue), 4 * count))
    return [track for track in catalogue.get_tracks(rows) if key(track)][:count]


def split_songs(data: Path, folder: Path, *, share: int) -> tuple[Catalogue, list[Track]]:
    """Return a catalogue of the songs whose hash is even, and tracks of songs that it lacks."""
    sampled = folder / "sampled.parquet"
    duckdb.execute(
        f"COPY (SELECT * FROM read_parquet('{data / 'tracks.parquet'}') WHERE hash(track_id) % {share} = 0) "
        f"TO '{sampled}' (FORMAT parquet)"
    )
    import_files(folder / "all.sqlite", [sampled])
    half = Catalogue.create(folder / "half.sqlite")
    with Catalogue.open(folder / "all.sqlite") as everything:
        tracks = everything.get_tracks(range(len(everything)))
    half.upsert(track for track in tracks if song_keys.hash64(key(track)) % 2 == 0)
    return half, [track for track in tracks if song_keys.hash64(key(track)) % 2]


@pytest.fixture(scope="module")
def halves(shared_data: Path) -> Iterator[tuple[Catalogue, list[Track]]]:
    with TemporaryDirectory() as folder:
        half, absent = split_songs(shared_data, Path(folder), share=10)
        with half:
            yield half, absent


@pytest.mark.shared_data
@pytest.mark.parametrize("way", WAYS)
def test_songs_that_are_there_are_found(halves: tuple[Catalogue, list[Track]], way: str) -> None:
    rewrite, least = WAYS[way]
    outcome = measure(halves[0], sample(halves[0], 400), rewrite)
    assert outcome.right >= least, outcome
    assert outcome.wrong <= 0.02, outcome


@pytest.mark.shared_data
@pytest.mark.parametrize("way", ["as it is", "one slip in the title", "one text"])
def test_songs_that_are_not_there_are_not_found(halves: tuple[Catalogue, list[Track]], way: str) -> None:
    half, absent = halves
    assert measure(half, random.Random(7).sample(absent, 400), WAYS[way][0]).wrong <= 0.02


def main(data: Path, count: int = 2_000) -> None:
    with TemporaryDirectory() as folder:
        half, absent = split_songs(data, Path(folder), share=1)
        present = sample(half, count)
        absent = [track for track in random.Random(7).sample(absent, 4 * count) if key(track)][:count]
        print(f"{len(half):,} tracks; {count:,} references a row")
        print("| the reference | found | found wrong | among the closest | absent, yet taken | ms |")
        print("|---|---|---|---|---|---|")
        for way, (rewrite, _) in WAYS.items():
            there, away = measure(half, present, rewrite), measure(half, absent, rewrite)
            print(
                f"| {way} | {there.right:.1%} | {there.wrong:.1%} | {there.close:.1%} | {away.wrong:.1%} "
                f"| {there.ms:.1f} |"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
