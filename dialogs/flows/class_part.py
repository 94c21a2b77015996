"""Another block of a class begins soon, or its exam: when, where, which support is there; the person says whether they come."""

from collections.abc import Mapping

from dialogs.facts.applications import class_told
from dialogs.facts.classes import part
from dialogs.model import Answers, Flow, Json, Row
from dialogs.parts.calling import whom_to_call
from dialogs.parts.coming import promised, standing_for, whether_they_come
from dialogs.parts.online import online
from dialogs.supports import BY_AREA
from dialogs.talk import World

EXAM = frozenset(option.value for option in BY_AREA["exam"])


def _whether_it_stands(world: World) -> Mapping[str, Json]:
    it, its = class_told(world), part(world)
    return {"stands": standing_for(it, its.starts, world) if its.stands else "no"}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it, its = class_told(world), part(world)
    return (
        Row("什么课", "{{ class_told | called }}"),
        Row("什么时候上课", "{{ part.starts | period(part.ends) }}"),
        *((Row("第一天几点", "{{ begins | clock }}", {"begins": its.begins}),) if its.begins else ()),
        *(() if its.mode == "online" else _there(world)),
        *(online(it) if its.mode == "online" else ()),
        *((Row("要带什么", "{{ class_told.bring | join('、') }}"),) if it.bring and not its.is_exam else ()),
        *(promised(it, EXAM) if its.is_exam else promised(it)),
        *whom_to_call(world),
    )


def _there(world: World) -> tuple[Row, ...]:
    it, its = class_told(world), part(world)
    return (
        *((Row("在哪里", "{{ part.place }}"),) if its.place else ()),
        *((Row("怎么去", "{{ way }}", {"way": it.way}),) if it.way and its.place == it.place else ()),
    )


flow = Flow(
    "class_part",
    *whether_they_come(
        "{% if part.is_exam %}{{ part.starts | day }}是最后一天，可能有考试。您来吗？"
        "{% elif part.mode == 'online' %}{{ part.starts | day }}起，在网上上课。您上吗？"
        "{% else %}{{ part.starts | day }}起，去教室上课。您来吗？{% endif %}",
        _rows,
        gone="这次提醒现在不用回答了。",
    ),
    record="class_answer",
    fills=_whether_it_stands,
    facts=("class_told", "part"),
)
