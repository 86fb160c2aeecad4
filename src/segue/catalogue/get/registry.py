"""The public sets that can be fetched: what each holds, where it lies, and under which label."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from segue.errors import InputError


@dataclass(frozen=True, slots=True)
class SetFile:
    """One file of a set.

    Attributes
    ----------
    url
        Where it is asked for; what it leads to may be another host of the set.
    size_bytes
        Exact where the checksum is known, else about right.
    sha256
        In hexadecimal; "" where it is not known.

    """

    url: str
    size_bytes: int
    sha256: str = ""

    @property
    def suffix(self) -> str:
        """The end of its name, with the dot."""
        return "." + urlsplit(self.url).path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set of tracks that anyone may fetch without an account.

    Attributes
    ----------
    name, also
        What it is asked for by.
    tracks, rows
        How many different tracks it has, and in how many rows.
    licence
        As its source labels it.
    source
        The page about it.
    hosts
        The only hosts that anything is fetched from.
    files
        The same content in several forms; the first that is there is taken.
    mapping
        Columns that the import would not know, theirs -> ours.

    """

    name: str
    title: str
    about: str
    tracks: int
    rows: int
    licence: str
    source: str
    hosts: tuple[str, ...]
    files: tuple[SetFile, ...]
    also: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)

    @property
    def size_mb(self) -> str:
        """How much is fetched, for people."""
        return f"{self.files[0].size_bytes / 1e6:,.0f} MB"


@lru_cache(1)
def load_sets() -> tuple[PublicSet, ...]:
    """Return the sets of the registry, the one to begin with first."""
    table = tomllib.loads((files(__package__) / "sets.toml").read_text("utf-8"))
    return tuple(_read_set(entry) for entry in table["sets"])


def _read_set(entry: Mapping[str, Any]) -> PublicSet:
    lists = {name: tuple(entry[name]) for name in ("hosts", "also") if name in entry}
    found = tuple(SetFile(**file) for file in entry["files"])
    return PublicSet(**{**entry, **lists, "files": found})


def get_set(name: str) -> PublicSet:
    """Return the set of this name.

    Raises
    ------
    InputError
        When there is none; the hint names those that there are.

    """
    sets = load_sets()
    for each in sets:
        if name in (each.name, *each.also):
            return each
    raise InputError(
        f"there is no public set called {name!r}",
        hint=f"One of: {', '.join(each.name for each in sets)}. "
        "For a file of your own: segue catalogue import FILE",
    )
