"""Says whether the service works (for who watches it) and whether the process lives (for who restarts it)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from sqlalchemy import text
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse

from storage.desk import Desk

Check: TypeAlias = Callable[[], Awaitable[str]]
"""Gives "ok", "off", or in a few words what fails."""

PATIENCE = 3.0
"""Seconds a check may take."""

FINE = frozenset({"ok", "off"})


async def off() -> str:
    """Say that something is not in use."""
    return "off"


class Health:
    """The pages of who runs the service.

    Args:
        desk: the database is asked through it.
        checks: what else has to work, by name.
        patience: seconds a check may take.

    """

    def __init__(self, desk: Desk, checks: Mapping[str, Check], patience: float = PATIENCE) -> None:
        self._desk = desk
        self._patience = patience
        self._checks = {"database": self._database, **checks}

    async def whole(self, _: Request) -> JSONResponse:
        """Give 200 when everything works, else 503 and what does not."""
        names = list(self._checks)
        results = await asyncio.gather(*(self._ask(self._checks[name]) for name in names))
        found = dict(zip(names, results, strict=True))
        fine = all(result in FINE for result in results)
        return JSONResponse({"status": "ok" if fine else "failing", **found}, 200 if fine else 503)

    async def alive(self, _: Request) -> JSONResponse:
        """Give 200 as long as the process answers at all."""
        return JSONResponse({"status": "ok"})

    async def _ask(self, check: Check) -> str:
        try:
            return await asyncio.wait_for(check(), self._patience)
        except TimeoutError:
            return "no answer"
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is the answer
            return type(problem).__name__

    async def _database(self) -> str:
        def ask(session: Session) -> str:
            session.execute(text("SELECT 1"))
            return "ok"

        return await self._desk.look(ask)
