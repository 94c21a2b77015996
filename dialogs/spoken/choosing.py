"""Which of the offered options a person means, by number, label, first words or a polite sentence."""

import re
from collections.abc import Iterable, Iterator, Sequence

from dialogs.spoken.tidy import bare_number, tidy
from dialogs.spoken.wording import Form, Wording, begins, denies, forms, prepare, says_enough

Options = Sequence[Sequence[str]]
"""For each option all its wordings: the label in every language, and the `also` words."""
Prepared = Sequence[Sequence[Wording]]

_NUMERAL = r"(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_NUMBER_FIRST = re.compile(
    rf"(?P<sign>选项|选择|答案|按|第|选|说|option|number|no\.)?\s*{_NUMERAL}"
    r"(?P<unit>(?<=[0-9一二三四五六七八九十])\s*(?:号|项|(?:个|种|条)))?(?P<rest>.*)"
)
_NUMBER_LAST = re.compile(rf"(?P<rest>.*?[^0-9一二三四五六七八九十第])(?P<sign>第|说|选|按)?\s*{_NUMERAL}")
_ALL = re.compile(
    r"(?:我们?|这些|这几个|上面的?)?(?:全部都?|全都|所有的?都?|每个都|都|全)(?:要|选|需要|想要|可以|行|有|会|想学)?"
    r"(?:的|了|吧|啊|谢谢)*|all(?: of them)?"
)
_BETWEEN = re.compile(r"(?:\s|[,.。、;/+&|]|还有|以及|还要|另外|和|与|跟|及|\band\b|(?<=.)(?=第))+")
_BOTH_WANTED = re.compile(r"(?<=.)(?:这?[两几三四]个)?都(?:要|选|需要|想要|可以|行)(?:的|吧)?$")
# "不要1", "除了3都要": a number that is not chosen.
_LEFT_OUT = re.compile(
    r"除了|除去|以外|之外|(?:不|没|别)(?:要|用|选|需要|想要|是|有)?\s*第?[0-9一二三四五六七八九十]"
)
_DIGITS = re.compile("[0-9]{2,9}|[一二三四五六七八九]{2,9}")
# Bounds of the work one message can cause.
_LONGEST = 300  # characters
_MOST_PARTS = 30
_LONGEST_PART = 6  # pieces between separators that together may be one label


def pick_one(said: str, options: Options) -> int | None:
    """Give the place (from 0) of the one option meant, or None when none or several could be."""
    return _meant(said, _prepared(options)) if len(said) <= _LONGEST else None


def pick_many(
    said: str, options: Options, *, exclusive: frozenset[int] = frozenset()
) -> tuple[int, ...] | None:
    """Give the places (from 0, in order) of all options meant, or None when any part of it is unclear.

    `exclusive` are the places of options that stand alone ("都不要"): "都要" leaves them out, and together
    with another option they are unclear.
    """
    if len(said) > _LONGEST:
        return None
    offered, said_as = _prepared(options), forms(said)
    whole = _by_wording(said_as, offered)
    if whole:
        return tuple(whole) if len(whole) == 1 else None
    if any(_ALL.fullmatch(form.text) for form in said_as):
        return tuple(place for place in range(len(offered)) if place not in exclusive) or None
    if any(denies(form.text) for form in said_as):
        return _none_of_them(offered, exclusive)
    found = _parts(tidy(said), offered) or _digit_by_digit(said_as, len(offered))
    if found is None or (len(found) > 1 and not exclusive.isdisjoint(found)):
        return None
    return tuple(sorted(found))


def _prepared(options: Options) -> Prepared:
    return [[prepare(wording) for wording in wordings] for wordings in options]


def _meant(said: str, options: Prepared) -> int | None:
    """Ask the surest reading first; the first that finds anything decides, and two finds are no answer."""
    said_as = forms(said)
    for reading in (_by_wording, _by_number, _by_core, _by_beginning):
        found = reading(said_as, options)
        if found is not None:
            return next(iter(found)) if len(found) == 1 else None
    return None


def _by_wording(said_as: Sequence[Form], options: Prepared) -> set[int] | None:
    for form in said_as:
        if found := _where(any(w.words == form.words for w in wordings) for wordings in options):
            return found
    return None


def _by_core(said_as: Sequence[Form], options: Prepared) -> set[int] | None:
    if not said_as:
        return None
    return _where(any(w.core == said_as[-1].words for w in wordings) for wordings in options)


def _by_beginning(said_as: Sequence[Form], options: Prepared) -> set[int] | None:
    for form in said_as:
        found = _where(any(begins(form, w) for w in wordings) for wordings in options)
        if found:
            is_enough = any(says_enough(form, w) for place in found for w in options[place])
            return found if is_enough else set()
    return None


def _where(hits: Iterable[bool]) -> set[int] | None:
    return {place for place, hit in enumerate(hits) if hit} or None


def _by_number(said_as: Sequence[Form], options: Prepared) -> set[int] | None:
    for form in said_as:
        for place, is_ordinal, rest in _numbered(form.text):
            if not 0 <= place < len(options) or (rest and not _says(rest, options[place])):
                continue
            named = _where(any(w.number == place + 1 for w in wordings) for wordings in options)
            if rest or is_ordinal or named is None or place in named:
                return {place}
            return set()  # "1" on the screen is "0个", and another option is "1个"
    return None


def _numbered(text: str) -> Iterator[tuple[int, bool, str]]:
    """Read "1", "第一个", "1 需要", "需要 1" as place, whether it can only be an ordinal, other words."""
    for pattern in (_NUMBER_FIRST, _NUMBER_LAST):
        found = pattern.fullmatch(text)
        number = bare_number(found["number"]) if found else None
        if found is None or number is None:
            continue
        unit = (found.groupdict().get("unit") or "").strip()
        if unit and unit not in {"号", "项"} and found["sign"] != "第":
            continue  # "三个" is how many, not which
        yield number - 1, bool(found["sign"] or unit), tidy(found["rest"])


def _says(rest: str, wordings: Sequence[Wording]) -> bool:
    return any(
        form.words == wording.words or (begins(form, wording) and says_enough(form, wording))
        for form in forms(rest)
        for wording in wordings
    )


def _none_of_them(options: Prepared, exclusive: frozenset[int]) -> tuple[int, ...] | None:
    denying = {place for place in exclusive if any(wording.is_clean_no for wording in options[place])}
    candidates = denying or exclusive
    return tuple(candidates) if len(candidates) == 1 else None


def _parts(text: str, options: Prepared) -> set[int] | None:
    """Cover the whole text with parts that each mean one option, longest first: labels may hold commas."""
    if _LEFT_OUT.search(text):
        return None
    text = tidy(_BOTH_WANTED.sub("", text)) or text
    cuts = [(0, 0), *(found.span() for found in _BETWEEN.finditer(text)), (len(text), len(text))]
    if len(cuts) > _MOST_PARTS:
        return None
    reach: list[set[int] | None] = [None] * len(cuts)
    reach[-1] = set()
    for first in range(len(cuts) - 2, -1, -1):
        for last in range(min(len(cuts) - 1, first + _LONGEST_PART), first, -1):
            rest = reach[last]
            place = None if rest is None else _meant(text[cuts[first][1] : cuts[last][0]], options)
            if rest is not None and place is not None:
                reach[first] = rest | {place}
                break
    return reach[0] or None


def _digit_by_digit(said_as: Sequence[Form], count: int) -> set[int] | None:
    """Read "13" or "一三" as two options where no option can have two digits."""
    for form in said_as:
        if count < 10 and _DIGITS.fullmatch(form.text):
            places = {(bare_number(digit) or 0) - 1 for digit in form.text}
            if len(places) == len(form.text) and min(places) >= 0 and max(places) < count:
                return places
    return None
