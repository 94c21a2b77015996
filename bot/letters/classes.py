"""Letters about a class that somebody has a seat in: moved, called off, soon, over."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.letters.letter import Letter, Payload, gone
from dialogs.talk import Begin
from storage.classes import certificates, changes, endings
from storage.finding import get
from storage.tables import Application, ApplicationState, Reminder


def _moved_again(session: Session, payload: Payload) -> str:
    filed = get(session, Application, payload["application"])
    known = None if filed is None else changes.confirmation_of(session, filed)
    if known is None:
        return "已经没有名额了"
    return "" if known[0].id == payload["change"] else "后来又改了，另有一条消息"


def _class_changed(session: Session, payload: Payload) -> str:
    filed = get(session, Application, payload["application"])
    row = get(session, Reminder, payload["reminder"])
    if filed is None or filed.state is not ApplicationState.ACCEPTED:
        return "已经没有名额了"
    if row is not None and row.reason:
        return row.reason
    return "" if row is not None and row.version_of == payload["version"] else "课又改了时间，另有一条消息"


def _collected(session: Session, payload: Payload) -> str:
    said = certificates.said_of(session, payload["application"])
    if said in certificates.SETTLED:
        return certificates.SETTLED[said]
    return "" if certificates.is_ready(session, payload["application"]) else certificates.NONE


def _passed(session: Session, payload: Payload) -> str:
    application = get(session, Application, payload["application"])
    passed = application is None or application.state is not ApplicationState.NOT_PASSED
    return endings.PASSED if passed else ""


def _remind(payload: Payload) -> Begin:
    return Begin("class", (("application", payload["application"]),))


def _remind_of_other(payload: Payload) -> Begin:
    return Begin("class", (("person", payload["person"]), ("application", payload["application"])))


def _part(payload: Payload) -> Begin:
    return Begin("class_part", (("application", payload["application"]), ("reminder", payload["reminder"])))


def _part_of_other(payload: Payload) -> Begin:
    return Begin("class_part", (("person", payload["person"]), *_part(payload).about))


LETTERS: Mapping[str, Letter] = {
    "called_off": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您报的课不办了。看看为什么，再看看别的课。",
        gone,
        "看一看",
        lambda payload: Begin("application", (("application", payload["application"]),)),
        more=(
            (
                "找别的课",
                lambda payload: Begin(
                    "browse",
                    given={"situation": "unsaid", "how": ["category"], "category": payload["category"]},
                ),
            ),
        ),
    ),
    "changed": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您的课有改动。看一看，告诉我们您还来不来。",
        _moved_again,
        "看一看",
        lambda payload: Begin("moved", (("application", payload["application"]),)),
    ),
    "class_reminder": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您的课 {{ starts | day }}开始。"
        "看看地方和要带的东西，告诉我们您来不来。",
        _class_changed,
        "看一看",
        _remind,
    ),
    "class_of_other": Letter(
        "{% if name %}{{ name }}的课{% else %}您帮忙的人的课{% endif %} {{ starts | day }}开始。"
        "看看地方和要带的东西。",
        _class_changed,
        "看一看",
        _remind_of_other,
    ),
    "block_reminder": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您的课，{{ starts | day }}起"
        "{% if mode == 'online' %}在网上上{% else %}去教室上{% endif %}。看一看，告诉我们您来不来。",
        _class_changed,
        "看一看",
        _part,
    ),
    "exam_reminder": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您的课 {{ starts | day }}上完，可能有考试。"
        "看一看，告诉我们您来不来。",
        _class_changed,
        "看一看",
        _part,
    ),
    "part_of_other": Letter(
        "{% if name %}{{ name }}的课{% else %}您帮忙的人的课{% endif %}，{{ starts | day }}有新的安排。看一看。",
        _class_changed,
        "看一看",
        _part_of_other,
    ),
    "not_passed": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您的课上完了，结果出来了。看一看，也可以找别的课。",
        _passed,
        "看一看",
        lambda payload: Begin("application", (("application", payload["application"]),)),
    ),
    "certificate": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您的证书好了，可以来拿。看看去哪里拿，带什么。",
        _collected,
        "看一看",
        lambda payload: Begin("certificate", (("application", payload["application"]),)),
    ),
}
