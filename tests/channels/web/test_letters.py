"""Messages that bring a button: whose it is, where it leads, and what a wrong one is answered."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlmodel import Session, col, select

from storage import outbox
from storage.messages import put_message
from storage.tables import Outbox
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset
from tests.channels.web.test_live import events


@pytest.fixture
def met(handset: Handset) -> Handset:
    return handset.open().tap("plain").tap("self")


@pytest.fixture
def stranger(service: Service, met: Handset) -> Iterator[Handset]:
    """Somebody else, who came after."""
    assert met.cookie
    with closing(Handset(service.url)) as stranger:
        yield stranger.open().tap("plain").tap("self")


def bring(service: Service, kind: str = "draft_warning") -> str:
    """Put a letter on the first one's page; give its number."""
    now = service.runner.clock.now()

    def put(session: Session) -> str:
        outbox.promise(session, 1, kind, {"wish": 1}, now=now)
        session.flush()
        row = session.exec(select(Outbox).order_by(col(Outbox.id).desc())).first()
        assert row is not None
        put_message(session, 1, "您有一张表没写完。", row.id, now)
        return str(row.id)

    return service.runner.desk.do_now(put)


def buttons(handset: Handset) -> list[str]:
    return [attrs["value"] for attrs in handset.page.all("button") if attrs.get("name") == "letter"]


def test_the_button_of_a_message_opens_what_it_is_about(service: Service, met: Handset) -> None:
    number = bring(service, "wish_granted")
    assert buttons(met.open()) == [number]
    assert met.page.words("button", name="letter") == "看一看"
    met.press(to="/open", letter=number)
    assert met.status == 200
    assert "现在做什么" in met.asking


def test_pressed_twice_it_opens_the_same_once(service: Service, met: Handset) -> None:
    number = bring(service, "wish_granted")
    page = met.open().page
    met.press(to="/open", letter=number).tap("unemployed")
    asking = met.asking
    met.page = page
    met.press(to="/open", letter=number)
    assert met.asking == asking


def test_a_message_without_a_letter_has_no_button(service: Service, met: Handset) -> None:
    now = service.runner.clock.now()
    service.runner.desk.do_now(lambda session: put_message(session, 1, "上课的时间改了。", 99, now))
    assert buttons(met.open()) == []


def test_the_button_of_somebody_elses_message_is_refused_kindly(service: Service, stranger: Handset) -> None:
    number = bring(service)
    asking = stranger.open().asking
    assert buttons(stranger) == []
    stranger.press(to="/open", letter=number)
    assert stranger.status == 404
    assert stranger.asking == "这里现在不能按了。"
    assert stranger.open().asking == asking


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "999999999", "9" * 40, "１"])
def test_a_number_that_is_none_is_refused_kindly(met: Handset, number: str) -> None:
    met.press(to="/open", letter=number)
    assert met.status == 404
    assert met.asking == "这里现在不能按了。"


def test_another_site_cannot_press_the_button(service: Service, met: Handset) -> None:
    number = bring(service)
    met.open()
    form = {**met.page.hidden, "letter": number}
    assert met.client.post("/open", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert met.client.post("/open", data={"letter": number, "csrf": "x" * 32}).status_code == 403


def test_an_open_page_is_brought_the_button_too(service: Service, met: Handset) -> None:
    told = events(service, met)
    number = bring(service)
    message = next(told)
    assert (message["letter"], message["button"]) == (int(number), "接着写")
    told.close()
