"""A real server in a process of its own, to be killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import httpx


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def five_seconds() -> float:
    """Five seconds of a processor of one's own; longer by as much as others wait for one too."""
    return 5 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Server:
    """`xunqiao demo` on a folder of its own; kill it, and start it again on the same folder.

    Args:
        home: the folder.
        command: what it is told to do, in words; `serve` begins with nothing in it, and sooner.
        environment: more settings.

    """

    def __init__(self, home: Path, *, command: str = "demo", **environment: str) -> None:
        self._command = command
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("XUNQIAO_")},
            "XUNQIAO_HOME": str(home),
            "XUNQIAO_PORT": str(self.port),
            **environment,
        }
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> Self:
        """Start, and return when it says that it answers."""
        for line in self._begin():
            if line.startswith("Xunqiao: "):
                return self
        raise AssertionError(f"the server ended with {self.stop()} before it answered")

    def _begin(self) -> Iterable[str]:
        """Start the process; give what it prints."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", *self._command.split()],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        return self._process.stdout

    def kill(self) -> None:
        """Pull the plug: SIGKILL, nothing is tidied up."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def busy_seconds(self) -> float:
        """Give how long the process has kept a processor busy so far, to the microsecond (Linux)."""
        assert self._process is not None
        return time.clock_gettime(~self._process.pid << 3 | 2)  # as clock_getcpuclockid(3) names it

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        code = self._process.wait(60)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        return code


class Browser:
    """A browser without JavaScript: it keeps its cookie, reads the page and posts the form."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, follow_redirects=True, timeout=20)
        self.page = ""

    def open(self) -> Self:
        self.page = self._client.get("/").raise_for_status().text
        return self

    def post(self, **fields: str) -> Self:
        hidden = dict(re.findall(r'name="(csrf|prompt|once|new)" value="([^"]*)"', self.page))
        self.page = self._client.post("/answer", data={**hidden, **fields}).raise_for_status().text
        return self

    @property
    def question(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, re.DOTALL)
        assert found is not None, self.page[:500]
        return re.sub(r"<[^>]+>", "", found[1]).strip()

    def close(self) -> None:
        self._client.close()
