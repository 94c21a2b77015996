"""Filters and orders the listed intakes of a snapshot by sets of bits, without touching a database.

Each listed intake has one bit. The intakes of a project stand side by side, and the bit of the last one is
the project's *mark*. Adding all other bits to a set carries into the mark wherever one of a project's other
intakes is in the set, so one addition turns "these intakes" into "these projects".
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from storage.catalogue import traits
from storage.catalogue.cards import ProjectCard, Status
from storage.catalogue.textindex import TextIndex, bits_of, documents_of, split_words

Where = Mapping[str, frozenset[str]]
"""What is asked for: values of one key are alternatives, keys narrow each other; all `supports` are needed."""

Home = tuple[str, str, str]
"""Province, city and county of the person, each "" when unknown."""

_LONGEST_QUESTION = 100
"""How many characters of what someone typed are looked for."""

_AROUND = re.compile(r"^(我?(想要|想|要)?学习?|我?(想要|想|要)|有没有)|的?(培训班|培训|课程|课|班)$")
"""What people say around the word they mean: 我想学按摩, 按摩课. Taken away when nothing has the whole word."""

_Name = TypeVar("_Name", bound=Hashable)


class Search:
    """The listed intakes as sets of bits: by filter, by word, by place, by whom they suit."""

    __slots__ = ("_filters", "_fits", "_listed", "_marks", "_open", "_others", "_owners", "_places", "_texts")

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
        self._places = _sets(places, size)
        self._fits = _sets(fits, size)
        statuses = self._filters["status"]
        self._open = (statuses.get(Status.OPEN, 0), statuses.get(Status.FULL, 0), self._listed)

    def match(self, words: str, where: Where, home: Home) -> int:
        """Return the intakes that have all the words and pass all filters. Raises ValueError, unknown key."""
        found = self._listed
        for key, values in where.items():
            if values:
                found &= self._passing(key, values, home)
        for word in split_words(words[:_LONGEST_QUESTION]):
            meant = word if self._texts.find(word) else _AROUND.sub("", word)
            if meant:
                found &= self._texts.find(meant)
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
        found = self.match("", others, home)
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


def _sets(found: Mapping[_Name, Sequence[int]], size: int) -> dict[_Name, int]:
    return {name: bits_of(bits, size) for name, bits in found.items()}
