"""Cutting a stream into pieces (`itertools.batched` comes with Python 3.12 only)."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def iter_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield lists of `size` items in order; the last may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
