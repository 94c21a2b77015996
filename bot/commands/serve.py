"""`serve` and `demo`: open the service and answer until told to stop."""

import gc
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from bot.commands.guard import Sorry, read_settings
from bot.commands.on_disk import lock_folder
from bot.commands.telling import note, say

if TYPE_CHECKING:
    from bot.app import Service
    from bot.serving import Early
    from bot.settings import Settings

Prepare: TypeAlias = Callable[["Service", Callable[[], None]], None]
"""Makes a service ready before anybody is served; calls its second argument now and then, which may end it."""

DEMO_OFFICE = {"help_phone": "0371-00001100", "help_sms": "15400009000"}
"""Numbers nobody has, so that the demonstration shows where ours would stand."""


def serve(*, debug: bool, sends: bool = True) -> int:
    """Serve what there is; where workers send, only serve."""
    return _serve({}, lambda _service, _check: None, lambda _service: None, debug=debug, sends=sends)


def serve_demo(*, debug: bool) -> int:
    """Serve the demonstration; its data are loaded into an empty database only, and kept from then on."""
    return _serve(DEMO_OFFICE, fill, show_console, debug=debug)


def fill(service: "Service", check: Callable[[], None]) -> None:
    """Load the demonstration where there is nothing; `check` is called before every row, and may end it."""
    from bot.demo import is_empty, load_demo
    from bot.restocking import restock

    now = service.clock.now()
    with service.store.writing() as session:
        if not is_empty(session):
            note("接着用上次的数据。")
            return
        note("第一次打开，装示例数据……")
        load_demo(session, now, lambda text: note(f"  {text}"), check)
    service.desk.read(lambda session: restock(session, service.shelf, now.date(), None))


def show_console(service: "Service") -> None:
    """Print a link into the console, for whoever is there to manage the demonstration's staff."""
    from bot.commands.staffing import link_to
    from storage.staff import staff
    from storage.tables import StaffRole

    now = service.clock.now()
    with service.store.writing() as session:
        admins = [
            each
            for each in staff.all_staff(session)
            if each.role is StaffRole.ADMIN and each.revoked_at is None
        ]
        if admins:
            say(f"Staff: {link_to(service.settings, staff.make_link(session, admins[0], now))}")


def _serve(
    unless_set: Mapping[str, str],
    prepare: Prepare,
    ready: Callable[["Service"], None],
    *,
    debug: bool,
    sends: bool = True,
) -> int:
    # What is imported stays: looking through it for garbage again and again is an eighth of the whole start.
    gc.disable()
    try:
        settings = read_settings()
        unset = {name: value for name, value in unless_set.items() if not getattr(settings, name)}
        _listen(settings.model_copy(update=unset), prepare, ready, debug=debug, sends=sends)
    finally:
        gc.enable()
    return 0


def _listen(
    settings: "Settings",
    prepare: Prepare,
    ready: Callable[["Service"], None],
    *,
    debug: bool,
    sends: bool,
) -> None:
    from bot import logs
    from bot.serving import CannotListen, Early, take_port

    logs.set_up_later(debug=debug)
    early = Early()
    with early.watching():
        try:
            listening = take_port(settings)
        except CannotListen as problem:
            raise Sorry(str(problem)) from None
        if settings.port == 0:
            settings = settings.model_copy(update={"port": listening.getsockname()[1]})
        _answer(settings, listening, prepare, ready, early, sends=sends)


def _answer(
    settings: "Settings",
    listening: socket.socket,
    prepare: Prepare,
    ready: Callable[["Service"], None],
    early: "Early",
    *,
    sends: bool,
) -> None:
    from bot.app import open_service
    from bot.beside import Beside
    from bot.channels.web.app import create_app
    from bot.sending import sole_sender
    from bot.serving import run

    with (
        listening,
        open_service(settings) as service,
        sole_sender(lock_folder(settings) if sends else None, alone=False) as ours,
    ):
        gc.freeze()
        gc.enable()
        early.check()
        prepare(service, early.check)
        if not ours:
            note("另一个程序在发消息：xunqiao worker。这里只开网页。")
        beside = Beside(service, sends=sends and ours)

        def open_up() -> None:
            say(f"Xunqiao: {settings.address}/")
            ready(service)

        run(
            lambda stopping: create_app(
                service.runner, stopping=stopping, checks=beside.checks, more=beside.routes
            ),
            listening,
            ready=open_up,
            beside=beside.run,
            early=early,
        )
