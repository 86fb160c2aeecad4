"""How DuckDB is used: offline, in memory, quietly, and with paths taken literally."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb


@contextmanager
def open_duck() -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection that fetches no extension and prints no progress bar of its own."""
    config = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "2"}
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET enable_progress_bar = false")
        yield connection


def literal_glob(path: str) -> str:
    """Return the pattern that matches exactly this path: DuckDB reads *, ? and [ as patterns.

    >>> literal_glob("/a/b*[1].parquet")
    '/a/b[*][[]1].parquet'
    """
    return "".join(f"[{char}]" if char in "*?[" else char for char in path)
