"""`worker`: sends what is due and serves no pages; with PostgreSQL any number of times."""

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.commands.guard import WRONG_USAGE, Sorry, read_settings
from bot.commands.on_disk import lock_folder
from bot.commands.telling import say

if TYPE_CHECKING:
    from bot.app import Service

ALONE = (
    "用 SQLite，只能有一个程序发消息，现在已经有一个了。\n"
    "xunqiao serve 自己就发，不用再开 worker。想用几个一起发，要换成 PostgreSQL：看 xunqiao copy-to --help。"
)

PATIENCE = 3.0
"""Seconds that what is on its way gets when we stop."""


def work(*, debug: bool) -> int:
    """Send until SIGTERM or SIGINT."""
    from bot import logs
    from bot.app import open_service
    from bot.sending import sole_sender

    settings = read_settings()
    logs.set_up(debug=debug)
    folder = lock_folder(settings)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with sole_sender(folder, alone=True) as ours:
        if not ours:
            raise Sorry(ALONE, WRONG_USAGE)
        with open_service(settings) as service:
            asyncio.run(_work(service))
    return 0


async def _work(service: "Service") -> None:
    from bot.beside import webhook_of, worker_name
    from bot.sending import Sending, prepare

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await prepare()
    from bot.postman import Postman
    from bot.telegraph import connect

    name, webhook = worker_name(), webhook_of(service.settings)
    telegraph = None if webhook is None else await connect(service, name, webhook)
    doors = telegraph.doors if telegraph else {}
    errands = telegraph.errands if telegraph else {}
    settings = service.settings
    postman = Postman(service.desk, service.book, settings.zone, name, doors, errands, settings.address)
    sending = asyncio.create_task(Sending(service, name, postman, telegraph).run(stopping))
    say("Xunqiao worker: sending")
    try:
        await asyncio.wait(
            (sending, asyncio.create_task(stopping.wait())), return_when=asyncio.FIRST_COMPLETED
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(sending, PATIENCE)
    finally:
        if telegraph is not None:
            await telegraph.close()
