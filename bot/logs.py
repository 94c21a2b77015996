"""The log: one line per event on stderr, ours and the libraries', without what people told us.

What an error says may quote a person, so only its kind and the places it went through are written down;
`--debug` writes the whole of it, for an operator who looks on.
"""

import logging
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

QUIET: Mapping[str, int] = {
    "uvicorn.error": logging.WARNING,
    "alembic": logging.WARNING,
    "apscheduler": logging.ERROR,
}
"""Libraries that tell more than an operator wants to read -> what is still written."""

MOST_PLACES = 12
"""Places of a traceback that are written down, the innermost."""


class Log:
    """Writes lines; what forms and writes them is imported with the first one, which the first page is before."""

    def __init__(self, name: str) -> None:
        self._name = name

    def info(self, event: str, **values: object) -> None:
        self._line("info", event, values)

    def warning(self, event: str, **values: object) -> None:
        self._line("warning", event, values)

    def error(self, event: str, **values: object) -> None:
        self._line("error", event, values)

    def exception(self, event: str, **values: object) -> None:
        self._line("exception", event, values)

    def _line(self, level: str, event: str, values: Mapping[str, object]) -> None:
        begin()
        from structlog import get_logger

        getattr(get_logger(self._name), level)(event, **values)


class _First(logging.Handler):
    """Waits for the first line of a library, and has it written as all others are."""

    def emit(self, record: logging.LogRecord) -> None:
        begin()
        logging.getLogger(record.name).handle(record)


_waiting: list[Callable[[], None]] = []
"""How the log is to be set up, until it is."""


def set_up_later(*, debug: bool = False) -> None:
    """Do the same as `set_up`, but with the first line, or when somebody says `begin`."""
    _waiting[:] = [partial(set_up, debug=debug)]
    logging.getLogger().handlers[:] = [_First()]
    _set_levels()


def begin() -> None:
    """Set the log up, where that still waits: said before anybody imports structlog himself."""
    while _waiting:
        _waiting.pop()()


def set_up(*, debug: bool = False, out: TextIO | None = None) -> None:
    """Send every log line of this process to stderr."""
    import structlog
    from structlog.stdlib import ProcessorFormatter

    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if debug else where_it_broke,
    ]
    renderer = structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], bool_as_flag=False
    )
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=()), *shared],
            processors=[ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.getLogger().handlers[:] = [handler]
    _set_levels()


def _set_levels() -> None:
    logging.getLogger().setLevel(logging.INFO)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def where_it_broke(_logger: "WrappedLogger", _method: str, event: "EventDict") -> "EventDict":
    """Replace an exception by its kind and the places it went through, innermost last."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    if isinstance(raised, tuple) and raised[0] is not None:
        kind, _, at = raised
        event["problem"] = f"{kind.__module__}.{kind.__qualname__}"
        event["at"] = _places(at)
    return event


def _places(at: TracebackType | None) -> str:
    frames = traceback.extract_tb(at)[-MOST_PLACES:]
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames)
