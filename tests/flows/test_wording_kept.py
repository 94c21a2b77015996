"""A consent is kept with the words as they were read; and whoever is to be found says how."""

from collections.abc import Callable
from datetime import date

from sqlmodel import select

from bot.app import whole_book
from bot.runner import Runner
from bot.voices import load_voices
from dialogs.book import Book
from dialogs.kinds import Choice
from dialogs.model import Flow, Option
from dialogs.talk import Begin
from storage.tables import Consent, Purpose
from storage.tickets.tables import Ticket
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


def test_the_words_of_a_consent_are_kept_filled_in(visit: Visit, runner: Runner) -> None:
    asked = Flow(
        "consents_named",
        Choice(
            "give",
            "{{ name }}，到 {{ until | day }}，{{ person.role }}，同意吗？",
            (Option("yes", "同意"),),
            values=lambda _answers, _world: {"until": date(2026, 12, 5)},
            hint="只有老师能看。",
        ),
        record="consent_change",
        facts=("person",),
    )
    me = visit().tap("plain", "self")
    runner.book = Book((*whole_book().flows, asked), load_voices())
    me.do(Begin("consents_named", (("person", 1),), {"purpose": "school", "name": "小明"})).tap("yes")
    with runner.desk.store.reading() as session:
        kept = session.exec(select(Consent).where(Consent.purpose == Purpose.SCHOOL)).one()
    assert kept.wording == "小明，到 12 月 5 日，星期六，self，同意吗？\n只有老师能看。"


def test_a_text_message_is_a_way_to_be_found(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "self").say("找人帮忙").tap("call_me", "later", "sms")
    assert me.asking == "help.number"
    me.say("154 0000 0009")
    with runner.desk.store.reading() as session:
        assert session.exec(select(Ticket)).one().words == "发短信：154 0000 0009"
