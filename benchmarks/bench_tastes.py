"""How far a catalogue covers 21 lists of well-known songs of different tastes (benchmarks/tastes).

Prints for each list how many of its lines are found, and how many lists end with nothing, since none of their
songs is there. Usage: scripts/bench tastes [--catalogue C]
"""

import argparse
import json
from pathlib import Path

from segue.catalogue.in_use import find_catalogue
from segue.catalogue.match import match_playlist
from segue.catalogue.store import Catalogue
from segue.config import load_settings
from segue.playlists.read import read_playlist

LISTS = Path(__file__).parent / "tastes"


def count_found(catalogue: Catalogue) -> dict[str, tuple[int, int]]:
    """Return by list how many lines are found, and how many there are."""
    counts = {}
    for path in sorted(LISTS.glob("*.txt")):
        playlist = read_playlist(path.read_bytes(), filename=path.name)
        matches = match_playlist(catalogue, playlist)
        counts[path.stem] = sum(match.track is not None for match in matches), len(matches)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path)
    asked = parser.parse_args().catalogue
    with Catalogue.open(asked or find_catalogue(load_settings())) as catalogue:
        counts, tracks = count_found(catalogue), len(catalogue)
    figures = {
        "tracks": tracks,
        "lines": sum(lines for _, lines in counts.values()),
        "found": sum(found for found, _ in counts.values()),
        "lists that end with nothing": [name for name, (found, _) in counts.items() if not found],
        "by list": {name: f"{found} of {lines}" for name, (found, lines) in counts.items()},
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
