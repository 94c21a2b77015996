"""Everyday words for what courses call otherwise: 种菜 leads to 蔬菜, and known words are found in a sentence."""

import csv
from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from storage.catalogue.textindex import plain

LONGEST = 10
"""Characters of the longest word that is looked for inside a sentence."""


@lru_cache(maxsize=1)
def everyday() -> Mapping[str, tuple[str, ...]]:
    """Everyday word -> the words of courses it leads to; `everyday.csv`, to which anybody may add a line."""
    text = files(__package__).joinpath("everyday.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType(
        {plain(row["word"]): tuple(map(plain, row["leads_to"].split("|"))) for row in rows}
    )


def known_in(sentence: str, known: Collection[str]) -> tuple[str, ...]:
    """Give the known words a sentence holds, the longest first at each place, each once."""
    found: dict[str, None] = {}
    at = 0
    while at < len(sentence):
        for length in range(min(LONGEST, len(sentence) - at), 1, -1):
            if (word := sentence[at : at + length]) in known:
                found[word] = None
                at += length - 1
                break
        at += 1
    return tuple(found)
