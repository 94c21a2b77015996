import shutil
import socket
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
import time_machine

from storage.base import Store
from tests.cli.conftest import DEMO, Cli
from tests.databases import TEST_KEY, Databases

WELL = {
    "XUNQIAO_HELP_PHONE": "0371-00001100",
    "XUNQIAO_HELP_SMS": "15400009000",
    "XUNQIAO_PUBLIC_URL": "https://xunqiao.example.org",
}


@pytest.fixture
def well(either: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A service set up as it should be, on each kind of database; only the wordings depend on the catalogues."""
    assert either("import", "projects", DEMO / "projects.csv").code == 0
    monkeypatch.delenv("XUNQIAO_CLOCK")
    monkeypatch.setenv("XUNQIAO_PORT", "0")
    for name, value in WELL.items():
        monkeypatch.setenv(name, value)
    return either


def states(cli: Cli) -> Mapping[str, set[str]]:
    """How each thing stands."""
    found: dict[str, set[str]] = {}
    for line in cli("doctor", "--json").json:
        found.setdefault(line["check"], set()).add(line["state"])
    return found


def test_where_all_is_well_nothing_fails(well: Cli) -> None:
    found = states(well)
    assert {name for name, how in found.items() if how != {"ok"}} <= {"wordings", "catalogue"}
    assert well("doctor").code == 0


def test_looking_makes_nothing(cli: Cli) -> None:
    said = cli("doctor")
    assert said.code == 0
    assert "还没有数据库" in said.out
    assert not cli.home.exists()


def test_every_finding_that_is_not_well_says_what_to_do(cli: Cli) -> None:
    for line in cli("doctor", "--json").json:
        assert line.keys() == {"check", "state", "text", "do"}
        assert bool(line["do"]) == (line["state"] != "ok")


def test_a_key_others_can_read_fails(cli: Cli) -> None:
    cli("import", "projects", DEMO / "projects.csv")
    (cli.home / "secret.key").chmod(0o644)
    said = cli("doctor")
    assert said.code == 1
    assert f"chmod 600 {cli.home / 'secret.key'}" in said.out


def test_a_key_of_another_database_fails(well: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", "1:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=")
    assert states(well)["database"] == {"fail"}


def test_a_key_that_is_none_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", "nonsense")
    assert states(cli)["key"] == {"fail"}


def test_postgres_without_a_key_or_an_answer_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_DATABASE_URL", "postgresql://somebody@127.0.0.1:1/nothing")
    found = states(cli)
    assert (found["key"], found["database"]) == ({"fail"}, {"fail"})


def test_bad_settings_are_a_finding_too(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_TIMEZONE", "Mars/Base")
    said = cli("doctor", "--json")
    assert said.code == 1
    assert [(line["check"], line["state"]) for line in said.json] == [("settings", "fail")]


def test_a_catalogue_without_an_open_course_is_minded(well: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XUNQIAO_PUBLIC_URL")
    monkeypatch.setenv("XUNQIAO_CLOCK", "2029-01-01T10:00")
    lines = [line for line in well("doctor", "--json").json if line["check"] == "catalogue"]
    assert [(line["state"], line["do"]) for line in lines] == [("warn", "没有能报名的课。导入新的班次。")]


def test_an_old_catalogue_is_minded(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_CLOCK", "2026-09-10T10:00")
    cli("import", "projects", DEMO / "projects.csv")
    monkeypatch.setenv("XUNQIAO_CLOCK", "2026-11-21T10:00")
    lines = [line for line in cli("doctor", "--json").json if line["check"] == "catalogue"]
    assert "很久没有导入了" in lines[0]["do"]


@pytest.mark.parametrize(
    ("name", "value", "check", "state"),
    [
        ("PUBLIC_URL", "http://xunqiao.example.org", "address", "warn"),
        ("PUBLIC_URL", "https://localhost", "address", "fail"),
        ("PUBLIC_URL", "", "address", "warn"),
        ("HELP_PHONE", "", "help", "warn"),
        ("HELP_SMS", "", "help", "warn"),
        ("TELEGRAM_TOKEN", "1:token", "settings", "fail"),
        ("HOST", "192.0.2.1", "port", "fail"),
    ],
)
def test_each_setting_is_looked_at(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str, value: str, check: str, state: str
) -> None:
    monkeypatch.delenv("XUNQIAO_CLOCK")
    monkeypatch.setenv("XUNQIAO_PORT", "0")
    for variable, well in WELL.items():
        monkeypatch.setenv(variable, well)
    monkeypatch.setenv(f"XUNQIAO_{name}", value)
    said = cli("doctor", "--json")
    assert state in {line["state"] for line in said.json if line["check"] == check}
    assert said.code == (1 if state == "fail" else 0)
    assert "1:token" not in said.out


def test_a_trial_clock_is_minded(cli: Cli) -> None:
    assert states(cli)["clock"] == {"warn"}


def test_a_wrong_machine_clock_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XUNQIAO_CLOCK")
    with time_machine.travel(datetime(2019, 1, 1, tzinfo=UTC)):
        assert states(cli)["clock"] == {"fail"}


@pytest.mark.parametrize(("free", "state"), [(10**11, "ok"), (10**9, "warn"), (10**7, "fail")])
def test_a_full_disk_is_seen_before_it_is_full(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - free, free))
    assert states(cli)["disk"] == {state}


def test_a_port_of_somebody_else_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        other.settimeout(5)
        monkeypatch.setenv("XUNQIAO_PORT", str(other.getsockname()[1]))
        assert states(cli)["port"] == {"fail"}


def test_a_database_nobody_may_write_fails(
    cli: Cli, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNQIAO_SECRET_KEY", TEST_KEY)
    monkeypatch.setenv("XUNQIAO_DATABASE_URL", url := databases.make())
    assert cli("migrate").code == 0
    store = Store(url)
    with store.transaction() as connection:
        name = connection.engine.url.database
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    store.close()
    lines = [line for line in cli("doctor", "--json").json if line["check"] == "database"]
    databases.drop(url)
    assert [line["state"] for line in lines] == ["fail"]
    assert "不能写" in lines[0]["text"]


def test_our_own_running_service_is_no_stranger(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.cli.test_serving import Serving

    server = Serving("serve").ready()
    try:
        monkeypatch.setenv("XUNQIAO_PORT", server.url.rpartition(":")[2])
        assert states(cli)["port"] == {"ok"}
    finally:
        assert server.end() == 0


def test_wordings_that_are_missing_are_counted(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.voices.wordings", lambda _: {})
    lines = [line for line in cli("doctor", "--json").json if line["check"] == "wordings"]
    assert [line["state"] for line in lines] == ["warn", "warn"]
    assert "messages.po" in lines[0]["do"]
