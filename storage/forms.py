"""Forms that came from sheets, version by version, and what people answered to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from storage.tables import AnsweredBy, AnswerSet, Application, FormState, SheetForm

PORTION = 500
"""Answer sets read at a time."""


class Frozen(ValueError):
    """A version that was in use already has other questions now; it needs a version of its own."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as somebody brought it.

    Args:
        name: its form_id.
        version: as its settings say.
        title: its name for people.
        xform: the questions, as XForm XML.
        body: the file itself.
        remarks: what is to be looked at, as plain JSON values.

    """

    name: str
    version: str
    title: str
    xform: str
    body: bytes
    remarks: Sequence[Mapping[str, object]] = ()


def propose(session: Session, sheet: Sheet, by: str, now: datetime) -> SheetForm:
    """Keep a version to be looked at; the same one again replaces it as long as it was never in use.

    Raises:
        Frozen: when this version was in use with other questions.

    """
    kept = find_version(session, sheet.name, sheet.version)
    if kept is not None and kept.live_at is not None:
        if kept.xform != sheet.xform:
            raise Frozen(f"{sheet.name} {sheet.version}")
        return kept
    form = kept or SheetForm(
        name=sheet.name, version=sheet.version, title="", xform="", sheet=b"", by="", created_at=now
    )
    form.title, form.xform, form.sheet = sheet.title, sheet.xform, sheet.body
    form.remarks = [dict(each) for each in sheet.remarks]
    form.by, form.created_at = by, now
    session.add(form)
    session.flush()
    return form


def go_live(session: Session, form: SheetForm, now: datetime) -> bool:
    """Ask this version from now on, also those who are in the middle of another; False when it is asked already."""
    if form.state is FormState.LIVE:
        return False
    standing = select(SheetForm).where(SheetForm.name == form.name, SheetForm.state == FormState.LIVE)
    for before in session.exec(standing.with_for_update()).all():
        before.state = FormState.OVER
        session.add(before)
    session.flush()  # one is live at a time, and the database sees to it
    form.state = FormState.LIVE
    form.live_at = form.live_at or now
    session.add(form)
    session.flush()
    return True


def stop(session: Session, form: SheetForm) -> None:
    """Ask it no more; what was answered stays."""
    if form.state is FormState.LIVE:
        form.state = FormState.OVER
        session.add(form)
        session.flush()


def find_version(session: Session, name: str, version: str) -> SheetForm | None:
    """Find one version of a form."""
    return session.exec(
        select(SheetForm).where(SheetForm.name == name, SheetForm.version == version)
    ).one_or_none()


def live_forms(session: Session) -> list[SheetForm]:
    """Give the forms that are asked now, without the files they came in."""
    live = select(SheetForm).where(SheetForm.state == FormState.LIVE).order_by(SheetForm.name)
    return list(session.exec(live.options(defer(col(SheetForm.sheet)))).all())  # type: ignore[arg-type]


def is_live(session: Session, name: str) -> bool:
    """Whether a form is asked now."""
    live = select(SheetForm.id).where(SheetForm.name == name, SheetForm.state == FormState.LIVE)
    return session.exec(live).first() is not None


def live_versions(session: Session) -> Mapping[str, str]:
    """Give the version that is asked now of every form that is, without its questions."""
    live = select(SheetForm.name, SheetForm.version).where(SheetForm.state == FormState.LIVE)
    return dict(session.exec(live.order_by(SheetForm.name)).all())


def live_mark(session: Session) -> tuple[tuple[int, datetime | None], ...]:
    """Say which versions are live: another value means that other questions are asked."""
    live = select(SheetForm.id, SheetForm.live_at).where(SheetForm.state == FormState.LIVE)
    return tuple((number, at) for number, at in session.exec(live.order_by(col(SheetForm.id))).all())


def sheet_of(session: Session, number: int) -> bytes | None:
    """Give the file a version came in, by its number."""
    return session.exec(select(SheetForm.sheet).where(SheetForm.id == number)).one_or_none()


def all_forms(session: Session) -> list[SheetForm]:
    """Give every version there is, the newest first, without files and questions."""
    wanted = select(SheetForm).order_by(SheetForm.name, col(SheetForm.id).desc())
    found = wanted.options(defer(col(SheetForm.sheet)), defer(col(SheetForm.xform)))  # type: ignore[arg-type]
    return list(session.exec(found).all())


@dataclass(frozen=True, slots=True)
class Given:
    """A set of answers as it came.

    Args:
        form, version: what was asked.
        answers: by question name.
        person_id: whom it is about.
        contact_id: who answered.
        intake_id: which class it is about.
        about: what else it is about.
        answered_by: in whose name.
        complete: whether it was answered to the end.
        channel: where.

    """

    form: str
    version: str
    answers: Mapping[str, object]
    channel: str
    person_id: int | None = None
    contact_id: int | None = None
    intake_id: int | None = None
    about: Mapping[str, object] | None = None
    answered_by: AnsweredBy = AnsweredBy.UNSAID
    complete: bool = True


def keep_answers(session: Session, given: Given, now: datetime) -> AnswerSet:
    """Keep what was answered."""
    kept = AnswerSet(
        key=f"uuid:{uuid4()}",
        form=given.form,
        version=given.version,
        answers=dict(given.answers),
        channel=given.channel,
        person_id=given.person_id,
        contact_id=given.contact_id,
        intake_id=given.intake_id,
        about=dict(given.about or {}),
        answered_by=given.answered_by,
        complete=given.complete,
        at=now,
    )
    session.add(kept)
    session.flush()
    return kept


def answers_to(session: Session, form: str, *, intake_id: int | None = None) -> Iterator[AnswerSet]:
    """Give all answers to a form, oldest first, a portion at a time."""
    last = 0
    while True:
        wanted = select(AnswerSet).where(AnswerSet.form == form, col(AnswerSet.id) > last)
        if intake_id is not None:
            wanted = wanted.where(AnswerSet.intake_id == intake_id)
        found = session.exec(wanted.order_by(col(AnswerSet.id)).limit(PORTION)).all()
        yield from found
        if len(found) < PORTION:
            return
        last = found[-1].id


def filed_with(session: Session, revision: str) -> Iterator[Application]:
    """Give the applications whose form's name begins so, oldest first, a portion at a time; those erased left out."""
    last = 0
    while True:
        begins = col(Application.flow_revision).startswith(revision, autoescape=True)
        wanted = select(Application).where(begins, col(Application.id) > last)
        found = session.exec(wanted.order_by(col(Application.id)).limit(PORTION)).all()
        yield from (each for each in found if each.answers)
        if len(found) < PORTION:
            return
        last = found[-1].id


def last_answers(session: Session, form: str, person_id: int) -> AnswerSet | None:
    """Give what a person answered to a form last."""
    wanted = select(AnswerSet).where(AnswerSet.form == form, AnswerSet.person_id == person_id)
    return session.exec(wanted.order_by(col(AnswerSet.id).desc()).limit(1)).first()
