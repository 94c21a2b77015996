"""`xunqiao staff …`: somebody is added, gets a link that works, and is let go."""

from contextlib import closing

import pytest

from bot.app import open_store
from bot.settings import Clock, load_settings
from storage.staff import chats as staff_chats
from storage.staff import staff
from tests.cli.conftest import DEMO, Cli


def secret_in(printed: str) -> str:
    return printed.strip().rsplit("/", 1)[1]


def lets_in(secret: str) -> str:
    """Whom a link lets in; "" for nobody."""
    settings = load_settings()
    with closing(open_store(settings)) as store, store.reading() as session:
        member = staff.link_owner(session, secret, Clock(settings).now())
        return member.name if member else ""


def test_somebody_is_added_and_the_link_lets_them_in(either: Cli) -> None:
    added = either("staff", "add", "王芳", "--role", "clerk", "--region", "郑州市")
    assert added.code == 0
    assert added.out.startswith("http://127.0.0.1:8000/console/enter/")
    assert "只能用一次" in added.err
    assert lets_in(secret_in(added.out)) == "王芳"
    assert either("staff", "list").out == "王芳，clerk，郑州市\n"


def test_a_place_or_a_project_without_a_course_is_minded(cli: Cli) -> None:
    cli("import", "projects", DEMO / "projects.csv")
    for name, *words in (("王芳", "--region", "火星"), ("周敏", "--role", "teacher", "--project", "P999")):
        said = cli("staff", "add", name, *words)
        assert said.code == 0
        assert f"没有归{name}管的课。看一看写得对不对：{words[-1]}。" in said.err
    assert "看一看写得对不对" not in cli("staff", "add", "李国强", "--region", "成都市武侯区").err


def test_another_link_and_then_none(cli: Cli) -> None:
    cli("staff", "add", "陈静", "--role", "admin")
    link = cli("staff", "link", "陈静")
    assert lets_in(secret_in(link.out)) == "陈静"
    assert cli("staff", "revoke", "陈静").out == "陈静停用了。打开的网页马上失效。\n"
    assert lets_in(secret_in(link.out)) == ""
    assert "2026-11-21 停用" in cli("staff", "list").out
    assert cli("staff", "list", "--json").json[0]["role"] == "admin"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "王芳", "--role", "boss"), "没有 boss 这种人员。写一个：clerk、teacher、evaluator、admin。"),
        (("add", "王芳"), "要写管哪个地方"),
        (("add", "周敏", "--role", "teacher"), "要写教哪些项目"),
        (("add", " ", "--role", "admin"), "写上名字"),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_added(cli: Cli, words: tuple[str, ...], told: str) -> None:
    said = cli("staff", *words)
    assert (said.code, told in said.err) == (2, True)
    assert "还没有工作人员" in cli("staff", "list").out


def test_nobody_is_added_twice_and_a_stranger_has_no_link(cli: Cli) -> None:
    cli("staff", "add", "陈静", "--role", "admin")
    twice = cli("staff", "add", "陈静", "--role", "admin")
    assert (twice.code, "已经有一位" in twice.err) == (1, True)
    assert (cli("staff", "link", "没有人").code, cli("staff", "revoke", "没有人").code) == (1, 1)


def test_a_word_for_the_chat_is_printed_and_is_nobody_elses(cli: Cli) -> None:
    cli("staff", "add", "陈静", "--role", "admin")
    printed = cli("staff", "link", "陈静", "--chat")
    assert "我是工作人员" in printed.err
    settings = load_settings()
    with closing(open_store(settings)) as store, store.reading() as session:
        member = staff_chats.chat_word_owner(session, printed.out.strip(), Clock(settings).now())
        assert member is not None
        assert member.name == "陈静"
