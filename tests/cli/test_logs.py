import io
import logging

import structlog

from bot import logs

TOLD = "王小明 15400000001"


def broken() -> None:
    raise ValueError(TOLD)


def lines(*, debug: bool = False) -> str:
    """What is written when one of ours and one of the libraries' calls break."""
    out = io.StringIO()
    logs.set_up(debug=debug, out=out)
    try:
        broken()
    except ValueError:
        structlog.get_logger("bot").exception("it_broke", turn=3)
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    return out.getvalue()


def test_an_error_is_told_by_its_kind_and_places_without_its_words() -> None:
    written = lines()
    assert written.count("problem=builtins.ValueError") == 2
    assert "event=it_broke" in written
    assert 'event="Exception in ASGI application"' in written
    assert "test_logs.py" in written
    assert ":broken" in written
    assert TOLD not in written
    assert all(line.startswith("timestamp=") for line in written.splitlines())


def test_debug_tells_everything() -> None:
    assert lines(debug=True).count(TOLD) == 2


def test_chatter_of_libraries_is_left_out() -> None:
    out = io.StringIO()
    logs.set_up(out=out)
    logging.getLogger("uvicorn.error").info("Started server process [1]")
    logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
    logging.getLogger("apscheduler.scheduler").warning("Run time of job was missed")
    assert out.getvalue() == ""
