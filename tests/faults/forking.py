"""A real server in a process of its own, forked from one that has imported everything: nobody waits for imports."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from io import TextIOWrapper
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

from bot.cli import main
from bot.settings import Clock
from tests.faults.serving import Server

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(
    [
        "bot.alarm",
        "bot.beside",
        "bot.channels.broadcast",
        "bot.channels.telegram",
        "bot.channels.web.app",
        "bot.commands.chat",
        "bot.commands.serve",
        "bot.demo",
        "bot.restocking",
        "bot.telegraph",
        "pytest",  # it is this process's main module, and imported with it
        "tests.faults.forking",
    ]
)


JUMP = timedelta(hours=2)
"""How far ahead a clock goes when somebody sets it wrong."""


class Forked(Server):
    """A server that starts in a tenth of the time; to the system it is a process like any other.

    Args:
        home: the folder.
        command: what it is told to do.
        pauses: pauses of ours that need not be as long as in earnest: the constant's whole name -> seconds.
        environment: more settings.

    """

    def __init__(
        self,
        home: Path,
        *,
        command: str = "demo",
        pauses: Mapping[str, float] | None = None,
        **environment: str,
    ) -> None:
        super().__init__(home, command=command, **environment)
        self._pauses = dict(pauses or {})
        self._errors = home.parent / "errors.txt"
        self._child: ForkServerProcess | None = None
        self._output: TextIOWrapper | None = None

    def start(self) -> Self:
        """Start, and return when it says that it answers."""
        try:
            return super().start()
        except AssertionError as problem:
            problem.add_note(self._errors.read_text()[-2000:])
            raise

    def _begin(self) -> TextIOWrapper:
        printed, theirs = FORKING.Pipe(duplex=False)
        self._child = FORKING.Process(
            target=_run,
            args=(self._command.split(), self._environment, self._pauses, {1: theirs}, self._errors),
            daemon=True,
        )
        self._child.start()
        theirs.close()
        self._output = os.fdopen(os.dup(printed.fileno()), encoding="utf-8")
        printed.close()
        return self._output

    @property
    def number(self) -> int:
        """The number of the process."""
        assert self._child is not None
        assert self._child.pid is not None
        return self._child.pid

    def jump(self) -> None:
        """Set its clock ahead, while it runs."""
        os.kill(self.number, signal.SIGUSR1)

    def _end(self, how: signal.Signals) -> int:
        if self._child is None or self._child.pid is None:
            return 0
        with suppress(ProcessLookupError):  # it has ended by itself
            os.kill(self._child.pid, how)
        self._child.join(60)
        code = self._child.exitcode
        assert code is not None, "it does not end"
        self._child.close()
        if self._output is not None:
            self._output.close()
        self._child = self._output = None
        return code


class Piped:
    """`xunqiao …` begun in the same way, with pipes to what it reads and says, or a terminal for all three.

    Args:
        words: what it is told to do.
        environment: all its settings.
        terminal: the number of an open terminal; without one there are `stdin`, `stdout` and `stderr`.

    """

    def __init__(self, *words: str, environment: Mapping[str, str], terminal: int | None = None) -> None:
        streams: dict[int, Connection] = {}
        if terminal is not None:
            streams = {number: Connection(os.dup(terminal)) for number in range(3)}
        else:
            (theirs, stdin), (stdout, said), (stderr, told) = (FORKING.Pipe(duplex=False) for _ in range(3))
            streams = {0: theirs, 1: said, 2: told}
            self.stdin = _file_of(stdin, "w")
            self.stdout = _file_of(stdout, "r")
            self.stderr = _file_of(stderr, "r")
        self._child = FORKING.Process(target=_run, args=(words, dict(environment), {}, streams), daemon=True)
        self._child.start()
        for each in streams.values():
            each.close()

    def poll(self) -> int | None:
        return self._child.exitcode

    def send_signal(self, how: signal.Signals) -> None:
        assert self._child.pid is not None
        os.kill(self._child.pid, how)

    def wait(self, seconds: float) -> int:
        """Wait for its end; give its exit code."""
        self._child.join(seconds)
        code = self._child.exitcode
        assert code is not None, f"it does not end within {seconds} seconds"
        return code


def _jump(*_: object) -> None:
    """Set the clock of this process ahead."""
    now = Clock.now
    Clock.now = lambda self: now(self) + JUMP  # type: ignore[method-assign]  # the one clock, as if somebody set it


def _file_of(connection: Connection, mode: str) -> TextIOWrapper:
    with connection:
        file = os.fdopen(os.dup(connection.fileno()), mode, encoding="utf-8")
    assert isinstance(file, TextIOWrapper)
    return file


def _run(
    words: Sequence[str],
    environment: Mapping[str, str],
    pauses: Mapping[str, float],
    streams: Mapping[int, Connection],
    errors: Path | None = None,
) -> None:
    """What happens in the process itself."""
    os.environ.clear()
    os.environ.update(environment)
    for number, stream in streams.items():
        os.dup2(stream.fileno(), number)
        stream.close()
    if errors is not None:
        with errors.open("a") as log:
            os.dup2(log.fileno(), 2)
    if 0 in streams:
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background lets nobody hear it
    signal.signal(signal.SIGUSR1, _jump)
    for name, seconds in pauses.items():
        module, _, constant = name.rpartition(".")
        setattr(import_module(module), constant, seconds)
    sys.argv = ["xunqiao", *words]
    main()
