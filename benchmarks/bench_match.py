"""How long it takes to match many made-up lines that a catalogue does not hold, and many that it does.

Most kinds of line are made from the catalogue's own words and names, so that none is ruled out at sight.
A round matches as many distinct lines; the first few, which read what is kept beside the catalogue, are
told apart. CPU seconds count all threads.

usage: scripts/bench match --catalogue PATH [--lines 10000] [--rounds 3] [--kind NAME]
"""

import argparse
import random
import statistics
import string
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from segue.catalogue.match import match_playlist
from segue.catalogue.store import Catalogue
from segue.types import Playlist, Track, TrackReference

Make = Callable[[random.Random, Sequence[Track]], TrackReference]


def _random_word(rng: random.Random) -> str:
    return "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randint(3, 10)))


def _random_words(rng: random.Random, _tracks: Sequence[Track]) -> TrackReference:
    return TrackReference(
        artist=" ".join(_random_word(rng) for _ in range(rng.randint(1, 3))),
        title=" ".join(_random_word(rng) for _ in range(rng.randint(1, 5))),
    )


def _real_words(rng: random.Random, tracks: Sequence[Track], count: int) -> str:
    words = [
        rng.choice(f"{track.name} {track.artist}".split() or ["x"]) for track in rng.choices(tracks, k=count)
    ]
    return " ".join(words)


def _new_combinations(rng: random.Random, tracks: Sequence[Track]) -> TrackReference:
    return TrackReference(
        artist=_real_words(rng, tracks, rng.randint(1, 3)), title=_real_words(rng, tracks, rng.randint(2, 5))
    )


def _only_titles(rng: random.Random, tracks: Sequence[Track]) -> TrackReference:
    return TrackReference(title=_real_words(rng, tracks, rng.randint(2, 6)))


def _unknown_titles(rng: random.Random, tracks: Sequence[Track]) -> TrackReference:
    return TrackReference(artist=rng.choice(tracks).artist, title=_real_words(rng, tracks, rng.randint(2, 5)))


def _slip(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text)) if text else 0
    return text[:at] + rng.choice(string.ascii_lowercase) + text[at + 1 :]


def _misspelt(rng: random.Random, tracks: Sequence[Track]) -> TrackReference:
    made = _new_combinations(rng, tracks)
    return TrackReference(
        artist=" ".join(_slip(rng, word) for word in made.artist.split()),
        title=" ".join(_slip(rng, word) for word in made.title.split()),
    )


def _known(rng: random.Random, tracks: Sequence[Track]) -> TrackReference:
    track = rng.choice(tracks)
    return TrackReference(artist=track.artist, title=track.name)


def _mixed(rng: random.Random, tracks: Sequence[Track]) -> TrackReference:
    """Of ten lines six are there, one with a slip; the others are not."""
    at = rng.random()
    if at < 0.5:
        return _known(rng, tracks)
    if at < 0.6:
        known = _known(rng, tracks)
        return TrackReference(artist=known.artist, title=_slip(rng, known.title))
    return rng.choice((_random_words, _new_combinations, _only_titles, _unknown_titles))(rng, tracks)


KINDS: dict[str, Make] = {
    "random words": _random_words,
    "real words in new combinations": _new_combinations,
    "the same, each with a slip": _misspelt,
    "only titles": _only_titles,
    "known artists, unknown titles": _unknown_titles,
    "known": _known,
    "mixed": _mixed,
}


def make_lines(make: Make, tracks: Sequence[Track], count: int, number: int) -> Playlist:
    """Return distinct made-up entries; `number` decides which."""
    rng = random.Random(number)
    lines: dict[TrackReference, None] = {}
    for _ in range(20 * count):
        lines[make(rng, tracks)] = None
        if len(lines) == count:
            break
    return Playlist(tuple(lines))


def main() -> None:
    """Print a table of the kinds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", choices=KINDS)
    asked = parser.parse_args()
    with Catalogue.open(asked.catalogue) as catalogue:
        rng = random.Random(1)
        rows = rng.sample(range(len(catalogue)), min(len(catalogue), 20_000))
        tracks = [track for track in catalogue.get_tracks(rows) if track.name and track.artists]
        start, cpu = time.perf_counter(), time.process_time()
        match_playlist(catalogue, make_lines(_misspelt, tracks, 10, 0))
        print(f"catalogue: {len(catalogue):,} tracks; distinct lines a round: {asked.lines:,}")
        print(f"the first lines: {time.perf_counter() - start:.2f} s, CPU {time.process_time() - cpu:.2f} s")
        print("| kind | median s | median CPU s | slowest s | found |\n|---|---|---|---|---|")
        for kind, make in KINDS.items():
            if asked.kind in {None, kind}:
                print(
                    _measure(
                        catalogue,
                        kind,
                        [make_lines(make, tracks, asked.lines, n) for n in range(asked.rounds)],
                    )
                )


def _measure(catalogue: Catalogue, kind: str, rounds: Sequence[Playlist]) -> str:
    walls, cpus, found = [], [], 0
    for lines in rounds:
        start, cpu = time.perf_counter(), time.process_time()
        matches = match_playlist(catalogue, lines)
        walls.append(time.perf_counter() - start)
        cpus.append(time.process_time() - cpu)
        found += sum(match.track is not None for match in matches)
    share = found / sum(len(lines.entries) for lines in rounds)
    return (
        f"| {kind} | {statistics.median(walls):.2f} | {statistics.median(cpus):.2f} | {max(walls):.2f} "
        f"| {share:.1%} |"
    )


if __name__ == "__main__":
    main()
