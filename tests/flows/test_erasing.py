"""Erasing through the real service: the conversation that asked for it forgets, too."""

from collections.abc import Callable

from sqlmodel import select

from bot.runner import Runner
from dialogs.state import State
from storage import conversations
from storage.draft_reminders import DRAFT_WARNING
from storage.tables import Contact, ContactRole, Conversation, Reminder
from tests.databases import on_both
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


def state_of(runner: Runner, contact_id: int) -> State:
    with runner.desk.store.reading() as session:
        return State.load(conversations.read_conversation(session, contact_id, lock=False).state)


def half_an_application(me: Visitor, name: str) -> Visitor:
    me.begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value)
    if me.asking == "whose.person":
        labels = [option.label for option in me.screen.options]
        me.tap(me.screen.options[labels.index(name)].value)
    return me.answer(start="read", consent_sensitive="yes").stop()


@on_both
def test_her_half_filled_form_goes_with_everything_else(visit: Visit, runner: Runner) -> None:
    me = half_an_application(visit().tap("plain", "self"), "我自己")
    me.begin("wish").say("修手表").stop()
    assert len(state_of(runner, 1).waiting) == 2
    me.begin("erase").tap("no")
    assert len(state_of(runner, 1).waiting) == 2
    me.begin("erase").tap("yes")
    assert me.asking == "erased.told"
    state = state_of(runner, 1)
    assert (len(state.frames), state.waiting) == (1, ())
    with runner.desk.store.reading() as session:
        assert session.exec(select(Reminder)).all() == []
        assert session.exec(select(Contact)).one().role is ContactRole.UNKNOWN
        assert "修手表" not in str(session.exec(select(Conversation)).one().state)
    me.tap("read", "browse")
    assert me.asking == "who.role"


def test_the_form_of_another_child_stays(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "family").say("小明").begin("whose").tap("new").say("小红").tap("family")
    half_an_application(me, "小明")
    half_an_application(me, "小红")
    assert len(state_of(runner, 1).waiting) == 2
    me.begin("erase").tap("yes")
    (left,) = state_of(runner, 1).waiting
    assert dict(left.about)["person"] == 1
    with runner.desk.store.reading() as session:
        (reminder,) = session.exec(select(Reminder).where(Reminder.kind == DRAFT_WARNING)).all()
    assert reminder.about["about"]["person"] == 1
