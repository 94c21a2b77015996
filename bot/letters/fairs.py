"""Letters about job fairs and the positions there."""

from collections.abc import Callable, Mapping

from sqlmodel import Session

from bot.letters.letter import Letter, Payload, gone
from dialogs.talk import Begin
from storage.catalogue.tables import Fair
from storage.fairs import reminders as fair_reminders
from storage.fairs.tables import FairSignup
from storage.finding import get
from storage.tables import SignupState


def _comes_no_more(session: Session, payload: Payload) -> str:
    signup, fair = get(session, FairSignup, payload["signup"]), get(session, Fair, payload["fair"])
    if signup is None or fair is None or fair.called_off or signup.state is not SignupState.COMING:
        return "不去招聘会了"
    row = fair_reminders.reminder_of(session, signup.id)
    if row is not None and row.reason:
        return row.reason
    return "" if row is not None and row.version_of == payload["version"] else "后来又改了，另有一条消息"


def _to_fair(flow: str) -> Callable[[Payload], Begin]:
    """Give what leads to a flow about the fair, for the person the letter is about."""
    return lambda payload: Begin(flow, (("person", payload["person"]), ("fair", payload["fair"])))


LETTERS: Mapping[str, Letter] = {
    "fair_reminder": Letter(
        "{% if name %}{{ name }}您好。{% endif %}招聘会 {{ starts | day }}开始。看看地方和签到号，告诉我们您来不来。",
        _comes_no_more,
        "看一看",
        _to_fair("fair_soon"),
    ),
    "fair_of_other": Letter(
        "{% if name %}{{ name }}{% else %}您帮忙的人{% endif %}报名的招聘会 {{ starts | day }}开始。"
        "看看地方和要带的东西。",
        _comes_no_more,
        "看一看",
        _to_fair("fair_soon"),
    ),
    "fair_changed": Letter(
        "{% if name %}{{ name }}您好。{% endif %}{% if off %}您报名的招聘会不办了。看看别的。"
        "{% else %}您报名的招聘会有改动。看一看。{% endif %}",
        gone,
        "看一看",
        _to_fair("fair"),
    ),
    "positions_waiting": Letter(
        "{% if name %}{{ name }}您好。{% endif %}有 {{ count }} 个岗位，可能合适您。想看，随时可以看。",
        gone,
        "看岗位",
        lambda payload: Begin("positions", (("person", payload["person"]),)),
    ),
}
