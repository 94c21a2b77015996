"""不排了: somebody leaves the waiting list by one word; which course, where they wait for several."""

from collections.abc import Mapping

from dialogs.facts.applications import Applied, applications
from dialogs.kinds import Choice, Note
from dialogs.model import Answers, Flow, Json, Option
from dialogs.talk import Begin, World
from dialogs.words import Own


def _waits(world: World) -> list[Applied]:
    """What waits for a seat, or for a word about one that is held, and may be taken back by who says so."""
    return [it for it in applications(world) if it.can_withdraw and (it.place_in_line or it.offer_id)]


def _how_many(world: World) -> Mapping[str, Json]:
    waits = _waits(world)
    if len(waits) == 1:
        return {"several": "no", "which": str(waits[0].application_id)}
    return {"several": "yes" if waits else "none"}


def _lists(_: Answers, world: World) -> tuple[Option, ...]:
    waits = _waits(world)
    titles = [it.title for it in waits]
    return tuple(
        Option(
            str(it.application_id),
            # Two of one family may wait for the same course.
            Own(it.title, it.title_easy) if titles.count(it.title) == 1 else Own(it.person_name),
        )
        for it in waits
    )


def _leave(answers: Answers, _: World) -> Begin | None:
    if answers.text("several") == "none":
        return None
    return Begin("withdraw", (("application", int(answers.text("which"))),), {"sure": "yes"})


flow = Flow(
    "leave_list",
    Note("none", "您没有在排队的课。", when=lambda a: a["several"] == "none"),
    Choice("which", "哪个课不排了？", _lists, when=lambda a: a["several"] != "none", brief="不排的课"),
    then=_leave,
    fills=_how_many,
    facts=("applications",),
)
