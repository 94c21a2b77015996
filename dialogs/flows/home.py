"""The menu: find a course, my applications, the rest."""

from collections.abc import Mapping

from dialogs.facts.applications import Applied, asked_to_assent, to_answer
from dialogs.facts.courses import is_looked_for
from dialogs.facts.people import drafts, helpers, me
from dialogs.facts.staff import works_here
from dialogs.kinds import Choice
from dialogs.model import Answers, Flow, Json, Option
from dialogs.talk import Begin, World

LOOKING_FOR = "words:"

LEADS_TO = {
    "browse": Begin("browse"),
    "mine": Begin("mine"),
    "fairs": Begin("fairs"),
    "drafts": Begin("drafts"),
    "settings": Begin("settings"),
    "staff": Begin("staff"),
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
    waiting = tuple(_waiting(it) for it in to_answer(world))
    open_ones = (Option("drafts", "接着写", also=("没写完的", "接着写没写完的")),) if drafts(world) else ()
    return (
        *asked,
        *waiting,
        *helping,
        *open_ones,
        Option("browse", "找课，报名", also=("找课", "看课", "报名", "课")),
        Option("mine", "我的报名", also=("进度", "查进度", "我报的课")),
        Option("fairs", "招聘会，找工作", also=("招聘会", "找工作")),
        Option("settings", "别的事", also=("设置", "更多", "别的")),
        *((Option("staff", "工作人员的事", also=("工作",)),) if works_here(world) else ()),
    )


def _waiting(it: Applied) -> Option:
    """A seat that is held, or a question of staff: the way to answer it."""
    words = "有一个问题，等您回答"
    if it.moved:
        words = "课有改动，等您回答"
    elif it.offer_id:
        words = "有位子了，等您回答"
    return Option(
        f"answer_{it.application_id}",
        words,
        note="{{ course | called }}",
        values={"course": it},
        also=("回答",),
    )


def _answer(world: World, number: int) -> Begin | None:
    it = next((each for each in to_answer(world) if each.application_id == number), None)
    about = (("application", number),)
    if it is not None and it.moved:
        return Begin("moved", about)
    if it is None or not (it.offer_id or it.asked):
        return Begin("application", about)
    if it.offer_id:
        return Begin("offer", (*about, ("offer", it.offer_id)))
    return Begin("answer", (*about, ("question", it.asked[0].question_id)))


def _course_wanted(said: str, world: World) -> Mapping[str, Json] | None:
    """A trade or a town said to the menu is what somebody looks for."""
    return {"do": f"{LOOKING_FOR}{said.strip()}"} if is_looked_for(said, world) else None


def _where_to(answers: Answers, world: World) -> Begin | None:
    if not me(world).role:
        return Begin("who")
    do = answers.text("do")
    if do.startswith(LOOKING_FOR):
        words = do.removeprefix(LOOKING_FOR)
        return Begin("browse", given={"situation": "unsaid", "how": ["words"], "words": words})
    if do.startswith("assent_"):
        return Begin("assent", (("application", int(do.removeprefix("assent_"))),))
    if do.startswith("answer_"):
        return _answer(world, int(do.removeprefix("answer_")))
    if do.startswith("helper_"):
        return Begin("helpers", given={"which": do.removeprefix("helper_")})
    return LEADS_TO.get(do)


flow = Flow(
    "home",
    Choice(
        "do",
        "您想做什么？",
        _menu,
        understands=_course_wanted,
        hint="{% if no_longer_helped %}现在不用您帮{{ no_longer_helped | join('、') }}办事了。谢谢您。{% endif %}",
    ),
    then=_where_to,
    stays=("do",),
    facts=(
        "me",
        "drafts",
        "asked_to_assent",
        "to_answer",
        "helpers",
        "no_longer_helped",
        "works_here",
        "catalogue",
    ),
)
