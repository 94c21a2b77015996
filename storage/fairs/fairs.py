"""Job fairs: which there are, who was asked and who comes, who came, and whether they found something.

    invite(session, "F01", [7, 8], now)                   # a number for each, and nothing is sent by it
    sign_up(session, "F01", 7, 12, state=SignupState.COMING, needs=..., positions=["F01-02"], now=now)
    check_in(session, "F01", 101, "staff:3", now)         # at the door, by the number that was said

Everything that writes holds the fair's row first, so that numbers are given once and two presses are one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, func, select

from storage.afterwards import calls
from storage.catalogue.fair_cards import FairCard, PositionCard, Stage, fair_card, position_card
from storage.catalogue.tables import Fair, Position
from storage.fairs.tables import FairSignup
from storage.rules.regions import lies_in
from storage.tables import SignupState

FIRST_NUMBER = 101
"""The first check-in number of a fair: three digits are easily said over a telephone."""

INTENTIONS = ("hired", "talking", "no", "skip")
"""What somebody found there, as the form fair_after asks it."""


class WhyNot(StrEnum):
    """Why somebody cannot be signed up."""

    CALLED_OFF = "called_off"
    OVER = "over"
    TOO_LATE = "too_late"


class NotTaken(ValueError):
    """A sign-up that cannot be taken; the text is a kind sentence for whoever wanted it."""

    def __init__(self, why: WhyNot, words: str) -> None:
        super().__init__(words)
        self.why = why


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What became of a number that was said at the door.

    Args:
        signup: whose number it is.
        again: whether they were checked in before; the first time stands.

    """

    signup: FairSignup
    again: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people a fair has.

    Args:
        invited: who is on the list: chosen to be asked, or asked to come, whatever they said.
        coming: who said that they come.
        not_coming: who said that they do not.
        came: who came, whatever they had said.
        missed: who said that they come and did not.
        intentions: what they found there -> how many.

    """

    invited: int = 0
    coming: int = 0
    not_coming: int = 0
    came: int = 0
    missed: int = 0
    intentions: Mapping[str, int] = field(default_factory=dict)


def find_fair(session: Session, fair_id: str, now: datetime) -> FairCard | None:
    """Give one fair with its positions, as it stands today; `now` is in the service's zone."""
    row = session.get(Fair, fair_id)
    return None if row is None else _cards(session, [row], now)[0]


def all_fairs(
    session: Session, now: datetime, *, past: bool = False, until: date | None = None
) -> list[FairCard]:
    """Give the fairs to come and of today, the next first; with `past` also those over and called off, after them.

    With `until` only those that begin by that day.
    """
    order = (col(Fair.start_date), col(Fair.start_time), col(Fair.fair_id))
    wanted = select(Fair).order_by(*order)
    if not past:
        wanted = wanted.where(Fair.end_date >= now.date(), ~col(Fair.called_off))
    if until is not None:
        wanted = wanted.where(Fair.start_date <= until)
    found = session.exec(wanted).all()
    return sorted(_cards(session, found, now), key=lambda card: not card.to_come) if found else []


def held_in(session: Session, region: str) -> list[str]:
    """Give the job fairs, past ones too, that lie in a member of staff's region."""
    rows = session.exec(select(Fair.fair_id, Fair.province, Fair.city, Fair.district)).all()
    return [fair_id for fair_id, *area in rows if lies_in(area, region)]


def find_position(session: Session, position_id: str) -> PositionCard | None:
    """Give one position, of a fair or without one, withdrawn or not."""
    row = session.get(Position, position_id)
    return None if row is None else position_card(row)


def free_positions(session: Session, now: datetime, *, past: bool = False) -> list[PositionCard]:
    """Give the positions without a fair somebody may still want; with `past` all of them, open ones first."""
    wanted = select(Position).where(col(Position.fair_id).is_(None)).order_by(col(Position.position_id))
    cards = [position_card(each) for each in session.exec(wanted).all()]
    if past:
        return sorted(cards, key=lambda card: not card.is_open(now.date()))
    return [card for card in cards if card.is_open(now.date())]


def signup_of(session: Session, fair_id: str, person_id: int) -> FairSignup | None:
    """Give what somebody said to a fair; None for who was never asked and never asked for it."""
    wanted = select(FairSignup).where(FairSignup.fair_id == fair_id, FairSignup.person_id == person_id)
    return session.exec(wanted).one_or_none()


def signups_of(session: Session, person_ids: Collection[int]) -> list[FairSignup]:
    """Give everything these people said to fairs, the newest first."""
    wanted = select(FairSignup).where(col(FairSignup.person_id).in_(person_ids))
    return list(session.exec(wanted.order_by(col(FairSignup.id).desc())).all())


def invite(session: Session, fair_id: str, person_ids: Iterable[int], now: datetime) -> list[FairSignup]:
    """Note that people are asked to a fair; give those who were not asked before. Nothing is sent by it.

    Raises:
        NoResultFound: for a fair there is not.
        NotTaken: for a fair that is over or called off.

    """
    fair = _hold(session, fair_id)
    _stands(fair, now)
    wanted = list(dict.fromkeys(person_ids))
    known = set(session.exec(select(FairSignup.person_id).where(FairSignup.fair_id == fair_id)).all())
    first = _next_number(session, fair_id)
    new = [each for each in wanted if each not in known]
    made = [
        FairSignup(fair_id=fair_id, number=number, person_id=person_id, invited_at=now)
        for number, person_id in enumerate(new, first)
    ]
    session.add_all(made)
    session.flush()
    return made


def sign_up(
    session: Session,
    fair_id: str,
    person_id: int,
    contact_id: int | None,
    *,
    state: SignupState,
    needs: Mapping[str, Any],
    positions: Sequence[str],
    now: datetime,
    late: bool = False,
) -> FairSignup:
    """Keep what somebody said to a fair; said again, the last word counts and the number stays.

    Who said before the last day that they come may still change what they need, and anybody may say that they do
    not come.

    Args:
        session: a writing session.
        fair_id: which fair.
        person_id: who goes.
        contact_id: who said it; None for staff.
        state: COMING or NOT_COMING.
        needs: {"supports": codes of service, "companion": bool, "transport": bool, "words": str}; what is
            left out is not needed.
        positions: the positions they want to look at.
        now: the moment, in the service's zone.
        late: whether staff let them in after the last day.

    Raises:
        NoResultFound: for a fair there is not.
        NotTaken: for a fair that is over, called off, or whose last day to sign up is over.

    """
    fair = _hold(session, fair_id)
    row = signup_of(session, fair_id, person_id)
    coming = state is SignupState.COMING
    if coming:
        _stands(fair, now)
        known = row is not None and row.state is SignupState.COMING
        if not late and not known and now.date() > fair.signup_deadline:
            raise NotTaken(WhyNot.TOO_LATE, _too_late(fair))
    if row is None:
        row = FairSignup(fair_id=fair_id, number=_next_number(session, fair_id), person_id=person_id)
    row.contact_id, row.state, row.answered_at = contact_id, state, now
    row.needs, row.positions = (dict(needs), list(positions)) if coming else ({}, [])
    session.add(row)
    session.flush()
    if not coming:
        calls.settle_fair(session, row.id, now)
    return row


def check_in(session: Session, fair_id: str, number: int, actor: str, now: datetime) -> CheckedIn | None:
    """Note that who has this number came; None for a number nobody has. Also who had said no is welcome.

    Raises NoResultFound for a fair there is not.
    """
    _hold(session, fair_id)
    wanted = select(FairSignup).where(FairSignup.fair_id == fair_id, FairSignup.number == number)
    row = session.exec(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return None
    if row.came_at is not None:
        return CheckedIn(row, again=True)
    row.came_at, row.checked_by = now, actor
    session.add(row)
    session.flush()
    return CheckedIn(row, again=False)


def undo_check_in(session: Session, fair_id: str, number: int) -> bool:
    """Take back that somebody came: a wrong number was typed. Say whether there was one to take back."""
    _hold(session, fair_id)
    wanted = select(FairSignup).where(FairSignup.fair_id == fair_id, FairSignup.number == number)
    row = session.exec(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None or row.came_at is None:
        return False
    row.came_at, row.checked_by = None, ""
    session.add(row)
    session.flush()
    return True


def keep_intention(session: Session, signup: FairSignup, intention: str) -> None:
    """Note what somebody found at a fair, or that they would not say. Raises ValueError for another word."""
    if intention not in INTENTIONS:
        raise ValueError(f"no such intention: {intention}")
    signup.intention = intention
    session.add(signup)
    session.flush()


def counts(session: Session, fair_ids: Collection[str]) -> dict[str, Counts]:
    """Count the people of these fairs; every fair asked for has its counts."""
    came = col(FairSignup.came_at).is_not(None)
    groups = (col(FairSignup.fair_id), col(FairSignup.state), came, col(FairSignup.intention))
    wanted = columns(*groups, func.count()).where(col(FairSignup.fair_id).in_(fair_ids)).group_by(*groups)
    rows: dict[str, list[tuple[SignupState, bool, str, int]]] = {each: [] for each in fair_ids}
    for fair_id, state, there, intention, many in session.execute(wanted).all():
        rows[fair_id].append((SignupState(state), bool(there), intention, many))
    return {fair_id: _sum(found) for fair_id, found in rows.items()}


def _sum(rows: Iterable[tuple[SignupState, bool, str, int]]) -> Counts:
    said = dict.fromkeys(SignupState, 0)
    came = missed = 0
    intentions: dict[str, int] = {}
    for state, there, intention, many in rows:
        said[state] += many
        came += many if there else 0
        missed += many if state is SignupState.COMING and not there else 0
        if intention:
            intentions[intention] = intentions.get(intention, 0) + many
    coming, not_coming = said[SignupState.COMING], said[SignupState.NOT_COMING]
    return Counts(sum(said.values()), coming, not_coming, came, missed, intentions)


def _cards(session: Session, rows: Sequence[Fair], now: datetime) -> list[FairCard]:
    wanted = select(Position).where(col(Position.fair_id).in_([each.fair_id for each in rows]))
    of_fair: dict[str | None, list[Position]] = {}
    for position in session.exec(wanted).all():
        of_fair.setdefault(position.fair_id, []).append(position)
    return [fair_card(each, of_fair.get(each.fair_id, []), now.date()) for each in rows]


def _hold(session: Session, fair_id: str) -> Fair:
    """Give a fair nobody else changes, nor signs up for, until this transaction ends."""
    wanted = select(Fair).where(Fair.fair_id == fair_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def _next_number(session: Session, fair_id: str) -> int:
    last = func.coalesce(func.max(FairSignup.number), FIRST_NUMBER - 1)
    return session.exec(select(last).where(FairSignup.fair_id == fair_id)).one() + 1


def _stands(fair: Fair, now: datetime) -> None:
    """Raise NotTaken for a fair that is called off or over."""
    stage = fair_card(fair, (), now.date()).stage
    if stage is Stage.CALLED_OFF:
        raise NotTaken(WhyNot.CALLED_OFF, "这个招聘会不办了。看看别的招聘会。")
    if stage is Stage.OVER or now > datetime.combine(fair.end_date, fair.end_time, now.tzinfo):
        raise NotTaken(WhyNot.OVER, "这个招聘会开完了。看看别的招聘会。")


def _too_late(fair: Fair) -> str:
    day = f"{fair.signup_deadline.month} 月 {fair.signup_deadline.day} 日"
    ask = (
        f"还想去，打 {fair.contact_phone} 问一问。"
        if fair.contact_phone
        else "还想去，告诉我们，我们问一问。"
    )
    return f"报名到 {day}为止，已经过了。{ask}"
