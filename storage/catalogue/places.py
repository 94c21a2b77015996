"""Where an address lies, as far as the places of the catalogue tell: said in full, in part, or as people say it."""

import re
from collections.abc import Iterable
from itertools import takewhile

Place = tuple[str, ...]
"""Province, perhaps city, perhaps county."""

_ENDS = "省市区县州"
_SAID = 2
"""Characters by which a long name is said as well: 湘西土家族苗族自治州 is 湘西."""
_LONG = 5
"""Characters from which on a name of a place is long."""


def home_in(places: Iterable[Place], address: str) -> tuple[str, str, str]:
    """Give province, city and county of an address, each "" where nothing tells it.

    Counties of one name in two cities are told apart by what else is said; where that does not help, no county
    is given. A county after a province or a city that is none of its own is another county of that name.
    """
    said = "".join(address.split())
    named = [place for place in places if place[-1] and _is_named(place, said)]
    best = max(map(len, named), default=0)
    deepest = [place for place in named if len(place) == best]
    most = max((_parts_named(place, said) for place in deepest), default=0)
    likely = [place for place in deepest if _parts_named(place, said) == most]
    if not likely:
        return "", "", ""
    shared = [parts[0] for parts in takewhile(lambda each: len(set(each)) == 1, zip(*likely, strict=True))]
    province, city, county = (*shared, "", "", "")[:3]
    return province, city, county


def _is_named(place: Place, said: str) -> bool:
    """Whether an address names the last part of a place, and no other province or city before it."""
    at = _where(place[-1], said, whole=len(place) > _SAID)
    if at < 0:
        return False
    before = said[:at]
    return not re.search("[省市州]", before) or any(_where(part, before) >= 0 for part in place[:-1])


def _parts_named(place: Place, said: str) -> int:
    return sum(_where(part, said) >= 0 for part in place)


def _where(name: str, said: str, *, whole: bool = False) -> int:
    """Give where a name stands, whole or as it is said; a short name of a county only where nothing goes on."""
    if (at := said.find(name)) >= 0:
        return at
    short = name[:_SAID] if len(name) >= _LONG else name.rstrip(_ENDS)
    if len(short) < _SAID:
        return -1
    found = re.search(re.escape(short) + (rf"(?=[{_ENDS}，。、；]|$)" if whole else ""), said)
    return found.start() if found else -1
