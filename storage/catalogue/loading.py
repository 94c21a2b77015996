"""Reads the whole catalogue from the database into cards, for one day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, SQLModel

from storage.catalogue.cards import IntakeCard, ProjectCard, Status, is_listed, status_on
from storage.catalogue.tables import Intake, Project

_PROJECT_FIELDS = tuple(name for name in ProjectCard.__dataclass_fields__ if name != "intakes")
_SAME_IN_BOTH = tuple(name for name in IntakeCard.__dataclass_fields__ if name in Intake.model_fields)
_SHOWN_FIRST = {Status.OPEN: 0, Status.FULL: 1, Status.CLOSED: 2, Status.RUNNING: 3}


def load(session: Session, today: date, taken: Mapping[int, int]) -> tuple[list[ProjectCard], dict[int, str]]:
    """Return the card of every project that has an intake, in showing order, and the links by intake.

    `taken` is the number of seats given away, by intake. Subsidised projects come first, then the earliest.
    """
    links: dict[int, str] = {}
    intakes: dict[str, list[IntakeCard]] = {}
    shared: dict[object, object] = {}
    for row in session.execute(select(_table(Intake))).mappings():
        card = _intake(row, today, taken.get(row["id"], 0), shared)
        intakes.setdefault(card.project_id, []).append(card)
        if row["link"]:
            links[card.id] = row["link"]
    projects = [
        _project(row, intakes[row["project_id"]], shared)
        for row in session.execute(select(_table(Project))).mappings()
        if row["project_id"] in intakes
    ]
    projects.sort(key=lambda card: (not card.subsidised, card.first.start_date, card.project_id))
    return projects, links


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _share(value: object, shared: dict[object, object]) -> object:
    """Freeze lists, and keep one copy of what thousands of rows say alike."""
    frozen = tuple(value) if isinstance(value, list) else value
    return shared.setdefault(frozen, frozen) if isinstance(frozen, str | tuple | date) else frozen


def _intake(row: Mapping[Any, Any], today: date, taken: int, shared: dict[object, object]) -> IntakeCard:
    seats_left = max(row["capacity"] - taken, 0)
    status = status_on(
        today,
        row["status"],
        start=row["start_date"],
        end=row["end_date"],
        deadline=row["registration_deadline"],
        seats_left=seats_left,
    )
    values: dict[str, Any] = {name: _share(row[name], shared) for name in _SAME_IN_BOTH}
    values |= {
        "status": status,
        "listed": is_listed(today, status, row["list_from"], row["list_until"]),
        "closed_dates": tuple(_span(span) for span in row["closed_dates"]),
        "seats_left": seats_left,
        "has_link": bool(row["link"]),
        "services": _share(row["services_available"], shared),
        "lodging": row["lodging_provided"],
        "meals": row["meals_provided"],
        "companion": row["companion_allowed"],
        "insurance": row["insurance_provided"],
    }
    return IntakeCard(**values)


def _span(span: str) -> tuple[date, date]:
    first, last = span.split("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def _project(row: Mapping[Any, Any], intakes: list[IntakeCard], shared: dict[object, object]) -> ProjectCard:
    intakes.sort(key=lambda one: (not one.listed, _SHOWN_FIRST.get(one.status, 4), one.start_date))
    values: dict[str, Any] = {name: _share(row[name], shared) for name in _PROJECT_FIELDS}
    return ProjectCard(**values, intakes=tuple(intakes))
