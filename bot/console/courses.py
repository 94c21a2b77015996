"""Courses as staff call them."""

from starlette.requests import Request

from bot.console.inside import Inside, NotYours
from bot.runner import Runner
from storage.catalogue.cards import IntakeCard, ProjectCard, Status
from storage.catalogue.snapshot import Snapshot


def course_words(catalogue: Snapshot, intake_id: int) -> str:
    """Name an intake: 盲人按摩班（第 1 班）; "" for one that does not exist."""
    run = catalogue.intake(intake_id)
    card = catalogue.project(run.project_id) if run else None
    return f"{card.title}（第 {run.intake_no} 班）" if run and card else ""


def intake_of(runner: Runner, request: Request, inside: Inside) -> tuple[ProjectCard, IntakeCard]:
    """Give the course and the intake an address names, where it is this member's business. Raises NotYours."""
    catalogue = runner.shelf.current
    run = catalogue.intake(number_in(request.path_params["intake"]))
    card = catalogue.project(run.project_id) if run else None
    if run is None or card is None or not inside.reach.holds(run.id):
        raise NotYours("intake")
    return card, run


def open_classes(runner: Runner, inside: Inside) -> list[tuple[int, str]]:
    """Give the classes of this member that take applications today: number and name, the next to begin first."""
    today = inside.now.date()
    found = [
        (run, card)
        for card, run in runner.shelf.current.courses()
        if inside.reach.holds(run.id)
        and run.status in (Status.OPEN, Status.FULL)
        and run.registration_deadline >= today
    ]
    found.sort(key=lambda each: (each[0].start_date, each[0].id))
    return [
        (run.id, f"{card.title}（第 {run.intake_no} 班），{run.start_date.isoformat()} 开课")
        for run, card in found
    ]


MOST_PEOPLE = 9999
"""People a class can have."""


def number_in(text: str) -> int:
    """Read a number from an address or a form; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
