"""The README is true: its snippets run, its tables list what there is, its picture names real files."""

import re
from pathlib import Path

import pytest

from bot.channels.messenger.webhook import PATH
from bot.commands.on_telegram import PORTS
from bot.doors import Away
from bot.settings import Settings, load_settings
from bot.telegraph import IN_WORDS, STARTING
from storage import gotokens
from storage.tables import FILE_LIMIT

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def snippets() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_flow_and_its_test_run_as_they_stand() -> None:
    flow, test = snippets()
    names: dict[str, object] = {}
    exec(compile(flow, "lunch.py", "exec"), names)
    exec(compile(test, "test_lunch.py", "exec"), names)
    run = names["test_only_those_who_eat_are_asked_what"]
    assert callable(run)
    run()


def test_every_setting_stands_in_the_table_and_no_other() -> None:
    table = README[README.index("## Settings") : README.index("Addresses for machines")]
    named = set(re.findall(r"XUNQIAO_([A-Z_]+)", table))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_command_stands_in_the_table_and_no_other() -> None:
    from typer.main import get_command

    from bot.cli import app

    table = README[README.index("| command |") : README.index("## 给使用的人")]
    named = set(re.findall(r"`xunqiao ([a-z-]+)", table))
    assert named == set(get_command(app).commands)  # type: ignore[attr-defined]  # it is a group


def section(name: str) -> str:
    start = README.index(f"\n## {name}\n")
    return README[start : README.index("\n## ", start + 1)]


def test_every_variable_named_anywhere_is_a_setting() -> None:
    named = {name.rstrip("_") for name in re.findall(r"XUNQIAO_([A-Z_]+)", README)}
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_defaults_in_the_table_are_the_defaults() -> None:
    rows = re.findall(r"^\| (`XUNQIAO_[^|]+) \| ([^|]*) \|", section("Settings"), re.MULTILINE)
    for names, told in rows:
        variables = re.findall(r"XUNQIAO_([A-Z_]+)", names)
        defaults = (
            [value.strip("`") for value in told.strip().split(", ")]
            if len(variables) > 1
            else [told.strip().strip("`")]
        )
        for variable, default in zip(variables, defaults, strict=False):
            kept = Settings.model_fields[variable.lower()].default
            if kept not in (None, "", Path("data")):
                assert str(kept) == default, variable


def test_the_lines_that_switch_telegram_on_are_settings_that_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands = re.findall(r"^(XUNQIAO_TELEGRAM.*) xunqiao serve$", section("Telegram"), re.MULTILINE)
    assert [line.count("=") for line in commands] == [1, 3]
    for line in commands:
        with monkeypatch.context() as patch:
            for part in line.replace("AA…", "AA" + "0" * 33).split():
                name, _, value = part.partition("=")
                patch.setenv(name, value)
            settings = load_settings()
        assert settings.telegram_token is not None
        assert settings.private_where == ("web" if settings.public_url else "chat")


def test_the_proxies_lead_to_where_we_listen_and_let_through_what_people_send() -> None:
    told = section("Telegram")
    here = f"{Settings().host}:{Settings().port}"
    assert f"proxy_pass http://{here};" in told
    assert f"reverse_proxy {here}\n" in told
    size = re.search(r"client_max_body_size (\d+)m;", told)
    assert size is not None
    assert int(size[1]) * 1024**2 > FILE_LIMIT
    assert told.count("{") == told.count("}")


def test_what_telegram_is_told_is_what_the_program_does() -> None:
    told = section("Telegram")
    assert f"`{PATH}`" in told
    ports = re.search(r"posts to ports ([\d, and]+)\.", told)
    assert ports is not None
    assert {int(port) for port in re.findall(r"\d+", ports[1])} == PORTS - {None}
    assert f'"telegram":"{IN_WORDS[Away.__name__]}"' in told
    words = told.replace("\n", " ")
    assert all(f'"{word}"' in words for word in ("off", "ok", STARTING, *IN_WORDS.values()))
    assert f"{gotokens.MINUTES}\nminutes" in told


def test_the_picture_names_what_there_is() -> None:
    picture = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert picture is not None
    files = set(re.findall(r"[a-z_/]+(?:\.py|/)(?![a-z])", picture[1])) - {"bot/", "dialogs/", "storage/"}
    rooms = [ROOT / room for room in ("bot", "dialogs", "storage")]
    missing = {file for file in files if not any((room / file).exists() for room in rooms)}
    assert not missing
    assert len(files) > 15


def test_its_pictures_are_there() -> None:
    for image in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / image).stat().st_size > 10_000
