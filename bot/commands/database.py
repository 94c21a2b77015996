"""`migrate`, `backup` and `restore`: what an operator does with the database itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.guard import WRONG_USAGE, Sorry, check_is_file, read_settings
from bot.commands.on_disk import lock_folder, sqlite_file
from bot.commands.telling import note, say, working

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.base import Store

EVERY = 2.0
"""Seconds between two lines of progress."""

RUNNING = "训桥还开着。先停下来，再取回：它记着的，会和取回来的混在一起。"


def migrate_database() -> int:
    """Bring the database up to this release; what older keys sealed is sealed with the newest."""
    from bot.app import open_store
    from storage.crypto import ring_in_use
    from storage.schema import HEAD

    with working("正在看数据库是哪一版，旧的就改"):
        store = open_store(read_settings())
    try:
        say(f"数据库是 {HEAD} 版，和程序一样。")
        if len(ring_in_use().numbers) > 1:
            with working("正在换成新的密钥"):
                rows = _seal_anew(store)
            say(
                f"{rows} 行换成了 {ring_in_use().newest} 号密钥。旧的可以从密钥里拿掉了；旧备份还要用它，另外存好。"
            )
    finally:
        store.close()
    return 0


def _seal_anew(store: "Store") -> int:
    """Seal everything with the newest key, a few rows a transaction: the service goes on meanwhile."""
    from storage.keeping.vault import reseal

    rows, told = 0, Progress()
    while True:
        with store.writing() as session:
            done = reseal(session)
        if not done:
            return rows
        rows += done
        told("密钥", rows, rows)


def back_up(file: Path) -> int:
    """Put the database into one new file; the service may go on meanwhile."""
    from bot.settings import Clock
    from storage.keeping.backup import backup

    settings = read_settings()
    if not file.absolute().parent.is_dir():
        raise Sorry(f"没有这个文件夹：{file.parent}。先建好，或者换一个。", WRONG_USAGE)
    with existing(settings) as store, working("正在备份"):
        manifest = backup(store, file, Clock(settings).now(), Progress())
    rows = sum(part.rows for part in manifest.tables.values())
    say(f"备份好了：{file}，{rows} 行，{file.stat().st_size / 1024:.0f} KB。")
    say(f"备份里没有密钥。没有密钥，备份打不开。密钥要另外存好，它在：{_key_place(settings)}")
    return 0


def put_back(file: Path, *, replace: bool) -> int:
    """Put a backup into an empty database, or in the place of what is there."""
    from bot.sending import sole_sender
    from storage import crypto
    from storage.base import Store
    from storage.keeping.backup import restore
    from storage.keeping.vault import open_vault

    settings = read_settings()
    check_is_file(file)
    key = settings.home / crypto.KEY_FILE
    if sqlite_file(settings) and not settings.key_text and not key.exists():
        raise Sorry(f"还没有密钥。先把备份时的密钥放到 {key}，再取回备份。")
    settings.home.mkdir(parents=True, exist_ok=True)
    store = Store(settings.url)
    try:
        crypto.use(crypto.load_ring(settings.home, settings.key_text, is_sqlite=store.is_sqlite))
        with sole_sender(lock_folder(settings), alone=True) as ours, working(f"正在取回 {file.name}"):
            if not ours:
                raise Sorry(RUNNING)
            manifest = restore(store, file, replace=replace, on_row=Progress())
            with store.writing() as session:
                open_vault(session)
    finally:
        store.close()
    rows = sum(part.rows for part in manifest.tables.values())
    say(f"取回来了：{manifest.made_at[:16].replace('T', ' ')} 的备份，{rows} 行。")
    return 0


class Progress:
    """Tells now and then how far a table is."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, table: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= EVERY:
            self._told = now
            note(f"  {table}：{done} / {total}")


@contextmanager
def existing(settings: "Settings") -> "Iterator[Store]":
    """Give the database as it is, neither made nor changed."""
    from storage import crypto
    from storage.base import Store

    file = sqlite_file(settings)
    if file is not None and not file.exists():
        raise Sorry(f"还没有数据库 {file}。看 XUNQIAO_HOME 写对没有。")
    store = Store(settings.url)
    try:
        crypto.use(crypto.load_ring(settings.home, settings.key_text, is_sqlite=store.is_sqlite))
        yield store
    finally:
        store.close()


def _key_place(settings: "Settings") -> str:
    from storage.crypto import KEY_FILE, KEY_VARIABLE

    return f"环境变量 {KEY_VARIABLE}" if settings.key_text else str((settings.home / KEY_FILE).absolute())
