"""Letters about an application: not finished yet, asked about, decided, a seat held."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from bot.letters.letter import Letter, Payload, gone
from dialogs.talk import Begin
from storage.applications.tables import Offer, StaffQuestion
from storage.draft_reminders import DRAFT_EXPIRY
from storage.finding import get
from storage.tables import OVER, Application, ApplicationEvent, ApplicationState, OfferState, Reminder


def _asked_already(session: Session, payload: Payload) -> str:
    filed = get(session, Application, payload["application"])
    waits = filed is not None and filed.state is ApplicationState.AWAITING_ASSENT
    return "" if waits else "报名已经不等本人答应了"


def _written_already(session: Session, payload: Payload) -> str:
    row = get(session, Reminder, payload["draft"])
    stands = row is not None and row.kind == DRAFT_EXPIRY and row.version_of == payload["version"]
    return "" if stands else "已经接着写了"


def _gone_on(session: Session, payload: Payload) -> str:
    nudge = get(session, Reminder, payload["nudge"])
    stands = nudge is not None and nudge.version_of == payload["version"]
    return "" if stands and get(session, Reminder, payload["draft"]) is not None else "已经接着写了"


TOLD_BY = ("accepted", "waitlisted", "declined", "offered", "need_answered")
"""Events of an application that a letter of their own tells."""


def _decided_anew(session: Session, payload: Payload) -> str:
    filed = get(session, Application, payload["application"])
    if filed is None or filed.state is ApplicationState.WITHDRAWN:
        return "报名已经退了"
    later = select(ApplicationEvent.id).where(
        ApplicationEvent.application_id == filed.id,
        ApplicationEvent.id > payload["event"],
        col(ApplicationEvent.kind).in_(TOLD_BY),
    )
    return "" if session.exec(later.limit(1)).first() is None else "后来又定了，另有一条消息"


def _question_closed(session: Session, payload: Payload) -> str:
    asked = get(session, StaffQuestion, payload["question"])
    filed = get(session, Application, payload["application"])
    waits = asked is not None and asked.answered_at is None
    return "" if waits and filed is not None and filed.state not in OVER else "问题已经不用回答了"


def _offer_closed(session: Session, payload: Payload) -> str:
    offer = get(session, Offer, payload["offer"])
    return "" if offer is not None and offer.state is OfferState.OPEN else "位子已经有回答了"


def _waits_no_more(session: Session, payload: Payload) -> str:
    filed = get(session, Application, payload["application"])
    return "" if filed is not None and filed.state is ApplicationState.WAITLISTED else "已经不在排队了"


def _look(payload: Payload) -> Begin:
    return Begin("application", (("application", payload["application"]),))


def _come(payload: Payload) -> Begin:
    return Begin("offer", (("application", payload["application"]), ("offer", payload["offer"])))


LETTERS: Mapping[str, Letter] = {
    "assent_request": Letter(
        "{{ name }}您好。有人帮您报名上课。想不想去，告诉我们。",
        _asked_already,
        "回答",
        lambda payload: Begin("assent", (("application", payload["application"]),)),
    ),
    "draft_warning": Letter(
        "您有一张表没写完。{{ until | day }}会删掉。还想要，就接着写。",
        _written_already,
        "接着写",
        lambda _: Begin("drafts"),
    ),
    "draft_nudge": Letter(
        "您有一张表没写完，写的都在。想接着写，随时可以。", _gone_on, "接着写", lambda _: Begin("drafts")
    ),
    "decided": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您的报名有回音了。", _decided_anew, "看一看", _look
    ),
    "staff_question": Letter(
        "{% if name %}{{ name }}您好。{% endif %}工作人员有一个问题，想问问您。",
        _question_closed,
        "回答",
        lambda payload: Begin(
            "answer", (("application", payload["application"]), ("question", payload["question"]))
        ),
    ),
    "staff_words": Letter(
        "{% if said %}工作人员{{ who }}给您写了：{{ said }}{% else %}工作人员给您写了几句话。{% endif %}",
        gone,
        "看一看",
        lambda payload: Begin(
            "staff_words", (("application", payload["application"]), ("event", payload["event"]))
        ),
    ),
    "offer": Letter(
        "{% if name %}{{ name }}您好。{% endif %}有位子了。{{ until | moment }}前，告诉我们来不来。",
        _offer_closed,
        "回答",
        _come,
    ),
    "offer_reminder": Letter(
        "{% if name %}{{ name }}您好。{% endif %}位子还给您留着。{{ until | moment }}前，告诉我们来不来。",
        _offer_closed,
        "回答",
        _come,
    ),
    "offer_lapsed": Letter(
        "{% if name %}{{ name }}您好。{% endif %}留位子的时间过了。您还排着，不用再报。",
        _waits_no_more,
        "看一看",
        _look,
    ),
}
