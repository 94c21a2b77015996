"""Support needs by function: asked of everyone, suggested only from what is known, never imposed."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from dialogs.kinds import Choice, Many, Name, Phone, Text, YesNo
from dialogs.model import Option, Question
from dialogs.parts.again import names, numbers
from dialogs.parts.contacts import HELPER
from dialogs.parts.known import LATER, NO_NEED, NOTHING, known
from dialogs.parts.standing import trainee, willing
from dialogs.supports import AREAS, BY_AREA
from dialogs.talk import World

AREA_TEXTS: Mapping[str, str] = {
    "see": "看书、看路，要哪些帮忙？可以选几个。",
    "hear": "听课，要哪些帮忙？可以选几个。",
    "speak": "说话，要哪些帮忙？可以选几个。",
    "move": "走路、用手，要哪些帮忙？可以选几个。",
    "learn": "学习，要哪些帮忙？可以选几个。",
    "mind": "心情和休息，要哪些帮忙？可以选几个。",
    "life": "吃住和路上，要哪些帮忙？可以选几个。",
    "exam": "考试，要哪些帮忙？可以选几个。",
}
AREA_NAMES: Mapping[str, str] = {
    "see": "看的帮忙", "hear": "听的帮忙", "speak": "说话的帮忙", "move": "走路、用手的帮忙",
    "learn": "学习的帮忙", "mind": "心情的帮忙", "life": "吃住的帮忙", "exam": "考试的帮忙",
}  # fmt: skip


def _suggested(area: str) -> Callable[[World], Sequence[str]]:
    codes = {option.value for option in BY_AREA[area]}
    return lambda world: [code for code in cast("tuple[str, ...]", world.facts["suggested"]) if code in codes]


def _needs(area: str) -> Question:
    asked_for = (
        (lambda a: trainee(a) and a["has_exam"] == "yes" and a["needs_area"] not in ("none", ["none"]))
        if area == "exam"
        else (lambda a: trainee(a) and area in a.many("needs_area"))
    )
    return Many(
        f"need_{area}", AREA_TEXTS[area], BY_AREA[area], when=asked_for, private=True, brief=AREA_NAMES[area],
        skip=NO_NEED,
        known=known(f"need_{area}"), suggests=_suggested(area),
    )  # fmt: skip


NEEDS = (
    Many(
        "needs_area",
        "上课的时候，哪些方面要帮忙？可以选几个。",
        AREAS,
        when=trainee,
        private=True,
        skip=NO_NEED,
        brief="哪些方面要帮忙",
        known=known("needs_area"),
    ),
    *(_needs(area) for area in BY_AREA),
    Text(
        "access_other",
        "还有别的需要吗？写几个字，也可以说一段话。",
        when=trainee,
        private=True,
        most=500,
        long=True,
        voice=True,
        skip=NOTHING,
        brief="别的需要",
        known=known("access_other"),
    ),
    *HELPER,
    Choice(
        "companion",
        "上课的时候，要有人陪吗？",
        (
            Option("own", "要，家里人来陪", also=("家里人来陪", "家里人")),
            Option("find", "要，帮我找人", also=("帮我找人", "找人")),
            Option("no", "不用人陪", also=("不要", "不用", "没有")),
        ),
        when=trainee,
        private=True,
        brief="陪同的人",
        known=known("companion"),
    ),
    Name(
        "companion_name",
        "来陪的人，叫什么名字？",
        when=lambda a: a["companion"] == "own",
        private=True,
        most=20,
        brief="陪同的人的名字",
        skip=LATER,
        known=known("companion_name"),
        offers=names("helper_name", "emergency_name"),
    ),
    Phone(
        "companion_phone",
        "来陪的人，电话是多少？",
        when=lambda a: a["companion"] == "own",
        private=True,
        brief="陪同的人的电话",
        skip=LATER,
        known=known("companion_phone"),
        offers=numbers("companion_name", "emergency_phone"),
    ),
    YesNo(
        "lodging",
        "上课的日子，要在学校住吗？",
        (Option("yes", "要住", also=("要", "是", "住")), Option("no", "不住", also=("不要", "不用", "不"))),
        when=lambda a: willing(a) and a["has_lodging"] == "yes",
        private=True,
        brief="住在学校",
        known=known("lodging"),
    ),
)
