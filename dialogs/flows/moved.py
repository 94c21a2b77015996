"""A class moved to another day or place: the person sees what was and what is, and says whether they still come."""

from collections.abc import Mapping

from dialogs.facts.classes import ClassTimes, Met, moved
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option, Row
from dialogs.parts.after import see_application
from dialogs.talk import World

PLACE = "{{ place }}"

WAYS = (
    Option("yes", "会来", also=("来", "我来", "我会来", "能来", "好")),
    Option("no", "来不了", also=("不来", "不能来", "不行", "没时间")),
    Option("ask", "我想问问", also=("问问", "问一下", "想问")),
)


def _whether_it_stands(world: World) -> Mapping[str, Json]:
    return {"stands": "yes" if moved(world).stands else "no"}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    """Say what changed, the old first; the day in any case."""
    it = moved(world)
    was, now = it.before, it.after
    return (
        Row("什么课", "{{ application | called }}"),
        *((Row("原来开课", "{{ at | day }}", {"at": was.starts}),) if was.starts != now.starts else ()),
        Row("现在开课", "{{ at | day }}", {"at": now.starts}),
        *((Row("原来上到", "{{ at | day }}", {"at": was.ends}),) if was.ends != now.ends else ()),
        *((Row("现在上到", "{{ at | day }}", {"at": now.ends}),) if was.ends != now.ends else ()),
        *_hours("原来几点", was, now),
        *_hours("现在几点", now, was),
        *((Row("原来在哪里", PLACE, {"place": was.place}),) if was.place and was.place != now.place else ()),
        *((Row("现在在哪里", PLACE, {"place": now.place}),) if now.place and was.place != now.place else ()),
        *((Row("上课的网页", "换了。会来的话，在“我的报名”里看"),) if it.new_link else ()),
        *(row for met in it.meetings for row in _meeting(met)),
        *((Row("为什么", "{{ note }}", {"note": it.note}),) if it.note else ()),
    )


def _meeting(met: Met) -> tuple[Row, ...]:
    """Say what changed about one session, the old first."""
    was, now = met.before, met.after
    which = Row("哪一次课", "第 {{ n }} 次，{{ at | day }}", {"n": met.number, "at": was.starts})
    if met.cancelled:
        return (which, Row("这一次", "不上了"))
    return (
        which,
        *((Row("现在哪天", "{{ at | day }}", {"at": now.starts}),) if was.starts != now.starts else ()),
        *_hours("现在几点", now, was),
        *((Row("现在在哪里", PLACE, {"place": now.place}),) if now.place and was.place != now.place else ()),
    )


def _hours(label: str, when: ClassTimes, other: ClassTimes) -> tuple[Row, ...]:
    if when.begins is None or (when.begins, when.until) == (other.begins, other.until):
        return ()
    if when.until is None:
        return (Row(label, "{{ begins | clock }}", {"begins": when.begins}),)
    hours = {"begins": when.begins, "until": when.until}
    return (Row(label, "{{ begins | clock }}到{{ until | clock }}", hours),)


flow = Flow(
    "moved",
    Choice(
        "come",
        "上课的时间或者地方改了。您还来吗？",
        WAYS,
        when=lambda a: a["stands"] == "yes",
        table=_rows,
        brief="还来不来",
    ),
    Note("gone", "这次改动不用回答了。", when=lambda a: a["stands"] != "yes"),
    record="moved_answer",
    fills=_whether_it_stands,
    facts=("application", "moved"),
)

answered = Flow(
    "moved_answered",
    Note(
        "told",
        "{% if come == 'yes' %}好的，记下了。{{ application.starts | day }}开课。"
        "{% else %}好的，记下了。位子还是您的。工作人员会和您商量。{% endif %}",
    ),
    then=see_application,
    facts=("application",),
)
