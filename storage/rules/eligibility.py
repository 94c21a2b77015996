"""Whether a course fits a person: three-state advice with the rule it rests on. A member of staff decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What one rule says; none of them refuses anybody (DESIGN law 6)."""

    FITS = "符合"
    ASK = "要问"
    DIFFERS = "不符"


@dataclass(frozen=True, slots=True)
class Advice:
    """One rule held against one person.

    Args:
        rule: age, sex, category, level, work or place.
        verdict: what it says.
        quote: the rule as the catalogue has it.
        why: what about the person was compared with it.

    """

    rule: str
    verdict: Verdict
    quote: str
    why: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a course asks for, as its line of the catalogue says. Empty means: no condition.

    Args:
        place: the administrative area whose household registration is asked for, such as 四川省德阳市.
        place_rule: the wording of that rule (household_rule).

    """

    age_min: int | None = None
    age_max: int | None = None
    sex: str = ""
    categories: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    audience: frozenset[str] = frozenset()
    work: frozenset[str] = frozenset()
    work_labels: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    place_rule: str = ""


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is known of the person. Empty means: not known, and never counts against anybody.

    Args:
        certificate: the certificate number, 20 characters and perhaps a suffix.
        said_age: the full years the person gave; it counts only where the certificate tells no birth date.
        work: the employment status code.
        hukou: where the person is registered, in their own words.
        as_family: whether a relative of a disabled person wants to learn here.

    """

    certificate: str = ""
    said_age: int | None = None
    work: str = ""
    hukou: str = ""
    as_family: bool = False

    @property
    def birth(self) -> date | None:
        """The birth date inside the number, digits 7 to 14."""
        try:
            return date.fromisoformat(self.certificate[6:14])
        except ValueError:
            return None

    @property
    def sex(self) -> str:
        """男 or 女 by the 17th digit, odd or even."""
        digit = self.certificate[16:17]
        return ("女", "男")[int(digit) % 2] if digit.isdigit() else ""

    @property
    def category(self) -> str:
        return self.certificate[18:19]

    @property
    def level(self) -> str:
        return self.certificate[19:20]


CATEGORIES = {"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"}
LEVELS = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
MULTIPLE = "7"


def years_old(birth: date, day: date) -> int:
    """Give the full years of life on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def advise(conditions: Conditions, who: Applicant, starts: date) -> tuple[Advice, ...]:
    """Hold every condition of a course against a person, as of the day it starts."""
    found = [
        _age(conditions, who, starts),
        _sex(conditions, who),
        *(() if who.as_family else (_category(conditions, who), _level(conditions, who))),
        _audience(conditions, who),
        _work(conditions, who),
        _place(conditions, who),
    ]
    return tuple(each for each in found if each is not None)


def summary(advice: Sequence[Advice]) -> Verdict:
    """Give the strongest word said: one 不符 outweighs 要问, which outweighs 符合."""
    said = {each.verdict for each in advice}
    return next((each for each in (Verdict.DIFFERS, Verdict.ASK) if each in said), Verdict.FITS)


def _verdict(known: bool, fits: bool) -> Verdict:
    if not known:
        return Verdict.ASK
    return Verdict.FITS if fits else Verdict.DIFFERS


def _age(conditions: Conditions, who: Applicant, starts: date) -> Advice | None:
    low, high = conditions.age_min, conditions.age_max
    if low is None and high is None:
        return None
    quote = f"年龄{low if low is not None else 0}—{high}岁" if high is not None else f"年满{low}岁"
    age = who.said_age if who.birth is None else years_old(who.birth, starts)
    if age is None:
        return Advice("age", Verdict.ASK, quote, "还不知道年龄")
    fits = (low is None or age >= low) and (high is None or age <= high)
    # Somebody may be a year older by the first day than when they said it: who reads it sees whose word it is.
    why = f"报名时说{age}岁" if who.birth is None else f"开班那天{age}岁"
    return Advice("age", _verdict(known=True, fits=fits), quote, why)


def _sex(conditions: Conditions, who: Applicant) -> Advice | None:
    if not conditions.sex:
        return None
    verdict = _verdict(known=bool(who.sex), fits=who.sex == conditions.sex)
    return Advice("sex", verdict, f"限{conditions.sex}性", who.sex or "还不知道")


def _category(conditions: Conditions, who: Applicant) -> Advice | None:
    if not conditions.categories:
        return None
    quote = "适合" + _named(conditions.categories, CATEGORIES)
    # The number of a multiple disability does not tell which ones: ask, never derive.
    known = who.category in CATEGORIES and (who.category != MULTIPLE or MULTIPLE in conditions.categories)
    verdict = _verdict(known, who.category in conditions.categories)
    return Advice("category", verdict, quote, CATEGORIES.get(who.category, "还不知道类别"))


def _level(conditions: Conditions, who: Applicant) -> Advice | None:
    if not conditions.levels:
        return None
    verdict = _verdict(who.level in LEVELS, who.level in conditions.levels)
    return Advice("level", verdict, _named(conditions.levels, LEVELS), LEVELS.get(who.level, "还不知道等级"))


def _audience(conditions: Conditions, who: Applicant) -> Advice | None:
    if not conditions.audience:
        return None
    needed = "family" if who.as_family else "disabled"
    quote = "、".join(AUDIENCES[code] for code in AUDIENCES if code in conditions.audience)
    verdict = Verdict.FITS if needed in conditions.audience else Verdict.DIFFERS
    return Advice("audience", verdict, f"对象：{quote}", AUDIENCES[needed])


AUDIENCES = {
    "disabled": "残疾人",
    "family": "家长、家属",
    "employer": "用人单位",
    "service_staff": "就业服务人员、辅导员",
    "care_staff": "照护服务人员",
    "leader": "创业带头人",
    "inheritor": "非遗传承人",
}


def _work(conditions: Conditions, who: Applicant) -> Advice | None:
    if not conditions.work or "any" in conditions.work:
        return None
    labels = conditions.work_labels
    verdict = _verdict(bool(who.work), who.work in conditions.work)
    return Advice("work", verdict, _named(conditions.work, labels), labels.get(who.work, "还不知道"))


def _place(conditions: Conditions, who: Applicant) -> Advice | None:
    if not conditions.place_rule or conditions.place_rule == "全国":
        return None
    # Addresses are written in many ways: what is not found in one is asked about, never held against anybody.
    fits = bool(conditions.place) and conditions.place in who.hukou
    verdict = Verdict.FITS if fits else Verdict.ASK
    return Advice("place", verdict, conditions.place_rule, who.hukou or "还不知道户口在哪里")


def _named(codes: Iterable[str], labels: Mapping[str, str]) -> str:
    return "、".join(labels.get(code, code) for code in sorted(codes))
