"""Measures how soon the first page is there, against importing sqlmodel, starlette and uvicorn alone."""

import os
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from time import perf_counter, sleep

from bot.commands.telling import say
from tests.faults.serving import free_port

ROUNDS = 7
GOAL = 2.0
"""The first page is there in at most this many times the imports."""

IMPORTS = "import sqlmodel, starlette, uvicorn"
HTTP_OK = 200


def importing() -> float:
    """Seconds to start Python and import what no service of this kind can do without."""
    start = perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True)
    return perf_counter() - start


def first_page(home: str, command: str = "serve") -> float:
    """Seconds from the start of the process to the first whole page."""
    port = free_port()
    start = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", command],
        env={**os.environ, "XUNQIAO_HOME": home, "XUNQIAO_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not _answers(port):
        sleep(0.01)
    took = perf_counter() - start
    process.terminate()
    assert process.wait() == 0
    return took


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == HTTP_OK
    except OSError:
        return False
    finally:
        connection.close()


def main() -> None:
    """Print the ratio of the shortest times: what else the machine does only makes times longer."""
    with tempfile.TemporaryDirectory() as home:
        filled = first_page(home, "demo")
        # In turn, so that a busy moment touches both.
        rounds = [(importing(), first_page(home)) for _ in range(ROUNDS)]
    imports, pages = (min(times) for times in zip(*rounds, strict=True))
    say(f"first start, with the demonstration loaded: {filled:.2f} s")
    say(f"{IMPORTS}: {imports:.2f} s   first page: {pages:.2f} s")
    say(f"first page : imports = {pages / imports:.2f} (goal {GOAL} or less)")


if __name__ == "__main__":
    main()
