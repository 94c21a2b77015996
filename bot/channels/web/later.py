"""Pages that are imported when the first of them is asked for: nobody else waits for them at the start."""

import asyncio
from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send


class Later(BaseRoute):
    """Everything below a path.

    Args:
        path: such as /console.
        make: imports and makes the routes, whose paths begin with it; asked once.

    """

    def __init__(self, path: str, make: Callable[[], Sequence[BaseRoute]]) -> None:
        self.path = path
        self._make = make
        self._router: Router | None = None
        self._making = asyncio.Lock()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Take every request below the path."""
        asked = scope.get("path", "")
        ours = scope["type"] == "http" and (asked == self.path or asked.startswith(f"{self.path}/"))
        return (Match.FULL, {}) if ours else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the routes there are."""
        async with self._making:
            if self._router is None:
                self._router = Router(await asyncio.to_thread(self._make))
        await self._router(scope, receive, send)
