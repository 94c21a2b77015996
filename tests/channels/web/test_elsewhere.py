"""Links that work once: going on with another phone, and a copy of one's own data."""

import json
import re

from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset
from tests.visiting import Visitor


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


def begin_draft(service: Service, handset: Handset) -> str:
    """Begin an application, answer its first question, and give the next one."""
    page = Visitor(service.runner, handset.cookie).begin("card", (("project", "P003"),))
    page.tap(page.screen.options[0].value)
    page.answer(**{page.screen.question: page.screen.options[0].value})
    return handset.open().asking


def test_two_conversations_can_be_brought_together_and_no_draft_is_lost(
    service: Service, handset: Handset
) -> None:
    settle(handset)
    asked = begin_draft(service, handset)
    handset.press(to="/begin", flow="continue")
    link = link_on(handset)
    other = settle(Handset(service.url))
    assert begin_draft(service, other) == asked
    before = other.cookie
    other.open(link).press(to=link, **{"as": "both"})
    assert other.cookie == before
    assert other.asking == "您要看哪一个？"
    assert "第 2 份：" in other.page.html
    for each in [each["value"] for each in other.page.all("button") if "apply|" in each.get("value", "")]:
        other.press(to="/begin", flow="home").tap("drafts")
        other.tap(each).tap("go_on")
        assert other.asking == asked
    assert other.asking == handset.open().asking
    other.close()


def test_only_going_on_here_leaves_the_other_conversation_as_it_was(
    service: Service, handset: Handset
) -> None:
    link = ask_for_link(handset)
    other = settle(Handset(service.url))
    other.open(link).press(to=link, **{"as": "here"})
    assert other.asking == handset.open().asking
    assert service.contacts == 2
    other.close()


def test_where_telegram_is_on_the_way_there_is_offered_too(service: Service, handset: Handset) -> None:
    ask_for_link(handset)
    assert "t.me" not in handset.page.html
    service.runner.bot_name = "xunqiao_example_bot"
    handset.press(to="/begin", flow="home").tap("settings").tap("continue")
    secret = link_on(handset).removeprefix("/go/")
    chat = f"https://t.me/xunqiao_example_bot?start={secret}"
    assert any(attrs["href"] == chat for attrs in handset.page.all("a"))
    pictures = [attrs["aria-label"] for attrs in handset.page.all("div") if attrs.get("role") == "img"]
    assert len(pictures) == len(set(pictures)) == 2
    assert "两个地址，用一个就行。" in handset.page.html


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
