"""The starter catalogue has something for nearly every taste."""

import importlib.util
from pathlib import Path

from segue.catalogue.store import Catalogue
from segue.playlists.read import read_playlist

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_lists_are_of_many_lines() -> None:
    lists = [read_playlist(path.read_bytes()).entries for path in (BENCHMARKS / "tastes").glob("*.txt")]
    assert len(lists) == 21
    assert all(12 <= len(entries) <= 16 for entries in lists)
    assert all(entry.artist and entry.title for entries in lists for entry in entries)


def test_at_most_3_of_21_lists_end_with_nothing(starter: Path) -> None:
    spec = importlib.util.spec_from_file_location("bench_tastes", BENCHMARKS / "bench_tastes.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    with Catalogue.open(starter) as catalogue:
        counts = bench.count_found(catalogue)
    assert sum(found == 0 for found, _ in counts.values()) <= 3
    assert sum(found for found, _ in counts.values()) >= 110
