"""Why a job fair or a position fits somebody: judged from what is known; it orders, it never excludes anybody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

SHORTEST = 2
"""Characters two words have to share to be taken for the same thing."""

SAYS_NOTHING = frozenset({"工作", "技术", "操作", "助理", "人员", "服务", "管理", "学员", "居家", "线上"})
"""Words that stand in the names of many trades."""

MOST_SUPPORTS = 3
"""How many supports count in the order; all of them are named."""

AT_HOME = ("居家", "在家")
"""How a place of work says that it is somebody's home."""

WHOLE_PROVINCE = "全省"


class Why(StrEnum):
    """One reason why something fits."""

    TRAINED = "trained"
    DISTRICT = "district"
    CITY = "city"
    HOME = "home"
    ONLINE = "online"
    WISHED = "wished"
    LOOKING = "looking"
    SUPPORT = "support"
    PROVINCE = "province"


WEIGHTS: Mapping[Why, int] = {
    Why.TRAINED: 40,
    Why.DISTRICT: 30,
    Why.CITY: 20,
    Why.HOME: 15,
    Why.ONLINE: 15,
    Why.WISHED: 25,
    Why.LOOKING: 10,
    Why.SUPPORT: 5,
    Why.PROVINCE: 5,
}
"""How much a reason counts in the order."""

WORDS: Mapping[Why, str] = {
    Why.TRAINED: "学过{}",
    Why.DISTRICT: "住在{}",
    Why.CITY: "住在{}",
    Why.HOME: "可以在家做",
    Why.ONLINE: "在网上，不用出门",
    Why.WISHED: "想做{}",
    Why.LOOKING: "在找工作",
    Why.SUPPORT: "要的帮忙有{}样",
    Why.PROVINCE: "住在{}",
}
"""How staff read a reason."""

PLACES = (Why.DISTRICT, Why.CITY, Why.PROVINCE)
"""How near something is, the nearest first."""

NOT_LOOKING = "说过现在不找工作"
NO_FAIRS = "说过招聘会不用告诉"
OTHER_CATEGORY = "单位写的残疾类别里没有他的，可以问单位"
OTHER_LEVEL = "单位写的残疾等级里没有他的，可以问单位"
"""What staff are told beside the reasons; nobody is left out for it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something fits.

    Args:
        why: which kind of reason.
        what: what it speaks of: a place, an occupation, supports (their codes, with a | between them).

    """

    why: Why
    what: str = ""

    @property
    def words(self) -> str:
        """The reason as staff read it."""
        said = str(len(self.codes)) if self.why is Why.SUPPORT else self.what
        return WORDS[self.why].format(said)

    @property
    def codes(self) -> tuple[str, ...]:
        """The supports it speaks of."""
        return tuple(self.what.split("|")) if self.why is Why.SUPPORT else ()


@dataclass(frozen=True, slots=True)
class Someone:
    """What is known of somebody that matters here.

    Args:
        place: province, city and district, "" where unknown.
        address: the address as it was said.
        trained: occupations of classes they finished.
        wishes: what they would like to learn or do, in words.
        needs: supports they asked for (codes.csv, service).
        looks: whether they look for work; None while nobody knows.
        told_of_fairs: False for who said that fairs need not be told.
        category: the category of the certificate, "" while unknown.
        level: its level.

    """

    place: tuple[str, str, str] = ("", "", "")
    address: str = ""
    trained: frozenset[str] = frozenset()
    wishes: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    looks: bool | None = None
    told_of_fairs: bool = True
    category: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a fair or a position is, as far as it matters here.

    Args:
        place: province, city and district, "" where unknown.
        location: the place in words, such as 成都市武侯区 or 全省居家.
        online: whether nobody has to go there.
        home: whether the work is done at home.
        occupations: the occupations it is for.
        title: what it is called, a position's name.
        supports: supports that are there (codes.csv, service).
        categories: categories the employer thought of; empty for any.
        levels: levels the employer thought of; empty for any.

    """

    place: tuple[str, str, str] = ("", "", "")
    location: str = ""
    online: bool = False
    home: bool = False
    occupations: tuple[str, ...] = ()
    title: str = ""
    supports: frozenset[str] = frozenset()
    categories: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well something fits: the reasons, the strongest first, and remarks for staff."""

    reasons: tuple[Reason, ...] = ()
    remarks: tuple[str, ...] = ()
    weight: int = 0

    @property
    def nearness(self) -> int:
        """How near it is: 0 in the district, 1 in the city or at home, 2 in the province, 3 elsewhere."""
        kinds = {each.why for each in self.reasons}
        if kinds & {Why.HOME, Why.ONLINE}:
            return 1
        return next((near for near, why in enumerate(PLACES) if why in kinds), len(PLACES))


def judge(someone: Someone, opening: Opening) -> Fit:
    """Say why something fits somebody, and how well it does beside other things."""
    reasons = sorted(_reasons(someone, opening), key=lambda each: -_counts(each))
    weight = sum(map(_counts, reasons))
    if someone.looks is False:
        weight -= WEIGHTS[Why.TRAINED]
    return Fit(tuple(reasons), tuple(_remarks(someone, opening)), weight)


def _counts(reason: Reason) -> int:
    return WEIGHTS[reason.why] * (min(MOST_SUPPORTS, len(reason.codes)) if reason.codes else 1)


def _reasons(someone: Someone, opening: Opening) -> Iterator[Reason]:
    learned = [each for each in opening.occupations if each in someone.trained]
    if learned:
        yield Reason(Why.TRAINED, learned[0])
    if _is_at_home(someone, opening):
        yield Reason(Why.HOME)
    elif opening.online:
        yield Reason(Why.ONLINE)
    near = _nearest(someone, opening)
    if near is not None:
        yield near
    names = (*opening.occupations, *((opening.title,) if opening.title else ()))
    wished = next((name for name in names if name not in learned and _is_wished(name, someone.wishes)), "")
    if wished:
        yield Reason(Why.WISHED, wished)
    if someone.looks:
        yield Reason(Why.LOOKING)
    there = sorted(someone.needs & opening.supports)
    if there:
        yield Reason(Why.SUPPORT, "|".join(there))


def _remarks(someone: Someone, opening: Opening) -> Iterator[str]:
    if someone.looks is False:
        yield NOT_LOOKING
    if not someone.told_of_fairs:
        yield NO_FAIRS
    if someone.category and opening.categories and someone.category not in opening.categories:
        yield OTHER_CATEGORY
    if someone.level and opening.levels and someone.level not in opening.levels:
        yield OTHER_LEVEL


def _nearest(someone: Someone, opening: Opening) -> Reason | None:
    """Give the smallest place both are in. A district counts with its city: many cities have one of the same name."""
    province, city, district = opening.place
    if district and _lives(someone, 2, district) and not _lives_elsewhere(someone, 1, city):
        return Reason(Why.DISTRICT, district)
    if city and _lives(someone, 1, city):
        return Reason(Why.CITY, city)
    lives_in, quarter = someone.place[1], someone.place[2]
    if lives_in and lives_in in opening.location:
        inside = bool(quarter) and quarter in opening.location
        return Reason(Why.DISTRICT, quarter) if inside else Reason(Why.CITY, lives_in)
    return Reason(Why.PROVINCE, province) if province and _lives(someone, 0, province) else None


def _is_at_home(someone: Someone, opening: Opening) -> bool:
    """Whether the work is done at home; some is for homes in one province."""
    at_home = opening.home or any(sign in opening.location for sign in AT_HOME)
    province = opening.place[0]
    elsewhere = WHOLE_PROVINCE in opening.location and bool(province) and not _lives(someone, 0, province)
    return at_home and not elsewhere


def _lives(someone: Someone, depth: int, name: str) -> bool:
    """Whether somebody lives in a place: by the part of the address that is known, else by how it was said."""
    known = someone.place[depth]
    return known == name if known else name in someone.address


def _lives_elsewhere(someone: Someone, depth: int, name: str) -> bool:
    known = someone.place[depth]
    return bool(known and name) and known != name


def _is_wished(name: str, wishes: Sequence[str]) -> bool:
    """Whether somebody's own words speak of a trade: they share a word that is not in every trade's name."""
    pairs = _pairs(name)
    return any(bool(pairs & _pairs(wish)) for wish in wishes)


def _pairs(words: str) -> frozenset[str]:
    found = frozenset(words[at : at + SHORTEST] for at in range(len(words) - SHORTEST + 1))
    return found - SAYS_NOTHING
