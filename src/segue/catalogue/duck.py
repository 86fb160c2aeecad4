"""How DuckDB is used: offline, in memory, and with paths taken literally."""

# No extension is fetched or loaded: what we need is built in, and a catalogue needs no network.
OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "2",
    "enable_progress_bar": "false",  # it would print into what we print
}


def literal_glob(path: str) -> str:
    """Return the pattern that matches exactly this path: DuckDB reads *, ? and [ as patterns.

    >>> literal_glob("/a/b*[1].parquet")
    '/a/b[*][[]1].parquet'
    """
    return "".join(f"[{char}]" if char in "*?[" else char for char in path)
