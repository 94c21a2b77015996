"""A class begins soon: when, where, what to bring, which support is there; the person says whether they come."""

from collections.abc import Mapping

from dialogs.facts.applications import class_told
from dialogs.kinds import Note
from dialogs.model import Answers, Flow, Json, Row
from dialogs.parts.after import see_application
from dialogs.parts.calling import whom_to_call
from dialogs.parts.coming import promised, standing_for, whether_they_come
from dialogs.parts.online import online
from dialogs.talk import World


def _whether_it_stands(world: World) -> Mapping[str, Json]:
    it = class_told(world)
    return {"stands": standing_for(it, it.starts, world)}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = class_told(world)
    return (
        Row("什么课", "{{ class_told | called }}"),
        Row("什么时候上课", "{{ class_told.starts | period(class_told.ends) }}"),
        *((Row("第一天几点", "{{ begins | clock }}", {"begins": it.begins}),) if it.begins else ()),
        *((Row("在哪里", "{{ class_told.place }}"),) if it.place else ()),
        *((Row("怎么去", "{{ way }}", {"way": it.way}),) if it.way else ()),
        *online(it),
        *((Row("要带什么", "{{ class_told.bring | join('、') }}"),) if it.bring else ()),
        *promised(it),
        *whom_to_call(world),
    )


flow = Flow(
    "class",
    *whether_they_come(
        "您的课 {{ class_told.starts | day }}开始。您来吗？", _rows, gone="这门课现在不用回答了。"
    ),
    record="class_answer",
    fills=_whether_it_stands,
    facts=("class_told",),
)


answered = Flow(
    "class_answered",
    Note(
        "told",
        "{% if come == 'yes' %}好的，到时候见。"
        "{% elif come == 'stop' %}好的，这门课不再提醒。位子还是您的。"
        "{% else %}好的，记下了。位子还是您的。工作人员会和您商量。{% endif %}",
    ),
    then=see_application,
    facts=("application",),
)
