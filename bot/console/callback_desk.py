"""Where a member of staff fills in the form of a call-back: the person's own flow, in a conversation of their own.

As with what staff write down for somebody (代录), each member has a conversation of their own about each person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.console.entry import drafts_at
from bot.console.inside import Inside
from bot.heard import Address, Heard
from bot.runner import Runner
from dialogs.model import Json, path
from dialogs.screen import Place
from dialogs.sheet_names import PREFIX, RECORD
from dialogs.state import State
from dialogs.talk import About, Begin, Drop, Event, Submit
from storage import people
from storage.applications import entered
from storage.tables import AnswerSet, Channel, Conversation, Person, Relation, Role
from storage.tickets.tables import Callback

AT_IT = timedelta(hours=2)
"""How long somebody who began a call and wrote down no result is taken to be at it."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who is at this call."""

    staff_id: int
    since: datetime


def flow_name(callback: Callback) -> str:
    """Give the name of the flow that asks the form of a call-back."""
    return f"{PREFIX}{callback.form}"


def about_of(callback: Callback) -> About:
    """What the flow of a call-back is about."""
    intake = (("intake", callback.intake_id),) if callback.intake_id is not None else ()
    return (("person", callback.person_id), *intake, ("callback", callback.id))


class CallDesk:
    """The conversation of one member about one call-back."""

    def __init__(self, session: Session, runner: Runner, inside: Inside, callback: Callback) -> None:
        self._session, self._runner, self._inside = session, runner, inside
        self._callback = callback
        self._address = Address(Channel.DESK, entered.key_of(inside.member.id, callback.person_id))

    @property
    def is_asked(self) -> bool:
        """Whether there is a form to ask just now."""
        return self._runner.book.find(flow_name(self._callback)) is not None

    def place(self) -> Place | None:
        """Give where the form stands; None where this member has not begun."""
        if not self.is_asked or not self.may_fill:
            return None
        here = self._runner.look_in(self._session, self._address).here
        return here if self._is_at(here) else None

    def sit_down(self) -> Place | None:
        """Begin, or go on, with what is known of the answers; None where there is no such form any more."""
        person = self._session.get_one(Person, self._callback.person_id)
        entered.begin(self._session, self._inside.member.id, person, self._inside.now)
        if not self.is_asked:
            return None
        here = self.place()
        return here if here is not None else self.keep(self.partly())

    def keep(self, answers: Mapping[str, Json]) -> Place | None:
        """Keep answers in the conversation instead of those it had; None where the form asks nothing.

        A form is finished by a result and not by its last answer: where these would do, the last is left out.
        """
        here = self._begin_anew({}).here
        if not self._is_at(here):
            return None
        kept = dict(answers)
        while kept and path(here.flow, {}, kept, here.world).next is None:
            kept.popitem()
        return self._hear(Begin(here.frame.flow, self._about, kept)).here

    def finish(self, answers: Mapping[str, Json]) -> bool:
        """Finish the form with these answers; say whether they were enough."""
        heard = self._begin_anew(answers)
        return any(isinstance(each, Submit) and each.record == RECORD for each in heard.effects)

    def leave(self) -> None:
        """Take the form off the conversation, and end what the member may do in the person's stead."""
        self._hear(Drop(flow_name(self._callback), self._about))
        found = entered.talk_of(
            self._session, self._inside.member.id, self._callback.person_id, self._inside.now
        )
        if found is not None and not drafts_at(self._session, found[1].contact_id):
            entered.end(self._session, found[1], self._inside.now)

    def others(self) -> list[Other]:
        """Give who else has begun this call and wrote down no result."""
        mine = f"staff:{self._inside.member.id}"
        wanted = (
            select(Relation, Conversation)
            .join(Conversation, col(Conversation.contact_id) == col(Relation.contact_id))
            .where(Relation.person_id == self._callback.person_id, Relation.role == Role.STAFF)
            .where(Relation.granted_by != mine, Conversation.touched_at > self._inside.now - AT_IT)
            .where(*people.in_force(self._inside.now))
        )
        return [
            Other(int(relation.granted_by.removeprefix("staff:")), talk.touched_at)
            for relation, talk in self._session.exec(wanted).all()
            if any(
                frame.key == (flow_name(self._callback), self._about)
                for frame in State.load(talk.state).frames
            )
        ]

    @property
    def _about(self) -> About:
        return about_of(self._callback)

    def _begin_anew(self, answers: Mapping[str, Json]) -> Heard:
        name = flow_name(self._callback)
        self._hear(Drop(name, self._about))
        return self._hear(Begin(name, self._about, answers))

    def _hear(self, event: Event) -> Heard:
        return self._runner.hear_in(self._session, self._address, event)

    def partly(self) -> Mapping[str, Json]:
        """Give what was answered before: in the chat, or in a call that broke off."""
        number = self._callback.answer_set_id
        before = self._session.get(AnswerSet, number) if number is not None else None
        return before.answers if before is not None and not before.complete else {}

    @property
    def may_fill(self) -> bool:
        """Whether this member has begun, and may write down what the person says."""
        member, person_id = self._inside.member.id, self._callback.person_id
        return entered.talk_of(self._session, member, person_id, self._inside.now) is not None

    def _is_at(self, here: Place) -> bool:
        return here.frame.key == (flow_name(self._callback), self._about)
