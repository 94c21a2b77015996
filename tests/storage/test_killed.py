import signal
import subprocess
import sys
from pathlib import Path

from sqlmodel import select

from storage.base import Store
from storage.tables import Counter

ENOUGH = 400
ROOT = Path(__file__).parents[2]


def test_after_kill_9_every_acknowledged_turn_is_there(store: Store) -> None:
    url = store.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.storage.writer", url], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline() for _ in range(ENOUGH)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += writer.stdout.readlines()
    assert writer.returncode == -signal.SIGKILL
    said = {line.rstrip("\n") for line in acknowledged if line.endswith("\n")}
    assert len(said) >= ENOUGH
    with store.reading() as session:
        kept = set(session.exec(select(Counter.name)).all())
    assert said <= kept
    assert len(kept - said) <= 8  # one in flight for each of the writer's threads
