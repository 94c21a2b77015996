"""Messages that we start ourselves: read on a lock screen, so they name no course and no need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.notice_buttons import pressed
from dialogs.talk import Begin
from dialogs.words import Voice
from storage import changes
from storage.reminders import DRAFT_EXPIRY
from storage.tables import (
    OVER,
    Application,
    ApplicationEvent,
    ApplicationState,
    Offer,
    OfferState,
    Outbox,
    Person,
    Relation,
    Reminder,
    Staff,
    StaffQuestion,
    Ticket,
    Wish,
    WishState,
)
from storage.tickets import is_emptied

Payload = Mapping[str, Any]


BUTTON = "o:"
"""What the datum of a letter's button begins with; the number of its row in the outbox follows."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of message.

    Args:
        words: source wording, Chinese with Jinja2 inside; translated like every other wording.
        useless: why it is of no more use when it is due, "" while it is of use (law 5).
        button: source wording of the button under it, "" for none.
        begins: what its button begins.
        more: further ways, in a chat only: the wording of each button, and what it begins.

    """

    words: str
    useless: Callable[[Session, Payload], str]
    button: str = ""
    begins: Callable[[Payload], Begin] | None = None
    more: tuple[tuple[str, Callable[[Payload], Begin]], ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A letter filled in, as a channel sends it.

    Args:
        text: everything there is to read; it names the button as well (access.md T5).
        button: the label of the first button, "" for none.
        outbox_id: which row it is; the button carries it.
        more: the labels of further buttons.

    """

    text: str
    button: str = ""
    outbox_id: int = 0
    more: tuple[str, ...] = ()

    @property
    def datum(self) -> str:
        """What the button sends back: the number alone, so that it tells nothing."""
        return f"{BUTTON}{self.outbox_id}"

    @property
    def buttons(self) -> tuple[tuple[str, str], ...]:
        """Every button: its label, and what it sends back."""
        if not self.button:
            return ()
        further = ((label, f"{self.datum}:{way}") for way, label in enumerate(self.more, 1))
        return ((self.button, self.datum), *further)


def write(letter: Letter, payload: Payload, voice: Voice) -> str:
    """Fill in the words in somebody's reading mode. Raises jinja2.UndefinedError for a missing value."""
    return voice.say(letter.words, payload)


def address(letter: Letter, text: str, voice: Voice, outbox_id: int) -> Post:
    """Make the filled-in words of a letter one that can be answered by its button."""
    if not letter.button:
        return Post(text, outbox_id=outbox_id)
    label = voice.say(letter.button)
    hint = voice.say("点“{{ button }}”。", {"button": label})
    return Post(f"{text}\n{hint}", label, outbox_id, tuple(voice.say(words) for words, _ in letter.more))


def opened(
    session: Session, outbox_id: int, contact_id: int, way: int = 0, now: datetime | None = None
) -> Begin | None:
    """Give what a button of a letter or a notice begins for the contact it was sent to; None for anybody else.

    The way is the number of the button: 0 for the first one. A reply to a notice is noted where `now` is given.

    It does not ask whether the letter is of use still: the flow says what has become of the matter. One that
    was emptied, because what it was about is erased, begins nothing.
    """
    row = session.get(Outbox, outbox_id)
    if row is not None and row.notice_id is not None and row.contact_id == contact_id:
        return pressed(session, row, way, now)
    letter = LETTERS.get(row.kind) if row is not None and row.contact_id == contact_id else None
    if row is None or letter is None or letter.begins is None or not row.payload:
        return None
    begins = (letter.begins, *(begun for _, begun in letter.more))
    return begins[way](row.payload) if way < len(begins) else None


def _asked_already(session: Session, payload: Payload) -> str:
    filed = session.get(Application, payload["application"])
    waits = filed is not None and filed.state is ApplicationState.AWAITING_ASSENT
    return "" if waits else "报名已经不等本人答应了"


def _written_already(session: Session, payload: Payload) -> str:
    row = session.get(Reminder, payload["draft"])
    stands = row is not None and row.kind == DRAFT_EXPIRY and row.version_of == payload["version"]
    return "" if stands else "已经接着写了"


def _gone_on(session: Session, payload: Payload) -> str:
    nudge = session.get(Reminder, payload["nudge"])
    stands = nudge is not None and nudge.version_of == payload["version"]
    return "" if stands and session.get(Reminder, payload["draft"]) is not None else "已经接着写了"


def _gone(session: Session, payload: Payload) -> str:
    person = session.get(Person, payload["person"])
    return "本人已删除信息" if person is None or person.erased_at is not None else ""


def _answered(session: Session, payload: Payload) -> str:
    wish = session.get(Wish, payload["wish"])
    return "" if wish is not None and wish.state is WishState.ANSWERED else "愿望已经没有了"


def _helps_on(session: Session, payload: Payload) -> str:
    relation = session.get(Relation, payload["relation"])
    stands = relation is not None and relation.revoked_at is None
    moved = relation is None or relation.ends_at != datetime.fromisoformat(payload["ends"])
    return "" if stands and not moved else "帮忙的时间已经改了"


TOLD_BY = ("accepted", "waitlisted", "declined", "offered", "need_answered")
"""Events of an application that a letter of their own tells."""


def _decided_anew(session: Session, payload: Payload) -> str:
    filed = session.get(Application, payload["application"])
    if filed is None or filed.state is ApplicationState.WITHDRAWN:
        return "报名已经退了"
    later = select(ApplicationEvent.id).where(
        ApplicationEvent.application_id == filed.id,
        ApplicationEvent.id > payload["event"],
        col(ApplicationEvent.kind).in_(TOLD_BY),
    )
    return "" if session.exec(later.limit(1)).first() is None else "后来又定了，另有一条消息"


def _question_closed(session: Session, payload: Payload) -> str:
    asked = session.get(StaffQuestion, payload["question"])
    filed = session.get(Application, payload["application"])
    waits = asked is not None and asked.answered_at is None
    return "" if waits and filed is not None and filed.state not in OVER else "问题已经不用回答了"


def _offer_closed(session: Session, payload: Payload) -> str:
    offer = session.get(Offer, payload["offer"])
    return "" if offer is not None and offer.state is OfferState.OPEN else "位子已经有回答了"


def _waits_no_more(session: Session, payload: Payload) -> str:
    filed = session.get(Application, payload["application"])
    return "" if filed is not None and filed.state is ApplicationState.WAITLISTED else "已经不在排队了"


def _ticket_goes_on(session: Session, payload: Payload) -> str:
    ticket = session.get(Ticket, payload["ticket"])
    if ticket is None or is_emptied(ticket):
        return "工单已经没有内容了"
    return "工单又打开了" if payload["closed"] and ticket.closed_at is None else ""


def _talk_over(session: Session, payload: Payload) -> str:
    ticket = session.get(Ticket, payload["ticket"])
    return "" if ticket is not None and ticket.relay_until is not None else "已经不说了"


def _moved_again(session: Session, payload: Payload) -> str:
    filed = session.get(Application, payload["application"])
    known = None if filed is None else changes.confirmation_of(session, filed)
    if known is None:
        return "已经没有名额了"
    return "" if known[0].id == payload["change"] else "后来又改了，另有一条消息"


def _looked_after(session: Session, payload: Payload) -> str:
    member = session.get(Staff, payload["staff"])
    if member is None or member.contact_id is None or not member.alerts:
        return "不用提醒了"
    waits = select(Application.id).where(
        col(Application.id).in_(payload["applications"]), Application.state == ApplicationState.SUBMITTED
    )
    return "" if session.exec(waits.limit(1)).first() is not None else "都有人看过了"


def _first(payload: Payload, **given: str) -> Begin:
    return Begin("staff_look", (("application", payload["first"]),), given)


def _class_changed(session: Session, payload: Payload) -> str:
    filed = session.get(Application, payload["application"])
    row = session.get(Reminder, payload["reminder"])
    if filed is None or filed.state is not ApplicationState.ACCEPTED:
        return "已经没有名额了"
    if row is not None and row.reason:
        return row.reason
    return "" if row is not None and row.version_of == payload["version"] else "课又改了时间，另有一条消息"


def _look(payload: Payload) -> Begin:
    return Begin("application", (("application", payload["application"]),))


def _remind(payload: Payload) -> Begin:
    return Begin("class", (("application", payload["application"]),))


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
    "wish_granted": Letter("您想学的课有了。找课就能看到。", _answered, "看一看", lambda _: Begin("browse")),
    "helper_ends": Letter(
        "{{ name }}您好。{% if helper %}{{ helper }}{% else %}有人{% endif %}帮您办事，到 {{ until | day }}为止。"
        "还要不要他帮，告诉我们。",
        _helps_on,
        "还让他帮吗",
        lambda payload: Begin("helpers", given={"which": str(payload["relation"])}),
    ),
    "helping_ends": Letter(
        "您帮{% if name %}{{ name }}{% else %}他{% endif %}办事，到 {{ until | day }}为止。"
        "{% if has_phone %}以后还帮不帮，他自己定。{% else %}还要帮，打开训桥，再选一次他。{% endif %}",
        _helps_on,
    ),
    "word_given": Letter(
        "{% if whose == 'parent' %}{{ name }}的家长同意了。{% else %}{{ name }}说想去上课。{% endif %}"
        "想看报名，打开训桥。",
        _gone,
    ),
    "told": Letter(
        "{{ name }}您好。"
        "{% if act == 'withdrawn' %}有人说您不去上课了。"
        "{% elif act == 'phone' %}有人改了您的电话。"
        "{% elif act == 'corrected' %}有人改了您的信息。"
        "{% elif act == 'consent' %}有人改了您的同意。"
        "{% elif act == 'entered' %}工作人员按您说的，帮您报了名。"
        "{% else %}有人帮您改了报名。{% endif %}"
        "不是您要的，就告诉我们。",
        _gone,
        "看一看",
        lambda _: Begin("mine"),
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
    "called_off": Letter(
        "{% if name %}{{ name }}您好。{% endif %}您报的课不办了。看看别的课。",
        _gone,
        "看别的课",
        lambda payload: Begin(
            "browse",
            given={"situation": "unsaid", "how": ["category"], "category": payload["category"]},
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
        _remind,
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
    "ticket_answered": Letter(
        "{% if closed %}您说的事办完了。办得好不好，告诉我们。{% else %}您说的事有回音了。{% endif %}",
        _ticket_goes_on,
        "看一看",
        lambda payload: Begin("ticket", (("ticket", payload["ticket"]),)),
    ),
    "staff_words": Letter(
        "{% if said %}工作人员{{ who }}给您写了：{{ said }}{% else %}工作人员给您写了几句话。{% endif %}",
        _gone,
        "看一看",
        lambda payload: Begin(
            "staff_words", (("application", payload["application"]), ("event", payload["event"]))
        ),
    ),
    "talk_opened": Letter(
        "工作人员{{ who }}想和您说话。他的号码是 {{ number }}。",
        _talk_over,
        "和他说话",
        lambda payload: Begin("relay", (("ticket", payload["ticket"]),)),
    ),
    "talk_said": Letter(
        "{% if said %}工作人员{{ who }}说：{{ said }}{% else %}工作人员{{ who }}跟您说话了。{% endif %}",
        _ticket_goes_on,
        "看一看",
        lambda payload: Begin("relay", (("ticket", payload["ticket"]),)),
    ),
    "talk_ended": Letter(
        "和工作人员{{ who }}说完了。您可以接着做刚才的事。",
        _ticket_goes_on,
        "接着来",
        lambda payload: Begin("relay", (("ticket", payload["ticket"]),), {"over": "yes"}),
    ),
    "new_applications": Letter(
        "有 {{ count }} 个新报名，等您看。",
        _looked_after,
        "看一看",
        _first,
        more=(
            ("同意", lambda payload: _first(payload, do="accept")),
            ("先排队", lambda payload: _first(payload, do="wait")),
            ("问一句", lambda payload: _first(payload, do="ask")),
        ),
    ),
}
"""Kind of message -> its words."""
