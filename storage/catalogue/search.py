"""Filters and orders the listed intakes of a snapshot by sets of bits, without touching a database.

Each listed intake has one bit. The intakes of a project stand side by side, and the bit of the last one is
the project's *mark*. Adding all other bits to a set carries into the mark wherever one of a project's other
intakes is in the set, so one addition turns "these intakes" into "these projects".
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from typing import TypeVar

from storage.catalogue import codes, traits
from storage.catalogue.cards import ProjectCard, Status
from storage.catalogue.english import EnglishIndex, is_english, words_in
from storage.catalogue.everyday import everyday, known_in
from storage.catalogue.places import home_in
from storage.catalogue.textindex import TextIndex, bits_of, documents_of, plain, split_words

Where = Mapping[str, frozenset[str]]
"""What is asked for: values of one key are alternatives, keys narrow each other; all `supports` are needed."""

Home = tuple[str, str, str]
"""Province, city and county of the person, each "" when unknown."""

_LONGEST_QUESTION = 300
"""How many characters of what someone typed are looked for."""

_AROUND = re.compile(r"^(我?(想要|想|要)?学习?|我?(想要|想|要)|有没有)|的?(培训班|培训|课程|课|班)$")
"""What people say around the word they mean: 我想学按摩, 按摩课. Taken away when nothing has the whole word."""

FEW = 3
"""With fewer projects than this, what is called otherwise is looked for as well."""

_SPOKEN = 15
"""Characters from which on it is a whole sentence: only the words in it that are known are looked for."""

_PLACES = ("province", "city", "district")
_PLACE_ENDS = "省市县区州"


@dataclass(frozen=True, slots=True)
class Meant:
    """What somebody's words were taken for.

    Args:
        intakes: those that have all of it.
        instead: the words that nothing has, or few have, so that others like them were looked for.
        read_as: the known words that a sentence was cut to.
        exact: how many projects have the very words.

    """

    intakes: int
    instead: tuple[str, ...] = ()
    read_as: tuple[str, ...] = ()
    exact: int = 0


_Reading = tuple[int, tuple[str, ...], tuple[str, ...]]
"""What was found, the everyday words it was found by, and the words that count."""

_Name = TypeVar("_Name", bound=Hashable)


class Search:
    """The listed intakes as sets of bits: by filter, by word, by place, by whom they suit."""

    __slots__ = (
        "_english", "_filters", "_fits", "_homes", "_known", "_listed", "_marks", "_meaning", "_named", "_open", "_others",
        "_owners", "_places", "_texts",
    )  # fmt: skip

    def __init__(self, projects: Sequence[ProjectCard]) -> None:
        """Index the listed intakes of projects, which come in the order they are to be shown in."""
        listed = [(at, project, intake) for at, project in enumerate(projects) for intake in project.listed]
        size = len(listed)
        self._owners = tuple(at for at, _, _ in listed)
        last = {at: bit for bit, at in enumerate(self._owners)}.values()
        self._listed = (1 << size) - 1
        self._marks = bits_of(last, size)
        self._others = self._listed ^ self._marks
        filters: dict[str, dict[str, list[int]]] = {key: {} for key in traits.KEYS}
        places: dict[tuple[str, ...], list[int]] = {}
        fits: dict[str, list[int]] = {}
        documents: list[tuple[int, list[str]]] = []
        for bit, (_, project, intake) in enumerate(listed):
            documents.append((bit, list(traits.texts(project, intake))))
            for key, value in traits.values(project, intake):
                filters[key].setdefault(value, []).append(bit)
            for place in traits.places(intake):
                places.setdefault(place, []).append(bit)
            for situation in traits.situations(project):
                fits.setdefault(situation, []).append(bit)
        self._texts = TextIndex(documents, size)
        self._filters = {key: _sets(found, size) for key, found in filters.items()}
        self._english = EnglishIndex(self._filters)
        self._places = _sets(places, size)
        self._homes = lru_cache(maxsize=1024)(partial(home_in, tuple(places)))
        self._fits = _sets(fits, size)
        self._named = frozenset(_place_names(self._filters))
        self._known = frozenset(
            {*everyday(), *chain(*everyday().values()), *_course_words(self._filters), *self._named}
        )
        self._meaning = lru_cache(maxsize=1024)(self._read)
        statuses = self._filters["status"]
        self._open = (statuses.get(Status.OPEN, 0), statuses.get(Status.FULL, 0), self._listed)

    def home_in(self, address: str) -> Home:
        """Return where an address lies, as far as the listed courses' places tell."""
        return self._homes(address[:_LONGEST_QUESTION])

    def match(self, words: str, where: Where, home: Home) -> Meant:
        """Return the intakes that have all the words and pass all filters. Raises ValueError, unknown key.

        Where fewer than FEW projects have the very words, everyday words are taken for what courses call it.
        """
        passing = self._listed
        for key, values in where.items():
            if values:
                passing &= self._passing(key, values, home)
        words = words[:_LONGEST_QUESTION]
        english = is_english(words)
        asked = words_in(words) if english else split_words(words)
        exact = passing
        for word in asked:
            exact &= self._find(word)
        have_it = self.projects(exact).bit_count()
        if have_it >= FEW or not any(asked):
            return Meant(exact, exact=have_it)
        if english:
            meanings = [self._read_english(asked)]
        else:
            meanings = [self._meaning(word) for word in ([plain(words)] if len(words) >= _SPOKEN else asked)]
        wide = passing
        instead: list[str] = []
        read_as: list[str] = []
        for found, called, cut in meanings:
            wide &= found
            instead += called
            read_as += cut
        if not wide or wide == exact or not (instead or read_as):
            return Meant(exact, exact=have_it)
        return Meant(exact | wide, tuple(instead), tuple(read_as), have_it)

    def _find(self, word: str) -> int:
        """Return the intakes that have a word as it stands, or without what people say around it."""
        if found := self._has(word):
            return found
        meant = _AROUND.sub("", word)
        return self._has(meant) if meant else self._listed

    def _has(self, word: str) -> int:
        return self._texts.find(word) | (self._english.find(word) if word.isascii() and word else 0)

    def _read(self, word: str) -> _Reading:
        """Return what has a word or what it leads to, the everyday words in it, and what a sentence was cut to."""
        meant = _AROUND.sub("", word)
        if (found := self._find(word)) and meant not in everyday():
            return found, (), ()
        parts = (meant,) if meant in everyday() else known_in(meant, self._known)
        found, called, cut = self._join(parts)
        return found, called, () if parts == (meant,) else cut

    def _read_english(self, asked: Sequence[str]) -> _Reading:
        """Return the same of a few English words."""
        found, called, cut = self._join(asked)
        return found, called, () if len(cut) == len(set(asked)) else cut

    def _join(self, parts: Iterable[str]) -> _Reading:
        """Return what has all of these words, or else any, which of them are everyday words, and which count."""
        each = {part: bits for part in parts if (bits := self._called(part))}
        together = self._listed if each else 0
        either = 0
        taught = {part: bits for part, bits in each.items() if part not in self._named} or each
        for bits in each.values():
            together &= bits
        for bits in taught.values():
            either |= bits
        called = tuple(part for part in each if part in everyday())
        return together or either, called, tuple(each if together else taught)

    def _called(self, word: str) -> int:
        """Return the intakes that have a word, or one of those it leads to."""
        found = self._has(word)
        for other in everyday().get(word, ()):
            found |= self._texts.find(other)
        return found

    def projects(self, intakes: int) -> int:
        """Return the projects a set of intakes belongs to, as a set of their marks."""
        return ((intakes & self._others) + self._others | intakes) & self._marks

    def page(
        self, intakes: int, projects: int, home: Home, situation: str, offset: int, limit: int
    ) -> list[int]:
        """Return the numbers of the projects of these intakes from `offset` on, at most `limit`, in order."""
        found: list[int] = []
        for tier in self._tiers(intakes, projects, home, situation):
            if offset and (size := tier.bit_count()) <= offset:
                offset -= size
                continue
            marks = islice(documents_of(tier), offset, offset + limit - len(found))
            found += [self._owners[mark] for mark in marks]
            offset = 0
            if len(found) == limit:
                break
        return found

    def _tiers(self, intakes: int, projects: int, home: Home, situation: str) -> Iterator[int]:
        """Yield sets of projects, the best first.

        First what suits the situation, then what can be applied for, then what is near. What was yielded is
        struck from every set at hand, so that emptied ones are left early.
        """
        near = self._near(home) if home[0] else (self._listed,)
        for suitable in (self._fits.get(situation, 0), self._fits.get("", 0), self._listed):
            suited = intakes & suitable
            for state in self._open:
                if not suited:
                    break
                stated = suited & state
                for place in near:
                    if not stated:
                        break
                    placed = stated & place
                    if not placed:
                        continue
                    tier = ((placed & self._others) + self._others | placed) & projects
                    if tier:
                        yield tier
                        projects ^= tier
                    stated ^= placed
                    suited ^= placed
                    intakes ^= placed

    def facets(self, key: str, where: Where, home: Home) -> Iterator[tuple[str, int]]:
        """Yield every value of a filter with the number of projects it would leave, none left out but 0."""
        if key not in traits.KEYS:
            raise ValueError(f"there is no filter {key!r}")
        others = {name: values for name, values in where.items() if name != key or key == "supports"}
        found = self.match("", others, home).intakes
        for value in traits.NEAR if key == "near" else self._filters[key]:
            size = self.projects(found & self._passing(key, (value,), home)).bit_count()
            if size:
                yield value, size

    def _passing(self, key: str, values: Iterable[str], home: Home) -> int:
        if key == "near":
            by_name = dict(zip(traits.NEAR, self._near(home), strict=False))
        elif key in self._filters:
            by_name = self._filters[key]
        else:
            raise ValueError(f"there is no filter {key!r}")
        if key == "supports":
            passing = self._listed
            for value in values:
                passing &= by_name.get(value, 0)
            return passing
        passing = 0
        for value in values:
            passing |= by_name.get(value, 0)
        return passing

    def _near(self, home: Home) -> tuple[int, ...]:
        """Return the intakes in a person's county, city and province, those online, and all."""
        county = self._places.get(home, 0) if home[2] else 0
        city = self._places.get(home[:2], 0) if home[1] else 0
        online = self._filters["mode"].get("online", 0)
        return (county, city, self._places.get(home[:1], 0), online, self._listed)


def _course_words(filters: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the words that courses are called by: what is taught, when, for whom and with which support."""
    for key, name in traits.LISTS.items():
        for code in filters[key]:
            yield from (plain(codes.label(name, code)), plain(codes.easy(name, code)))
    yield from map(plain, filters["occupation"])


def _place_names(filters: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the names of places, whole and as they are said: 成都市, 成都."""
    for key in _PLACES:
        for word in map(plain, filters[key]):
            yield word
            if len(word) > 2 and word[-1] in _PLACE_ENDS:
                yield word[:-1]


def _sets(found: Mapping[_Name, Sequence[int]], size: int) -> dict[_Name, int]:
    return {name: bits_of(bits, size) for name, bits in found.items()}
