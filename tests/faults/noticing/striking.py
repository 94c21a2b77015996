"""The faults: what happens to the workers, the database, the clocks and Telegram in the middle of a notice."""

import random
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from sqlalchemy import text

from storage.notices import notices
from tests.channels.botapi import BotApi
from tests.faults.noticing.trial import Trial
from tests.faults.serving import five_seconds

KILLS, MANY_KILLS = 10, 50

FULL_SECONDS = 3.0

Fault = Callable[[Trial, random.Random], None]


def kills(times: int) -> Fault:
    """Kill one worker after the other at random moments of the whole notice."""

    def strike(trial: Trial, chance: random.Random) -> None:
        for moment in sorted(chance.sample(range(1, trial.people), times)):
            trial.reach(moment)
            worker = chance.choice(trial.workers)
            trial.kill(worker)
            worker.start()

    return strike


def kill_all(trial: Trial, chance: random.Random) -> None:
    trial.reach(trial.people * chance.uniform(0.2, 0.6))
    for worker in trial.workers:
        trial.kill(worker)
    for worker in trial.workers:
        worker.start()


def tell_to_stop(trial: Trial, chance: random.Random) -> None:
    """Tell each worker to end, as a deploy does: within five seconds it has, and nothing is in doubt."""
    for part in (chance.uniform(0.1, 0.3), chance.uniform(0.4, 0.6)):
        trial.reach(trial.people * part)
        for worker in trial.workers:
            began = time.monotonic()
            assert worker.stop() == 0
            assert time.monotonic() - began < five_seconds()
            worker.start()


def restart_database(trial: Trial, chance: random.Random) -> None:
    """Stop PostgreSQL as `pg_ctl stop -m immediate` does, and start it again; where it is not ours, cut everybody off."""
    for part in (chance.uniform(0.1, 0.3), chance.uniform(0.4, 0.7)):
        trial.reach(trial.people * part)
        if (server := trial.ground.server) is not None:
            server.stop(signal.SIGQUIT)
            time.sleep(chance.uniform(0, 2))
            server.start()
            continue
        with trial.store.engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )


def fill_disk(trial: Trial, chance: random.Random) -> None:
    """Leave no byte of the disk the database is on, for seconds."""
    assert trial.ground.disk is not None
    trial.reach(trial.people * chance.uniform(0.1, 0.5))
    ballast = trial.ground.disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        for size in (2**20, 512):
            with suppress(OSError):
                while file.write(b"0" * size):
                    pass
    time.sleep(FULL_SECONDS)
    ballast.unlink()
    if trial.ground.server is not None:
        trial.ground.server.start()


def jump(trial: Trial, chance: random.Random) -> None:
    """Set the workers' clocks two hours ahead, one after the other, while they run."""
    trial.reach(trial.people * chance.uniform(0.2, 0.5))
    for worker in trial.workers:
        worker.jump()


def pause_and_go_on(trial: Trial, chance: random.Random) -> None:
    trial.reach(trial.people * chance.uniform(0.2, 0.5))
    trial.press(notices.pause)
    before, last = trial.sent, -1
    while trial.sent != last:
        last = trial.sent
        time.sleep(1.0)
    assert last - before <= trial.rate, "a second after the pause there was more than what was on its way"
    trial.press(notices.resume)


def stop_it(trial: Trial, chance: random.Random) -> None:
    trial.reach(trial.people * chance.uniform(0.2, 0.5))
    trial.press(notices.stop)


def of_telegram(what: Callable[[BotApi, int], object]) -> Fault:
    """Let Telegram do something to a part of the messages."""

    def strike(trial: Trial, chance: random.Random) -> None:
        trial.reach(trial.people * chance.uniform(0.1, 0.3))
        what(trial.api, max(2, trial.people // 100))

    return strike


def hang(api: BotApi, times: int) -> None:
    api.hang("sendMessage", times=times)


FAULTS: Mapping[str, Fault] = {
    "nothing": lambda trial, _chance: trial.reach(trial.people / 4),
    "kill -9": kills(KILLS),
    "all workers killed": kill_all,
    "SIGTERM": tell_to_stop,
    "database restarted": restart_database,
    "disk full": fill_disk,
    "clock two hours ahead": jump,
    "500s": of_telegram(lambda api, times: api.fail("sendMessage", times=5 * times)),
    "resets after acceptance": of_telegram(lambda api, times: api.reset_after("sendMessage", times=times)),
    "hangs": of_telegram(hang),
    "429 storm": of_telegram(lambda api, times: api.flood(1, method="sendMessage", times=times)),
    "pause, then go on": pause_and_go_on,
    "stop": stop_it,
}

PRESSES = ("pause, then go on", "stop")
"""Faults that are presses themselves."""
