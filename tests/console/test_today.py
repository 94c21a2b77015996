"""The first page says what waits, with the way to it."""

from collections.abc import Callable
from datetime import timedelta

from bot.applications import deciding
from storage.applications import enrolment
from storage.catalogue.tables import Intake
from storage.tables import NeedAnswer, Staff, StaffRole
from tests.channels.web.handset import Handset
from tests.console.conftest import Office

Sit = Callable[..., Handset]


def test_a_class_that_starts_soon_says_how_many_needs_have_no_answer(office: Office, sit: Sit) -> None:
    runner = office.service.runner
    now = runner.clock.now()
    with office.store.writing() as session:
        for intake in (office.intake, office.elsewhere):
            session.get_one(Intake, intake).start_date = now.date() + timedelta(days=7)
        session.flush()
        runner.shelf.rebuild(session, now.date())
    clerk, admin = sit(), sit(StaffRole.ADMIN, "陈静")
    where = f"/console/applications?list=needs&amp;intake={office.intake}"
    page = clerk.open("/console").page
    assert f'<a href="{where}"><strong>3</strong> 份报名有需要没有答</a>' in page.html
    assert f"/console/intakes/{office.elsewhere}" not in page.html
    counts = "".join(admin.open("/console").page.words("ul", **{"class": "counts"}).split())
    assert "4份报名有需要没有答" in counts
    assert f"list=needs&amp;intake={office.elsewhere}" in admin.page.html
    with office.store.writing() as session:
        for each in office.filed:
            [need] = enrolment.needs_of(session, each)
            member = session.get_one(Staff, 1)
            deciding.answer_needs(session, each, member, {need.id: (NeedAnswer.CAN, "")}, seen=None, now=now)
    assert where not in clerk.open("/console").page.html
    assert f"/console/intakes/{office.intake}" in clerk.page.html


def test_a_class_that_is_called_off_starts_no_more(office: Office, sit: Sit) -> None:
    runner = office.service.runner
    now = runner.clock.now()
    with office.store.writing() as session:
        session.get_one(Intake, office.intake).start_date = now.date() + timedelta(days=7)
        session.flush()
        runner.shelf.rebuild(session, now.date())
    clerk = sit()
    assert f"/console/intakes/{office.intake}" in clerk.open("/console").page.html
    with office.store.writing() as session:
        session.get_one(Intake, office.intake).status = "withdrawn"
        session.flush()
        runner.shelf.rebuild(session, now.date())
    assert f"/console/intakes/{office.intake}" not in clerk.open("/console").page.html
