"""Who helps me: let it go on, or end it with one word; the helper is not told why."""

from collections.abc import Mapping

from dialogs.facts.people import Helper, helpers
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option, Row
from dialogs.talk import World
from dialogs.words import Own, Words

ROLES: Mapping[str, Words] = {"family": "家里人", "guardian": "监护人"}
HELPING = "帮忙的人"
LINKS: Mapping[str, Words] = {"opened": "家长，打开过地址", "made": "家长，还没打开地址"}
"""A parent who was asked by a link for a word, and whose name we do not know."""


def _called(helper: Helper) -> Words:
    """Name somebody by what we know of them."""
    if helper.name:
        return Own(helper.name)
    return LINKS.get(helper.link) or ROLES.get(helper.role, HELPING)


def _known(world: World) -> tuple[Option, ...]:
    return tuple(
        Option(
            str(it.relation_id),
            _called(it),
            note="{% if since %}{{ since | day }}给的地址{% elif ends %}到 {{ ends | day }}为止{% endif %}",
            values={"ends": it.ends, "since": it.since},
        )
        for it in helpers(world)
    )


def _who(_: Answers, world: World) -> tuple[Option, ...]:
    return _known(world) or (Option("none", "知道了", also=("好", "好的")),)


def _only_one(world: World) -> Json:
    every = helpers(world)
    return str(every[0].relation_id) if len(every) == 1 else None


def _chosen(answers: Answers, world: World) -> Helper | None:
    return next((it for it in helpers(world) if str(it.relation_id) == answers.text("which")), None)


def _name(answers: Answers, world: World) -> Mapping[str, object]:
    chosen = _chosen(answers, world)
    return {"helper": chosen.name if chosen else "", "parent": chosen is not None and bool(chosen.link)}


def _until(answers: Answers, world: World) -> tuple[Row, ...]:
    chosen = _chosen(answers, world)
    if chosen is None or chosen.ends is None:
        return ()
    return (Row("他能帮到哪天", "{{ ends | day }}", {"ends": chosen.ends}),)


flow = Flow(
    "helpers",
    Choice(
        "which",
        "{% if helpers %}这些人可以帮您办事。您想说哪一个？{% else %}现在没有人帮您办事。{% endif %}",
        _who,
        settled=_only_one,
        brief="谁帮您",
    ),
    Choice(
        "keep",
        "{% if helper %}还让{{ helper }}帮忙吗？{% elif parent %}还让家长看您的报名吗？{% else %}还让他帮忙吗？{% endif %}",
        (
            Option("yes", "让他帮", also=("是", "要", "好", "让", "还要", "可以")),
            Option("no", "不让他帮了", also=("不", "不要", "不让", "不用", "不用了", "否")),
            Option("think", "我再想想", also=("想想", "不知道", "没想好", "以后再说")),
        ),
        when=lambda a: a["which"] != "none",
        values=_name,
        table=_until,
        hint="不说，到了那天就停了。我们不告诉他为什么。",
        brief="还让他帮吗",
    ),
    record="helper_keep",
    facts=("helpers",),
)

told = Flow(
    "helper_told",
    Note(
        "told",
        "{% if keep == 'yes' %}好的，他还帮您。到 {{ until | day }}为止。"
        "{% elif keep == 'no' %}好的，他不帮您办事了。我们没有告诉他为什么。"
        "{% else %}好的，您慢慢想。到 {{ until | day }}，他都能帮您。{% endif %}",
    ),
)
