"""A worker, for a process of its own, that delivers until it is killed."""

import asyncio
import os
from pathlib import Path

from bot.letters.letter import Post
from bot.postman import Postman
from storage import crypto
from storage.base import Store
from storage.desk import Desk
from storage.tables import Channel
from tests.bot.conftest import NOW, ZONE
from tests.bot.test_postman import BOOK
from tests.databases import TEST_KEY


class Ledger:
    """A channel that writes every text into a file, as a receiver would see it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def send(self, address: str, post: Post) -> None:
        line = f"{address} {post.text.splitlines()[0]}\n".encode()
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, line)
        os.close(handle)
        await asyncio.sleep(0.002)  # the other side takes its time: more chances to be killed in between


def work(url: str, file: Path) -> None:
    """Deliver what is promised until there is nothing left."""
    asyncio.run(_deliver(url, file))


async def _deliver(url: str, file: Path) -> None:
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for tests, 32 bytes..")
    postman = Postman(Desk(Store(url)), BOOK, ZONE, f"worker-{os.getpid()}", {Channel.TELEGRAM: Ledger(file)})
    while await postman.deliver(NOW):
        pass
