"""A class begins soon: when, where, what to bring, which support is there; the person says whether they come."""

from collections.abc import Mapping

from dialogs.facts import application, office
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option, Row
from dialogs.parts.online import online
from dialogs.stages import PROMISE, PROMISE_NOTED, standing
from dialogs.supports import LABELS
from dialogs.talk import Begin, World

WAYS = (
    Option("yes", "会来", also=("来", "我来", "我会来", "能来", "好", "去")),
    Option("no", "来不了", also=("不来", "不能来", "不行", "没时间")),
    Option("other", "想换时间", also=("改时间", "换时间", "换个时间")),
    Option("stop", "不要再提醒这门课", also=("不要再提醒", "别提醒了", "不用提醒")),
)


def _whether_it_stands(world: World) -> Mapping[str, Json]:
    it = application(world)
    ahead = it.state == "accepted" and it.starts >= world.now.date() and "fill" in it.powers
    return {"stands": "yes" if ahead else "no"}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    it = application(world)
    return (
        Row("什么课", "{{ application | called }}"),
        Row("什么时候上课", "{{ application.starts | period(application.ends) }}"),
        *((Row("第一天几点", "{{ begins | clock }}", {"begins": it.begins}),) if it.begins else ()),
        *((Row("在哪里", "{{ application.place }}"),) if it.place else ()),
        *((Row("怎么去", "{{ way }}", {"way": it.way}),) if it.way else ()),
        *online(it),
        *((Row("要带什么", "{{ application.bring | join('、') }}"),) if it.bring else ()),
        *(
            Row(
                LABELS[code].label, (PROMISE_NOTED if note else PROMISE)[answer], {"note": note}, private=True
            )
            for code, answer, note in it.needs
            if code in LABELS
        ),
        *((Row("打电话问", "{{ office.help_phone }}"),) if office(world).help_phone else ()),
    )


flow = Flow(
    "class",
    Choice(
        "come",
        "您的课 {{ application.starts | day }}开始。您来吗？",
        WAYS,
        when=lambda a: a["stands"] == "yes",
        table=_rows,
        brief="来不来上课",
    ),
    Note(
        "gone",
        "这门课现在不用回答了。",
        when=lambda a: a["stands"] != "yes",
        table=lambda _, world: standing(application(world)),
    ),
    record="class_answer",
    fills=_whether_it_stands,
    facts=("application",),
)


def _see_it(_: Answers, world: World) -> Begin:
    return Begin("application", (("application", application(world).application_id),))


answered = Flow(
    "class_answered",
    Note(
        "told",
        "{% if come == 'yes' %}好的，到时候见。"
        "{% elif come == 'stop' %}好的，这门课不再提醒。位子还是您的。"
        "{% else %}好的，记下了。位子还是您的。工作人员会和您商量。{% endif %}",
    ),
    then=_see_it,
    facts=("application",),
)
