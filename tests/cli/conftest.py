"""A command line in this process, on a folder or a database of its own."""

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.app import open_store
from bot.cli import run
from bot.settings import Settings
from storage import crypto
from tests.databases import TEST_KEY, Databases

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "bot" / "demo"
DATA = ROOT / "tests" / "data"
TODAY = "2026-11-21T10:00"


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Cli:
    """`xunqiao …` as somebody types it."""

    def __init__(self, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        self._capsys = capsys
        self.home = home

    def __call__(self, *words: str | Path) -> Said:
        self._capsys.readouterr()
        code = run([str(word) for word in words])
        printed = self._capsys.readouterr()
        assert "Traceback" not in printed.err
        return Said(code, printed.out, printed.err)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own for everything a command keeps, on the sample's own day."""
    folder = tmp_path / "home"
    for name in (
        "DATABASE_URL",
        "SECRET_KEY",
        "PUBLIC_URL",
        "HELP_PHONE",
        "HELP_SMS",
        "TELEGRAM_TOKEN",
        "TELEGRAM_API",
        "TELEGRAM_MODE",
        "TELEGRAM_SECRET",
        "PRIVATE_ANSWERS",
        "PORT",
    ):
        monkeypatch.delenv(f"XUNQIAO_{name}", raising=False)
    monkeypatch.setenv("XUNQIAO_HOME", str(folder))
    monkeypatch.setenv("XUNQIAO_CLOCK", TODAY)
    yield folder
    crypto.use(None)


@pytest.fixture(scope="session")
def used_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a command was run in before, made once."""
    folder = tmp_path_factory.mktemp("used") / "home"
    open_store(Settings(home=folder, database_url="", secret_key=None)).close()
    crypto.use(None)
    return folder


@pytest.fixture
def begun(used_home: Path, home: Path) -> Path:
    """The folder of this test, in which the tables stand already: making them takes as long as all the rest."""
    return Path(shutil.copytree(used_home, home))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], home: Path) -> Cli:
    """The command line on SQLite in a folder of its own."""
    return Cli(capsys, home)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """The command line on each kind of database."""
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", TEST_KEY)
    if request.param == "sqlite":
        yield cli
        return
    made: Databases = request.getfixturevalue("databases")
    url = made.make()
    monkeypatch.setenv("XUNQIAO_DATABASE_URL", url)
    yield cli
    made.drop(url)


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Commands that serve send the log elsewhere; the next test's log goes where it went before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
