"""Measures 200 people at once on Telegram, on one core: how soon each tap is answered, how soon the next question is there."""

import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.commands.telling import say
from storage import crypto, schema
from storage.base import Store
from tests.catalogue import put_catalogue
from tests.channels.botapi import BotApi, Message, Person
from tests.channels.on_air import on_air
from tests.storage.conftest import TEST_KEY

PEOPLE = 200
GOAL = 1.0
"""Seconds in which each tap is answered (access.md T1)."""

ANSWERS = ("1 ", "1 给我自己", "1 找课", "1 ", "0 看全部", "1 ", "1 ", "1 ", "1 同意")
"""From the first question into an application: which button each one taps."""

PATIENCE = 300.0


def person_taps(person: Person, left: list[str], done: threading.Semaphore) -> None:
    """Let a person tap their way by themselves."""

    def react(message: Message) -> None:
        if not message.keyboard:
            return
        if not left:
            done.release()
            return
        wanted = left.pop(0)
        labels = message.labels
        label = next((each for each in labels if each.startswith(wanted)), None)
        person.taps(label or next(each for each in labels if re.match(r"\d", each)), on=message)

    person.reacts(react)


def crowd(api: BotApi, people: int) -> float:
    """Let so many people begin at the same moment; give the seconds until the last one is in an application."""
    done = threading.Semaphore(0)
    everybody = [api.person(1000 + number) for number in range(people)]
    for person in everybody:
        person_taps(person, list(ANSWERS), done)
    start = time.monotonic()
    for person in everybody:
        person.commands("/start")
    for _ in everybody:
        assert done.acquire(timeout=PATIENCE), "not everybody came through"
    return time.monotonic() - start


def percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def told(name: str, times: Sequence[float]) -> None:
    parts = (f"{label} {percentile(times, share):.3f} s" for label, share in (("half", 0.5), ("99 %", 0.99)))
    say(f"{name}: {', '.join(parts)}, slowest {max(times):.3f} s")


def main() -> None:
    """Print how soon taps and questions were answered, in both modes."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for the bench, 32 by.")
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        with closing(Store(f"sqlite:///{template}")) as store:
            schema.metadata.create_all(store.engine)
            put_catalogue(store)
        for mode in ("polling", "webhook"):
            file = Path(folder) / f"{mode}.db"
            shutil.copy(template, file)
            with closing(Store(f"sqlite:///{file}")) as store, BotApi() as api:
                with on_air(store, api, telegram_mode=mode):
                    api.person(1).commands("/start")
                    api.person(1).waits_for("训桥", anywhere=True, timeout=60)
                    took = crowd(api, PEOPLE)
                    api.waits_until(lambda api=api: not api.unanswered, timeout=60)  # type: ignore[misc]
                queries = api.queries
                assert not api.refusals
                waits = [q.answered_at - q.handed_at for q in queries if q.answered_at and q.handed_at]
                say(
                    f"{mode}: {PEOPLE} people, {len(queries)} taps in {took:.1f} s: {len(queries) / took:.0f} a second"
                )
                told("  tap answered after it was handed to us", waits)
                presses = [q.answered_at - q.at for q in queries if q.answered_at]
                told("  and after the press itself", presses)
                told("  next question after", question_waits(api))
                late = sum(1 for wait in waits if wait > GOAL)
                say(f"  answered later than {GOAL:g} s: {late} (goal 0)")
    crypto.use(None)


def question_waits(api: BotApi) -> list[float]:
    """Seconds from each tap to the message that followed it."""
    found: list[float] = []
    for query in api.queries:
        after = (message.at for message in query.chat.messages if message.mine and message.at > query.at)
        if (at := next(after, None)) is not None:
            found.append(at - query.at)
    return found


if __name__ == "__main__":
    main()
