"""A seat is held for somebody on the waiting list: they come, leave the list, or wait on."""

from collections.abc import Mapping

from dialogs.facts.applications import application, offer
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option, Row
from dialogs.parts.after import see_application
from dialogs.stages import standing
from dialogs.talk import Begin, World


def _whether_it_stands(world: World) -> Mapping[str, Json]:
    return {"stands": "yes" if offer(world).stands else "no"}


def _rows(_: Answers, world: World) -> tuple[Row, ...]:
    held = offer(world)
    return (
        Row("什么课", "{{ application | called }}"),
        Row("什么时候上课", "{{ application.starts | period(application.ends) }}"),
        *((Row("在哪里", "{{ application.place }}"),) if application(world).place else ()),
        Row("位子留到", "{{ until | moment }}", {"until": held.until}),
        *(
            Row(
                "时间一样的课",
                "{{ title }} {{ starts | period(ends) }}",
                _course(each.title, each.starts, each.ends),
            )
            for each in held.clashes
        ),
    )


def _course(title: str, starts: object, ends: object) -> Mapping[str, object]:
    return {"title": title, "starts": starts, "ends": ends}


def _ways(_: Answers, world: World) -> tuple[Option, ...]:
    leave = Option("no", "不来了，也不排了", also=("不来了", "不来", "不要了", "不要", "不排了"))
    return (
        Option("yes", "我来上课", also=("来", "我来", "要", "去", "好", "同意")),
        *((leave,) if application(world).can_withdraw else ()),
        Option("later", "这次不行，还排着", also=("这次不行", "还排着", "再等等", "下次")),
    )


flow = Flow(
    "offer",
    Choice(
        "come",
        "{% if offer.clashes %}有位子了，可是时间和您别的课一样。您来吗？{% else %}有位子了。您来吗？{% endif %}",
        _ways,
        when=lambda a: a["stands"] == "yes",
        table=_rows,
        brief="来不来",
    ),
    Note(
        "gone",
        "{% if application.state == 'accepted' %}您已经有位子了。{% else %}这个位子现在不留了。{% endif %}",
        when=lambda a: a["stands"] != "yes",
        table=lambda _, world: standing(application(world)),
    ),
    record="offer_answer",
    fills=_whether_it_stands,
    facts=("application", "offer"),
)


def _see_it(answers: Answers, world: World) -> Begin | None:
    """Who comes sees what to bring and what is promised."""
    if answers.text("come") == "no":
        return None
    return see_application(answers, world)


answered = Flow(
    "offer_answered",
    Note(
        "told",
        "{% if come == 'yes' %}好的，位子是您的了。{% elif come == 'no' %}好的，位子不留了。想学了，可以再报。"
        "{% else %}好的，您还排着。再有位子，就告诉您。{% endif %}",
    ),
    then=_see_it,
    facts=("application",),
)
