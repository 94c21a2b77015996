"""What an application says, read back as its person saw it before sending."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from bot.facts import read_facts
from bot.runner import Runner
from dialogs.kinds import Note, Review
from dialogs.model import Answers, Flow, Path, Question
from dialogs.screen import place
from dialogs.sheet_names import flow_in
from dialogs.state import Frame, State
from dialogs.talk import World
from storage.tables import Application

SEALED = frozenset({"certificate", "phone"})
"""Kinds of question whose answers are masked until somebody asks to see them, which is kept."""

SHOWN = 4
"""Characters at the end of a masked number that still show, to compare it with a paper."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, and whether it is masked."""

    label: str
    value: str
    sealed: bool

    @property
    def masked(self) -> str:
        """The answer as it stands on the page before anybody asks for it."""
        return tail(self.value) if self.sealed else self.value


def tail(number: str) -> str:
    """Mask all of a number but its end; a short one says nothing."""
    return f"••••{number[-SHOWN:]}" if len(number) > 2 * SHOWN else number


def said_in(session: Session, runner: Runner, filed: Application) -> tuple[Said, ...]:
    """Give the answers of an application in the order they were asked, in plain Chinese."""
    flow = runner.book.find(flow_in(filed.flow_revision))
    if flow is None:
        return ()
    about = (("person", filed.person_id), ("intake", filed.intake_id))
    state = State(frames=(Frame(flow.name, about, answers=dict(filed.answers)),))
    now = runner.clock.now()
    facts = read_facts(
        session,
        flow.facts,
        contact_id=filed.contact_id,
        about=dict(about),
        shelf=runner.shelf,
        office=runner.settings.office,
        now=now,
        state=state,
        book=runner.book,
    )
    here = place(runner.book, state, World(now=now, reading="plain", facts=facts, trusted=True))
    if here is None:
        return ()
    # All that was ever answered, also to a question that today's form asks later or not at all.
    whole = replace(here, path=replace(here.path, answers=Answers(given=filed.answers)))
    return tuple(
        Said(
            whole.say_words(question.brief or question.text),
            whole.read_back(question, filed.answers[question.name]),
            question.kind in SEALED,
        )
        for question in _asked(flow, here.path)
        if question.name in filed.answers and not isinstance(question, Note | Review)
    )


def _asked(flow: Flow, way: Path) -> tuple[Question, ...]:
    """Every question of the flow, with those that a sheet adds to it for these answers."""
    return tuple({each.name: each for each in (*flow.listed, *way.answered)}.values())
