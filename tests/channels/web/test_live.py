"""Messages that come by themselves: on the page, over the stream, and when they count as read."""

import json
import threading
from collections.abc import Generator
from contextlib import ExitStack, closing

import httpx
import pytest
from sqlmodel import Session, select

from bot.channels.web.app import create_app
from storage.messages import put_message
from storage.notices import files as notice_files
from storage.notices import notices
from storage.notices.notices import Words
from storage.tables import Lane, Message, Outbox, Topic
from tests.channels.chatting import until
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving
from tests.storage.noticed import clerk


@pytest.fixture
def met(handset: Handset) -> Handset:
    return handset.open().tap("plain")


def put(service: Service, text: str, number: int = 1, contact_id: int = 1) -> None:
    now = service.runner.clock.now()
    service.runner.desk.do_now(lambda session: put_message(session, contact_id, text, number, now))


def unread(service: Service) -> list[str]:
    wanted = select(Message).where(Message.read_at == None)  # noqa: E711 - SQL
    return service.runner.desk.read(lambda session: [row.text for row in session.exec(wanted).all()])


def events(service: Service, handset: Handset) -> Generator[dict[str, object], None, None]:
    """What the stream says, message by message."""
    with httpx.stream("GET", f"{service.url}/events", cookies={"xq": handset.cookie}, timeout=20) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


def test_a_message_stands_on_the_next_page_marked_as_new_and_once(service: Service, met: Handset) -> None:
    put(service, "上课的时间改了。")
    met.open()
    news = met.page.words("section", id="news")
    assert "上课的时间改了。" in news
    assert "没看过" in news
    until(lambda: unread(service) == [])  # it is noted when the page is out
    met.open()
    news = met.page.words("section", id="news")
    assert "上课的时间改了。" in news
    assert "没看过" not in news


def test_a_page_fetched_ahead_was_not_seen(service: Service, met: Handset) -> None:
    put(service, "上课的时间改了。")
    met.client.get("/", headers={"Sec-Purpose": "prefetch"})
    met.client.head("/")
    assert unread(service) == ["上课的时间改了。"]


def test_an_open_page_is_told_at_once_and_each_message_once(service: Service, met: Handset) -> None:
    told = events(service, met)
    put(service, "第一条", 1)
    assert next(told)["text"] == "第一条"
    put(service, "第二条", 2)
    second = next(told)
    assert second["text"] == "第二条"
    assert second["when"] == "11 月 21 日，星期六，上午 10 点"
    told.close()
    assert unread(service) == ["第一条", "第二条"]


def test_a_message_counts_as_read_when_the_page_says_so(service: Service, met: Handset) -> None:
    put(service, "第一条")
    message = next(told := events(service, met))
    told.close()
    response = met.client.post("/seen", data={"csrf": met.page.hidden["csrf"], "number": message["number"]})
    assert response.status_code == 204
    assert unread(service) == []


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "１"])
def test_nonsense_marks_nothing_as_read(service: Service, met: Handset, number: str) -> None:
    put(service, "第一条")
    response = met.client.post("/seen", data={"csrf": met.page.hidden["csrf"], "number": number})
    assert response.status_code == 204
    assert unread(service) == ["第一条"]


@pytest.mark.usefixtures("met")
def test_nobody_is_told_what_is_for_somebody_else(service: Service) -> None:
    other = Handset(service.url)
    other.open().tap("plain")
    told = events(service, other)
    put(service, "给第一个人", 1, contact_id=1)
    put(service, "给第二个人", 2, contact_id=2)
    assert next(told)["text"] == "给第二个人"
    told.close()
    other.close()


def test_a_newcomer_has_no_stream_and_is_not_asked_again(service: Service, handset: Handset) -> None:
    handset.open()
    assert handset.client.get("/events").status_code == 204
    assert httpx.get(f"{service.url}/events").status_code == 204


def test_one_person_opens_no_more_than_a_few_streams(service: Service, met: Handset) -> None:
    with ExitStack() as open_ones:
        listening = []
        for _ in range(4):
            stream = open_ones.enter_context(
                httpx.stream("GET", f"{service.url}/events", cookies={"xq": met.cookie}, timeout=20)
            )
            listening.append(stream.iter_lines())
            next(listening[-1])
        assert met.client.get("/events").status_code == 204


def test_when_we_stop_open_streams_end_at_once(met: Handset, service: Service) -> None:
    ended = threading.Event()
    with serving(lambda stopping: create_app(service.runner, stopping=stopping)) as url:
        begun = threading.Event()

        def listen() -> None:
            with httpx.stream("GET", f"{url}/events", cookies={"xq": met.cookie}, timeout=60) as stream:
                for _ in stream.iter_lines():
                    begun.set()
            ended.set()

        listener = threading.Thread(target=listen)
        listener.start()
        assert begun.wait(10)
    listener.join(10)
    assert ended.is_set(), "the stream was cut off and did not end"


def test_what_came_with_a_notice_is_shown_to_whom_it_was_sent_and_kept_from_others(
    service: Service, met: Handset
) -> None:
    def put_notice(session: Session) -> None:
        now, by = service.runner.clock.now(), clerk(session)
        for is_photo in (True, False):
            file = notice_files.keep_file(
                session, "路", "image/jpeg", b"\xff\xd8way", by, now, is_photo=is_photo
            )
            words = Words("招聘会", "周六见。", file_id=file, file_words="去会场的路")
            notice = notices.write(session, Topic.JOBS, words, by, now)
            row = Outbox(
                lane=Lane.BULK,
                contact_id=1,
                kind="",
                payload={},
                due_at=now,
                created_at=now,
                notice_id=notice.id,
            )
            row.version = 1
            session.add(row)
            session.flush()
            put_message(session, 1, "周六见。", row.id, now)

    service.runner.desk.do_now(put_notice)
    page = met.open().page
    (picture,) = (each for each in page.all("img") if each.get("class") == "sent")
    assert picture["alt"] == "去会场的路"
    shown = met.client.get(picture["src"])
    assert (shown.headers["content-type"], shown.content) == ("image/jpeg", b"\xff\xd8way")
    assert shown.headers["content-security-policy"] == "sandbox"
    (paper,) = (each["href"] for each in page.all("a") if each["href"].startswith("/news/"))
    assert met.client.get(paper).headers["content-disposition"] == "attachment"
    with closing(Handset(service.url)) as another:
        another.open().tap("plain")
        assert another.client.get(picture["src"]).status_code == 404
    assert met.client.get("/news/999/file").status_code == 404
