"""Links that work once: going on with another phone, and a copy of one's own data."""

import json
import re

from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset


def link_on(handset: Handset) -> str:
    found = re.search(r"/go/[A-Za-z0-9_-]{16,}", handset.page.html)
    assert found, handset.asking
    return found[0]


def settle(handset: Handset) -> Handset:
    return handset.open().tap("plain").tap("self")


def ask_for_link(handset: Handset) -> str:
    settle(handset)
    handset.press(to="/begin", flow="home").tap("settings")
    handset.tap("continue")
    return link_on(handset)


def test_another_phone_goes_on_at_the_same_question(service: Service, handset: Handset) -> None:
    link = ask_for_link(handset)
    other = Handset(service.url)
    other.open(link)
    assert other.asking == "在这里接着说吗？"
    assert other.cookie == ""
    other.open(link)
    assert other.status == 200, "looking uses nothing up"
    other.press(to=link)
    assert other.asking == handset.open().asking
    assert other.cookie not in ("", handset.cookie)
    assert service.contacts == 1
    other.close()


def test_a_link_works_once(service: Service, handset: Handset) -> None:
    link = ask_for_link(handset)
    first, second = Handset(service.url), Handset(service.url)
    first.open(link).press(to=link)
    second.press(to=link)
    assert second.status == 404
    assert second.asking == "这个地址不能用了。"
    assert second.open(link).status == 404
    first.close()
    second.close()


def test_on_the_phone_it_came_from_a_link_changes_nothing(handset: Handset) -> None:
    link = ask_for_link(handset)
    cookie = handset.cookie
    handset.open(link).press(to=link)
    assert handset.status == 200
    assert handset.cookie == cookie


def test_who_would_lose_what_was_said_here_is_warned(service: Service, handset: Handset) -> None:
    link = ask_for_link(handset)
    other = Handset(service.url)
    assert "看不到了" not in other.open(link).page.html
    other.open().tap("plain")
    assert "看不到了" in other.open(link).page.html
    assert "看不到了" not in handset.open(link).page.html
    other.close()


def test_another_site_cannot_use_a_link_up(handset: Handset) -> None:
    link = ask_for_link(handset)
    refused = handset.client.post(link, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert handset.open(link).status == 200


def test_the_link_is_a_picture_to_scan_too(handset: Handset) -> None:
    ask_for_link(handset)
    picture = next(attrs for attrs in handset.page.all("div") if attrs.get("role") == "img")
    assert picture["aria-label"].startswith("二维码")
    assert handset.page.all("svg")


def test_a_copy_of_my_data_is_a_file_to_read_or_for_a_machine(handset: Handset) -> None:
    for kind, media in (("text", "text/plain"), ("json", "application/json")):
        settle(handset) if kind == "text" else handset.open()
        handset.press(to="/begin", flow="home").tap("settings").tap("mydata").tap("copy")
        link = link_on(handset)
        assert handset.open(link).asking == "存一份自己的信息吗？"
        response = handset.client.post(link, data={"as": kind})
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(media)
        assert response.headers["content-disposition"].startswith("attachment")
        assert response.headers["cache-control"] == "no-store"
        if kind == "json":
            assert "person" in json.loads(response.text)["records"]
        else:
            assert "【本人】" in response.text
        assert handset.client.post(link).status_code == 404
