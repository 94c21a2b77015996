"""What `xunqiao doctor` says of Telegram, and what the settings refuse."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from tests.channels.botapi import BotApi
from tests.cli.conftest import Cli

TOKEN = "4300000000:AA-a-token-of-the-right-shape-00000000"
SAYS = """
import sys
from bot.cli import run
run(["doctor"])
print("imported:", *sorted({"aiogram", "telegram"} & set(sys.modules)))
"""


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as served:
        yield served


@pytest.fixture
def on(cli: Cli, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A command line with Telegram switched on."""
    monkeypatch.setenv("XUNQIAO_PORT", "0")
    monkeypatch.setenv("XUNQIAO_TELEGRAM_TOKEN", api.token)
    monkeypatch.setenv("XUNQIAO_TELEGRAM_API", api.url)
    return cli


def found(cli: Cli, check: str) -> list[Mapping[str, str]]:
    return [line for line in cli("doctor", "--json").json if line["check"] == check]


def test_where_telegram_answers_the_name_of_the_bot_is_told(on: Cli, api: BotApi) -> None:
    first, mode = found(on, "telegram")
    assert (first["state"], mode["state"]) == ("ok", "ok")
    assert re.search(r"@\w+", first["text"])
    assert "polling" in mode["text"]
    assert not api.refusals


def test_a_token_telegram_does_not_know_fails_and_is_not_printed(
    on: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNQIAO_TELEGRAM_TOKEN", TOKEN)
    said = on("doctor")
    assert said.code == 1
    assert "不认这个令牌" in said.out
    assert TOKEN not in said.out + said.err


def test_telegram_that_cannot_be_reached_fails_and_says_that_the_page_goes_on(
    on: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNQIAO_TELEGRAM_API", "http://127.0.0.1:1")
    first = found(on, "telegram")[0]
    assert first["state"] == "fail"
    assert "网页照常能用" in first["do"]


def test_what_private_answers_mean_is_told(on: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Telegram 的服务器" in found(on, "private")[0]["text"]
    monkeypatch.delenv("XUNQIAO_CLOCK")
    monkeypatch.setenv("XUNQIAO_PUBLIC_URL", "https://xunqiao.example.org")
    (line,) = found(on, "private")
    assert (line["state"], "不经过 Telegram" in line["text"]) == ("ok", True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what a process holds")
def test_the_memory_with_telegram_on_is_told(on: Cli) -> None:
    (line,) = found(on, "memory")
    assert re.search(r"内存 \d+ MB，比不开多 \d+ MB", line["text"])


@pytest.mark.usefixtures("home")
def test_without_a_token_neither_library_is_imported() -> None:
    ran = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "imported:", ran.stdout[-200:]


def test_a_webhook_needs_an_address_telegram_can_open(on: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_TELEGRAM_MODE", "webhook")
    (line,) = found(on, "telegram")[1:]
    assert line["state"] == "ok", "a Bot API server of one's own posts anywhere"
    monkeypatch.delenv("XUNQIAO_TELEGRAM_API")
    said = on("serve")
    assert said.code == 2
    assert "XUNQIAO_PUBLIC_URL" in said.err
    monkeypatch.delenv("XUNQIAO_CLOCK")
    monkeypatch.setenv("XUNQIAO_PUBLIC_URL", "http://xunqiao.example.org")
    assert on("serve").code == 2


def test_a_page_nobody_can_open_is_no_place_for_private_answers(
    on: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNQIAO_PRIVATE_ANSWERS", "web")
    (line,) = found(on, "private")
    assert line["state"] == "warn", "with a Bot API server of one's own, the phones may be this machine"
    monkeypatch.delenv("XUNQIAO_TELEGRAM_API")
    said = on("serve")
    assert said.code == 2
    assert "XUNQIAO_PRIVATE_ANSWERS=web 要有 XUNQIAO_PUBLIC_URL" in said.err
    (line,) = found(on, "settings")
    assert (line["state"], "XUNQIAO_PUBLIC_URL" in line["text"]) == ("fail", True)


@pytest.mark.parametrize(
    "more", [{"public_url": "https://xunqiao.example.org"}, {"host": "0.0.0.0"}, {"private_answers": "chat"}]
)
def test_a_page_people_can_open_is_one(more: Mapping[str, str]) -> None:
    given = {"telegram_token": TOKEN, "private_answers": "web", **more}
    assert Settings.model_validate(given).private_where == given["private_answers"]


@pytest.mark.parametrize("port", ["", ":8443"])
def test_telegram_posts_to_https_on_its_own_ports(port: str) -> None:
    given = Settings(
        telegram_token=SecretStr(TOKEN),
        telegram_mode="webhook",
        public_url=f"https://xunqiao.example.org{port}",
    )
    assert given.address.startswith("https://")


@pytest.mark.parametrize("token", ["token", "1:token", f"{TOKEN} ", f"bot{TOKEN}"])
def test_a_token_of_the_wrong_shape_is_named_and_never_printed(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("XUNQIAO_TELEGRAM_TOKEN", token)
    said = cli("serve")
    assert said.code == 2
    assert "XUNQIAO_TELEGRAM_TOKEN" in said.err
    assert "BotFather" in said.err
    assert token == "token" or token.strip() not in said.out + said.err
