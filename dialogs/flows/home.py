"""The menu: find a course, my applications, the rest."""

from dialogs.facts import drafts, me
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
    open_ones = (Option("drafts", "接着写没写完的", also=("接着写", "没写完的")),) if drafts(world) else ()
    return (
        *open_ones,
        Option("browse", "找课，报名", also=("找课", "看课", "报名", "课")),
        Option("mine", "我的报名", also=("进度", "查进度", "我报的课")),
        Option("settings", "别的事", also=("设置", "更多", "别的")),
    )


def _where_to(answers: Answers, world: World) -> Begin | None:
    if not me(world).role:
        return Begin("who")
    return LEADS_TO.get(answers.text("do"))


flow = Flow(
    "home",
    Choice("do", "您想做什么？", _menu),
    then=_where_to,
    stays=("do",),
    facts=("me", "drafts"),
)
