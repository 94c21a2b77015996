import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import httpx
import pytest
from sqlmodel import select

from bot.app import open_store
from bot.serving import CannotListen, take_port
from bot.settings import Clock, Settings, load_settings
from storage import outbox
from storage.tables import Contact, Person
from tests.cli.conftest import DEMO, Cli
from tests.faults.forking import Piped
from tests.faults.serving import five_seconds

NAME = "王小明"
PHONE = "15400000077"


class Serving:
    """A real `xunqiao serve` (or demo), with what it prints; forked, so that nobody waits for imports."""

    def __init__(self, command: str, **environment: str) -> None:
        self.process: Piped | subprocess.Popen[str] = self._begin(
            command, {**os.environ, "XUNQIAO_PORT": "0", **environment}
        )
        self._err: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.lines: list[str] = []
        self.url = ""
        self.ended = False

    def _begin(self, command: str, environment: Mapping[str, str]) -> Piped | subprocess.Popen[str]:
        begun = Piped(command, environment=environment)
        begun.stdin.close()
        return begun

    def _read(self) -> None:
        assert self.process.stderr is not None
        self._err += self.process.stderr

    @property
    def err(self) -> str:
        return "".join(self._err)

    def ready(self) -> Self:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.end() or self.err
        self.lines.append(line)
        self.url = line.removeprefix("Xunqiao: ").strip().rstrip("/")
        return self

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; give its exit code. It has 5 seconds."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        code = self.process.wait(five_seconds())
        self._reader.join()
        self.lines += self.process.stdout
        self.process.stdout.close()
        self.process.stderr.close()
        self.ended = True
        return code


class Typed(Serving):
    """The same, begun with an interpreter of its own, as an operator begins it."""

    def _begin(self, command: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", command],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def serving(begun: Path) -> Iterator[Serving]:
    """An empty service that answers."""
    assert begun.exists()
    server = Serving("serve").ready()
    yield server
    if not server.ended:
        server.end()


def answer(client: httpx.Client, page: str, **fields: str) -> str:
    """Post the form of a page; give the page after it."""
    hidden = dict(re.findall(r'name="(csrf|prompt|once|new)" value="([^"]*)"', page))
    return client.post("/answer", data={**hidden, **fields}).raise_for_status().text


def browser(server: Serving) -> httpx.Client:
    return httpx.Client(base_url=server.url, follow_redirects=True, timeout=20, verify=False)


def test_one_line_says_where_and_then_it_really_answers(home: Path) -> None:
    assert not home.exists()
    serving = Typed("serve").ready()
    assert re.fullmatch(r"Xunqiao: http://127\.0\.0\.1:\d+/\n", serving.lines[0])
    with browser(serving) as client:
        assert client.get("/").status_code == 200
        assert client.get("/healthz").json()["database"] == "ok"
    assert serving.end() == 0
    assert len(serving.lines) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_and_cleanly_with_a_stream_open(serving: Serving, how: signal.Signals) -> None:
    with browser(serving) as client:
        answer(client, client.get("/").text, tap="plain")
        with client.stream("GET", "/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            lines = stream.iter_lines()
            next(lines)
            assert serving.end(how) == 0
            try:
                rest = list(lines)
            except httpx.RemoteProtocolError:
                pytest.fail(f"the stream was cut off instead of ended:\n{serving.err}")
            assert all(not line or line.startswith((":", "retry")) for line in rest)
    assert "Traceback" not in serving.err
    assert "problem=" not in serving.err


def test_what_was_said_before_it_was_stopped_is_there_when_it_starts_again(
    home: Path, serving: Serving
) -> None:
    assert home.exists()
    with browser(serving) as client:
        answer(client, client.get("/").text, tap="plain")
        cookies = dict(client.cookies)
    assert serving.end() == 0
    again = Serving("serve").ready()
    with httpx.Client(base_url=again.url, cookies=cookies, verify=False) as client:
        assert "您想看哪种字" not in client.get("/").text
    assert again.end() == 0


def test_a_signal_before_it_serves_ends_it_cleanly_too(home: Path) -> None:
    server = Serving("demo")
    while "装示例数据" not in server.err:
        assert server.process.poll() is None
        time.sleep(0.01)
    assert server.end() == 0
    assert server.lines == []
    # Half a demonstration is none: the next start loads it whole.
    again = Serving("demo").ready()
    assert "装好 91 份报名" in again.err
    assert again.end() == 0
    assert home.exists()


def test_the_log_tells_what_was_asked_for_and_nothing_of_who(serving: Serving) -> None:
    with browser(serving) as client:
        page = answer(client, client.get("/?from=secret-query").text, tap="plain")
        page = answer(client, page, tap="family")
        answer(client, page, say=f"{NAME} {PHONE}")
        client.get("/go/Ab_-Ab_-Ab_-Ab_-Ab_-Ab_-")
        client.get("/nothing/of/ours")
        cookie = client.cookies["xq"]
    assert serving.end() == 0
    requests = [line for line in serving.err.splitlines() if "event=request" in line]
    assert any("method=GET path=/ status=200" in line for line in requests)
    assert any("method=POST path=/answer status=303" in line for line in requests)
    assert any("path=/go/{token} status=404" in line for line in requests)
    assert any("path=(none) status=404" in line for line in requests)
    assert all(re.search(r" ms=\d", line) for line in requests)
    for secret in (NAME, PHONE, "secret-query", cookie, "Ab_-", "/nothing/of/ours"):
        assert secret not in serving.err


def test_an_import_on_another_terminal_is_seen_without_a_restart(cli: Cli, serving: Serving) -> None:
    with browser(serving) as client:
        assert "学做网店客服" not in client.get("/catalogue").text
        assert cli("import", "projects", DEMO / "projects.csv").code == 0
        for _ in range(200):
            if "电商客服" in client.get("/catalogue").text:
                break
            time.sleep(0.1)
        else:
            pytest.fail("the import never showed")
    assert serving.end() == 0


def test_what_is_due_is_delivered(serving: Serving) -> None:
    with browser(serving) as client:
        answer(client, answer(client, client.get("/").text, tap="plain"), tap="self")
        settings = load_settings()
        store, now = open_store(settings), Clock(settings).now()
        with store.writing() as session:
            person = session.exec(select(Person)).one()
            contact_id = session.exec(select(Contact.id)).one()
            told = {"name": NAME, "person": person.id, "act": "phone"}
            outbox.promise(session, contact_id, "told", told, now=now)
        store.close()
        with client.stream("GET", "/events") as stream:
            data = next(line for line in stream.iter_lines() if line.startswith("data:"))
        assert f"{NAME}您好。有人改了您的电话。" in json.loads(data.removeprefix("data:"))["text"]
    assert serving.end() == 0
    assert NAME not in serving.err


def test_a_taken_port_is_told_with_another_to_try(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("XUNQIAO_PORT", str(port))
        for command in ("serve", "demo"):
            said = cli(command)
            assert said.code == 1
            assert f"XUNQIAO_PORT={port + 1}" in said.err
    assert not cli.home.exists()


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_told(host: str) -> None:
    with pytest.raises(CannotListen, match="XUNQIAO_HOST"):
        take_port(Settings(host=host, port=0))


def test_an_impossible_port_is_told() -> None:
    with pytest.raises(CannotListen, match="没有 99999 这个端口"):
        take_port(Settings(port=99999))


def test_it_listens_on_ipv6_too() -> None:
    with take_port(Settings(host="::1", port=0)) as listening:
        assert listening.family is socket.AF_INET6
