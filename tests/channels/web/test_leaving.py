"""Leaving a device: what it opens afterwards, and what the others still do."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from sqlmodel import select

from storage.tables import Account
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset
from tests.channels.web.test_elsewhere import ask_for_link


def accounts(service: Service) -> list[tuple[bool, str]]:
    wanted = select(Account).order_by(Account.id)  # type: ignore[arg-type]  # a column
    return service.runner.desk.read(
        lambda session: [(row.reachable, row.address) for row in session.exec(wanted).all()]
    )


@pytest.fixture
def both(service: Service, handset: Handset) -> Iterator[tuple[Handset, Handset]]:
    """Two devices of one person."""
    link = ask_for_link(handset)
    with closing(Handset(service.url)) as other:
        other.open(link).press(to=link)
        yield handset, other


def test_one_press_leaves_a_device_and_the_other_one_goes_on(
    service: Service, both: tuple[Handset, Handset]
) -> None:
    here, other = both
    secret, asking = here.cookie, other.open().asking
    here.open().press(to="/forget")
    assert here.asking == "这台手机上不再打开了。"
    assert here.cookie == ""
    assert other.open().asking == asking
    assert accounts(service) == [(False, ""), (True, other.cookie)]
    # A copy of the cookie, such as a browser's backup, opens nothing either.
    found = httpx.get(service.url, cookies={"xq": secret})
    assert "这里是训桥" in found.text
    assert here.open().asking.startswith("您好，这里是训桥")


def test_where_it_is_the_only_way_back_that_is_said_first(service: Service, handset: Handset) -> None:
    handset.open().tap("plain").tap("self").press(to="/forget")
    assert handset.asking == "这台手机上不再打开吗？"
    assert "只有这台手机" in handset.page.html
    assert [is_open for is_open, _ in accounts(service)] == [True]
    assert handset.open().asking == "您想做什么？", "nothing was left yet"


def test_from_there_one_may_go_on_elsewhere_first(handset: Handset) -> None:
    handset.open().tap("plain").tap("self").press(to="/forget").press(to="/begin", flow="continue")
    assert [attrs for attrs in handset.page.all("div") if attrs.get("role") == "img"], "a picture to scan"


def test_from_there_one_may_leave_all_the_same(service: Service, handset: Handset) -> None:
    handset.open().tap("plain").tap("self").press(to="/forget").press(to="/forget", sure="yes")
    assert handset.asking == "这台手机上不再打开了。"
    assert [is_open for is_open, _ in accounts(service)] == [False]
    assert service.contacts == 1, "what was said is kept"
    handset.open().tap("plain")
    assert service.contacts == 2, "who comes now is somebody else"


def test_who_was_never_here_has_nothing_to_leave(service: Service, handset: Handset) -> None:
    handset.open()
    assert "这台手机上不再打开" not in handset.page.html
    handset.press(to="/forget")
    assert handset.asking == "这台手机上不再打开了。"
    assert service.contacts == 0


def test_another_site_cannot_make_somebody_leave(both: tuple[Handset, Handset]) -> None:
    here, other = both
    here.open()
    refused = here.client.post("/forget", data=here.page.hidden, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert here.client.post("/forget", data={"csrf": "x" * 32}).status_code == 403
    assert here.open().asking == other.open().asking
