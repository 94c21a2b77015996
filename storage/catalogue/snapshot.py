"""The catalogue as it stands on one day, in memory and unchanging: find, browse, look up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlmodel import Session

from storage.catalogue import codes
from storage.catalogue.cards import IntakeCard, ProjectCard
from storage.catalogue.loading import load
from storage.catalogue.search import Home, Search, Where
from storage.catalogue.traits import LISTS, NEAR

NOWHERE: Home = ("", "", "")
_NO_FILTERS: Where = MappingProxyType({})
_NOBODY: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what was found: how many there are, the cards of this part, how they are ordered."""

    total: int
    cards: tuple[ProjectCard, ...]
    order: str  # for people, in Chinese
    order_en: str
    instead: tuple[str, ...] = ()  # words that (nearly) nothing has, so that what is like them was looked for
    read_as: tuple[str, ...] = ()  # the known words a whole sentence was cut to
    exact: int = 0  # how many have the very words


class Snapshot:
    """The whole catalogue on one day. Nothing in it changes: build another one."""

    __slots__ = ("_intakes", "_links", "_projects", "_search", "_shown", "today")

    def __init__(self, projects: list[ProjectCard], links: Mapping[int, str], today: date) -> None:
        """Hold cards that come in showing order, and the links by intake."""
        self.today = today
        self._projects = {card.project_id: card for card in projects}
        self._intakes = {intake.id: intake for card in projects for intake in card.intakes}
        self._links = dict(links)
        self._shown = [card for card in projects if card.first.listed]
        self._search = Search(self._shown)

    @classmethod
    def build(cls, session: Session, *, today: date, taken: Mapping[int, int] = _NOBODY) -> "Snapshot":
        """Read the catalogue. `taken` is the number of seats given away, by intake."""
        projects, links = load(session, today, taken)
        return cls(projects, links, today)

    def find(
        self,
        *,
        words: str = "",
        where: Where = _NO_FILTERS,
        home: Home = NOWHERE,
        called: str = "",
        situation: str = "",
        offset: int = 0,
        limit: int = 4,
    ) -> Page:
        """Return the listed projects with an intake that has all words and passes all filters.

        Filters are `traits.KEYS`: values of one key are alternatives, keys narrow each other, `supports` must
        all be offered, `subsidised` is "yes" or "no", `near` (county, city, province, online) needs a home.
        Order: what suits the situation, then open before full before the rest, nearest, subsidised, earliest.
        `called` is the name of `home` where that is not where the person lives, but a place they asked for.
        Raises ValueError for a filter that does not exist.
        """
        meant = self._search.match(words, where, home)
        projects = self._search.projects(meant.intakes)
        numbers = self._search.page(meant.intakes, projects, home, situation, offset, limit)
        cards = tuple([self._shown[number] for number in numbers])
        return Page(
            projects.bit_count(),
            cards,
            _order(home, situation, called),
            _order_en(home, situation, called),
            meant.instead,
            meant.read_as,
            meant.exact,
        )

    def home_in(self, address: str) -> Home:
        """Return province, city and county of an address, each "" where no listed course's place tells it."""
        return self._search.home_in(address)

    def facets(
        self, key: str, where: Where = _NO_FILTERS, home: Home = NOWHERE
    ) -> tuple[tuple[str, int], ...]:
        """Return the values of a filter with how many projects each leaves, under the other filters.

        Values come in the order of the vocabulary, those without one by size. Raises ValueError, unknown key.
        """
        found = list(self._search.facets(key, where, home))
        if key in LISTS or key == "near":
            order = {code: at for at, code in enumerate(NEAR if key == "near" else codes.words(LISTS[key]))}
            return tuple(sorted(found, key=lambda facet: (order.get(facet[0], len(order)), facet[0])))
        return tuple(sorted(found, key=lambda facet: (-facet[1], facet[0])))

    def named(self, key: str, code: str) -> tuple[str, str, str]:
        """Return the words for a value of a facet: as published, easy, English; a place is its own name."""
        name = LISTS.get(key, "")
        if not name:
            return code, "", ""
        return codes.label(name, code), codes.easy(name, code), codes.english(name, code)

    def project(self, project_id: str) -> ProjectCard | None:
        """Return a project, listed or not: those who applied still see what was withdrawn."""
        return self._projects.get(project_id)

    def intake(self, number: int) -> IntakeCard | None:
        """Return an intake, listed or not."""
        return self._intakes.get(number)

    def link(self, number: int) -> str:
        """Return where an intake meets online, "" when nowhere. Only for those accepted."""
        return self._links.get(number, "")

    def courses(self) -> Iterator[tuple[ProjectCard, IntakeCard]]:
        """Give every intake there is with its project, also those nobody may see yet or any more: for staff."""
        return ((card, intake) for card in self._projects.values() for intake in card.intakes)

    def projects_by_organiser(self) -> dict[str, tuple[ProjectCard, ...]]:
        """Return the listed projects of each organiser: what a training base has to publish."""
        found: dict[str, list[ProjectCard]] = {}
        for card in self._shown:
            found.setdefault(card.organiser, []).append(card)
        return {name: tuple(cards) for name, cards in sorted(found.items())}


def _order(home: Home, situation: str, called: str) -> str:
    """Say in short sentences how a list is ordered."""
    whom = codes.words("situation").get(situation)
    first = f"先看给{whom.note}的课。" if whom else "先看能报名的课。"
    return first + (f"再看离{called or '您'}近的课。" if home[0] else "再看开课早的课。")


def _order_en(home: Home, situation: str, called: str) -> str:
    """Say the same in English."""
    suits = situation in codes.words("situation")
    first = "Courses that suit you come first." if suits else "Courses you can apply for come first."
    return first + (
        f" Then courses near {'that place' if called else 'you'}."
        if home[0]
        else " Then courses that start soon."
    )
