"""The README's nginx in front of us: updates are posted through it, and what comes by itself flows through it."""

import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
from sqlmodel import func, select

from storage.base import Store
from storage.messages import put_message
from storage.tables import Contact
from tests.channels.botapi import BotApi
from tests.channels.chatting import until
from tests.channels.nginx import needs_nginx, nginx
from tests.channels.on_air import OnAir
from tests.channels.web.handset import Handset
from tests.faults.serving import free_port

README = Path(__file__).parents[2] / "README.md"

pytestmark = needs_nginx


def written(front: int, behind: str) -> str:
    """What the README says, with other ports and without a certificate."""
    found = re.search(r"```nginx\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    server = re.sub(r"^ *ssl_.*\n", "", found[1], flags=re.MULTILINE)
    for old, new in (("443 ssl", f"127.0.0.1:{front}"), ("http://127.0.0.1:8000", behind)):
        assert old in server, "the README says it in other words now"
        server = server.replace(old, new)
    return server


def test_updates_and_live_messages_come_through_the_nginx_of_the_readme(
    telegram: Callable[..., OnAir], stocked: Store, api: BotApi, tmp_path: Path
) -> None:
    front = free_port()
    public = f"http://127.0.0.1:{front}"
    air = telegram(telegram_mode="webhook", port=front)  # where people and Telegram find us
    with nginx(written(front, air.url), tmp_path), closing(Handset(public)) as handset:
        person = api.person(7)
        person.commands("/start")
        person.waits_for("训桥", timeout=40)
        person.taps("1 一般的字")
        person.waits_for("您给谁找课", timeout=40)
        assert not api.unanswered
        handset.open().tap("plain")
        with httpx.stream("GET", f"{public}/events", cookies={"xq": handset.cookie}, timeout=20) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry: "), "what is written is there at once, not kept in a buffer"
            with stocked.reading() as session:
                contact = session.exec(select(func.max(Contact.id))).one()
            now = air.service.clock.now()
            air.service.desk.do_now(lambda session: put_message(session, contact, "明天开课。", 1, now))
            told = next(line for line in lines if line.startswith("data: "))
        assert json.loads(told.removeprefix("data: "))["text"] == "明天开课。"
        until(lambda: not api.updates)
