import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from bot import cli as command_line
from bot.cli import app
from bot.commands import guard
from tests.cli.conftest import Cli
from tests.databases import TEST_KEY, Databases

COMMANDS = [
    ("demo",), ("serve",), ("import", "projects"), ("import", "sessions"), ("catalogue", "versions"),
    ("catalogue", "compare"), ("catalogue", "take-back"), ("chat",), ("preview",), ("doctor",), ("migrate",),
    ("backup",), ("restore",), ("version",), ("reminders",), ("worker",), ("copy-to",),
    ("staff", "add"), ("staff", "list"), ("staff", "link"), ("staff", "revoke"),
]  # fmt: skip


@pytest.mark.parametrize("words", [(), *COMMANDS], ids=" ".join)
def test_help_of_every_command_is_in_chinese_with_an_english_line(cli: Cli, words: tuple[str, ...]) -> None:
    said = cli(*words, "--help")
    assert said.code == 0
    assert "用法" in said.out
    lines = [line.strip() for line in said.out.splitlines() if line.strip()]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in lines[1])
    assert lines[2].isascii()
    assert lines[2].endswith(".")
    assert "Show this message" not in said.out


def test_every_command_has_a_help_test() -> None:
    group = typer.main.get_command(app)
    tops = set(group.commands)  # type: ignore[attr-defined]  # it is a group
    assert tops == {words[0] for words in COMMANDS}


def test_help_and_version_bring_in_nothing_slow() -> None:
    slow = (
        "starlette",
        "alembic",
        "pyxform",
        "python_calamine",
        "babel",
        "sqlalchemy",
        "pydantic",
        "structlog",
    )
    code = f"import bot.cli, sys; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_after_the_name_shows_the_commands(cli: Cli) -> None:
    said = cli()
    assert said.code == 2
    assert "doctor" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("nope",),
        ("import", "projects"),
        ("import", "people", "x.csv"),
        ("serve", "--nope"),
        ("catalogue", "compare", "x"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_is_told_in_a_sentence(cli: Cli, words: tuple[str, ...]) -> None:
    said = cli(*words)
    assert said.code == 2
    assert said.err.startswith("这条命令没看懂：")
    assert "xunqiao --help" in said.err


def test_the_version_is_the_release(cli: Cli) -> None:
    said = cli("version")
    assert (said.code, said.out.split()[0]) == (0, "xunqiao")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("XUNQIAO_PORT", "eight"),
        ("XUNQIAO_TIMEZONE", "Mars/Base"),
        ("XUNQIAO_PUBLIC_URL", "xunqiao.example.org"),
        ("XUNQIAO_DATABASE_URL", "mysql://root@localhost/x"),
        ("XUNQIAO_DATABASE_URL", "nonsense"),
        ("XUNQIAO_SECRET_KEY", "no key"),
        ("XUNQIAO_TELEGRAM_MODE", "pigeon"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "demo", "migrate", "chat"])
def test_bad_settings_are_refused_with_code_2(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str, variable: str, value: str
) -> None:
    if variable == "XUNQIAO_PUBLIC_URL":
        monkeypatch.delenv("XUNQIAO_CLOCK")
    monkeypatch.setenv("XUNQIAO_HOST", "127.0.0.1")
    monkeypatch.setenv("XUNQIAO_PORT", "0")
    monkeypatch.setenv(variable, value)
    said = cli(command)
    assert said.code == 2
    assert variable in said.err or "密钥" in said.err
    assert not said.out


def test_a_bad_key_is_not_repeated(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", "1:this-is-secret")
    assert "this-is-secret" not in cli("migrate").err


def test_postgres_without_a_key_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    said = cli("migrate")
    assert said.code == 2
    assert "XUNQIAO_SECRET_KEY" in said.err


@pytest.mark.parametrize(
    "words", [("migrate",), ("serve",), ("import", "projects", "Makefile")], ids=" ".join
)
def test_a_database_that_cannot_be_reached_is_code_1(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("XUNQIAO_DATABASE_URL", "postgresql://somebody:hidden@127.0.0.1:1/nothing")
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", "1:" + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=")
    monkeypatch.setenv("XUNQIAO_PORT", "0")
    said = cli(*words)
    assert said.code == 1
    assert "数据库连不上" in said.err
    assert "hidden" not in said.err


def test_a_database_that_cannot_hold_chinese_is_named_at_once(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, databases: Databases
) -> None:
    url = databases.make(encoding="SQL_ASCII")
    monkeypatch.setenv("XUNQIAO_DATABASE_URL", url)
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", TEST_KEY)
    for command in ("migrate", "doctor"):
        said = cli(command)
        assert "编码是 SQL_ASCII" in said.err + said.out
        assert "createdb" in said.err + said.out
        assert said.code == (2 if command == "migrate" else 1)
    databases.drop(url)


def test_what_nobody_thought_of_is_written_down_without_what_people_said(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "王小明 15400000001"

    def breaks(*, debug: bool, sends: bool) -> int:
        assert (debug, sends) == (False, True)
        raise KeyError(told)

    monkeypatch.setattr("bot.commands.serve.serve", breaks)
    said = cli("serve")
    assert said.code == 1
    file = cli.home / guard.LOG_FILE
    assert str(file) in said.err
    assert "--debug" in said.err
    written = file.read_text()
    assert "KeyError" in written
    assert "in breaks" in written
    assert told not in written + said.err
    assert file.stat().st_mode & 0o777 == 0o600


def test_debug_shows_everything_wherever_it_is_written(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*, debug: bool, sends: bool) -> int:
        assert sends
        raise KeyError(f"debug is {debug}")

    monkeypatch.setattr("bot.commands.serve.serve", breaks)
    assert command_line.run(["serve", "--debug"]) == 1
    assert "Traceback" in (told := capsys.readouterr().err)
    assert "debug is True" in told
    assert not (home / guard.LOG_FILE).exists()


def test_a_home_that_cannot_be_written_is_told(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_HOME", "/proc/nowhere")
    said = cli("migrate")
    assert said.code == 1
    assert "/proc/nowhere" in said.err


def test_a_reader_who_goes_away_is_no_failure_to_talk_about(home: Path) -> None:
    command = f'"{sys.executable}" -m bot chat --as pipe < /dev/null | head -1 > /dev/null; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert home.exists()


def test_the_module_is_the_script(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("xunqiao ")
    assert not home.exists()
