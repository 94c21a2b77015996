"""Keeps the catalogue on the shelf true, and the forms in the book: what another machine took in, a new day, seats."""

import asyncio
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.classes.moving import tell_moves
from bot.forms.serving import serve_forms
from bot.granting import grant_wishes
from storage.applications.enrolment import seats_taken

if TYPE_CHECKING:
    from bot.app import Service
    from bot.forms.serving import Mark
    from storage.catalogue.shelf import Shelf

EVERY = 5.0
"""Seconds between two looks."""

log = structlog.get_logger("catalogue")


def restock(session: Session, shelf: "Shelf", today: date, taken: Mapping[int, int] | None) -> dict[int, int]:
    """Put a newer snapshot on the shelf when something changed; give the seats given away, by intake.

    Args:
        session: a session to read with.
        shelf: where the snapshot is taken from.
        today: the day in the service's zone.
        taken: what the last look gave, None for the first.

    """
    now_taken = seats_taken(session)
    if taken != now_taken or shelf.is_stale(session, today):
        shelf.rebuild(session, today, now_taken)
    return now_taken


async def keep_stocked(service: "Service", stopping: asyncio.Event) -> None:
    """Look every few seconds, until the process ends."""
    taken: dict[int, int] | None = None
    served: Mark | None = None
    while not stopping.is_set():
        try:
            known, today = taken, service.clock.now().date()
            before = service.shelf.current
            taken = await service.desk.look(partial(restock, shelf=service.shelf, today=today, taken=known))
            served = await service.desk.look(partial(serve_forms, book=service.book, served=served))
            if service.shelf.current is not before:
                await service.desk.do(partial(grant_wishes, shelf=service.shelf, now=service.clock.now()))
                await service.desk.do(partial(tell_moves, now=service.clock.now()))
        except SQLAlchemyError as problem:
            log.warning("catalogue_not_read", problem=type(problem).__name__)
        try:
            await asyncio.wait_for(stopping.wait(), EVERY)
        except TimeoutError:
            continue
