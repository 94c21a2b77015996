"""A certificate is there to be collected: where, when, what to bring, whom to call; the person says whether they have it."""

from collections.abc import Mapping

from dialogs.facts.applications import application
from dialogs.facts.classes import certificate
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option, Row
from dialogs.parts.after import see_application
from dialogs.parts.calling import whom_to_call
from dialogs.talk import World
from dialogs.words import Own

WAYS = (
    Option("got", "拿到了", also=("拿了", "有了", "收到了")),
    Option("later", "以后去拿", also=("还没去", "过几天去", "会去")),
    Option("no", "去不了", also=("不能去", "不方便", "拿不了")),
    Option("stop", "不要再提醒证书", also=("不要再提醒", "别提醒了", "不用提醒")),
)


def _whether_it_is_there(world: World) -> Mapping[str, Json]:
    there = certificate(world).is_ready and "fill" in application(world).powers
    return {"there": "yes" if there else "no"}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    its = certificate(world)
    return (
        Row("什么课", "{{ application | called }}"),
        *((Row("什么证书", Own(its.name)),) if its.name else ()),
        *((Row("去哪里拿", Own(its.keeper)),) if its.keeper else ()),
        Row("什么时候", "上班的日子。先问一声，再去。"),
        Row("要带什么", "身份证。别人帮您拿，他的也要带。"),
        *((Row("打电话问", Own(its.phone)),) if its.phone else ()),
        *((Row("发短信问", Own(its.sms)),) if its.sms else ()),
        *(() if its.phone else whom_to_call(world)),
    )


flow = Flow(
    "certificate",
    Choice(
        "got",
        "您的证书好了，可以拿了。您拿到了吗？",
        WAYS,
        when=lambda a: a["there"] == "yes",
        table=_rows,
        brief="证书拿到没有",
    ),
    Note("gone", "现在没有证书可以拿。", when=lambda a: a["there"] != "yes"),
    record="certificate_answer",
    fills=_whether_it_is_there,
    facts=("application", "certificate"),
)


answered = Flow(
    "certificate_answered",
    Note(
        "told",
        "{% if said == 'got' %}好的，祝贺您。"
        "{% elif said == 'no' %}好的，记下了。工作人员会和您商量怎么拿。"
        "{% elif said == 'stop' %}好的，证书不再提醒。它给您留着。"
        "{% else %}好的，证书给您留着。{% endif %}",
    ),
    then=see_application,
    facts=("application",),
)
