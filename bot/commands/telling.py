"""How commands speak: results on stdout, progress on stderr, and a sign of life while something takes long."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SIGN_OF_LIFE = 5.0
"""Seconds of silence after which long work says that it goes on."""


def say(text: str = "") -> None:
    """A result."""
    print(text, flush=True)  # noqa: T201 - this is where commands speak


def note(text: str) -> None:
    """Progress, and what is no result: it never stands in a pipe's way."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is where commands speak


def say_json(value: object) -> None:
    """A result for a program."""
    import json

    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@contextmanager
def working(on: str) -> Iterator[None]:
    """Say what is being done, now and then that it still is, and how long it took."""
    start = time.monotonic()
    done = threading.Event()

    def live() -> None:
        while not done.wait(SIGN_OF_LIFE):
            note(f"  还在做，{time.monotonic() - start:.0f} 秒了……")

    note(f"{on}……")
    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    note(f"  好了，用了 {time.monotonic() - start:.1f} 秒。")
