"""Where the databases of trials are: each empty, on a disk that can be filled and a server that can be stopped."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import Databases
from tests.storage.postgres import KEPT, Running, running_server, server_of_our_own

DISK = 256
"""Megabytes of the small disk that is filled up."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the databases of trials are.

    Args:
        make: makes an empty one and gives its URL; "" is SQLite's.
        server: the PostgreSQL, where it is ours to stop.
        disk: where its files are, where it is a small disk that can be filled.

    """

    make: Callable[[], str]
    server: Running | None = None
    disk: Path | None = None


@contextmanager
def small_disk(place: Path) -> Iterator[Path | None]:
    """Mount a small disk at a folder; give None where we may not."""
    place.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=755", "tmpfs", place],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@contextmanager
def postgresql() -> Iterator[Ground]:
    """Give a PostgreSQL on a small disk; one given by XUNQIAO_TEST_PG_URL as it is."""
    with ExitStack() as stack:
        given, server, disk = os.environ.get("XUNQIAO_TEST_PG_URL"), None, None
        if not given:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xq-")))
            place.chmod(0o755)
            disk = stack.enter_context(small_disk(place))
            server = stack.enter_context(server_of_our_own(KEPT, disk))
        databases = stack.enter_context(closing(Databases(server.url if server else given or "")))
        yield Ground(databases.make, server, disk)


@contextmanager
def database(kind: str) -> Iterator[Callable[[], str]]:
    """Give what makes an empty database: its URL, "" for SQLite."""
    if kind == "sqlite":
        yield str
        return
    with ExitStack() as stack:
        server = os.environ.get("XUNQIAO_TEST_PG_URL") or stack.enter_context(running_server())
        yield stack.enter_context(closing(Databases(server))).make


@contextmanager
def sqlite(home: Path) -> Iterator[Ground]:
    """Give a SQLite database on a small disk."""
    with small_disk(home) as disk:
        yield Ground(str, None, disk)
