"""A worker of its own process that delivers until it is killed: python -m tests.bot.delivering URL FILE."""

import asyncio
import os
import sys
from pathlib import Path

from bot.letters import Post
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


async def main(url: str, file: Path) -> None:
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for tests, 32 bytes..")
    postman = Postman(Desk(Store(url)), BOOK, ZONE, f"worker-{os.getpid()}", {Channel.TELEGRAM: Ledger(file)})
    while await postman.deliver(NOW):
        pass


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
