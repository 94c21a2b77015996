"""Finds words in short texts without a database: every one and two neighbouring characters are an index entry.

Chinese words are mostly two characters long, and word breakers and trigram indexes lose them (按摩, 手语).
Sets of documents are whole numbers used as bits: bit 7 set means document 7. They are joined by & and |.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

_FEW = 64
"""Entries with at most this many documents are kept as a list: a set would take more room."""

_REMEMBERED = 4096
"""How many words' answers are kept: people ask for the same few hundred again and again."""


_FILLED = re.compile(rb"[^\0]")
_BITS = tuple(tuple(bit for bit in range(8) if octet >> bit & 1) for octet in range(256))


def plain(text: str) -> str:
    """Return a text in one spelling: half width, lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def split_words(words: str) -> list[str]:
    """Return the words of what someone typed, split by spaces and list signs."""
    return re.split(r"[\s、，,。；;|/·]+", plain(words).strip("、，,。；;|/· \t\n"))


def bits_of(documents: Iterable[int], size: int) -> int:
    """Return a set of documents, each below `size`, as one number."""
    octets = bytearray(size // 8 + 1)
    for document in documents:
        octets[document >> 3] |= 1 << (document & 7)
    return int.from_bytes(octets, "little")


def documents_of(bits: int) -> Iterator[int]:
    """Yield the documents of a set, the lowest first."""
    if bits.bit_count() == 1:  # what a search for one town or school mostly comes to
        yield bits.bit_length() - 1
        return
    octets = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    for octet in _FILLED.finditer(octets):
        first = octet.start() * 8
        for bit in _BITS[octet[0][0]]:
            yield first + bit


class TextIndex:
    """An unchanging index over documents, each a few texts. A word is found anywhere inside a text."""

    __slots__ = ("_entries", "_size", "_texts", "find")

    def __init__(self, documents: Sequence[tuple[int, Sequence[str]]], size: int) -> None:
        """Index documents given as (number, texts); numbers are below `size`."""
        self._size = size
        places: dict[str, list[int]] = {}
        self._texts: dict[int, str] = {}
        spellings: dict[str, str] = {}
        for number, texts in documents:
            spelt = {spellings.get(text) or spellings.setdefault(text, plain(text)) for text in texts if text}
            self._texts[number] = "\n".join(spelt)
            for text in spelt:
                places.setdefault(text, []).append(number)
        self._entries = _entries(places, size)
        # Whole texts of many documents (a town, a trade) are entries too: found from pairs of characters,
        # every document that has all the pairs would have to be read.
        common = [text for text, numbers in places.items() if len(numbers) > _FEW and len(text) > 2]
        self._entries |= {text: self._find(text) for text in common}
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)

    def _find(self, word: str) -> int:
        """Return the set of documents with a text that holds the word, already in plain spelling."""
        if not word:
            return 0
        if isinstance(whole := self._entries.get(word), int):
            return whole
        entries = [self._entries.get(gram, 0) for gram in _grams_of_word(word)]
        lists = [entry for entry in entries if isinstance(entry, array)]
        common = -1
        for entry in entries:
            common &= entry if isinstance(entry, int) else -1
        if not lists and (len(word) <= 2 or not common):
            return common
        candidates: Iterable[int] = documents_of(common)
        if lists:
            shortest = lists[0]
            for entry in lists:
                shortest = entry if len(entry) < len(shortest) else shortest
            candidates = shortest
        return bits_of((number for number in candidates if word in self._texts[number]), self._size)


def _grams_of_word(word: str) -> Iterable[str]:
    return [word] if len(word) == 1 else [word[at : at + 2] for at in range(len(word) - 1)]


def _entries(places: dict[str, list[int]], size: int) -> dict[str, "array[int] | int"]:
    """Enter every text once for all its documents: many share a town, a kind or a service."""
    lists: dict[str, list[int]] = {}
    sets: dict[str, int] = {}
    for text, numbers in places.items():
        grams = {*text, *(text[at : at + 2] for at in range(len(text) - 1))}
        if len(numbers) <= _FEW:
            for gram in grams:
                lists.setdefault(gram, []).extend(numbers)
        else:
            bits = bits_of(numbers, size)
            for gram in grams:
                sets[gram] = sets.get(gram, 0) | bits
    entries: dict[str, array[int] | int] = {}
    for gram in lists.keys() | sets.keys():
        numbers = sorted(set(lists.get(gram, ())))
        if gram in sets or len(numbers) > _FEW:
            entries[gram] = sets.get(gram, 0) | bits_of(numbers, size)
        else:
            entries[gram] = array("I", numbers)
    return entries
