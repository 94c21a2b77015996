"""A job fair is tomorrow: where, what to bring, which support, the number; the person says whether they come."""

from collections.abc import Mapping

from dialogs.facts.fairs import fair
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option, Row
from dialogs.parts.calling import whom_to_call
from dialogs.parts.fair_words import arranged, when_and_where
from dialogs.talk import World

WAYS = (
    Option("yes", "会来", also=("来", "我来", "我会来", "能来", "好", "去")),
    Option("no", "来不了", also=("不来", "不能来", "不行", "没时间", "不去", "不去了")),
    Option("stop", "不要再提醒", also=("不要再提醒", "别提醒了", "不用提醒")),
)


def _whether_it_stands(world: World) -> Mapping[str, Json]:
    it = fair(world)
    return {"stands": "yes" if it.to_come and it.said == "coming" else "no"}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    return (
        Row("什么事", "{{ fair | called }}"),
        Row("您的签到号", "{{ fair.number }}"),
        *when_and_where(fair(world)),
        *arranged(fair(world)),
        *whom_to_call(world),
    )


flow = Flow(
    "fair_soon",
    Choice(
        "come",
        "招聘会 {{ fair.starts | day }}开始。您来吗？",
        WAYS,
        when=lambda a: a["stands"] == "yes",
        table=_rows,
        brief="来不来招聘会",
    ),
    Note("gone", "这个招聘会现在不用回答了。", when=lambda a: a["stands"] != "yes"),
    record="fair_answer",
    fills=_whether_it_stands,
    facts=("fair", "office"),
)

answered = Flow(
    "fair_soon_answered",
    Note(
        "told",
        "{% if come == 'yes' %}好的，到时候见。签到号是 {{ fair.number }}。"
        "{% elif come == 'stop' %}好的，这个招聘会不再提醒。您还是可以来。{% else %}好的，记下了。这次不来。{% endif %}",
    ),
    facts=("fair",),
)
