"""The menu: find a course, my applications, the rest."""

from dialogs.facts import asked_to_assent, drafts, helpers, me
from dialogs.kinds import Choice
from dialogs.model import Answers, Flow, Option
from dialogs.talk import Begin, World

LEADS_TO = {
    "browse": Begin("browse"),
    "mine": Begin("mine"),
    "drafts": Begin("drafts"),
    "settings": Begin("settings"),
}


def _menu(_: Answers, world: World) -> tuple[Option, ...]:
    asked = tuple(
        Option(
            f"assent_{it.application_id}",
            "有人帮您报了名，等您回答",
            note="{{ course | called }}",
            values={"course": it},
            also=("回答",),
        )
        for it in asked_to_assent(world)
    )
    helping = tuple(
        Option(
            f"helper_{it.relation_id}",
            "{% if helper %}还让{{ helper }}帮忙吗{% else %}还让他帮忙吗{% endif %}",
            note="到 {{ ends | day }}为止",
            values={"helper": it.name, "ends": it.ends},
        )
        for it in helpers(world)
        if it.soon
    )
    open_ones = (Option("drafts", "接着写", also=("没写完的", "接着写没写完的")),) if drafts(world) else ()
    return (
        *asked,
        *helping,
        *open_ones,
        Option("browse", "找课，报名", also=("找课", "看课", "报名", "课")),
        Option("mine", "我的报名", also=("进度", "查进度", "我报的课")),
        Option("settings", "别的事", also=("设置", "更多", "别的")),
    )


def _where_to(answers: Answers, world: World) -> Begin | None:
    if not me(world).role:
        return Begin("who")
    do = answers.text("do")
    if do.startswith("assent_"):
        return Begin("assent", (("application", int(do.removeprefix("assent_"))),))
    if do.startswith("helper_"):
        return Begin("helpers", given={"which": do.removeprefix("helper_")})
    return LEADS_TO.get(do)


flow = Flow(
    "home",
    Choice(
        "do",
        "您想做什么？",
        _menu,
        hint="{% if no_longer_helped %}现在不用您帮{{ no_longer_helped | join('、') }}办事了。谢谢您。{% endif %}",
    ),
    then=_where_to,
    stays=("do",),
    facts=("me", "drafts", "asked_to_assent", "helpers", "no_longer_helped"),
)
