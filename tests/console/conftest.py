"""The console on a real port, with staff of every role and people who applied."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import httpx
import pytest
from sqlmodel import Session, select

from storage.base import Store
from storage.staff import staff
from storage.tables import Application, Audit, StaffRole
from tests.channels.web.conftest import Service, database, runner, service
from tests.channels.web.handset import Handset
from tests.storage.filed import file_many

__all__ = ["database", "runner", "service"]

REGION = "郑州市"
PROJECT, ELSEWHERE = "P025", "P012"
"""A course ordered by an office of that region, and one that is not."""


@dataclass(frozen=True)
class Office:
    """A service with a course in the region and one elsewhere, each with people who applied."""

    service: Service
    intake: int
    elsewhere: int
    filed: list[int]
    away: list[int]

    @property
    def store(self) -> Store:
        return self.service.runner.desk.store

    def number(self, application_id: int) -> str:
        with self.store.reading() as session:
            return session.get_one(Application, application_id).number

    def link(self, role: StaffRole = StaffRole.CLERK, name: str = "王芳") -> str:
        """Add somebody and give the path of their link."""
        now = self.service.runner.clock.now()

        def hire(session: Session) -> str:
            projects = [PROJECT] if role is StaffRole.TEACHER else []
            region = "" if role in (StaffRole.ADMIN, StaffRole.TEACHER) else REGION
            member = staff.add_staff(session, name, role, now, region=region, projects=projects, actor="test")
            return staff.make_link(session, member, now)

        return f"/console/enter/{self.service.runner.desk.do_now(hire)}"

    def audited(self) -> list[tuple[str, str]]:
        with self.store.reading() as session:
            return [(each.action, each.detail) for each in session.exec(select(Audit)).all()]


@pytest.fixture
def office(service: Service) -> Office:
    catalogue = service.runner.shelf.current
    here, away = catalogue.project(PROJECT), catalogue.project(ELSEWHERE)
    assert here is not None
    assert away is not None
    store = service.runner.desk.store
    return Office(
        service,
        here.first.id,
        away.first.id,
        file_many(store, here.first.id, 3, ("dibao",)),
        file_many(store, away.first.id, 1),
    )


@pytest.fixture
def sit(office: Office) -> Iterator[Callable[..., Handset]]:
    """Let somebody of a role sit down at a browser of their own, already in."""
    with ExitStack() as stack:

        def seated(role: StaffRole = StaffRole.CLERK, name: str = "王芳") -> Handset:
            browser = stack.enter_context(closing(Handset(office.service.url)))
            link = office.link(role, name)
            browser.open(link).press(to=link)
            assert browser.status == httpx.codes.OK
            return browser

        yield seated
