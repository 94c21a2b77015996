"""A real server in a process of its own, forked from one that has imported everything: nobody waits for imports."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

from bot.cli import main
from tests.faults.serving import Server

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(
    [
        "bot.alarm",
        "bot.beside",
        "bot.channels.broadcast",
        "bot.channels.telegram",
        "bot.channels.web.app",
        "bot.commands.serve",
        "bot.demo",
        "bot.restocking",
        "bot.telegraph",
        "pytest",  # it is this process's main module, and imported with it
        "tests.faults.forking",
    ]
)


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
            args=(self._command, self._environment, self._pauses, theirs, self._errors),
            daemon=True,
        )
        self._child.start()
        theirs.close()
        self._output = os.fdopen(os.dup(printed.fileno()), encoding="utf-8")
        printed.close()
        return self._output

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


def _run(
    command: str,
    environment: Mapping[str, str],
    pauses: Mapping[str, float],
    output: Connection,
    errors: Path,
) -> None:
    """What happens in the process itself."""
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(output.fileno(), 1)
    output.close()
    with errors.open("a") as log:
        os.dup2(log.fileno(), 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    for name, seconds in pauses.items():
        module, _, constant = name.rpartition(".")
        setattr(import_module(module), constant, seconds)
    sys.argv = ["xunqiao", command]
    main()
