"""Finds courses by English words: those the vocabulary calls what is taught, when, for whom, with which support."""

import re
from collections.abc import Mapping
from functools import lru_cache

from storage.catalogue import codes, traits
from storage.catalogue.textindex import plain

STEM = 4
"""Letters of a word in the vocabulary that may begin a longer one: massage begins massages."""

_WORD = re.compile("[a-z0-9+]+")

SAID_AROUND = frozenset(
    _WORD.findall(
        "a about am an and any are at be by can class classes course courses do find for from get have how i in is"
        " it learn learning lesson lessons like looking me my need of on or please some study take teach the there"
        " to training want with would you"
    )
)
"""What people say around the word they mean; looked for only when they say nothing else."""

UNTOLD = frozenset({"status"})
"""Filters whose words are none that a course is looked for by."""


def is_english(said: str) -> bool:
    """Say whether something is written in Latin letters and not in Chinese."""
    return bool(re.search("[A-Za-z]", said)) and not re.search("[\u3400-\u9fff]", said)


def words_in(said: str) -> list[str]:
    """Give the words that may be looked for, in plain spelling."""
    every = _WORD.findall(plain(said))
    return [word for word in every if word not in SAID_AROUND] or every


class EnglishIndex:
    """An unchanging index: word of an English label -> the intakes that have the code, as bits."""

    __slots__ = ("_words", "find")

    def __init__(self, filters: Mapping[str, Mapping[str, int]]) -> None:
        """Index filters given as key -> code -> the intakes that pass it."""
        self._words: dict[str, int] = {}
        for key, name in traits.LISTS.items():
            if key in UNTOLD:
                continue
            for code, intakes in filters[key].items():
                for word in _WORD.findall(plain(codes.english(name, code))):
                    self._words[word] = self._words.get(word, 0) | intakes
        self.find = lru_cache(maxsize=1024)(self._find)

    def _find(self, word: str) -> int:
        """Give the intakes a word stands for: the beginning of a word will do."""
        found = 0
        for known, intakes in self._words.items():
            if known.startswith(word) or (len(known) >= STEM and word.startswith(known)):
                found |= intakes
        return found
