from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr
from sqlmodel import Session, col, func, select

from bot.app import Service, open_service
from bot.commands.serve import fill
from bot.demo import is_empty
from bot.demo.shifting import SAMPLE_DAY, rows, shift_for, shifted_sheet
from bot.restocking import restock
from bot.settings import Settings, load_settings
from dialogs.stages import STAGE
from storage import crypto
from storage.applications import enrolment
from storage.catalogue.cards import Status
from storage.catalogue.importing import import_projects, import_sessions
from storage.catalogue.tables import CourseSession, Fair, Intake, Position
from storage.classes.reminders import CLASS
from storage.staff.deadlines import NEEDS
from storage.tables import (
    Account,
    Application,
    ApplicationState,
    Consent,
    Contact,
    Need,
    Person,
    Reminder,
    ReminderState,
)
from tests.cli.conftest import TODAY, Cli
from tests.databases import TEST_KEY, Databases

ZONE = ZoneInfo("Asia/Shanghai")
TOMORROW = date.fromisoformat(TODAY[:10]) + timedelta(days=1)
DAYS = ("start_date", "end_date", "registration_deadline", "list_from", "list_until")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with the demonstration, on each kind of database."""
    settings = Settings(
        home=tmp_path_factory.mktemp("demo"), clock=TODAY, secret_key=SecretStr(TEST_KEY), port=0
    )
    made: Databases | None = None
    if request.param == "postgresql":
        made = request.getfixturevalue("databases")
        assert made is not None
        settings = settings.model_copy(update={"database_url": made.make()})
    with open_service(settings) as service:
        fill(service, lambda: None)
        yield service
    crypto.use(None)
    if made is not None:
        made.drop(settings.database_url)


def counted(session: Session, *tables: type) -> list[int]:
    return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


def test_everything_of_the_sample_is_there(service: Service) -> None:
    with service.store.reading() as session:
        assert counted(session, Intake, CourseSession, Person, Application) == [39, 490, 348, 91]
        assert counted(session, Contact, Account) == [247, 246]
        assert counted(session, Fair, Position) == [4, 22]


def test_who_has_a_seat_in_a_class_to_come_is_reminded_of_it(service: Service) -> None:
    with service.store.reading() as session:
        seated = (
            select(Application.id)
            .join(Intake, col(Intake.id) == Application.intake_id)
            .where(Application.state == ApplicationState.ACCEPTED, Intake.start_date > TOMORROW)
        )
        reminded = select(Reminder).where(Reminder.kind == CLASS, Reminder.state == ReminderState.DUE)
        to_remind = {row.about["application"] for row in session.exec(reminded)}
        assert to_remind == set(session.exec(seated).all()) != set()
        needs = select(Reminder).where(Reminder.kind == NEEDS, Reminder.state == ReminderState.DUE)
        assert session.exec(needs).first() is not None


def test_people_are_reached_only_where_they_are_and_at_no_real_address(service: Service) -> None:
    wanted = Counter(row["channel"] for row in rows("people"))
    with service.store.reading() as session:
        accounts = session.exec(select(Account)).all()
    assert Counter(account.channel.value for account in accounts) == {
        channel: wanted[channel] for channel in ("web", "telegram")
    }
    assert all(account.address.startswith("demo-T") for account in accounts)


def test_applications_stand_where_the_sample_says(service: Service) -> None:
    with service.store.reading() as session:
        states = Counter(session.exec(select(Application.state)).all())
        consents, needs = counted(session, Consent, Need)
    untold = sum(row["assent"] == "untold" for row in rows("applications"))
    assert states == {
        ApplicationState.ACCEPTED: 59,
        ApplicationState.WAITLISTED: 9,
        ApplicationState.SUBMITTED: 21 - untold,
        ApplicationState.AWAITING_ASSENT: untold,
        ApplicationState.DECLINED: 1,
        ApplicationState.WITHDRAWN: 1,
    }
    assert consents == 2 * 91
    assert needs > 100


def test_full_courses_are_shown_full_with_a_waiting_list(service: Service) -> None:
    for project in ("P012", "P020"):
        card = service.shelf.current.project(project)
        assert card is not None
        run = next(run for run in card.intakes if run.intake_no == 1)
        assert (run.status, run.seats_left) == (Status.FULL, 0)
        with service.store.reading() as session:
            assert enrolment.seats_left(session, [run.id]) == {run.id: 0}


def test_a_seat_given_back_opens_the_course_again(service: Service) -> None:
    today = service.clock.now().date()
    with service.store.writing() as session:
        taken = enrolment.seats_taken(session)
        assert restock(session, service.shelf, today, taken) == taken
        full = service.shelf.current
        run = next(
            run for run in session.exec(select(Intake)) if (run.project_id, run.intake_no) == ("P020", 1)
        )
        accepted = session.exec(
            select(Application).where(
                Application.intake_id == run.id, Application.state == ApplicationState.ACCEPTED
            )
        ).first()
        assert accepted is not None
        enrolment.withdraw(session, accepted, "contact:1", service.clock.now())
        session.flush()
        restock(session, service.shelf, today, taken)
        card = service.shelf.current.intake(run.id or 0)
        assert service.shelf.current is not full
        assert card is not None
        assert (card.status, card.seats_left) == (Status.OPEN, 1)
        session.rollback()
    service.desk.read(lambda session: restock(session, service.shelf, today, None))


def test_somebody_accepted_sees_it_in_the_chat(service: Service) -> None:
    from bot.heard import Address
    from dialogs.talk import Begin

    heard = service.desk.do_now(
        lambda session: service.runner.hear_in(session, Address("web", "demo-T196"), Begin("mine"))
    )
    assert heard.screen.options[0].note == STAGE["accepted"]


def test_loading_again_keeps_what_is_there(service: Service) -> None:
    with service.store.writing() as session:
        person = session.exec(select(Person).order_by(col(Person.id))).first()
        assert person is not None
        person.name = "改过的名字"
        session.add(person)
        assert not is_empty(session)
    fill(service, lambda: None)
    with service.store.reading() as session:
        assert counted(session, Person, Application) == [348, 91]
        assert session.get_one(Person, person.id).name == "改过的名字"


def test_a_load_that_breaks_leaves_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.home.parent.exists()
    monkeypatch.setattr("bot.demo.loading.add_learner", lambda *_, **__: 1 / 0)
    with open_service(load_settings()) as service:
        with pytest.raises(ZeroDivisionError):
            fill(service, lambda: None)
        with service.store.reading() as session:
            assert is_empty(session)


@pytest.mark.parametrize(
    ("today", "weeks"),
    [
        ("2026-11-20", 0),
        ("2026-11-21", 0),
        ("2026-11-27", 0),
        ("2026-11-28", 1),
        ("2027-01-05", 6),
        ("2031-02-28", 222),
        ("2020-01-01", 0),
    ],
)
def test_dates_move_by_whole_weeks_and_never_back(today: str, weeks: int) -> None:
    assert shift_for(date.fromisoformat(today)) == timedelta(weeks=weeks)


def test_every_date_moves_alike_and_nothing_else_changes() -> None:
    import csv
    import io

    shift = timedelta(weeks=30)
    before = rows("projects")
    after = list(csv.DictReader(io.StringIO(shifted_sheet("projects", shift).decode())))
    for old, new in zip(before, after, strict=True):
        for name, value in old.items():
            if name in DAYS and value:
                assert date.fromisoformat(new[name]) - date.fromisoformat(value) == shift
            elif name == "closed_dates" and value:
                first, last = new[name].split("|")[0].split("/")
                assert first <= last
                assert new[name] != value
            else:
                assert new[name] == value


@pytest.mark.parametrize("weeks", [1, 52, 113])
def test_week_days_and_sums_still_fit_after_any_move(cli: Cli, weeks: int) -> None:
    assert cli.home.parent.exists()
    now = datetime.combine(SAMPLE_DAY + timedelta(weeks=weeks, days=3), datetime.min.time(), ZONE)
    shift = shift_for(now.date())
    with open_service(load_settings()) as service, service.store.writing() as session:
        projects = import_projects(session, shifted_sheet("projects", shift), "p.csv", now=now, who="test")
        sessions = import_sessions(session, shifted_sheet("sessions", shift), "s.csv", now=now, who="test")
        assert not projects.problems + sessions.problems
        open_ones = [run for run in session.exec(select(Intake)) if enrolment.is_taking(run, now.date())]
        assert len(open_ones) >= 34


def test_no_free_text_of_the_sample_names_a_day() -> None:
    import re

    free = (
        "schedule_text",
        "how_to_get_there",
        "subsidy_note",
        "household_rule",
        "title",
        "title_easy",
        "words",
    )
    day = re.compile(r"\d\s*月|\d{4}\s*年|\d{4}-\d|\d\s*日")
    for table in ("projects", "applications"):
        for row in rows(table):
            for name in free:
                assert not day.search(row.get(name, "")), (row.get("project_id"), name, row[name])
