"""Cuts keys into batches, so that no statement has more parameters than a database takes."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

K = TypeVar("K", str, int)

_BATCH = 500


def batches(items: Iterable[K]) -> Iterator[list[K]]:
    """Give every key once, in order, 500 at a time."""
    rest = iter(sorted(set(items)))
    while batch := list(islice(rest, _BATCH)):
        yield batch
