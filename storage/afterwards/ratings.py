"""Counts what people answered, without saying who: kept true in the transaction that keeps the answers.

Erasing a person deletes their answers, not these counts: a count has nobody's name, and the person is among
at least five wherever one is told (`storage.rules.few`). Answers that are given anew take their count back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from sqlalchemy import TextClause, text
from sqlmodel import Session, col, select

from storage.rules.twins import UNSAID, contradictions
from storage.tables import AnsweredBy, AnswerSet, CallbackKind
from storage.tickets.tables import Callback

FOR_OTHERS = frozenset({AnsweredBy.FAMILY, AnsweredBy.GUARDIAN})
"""Who answers in somebody's place. Who only helps (我自己，有人帮我) writes down the person's own words."""

WAVE = "wave"
"""The field that says which call-back it was; it is part of every count, and not counted itself."""

WAVES = frozenset({CallbackKind.T30, CallbackKind.T90})

ANYTHING = "*"
"""The answer under which is counted how many people answered a question with several answers at all."""

PAIR = "pair:"
"""How the item begins under which is counted whether a question and its twin agree."""

AGREE, CONTRADICT = "agree", "contradict"


@dataclass(frozen=True, slots=True)
class Closed:
    """A question with answers to choose from.

    Args:
        name: its own.
        values: what can be chosen, as the sheet lists it; whatever else was said is not counted.
        many: whether several can be chosen: each is counted.
        points: what an answer is worth, where the sheet gives scores.

    """

    name: str
    values: Sequence[str]
    many: bool = False
    points: Mapping[str, int] = field(default_factory=dict)


Cell = tuple[str, str]
"""A question and one answer to it."""

_MORE = text(
    "INSERT INTO tally (intake_id, form, wave, item, value, by_family, month, count)"
    " VALUES (:intake_id, :form, :wave, :item, :value, :by_family, :month, :more)"
    " ON CONFLICT (intake_id, form, wave, item, value, by_family, month) DO UPDATE SET count = tally.count + :more"
)

_LESS = text(
    "UPDATE tally SET count = count - :more WHERE intake_id = :intake_id AND form = :form AND wave = :wave"
    " AND item = :item AND value = :value AND by_family = :by_family AND month = :month AND count >= :more"
)


def count(session: Session, answers: AnswerSet, closed: Iterable[Closed], zone: tzinfo | None) -> None:
    """Count a set of answers that was just kept, in place of those of the same person to the same request.

    Args:
        session: the session that keeps them.
        answers: what was kept; what is about no class is not counted.
        closed: the questions of the form that can be counted.
        zone: whose months are meant.

    """
    if answers.intake_id is None:
        return
    questions = tuple(closed)
    before = _before(session, answers, zone)
    if before is not None and before.complete and not answers.complete:
        return  # half an answer changes nothing once there is a whole one
    if before is not None:
        _write(session, _LESS, _rows(session, before, questions, zone))
    _write(session, _MORE, _rows(session, answers, questions, zone))


def count_first(
    session: Session, many: Iterable[AnswerSet], closed: Iterable[Closed], zone: tzinfo | None
) -> None:
    """Count many sets of answers to one form at once, each the first one to its request, such as those of a sample."""
    questions = tuple(closed)
    of_classes = [each for each in many if each.intake_id is not None]
    _write(session, _MORE, [row for each in of_classes for row in _rows(session, each, questions, zone)])


def take_back(session: Session, answers: AnswerSet, closed: Iterable[Closed], zone: tzinfo | None) -> None:
    """Take back the count of a set of answers that is not true after all."""
    if answers.intake_id is not None:
        _write(session, _LESS, _rows(session, answers, tuple(closed), zone))


def cells(given: Mapping[str, object], closed: Sequence[Closed]) -> list[Cell]:
    """Give what a set of answers adds one to."""
    found: list[Cell] = []
    for question in closed:
        said = given.get(question.name)
        if question.name == WAVE or said is None:
            continue
        chosen = said if isinstance(said, list) else [said]
        wanted = {str(each) for each in chosen} & set(question.values)
        if question.many and wanted:
            wanted.add(ANYTHING)
        found += [(question.name, value) for value in wanted]
    options = {question.name: question.values for question in closed if not question.many}
    found += [
        (PAIR + name, CONTRADICT if apart else AGREE)
        for name, apart in contradictions(given, options).items()
    ]
    return found


def wave_of(session: Session, answers: AnswerSet) -> str:
    """Say which call-back a set of answers belongs to, where a form is asked more than once."""
    said = answers.answers.get(WAVE)
    if isinstance(said, str) and said not in UNSAID:
        return said
    number = answers.about.get("callback")
    callback = session.get(Callback, int(number)) if number else None
    return callback.kind.value if callback is not None and callback.kind in WAVES else ""


def month_of(answers: AnswerSet, zone: tzinfo | None) -> str:
    """Give the month of an answer, as 2027-01."""
    return f"{answers.at.astimezone(zone):%Y-%m}"


def _before(session: Session, answers: AnswerSet, zone: tzinfo | None) -> AnswerSet | None:
    """Find what counts so far of the same person's answers to the same request: the last whole one, else the last.

    The same request is the same call-back; without one, the same form about the same class in the same month.
    """
    if answers.person_id is None:
        return None
    wanted = select(AnswerSet).where(
        AnswerSet.person_id == answers.person_id,
        AnswerSet.form == answers.form,
        AnswerSet.intake_id == answers.intake_id,
        AnswerSet.id < answers.id,
    )
    asked = _request(session, answers, zone)
    found = session.exec(wanted.order_by(col(AnswerSet.id).desc())).all()
    same = [each for each in found if _request(session, each, zone) == asked]
    return next((each for each in same if each.complete), same[0] if same else None)


def _request(session: Session, answers: AnswerSet, zone: tzinfo | None) -> tuple[str, str]:
    number = answers.about.get("callback")
    return wave_of(session, answers), f"callback {number}" if number else month_of(answers, zone)


Row = tuple[tuple[str, object], ...]
"""One line of the table of counts, as the columns it is found by."""


def _rows(
    session: Session, answers: AnswerSet, closed: Sequence[Closed], zone: tzinfo | None
) -> Iterator[Row]:
    place = (
        ("intake_id", answers.intake_id),
        ("form", answers.form),
        ("wave", wave_of(session, answers)),
        ("by_family", answers.answered_by in FOR_OTHERS),
        ("month", month_of(answers, zone)),
    )
    for item, value in cells(answers.answers, closed):
        yield (*place, ("item", item), ("value", value))


def _write(session: Session, statement: TextClause, rows: Iterable[Row]) -> None:
    # In one order, so that two who answer at once never wait for each other both.
    counted = sorted(Counter(rows).items(), key=lambda each: str(each[0]))
    if counted:
        session.execute(statement, [{**dict(row), "more": number} for row, number in counted])
