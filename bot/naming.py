"""How somebody is called where others' servers hear it: without the family name, as people at home would."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dialogs.facts.applications import Applied
from dialogs.facts.classes import AtClass
from dialogs.facts.fairs import AtFair
from dialogs.facts.people import Helper, Me

TWO_SIGNS = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒")
"""Family names of two signs."""

AT_HOME = ("小", "阿", "老")
"""How a name begins that is none of the register."""

HAN = re.compile("^[\u3400-\u9fff]{2,4}$")


ALONE = frozenset({"for_whom", "no_longer_helped"})
"""Facts that are names and nothing else."""


def called(name: str) -> str:
    """Give the name without the family name: 李小梅 becomes 小梅, 小明 stays as it is.

    A given name of one sign is no way to call somebody (会您好): 马会 stays whole, as people would say it.
    """
    if name.startswith("您"):
        return name  # 您自己: who has not told us a name
    if not HAN.match(name):
        return re.split(r"[·\s]", name.strip())[0]
    if name.startswith(AT_HOME) and len(name) == 2:
        return name
    given = name[2:] if name.startswith(TWO_SIGNS) and len(name) > 2 else name[1:]
    return given if len(given) > 1 else name


SAID_OF_NAMES = ("name", "helper")
"""What a letter calls somebody by."""


ON_OUR_PAGE = ("said",)
"""What a letter says on our own page only: words of staff, that may tell anything."""


def letter_without_family_names(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a letter is filled with as it may be read in a chat that is not ours, or on its lock screen."""
    names = {each: called(payload[each]) for each in SAID_OF_NAMES if payload.get(each)}
    return {**payload, **names, **{each: "" for each in ON_OUR_PAGE if each in payload}}


def without_family_names(facts: Mapping[str, object]) -> dict[str, object]:
    """Give the facts of a turn as they may be said in a chat that is not ours."""
    told = {name: _told(fact) for name, fact in facts.items()}
    for name in ALONE & told.keys():
        it = told[name]
        told[name] = tuple(map(called, it)) if isinstance(it, tuple) else called(str(it))
    return told


def _told(fact: Any) -> Any:  # noqa: ANN401 - a fact is whatever a flow asks to know
    match fact:
        case Me():
            wards = tuple(replace(ward, name=called(ward.name)) for ward in fact.people)
            return replace(fact, people=wards)
        case Applied():
            return replace(fact, person_name=called(fact.person_name))
        case AtFair():
            return replace(fact, person_name=called(fact.person_name))
        case AtClass():
            known = tuple(replace(each, person_name=called(each.person_name)) for each in fact.now)
            return replace(fact, now=known)
        case Helper():
            return replace(fact, name=called(fact.name))
        case tuple():
            return tuple(map(_told, fact))
    return fact
