"""What compose.yaml starts, as plain processes: two with pages, two that send, one PostgreSQL, nginx in front."""

import re
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from bot.settings import Settings, load_settings
from storage.crypto import KeyRing
from storage.tables import Fate
from tests.channels.nginx import complaints, needs_nginx, nginx
from tests.channels.web.handset import Handset
from tests.databases import TEST_KEY, Databases
from tests.faults.forking import Forked
from tests.faults.noticing.grounds import Ground
from tests.faults.noticing.trial import Trial
from tests.faults.noticing.workers import PAUSES
from tests.faults.serving import free_port

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "compose.yaml").read_text()
COMMANDS = [
    words.replace('"', "").replace(",", "") for words in re.findall(r'command: \["xunqiao", (.*)\]', COMPOSE)
]
PEOPLE = 60


def configured() -> str:
    """The nginx of compose.yaml, as the container gets it: there `$$` is a dollar."""
    found = re.search(r"    content: \|\n(.*?)\n\nvolumes:", COMPOSE, re.DOTALL)
    assert found is not None
    return found[1].replace("$$", "$")


def written(front: int, behind: tuple[int, int]) -> str:
    """The same with the ports of a test; `web` is two machines, as there."""
    server = re.sub(r"^ *resolver .*\n", "", configured(), flags=re.MULTILINE)
    for old, new in (("listen 80;", f"listen 127.0.0.1:{front};"), ("http://web:8000", "http://web")):
        assert old in server, "compose.yaml says it in other words now"
        server = server.replace(old, new)
    machines = "".join(f"server 127.0.0.1:{port};\n" for port in behind)
    return f"upstream web {{\n{machines}}}\n{server}\n"


def test_what_compose_names_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"POSTGRES_PASSWORD": "abc", "XUNQIAO_SECRET_KEY": TEST_KEY}
    settings = {}
    for name, value in re.findall(r"^    (XUNQIAO_\w+): (.*)$", COMPOSE, re.MULTILINE):
        filled = re.sub(r"\$\{(\w+):[?-]\}", lambda each: given.get(each[1], ""), value)
        settings[name] = filled
        monkeypatch.setenv(name, filled)
    assert len(settings) >= 6
    fields = {f"XUNQIAO_{name.upper()}" for name in Settings.model_fields}
    assert settings.keys() <= fields
    read = load_settings()
    assert (read.url, read.host) == ("postgresql://xunqiao:abc@db/xunqiao", "0.0.0.0")
    assert read.telegram_token is None, "what nobody filled in is not set"
    for copied in re.findall(r"^ +COPY (.+) /app\S*$", COMPOSE, re.MULTILINE):
        assert all((ROOT / each).exists() for each in copied.split()), copied
    assert f"http://web:{read.port}" in configured()
    assert "\t" not in COMPOSE


@needs_nginx
def test_nginx_takes_the_configuration_of_compose(tmp_path: Path) -> None:
    assert complaints(configured().replace("listen 80;", f"listen 127.0.0.1:{free_port()};"), tmp_path) == ""
    assert "unexpected" in complaints(configured() + "}", tmp_path)


@needs_nginx
def test_two_with_pages_and_two_that_send_are_one_service_behind_nginx(
    databases: Databases, keys: KeyRing, tmp_path: Path
) -> None:
    assert keys.numbers
    assert COMMANDS == ["serve --without-worker", "worker"]
    home, front = tmp_path / "home", free_port()
    ground = Ground(databases.make)
    trial = Trial(home, ground.make(), PEOPLE, 1000, ground)
    with ExitStack() as stack:
        stack.callback(trial.close)
        pages = [Forked(home, command=COMMANDS[0], pauses=PAUSES, **trial.environment) for _ in range(2)]
        for each in pages:
            stack.callback(each.stop)
            each.start()
        for each in trial.workers:
            each.start()
        stack.enter_context(nginx(written(front, (pages[0].port, pages[1].port)), tmp_path))
        public = f"http://127.0.0.1:{front}"
        for _ in range(4):  # each of the two in turn
            assert httpx.get(f"{public}/healthz", timeout=40).json()["database"] == "ok"
        with closing(Handset(public)) as handset:
            first = handset.open().page.words("h1")
            said = handset.tap("plain").page.words("h1")
            assert said != first
            assert [handset.open().page.words("h1") for _ in range(4)] == 4 * [said]
        trial.wait(trial.is_over)
        found = trial.count()
    assert (found.lost, found.doubled, found.told.fates) == (0, 0, {Fate.SENT: PEOPLE})
