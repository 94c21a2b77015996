"""A mother applies, and her son is asked on his own phone: the pages of the link, on every kind of phone."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from sqlmodel import select

from storage.tables import Application
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset
from tests.channels.web.test_elsewhere import link_on
from tests.visiting import APPLICATION, Visitor


@pytest.fixture
def phones(service: Service) -> Iterator[list[Handset]]:
    """Phones that were never here: as many as one likes."""
    with ExitStack() as open_ones:
        yield [open_ones.enter_context(closing(Handset(service.url))) for _ in range(3)]


def applied(service: Service, handset: Handset, **answers: str) -> Handset:
    """A mother's phone, after she applied for 小明, at the question how to ask him."""
    handset.open().tap("plain").tap("family").say("小明")
    mother = Visitor(service.runner, handset.cookie).begin("card", (("project", "P003"),))
    mother.tap(mother.screen.options[0].value)
    mother.tap(mother.screen.options[1].value)
    mother.answer(**{**APPLICATION, **answers}).tap("send", "read")
    handset.open()
    assert handset.asking == "要他自己答应，才能去上课。怎么问他？"
    return handset


def states(service: Service) -> list[str]:
    return service.runner.desk.read(
        lambda session: [str(each.state) for each in session.exec(select(Application))]
    )


def test_on_his_own_phone_he_is_asked_at_once_in_easy_words(
    service: Service, handset: Handset, phones: list[Handset]
) -> None:
    applied(service, handset).tap("link")
    link = link_on(handset)
    assert any(attrs.get("role") == "img" for attrs in handset.page.all("div")), "a picture to scan"
    assert "11 月 24 日，星期二" in handset.page.html
    his = phones[0].open(link)
    assert his.asking == "您想去上课吗？"
    assert "李小梅您好" in his.page.html
    assert "报名和回答" not in his.page.html
    assert "点一下，我们问您" in his.page.html, "easy words"
    assert his.cookie == ""
    assert his.open(link).status == 200, "looking uses nothing up"
    his.press(to=link, **{"as": "self"})
    assert "想去" in his.asking
    assert his.cookie not in ("", handset.cookie)
    his.tap("yes")
    assert states(service) == ["submitted"]
    assert phones[1].open(link).status == 404
    his.press(to="/begin", flow="mine").tap("1")
    assert "先问去上课的人" not in his.page.html


def test_what_his_mother_said_is_not_on_his_phone(
    service: Service, handset: Handset, phones: list[Handset]
) -> None:
    applied(service, handset).tap("link")
    link = link_on(handset)
    his = phones[0].open(link).press(to=link, **{"as": "beside"})
    for words in ("李大梅", "李大山", "15400010001"):
        assert words not in his.page.html


def test_on_his_mothers_phone_nothing_is_taken_over(
    service: Service, handset: Handset, phones: list[Handset]
) -> None:
    applied(service, handset).tap("link")
    link, cookie = link_on(handset), handset.cookie
    assert handset.open(link).asking == "这个地址给李小梅用"
    handset.press(to=link, **{"as": "here"})
    assert handset.cookie == cookie
    assert handset.asking == "这条消息给李小梅。您是李小梅吗？"
    assert phones[0].open(link).asking == "您想去上课吗？", "it still works where it belongs"
    handset.tap("beside").tap("yes")
    assert states(service) == ["submitted"]


def test_a_phone_that_was_somebodys_says_what_would_be_lost(
    service: Service, handset: Handset, phones: list[Handset]
) -> None:
    applied(service, handset).tap("link")
    link = link_on(handset)
    other = phones[0].open()
    other.tap("plain").tap("self")
    before = other.cookie
    assert "看不到了" in other.open(link).page.html
    other.press(to=link, **{"as": "self"})
    assert other.cookie not in ("", before)
    assert "看不到了" not in phones[1].open(link).page.html


def test_a_new_link_ends_the_old_one(service: Service, handset: Handset, phones: list[Handset]) -> None:
    applied(service, handset).tap("link")
    old = link_on(handset)
    handset.press(to="/begin", flow="mine")
    handset.tap("1")
    handset.tap("assent").tap("link")
    new = link_on(handset)
    assert new != old
    refused = phones[0].open(old)
    assert (refused.status, refused.asking) == (404, "这个地址不能用了。")
    assert "15 分钟" not in refused.page.html
    assert phones[0].open(new).status == 200


def test_a_forged_answer_to_a_link_is_asked_anew(
    service: Service, handset: Handset, phones: list[Handset]
) -> None:
    applied(service, handset).tap("link")
    link = link_on(handset)
    his = phones[0].open(link).press(to=link, **{"as": "nonsense"})
    assert "您是李小梅吗" in his.asking


def test_a_parent_is_asked_on_a_phone_of_their_own(
    service: Service, handset: Handset, phones: list[Handset]
) -> None:
    handset.open().tap("plain").tap("self")
    girl = Visitor(service.runner, handset.cookie).begin("card", (("project", "P003"),))
    girl.tap(girl.screen.options[0].value)
    girl.answer(**{**APPLICATION, "cert_no": "99000120100612001943", "parent_how": "later"})
    girl.tap("send", "read", "parent_link")
    link = link_on(handset.open())
    assert handset.open(link).asking == "这个地址给李小梅的家长用"
    father = phones[0].open(link)
    assert father.asking == "您同意孩子去上课吗？"
    father.press(to=link, **{"as": "parent"})
    assert father.asking == "李小梅去上这个课，您同意吗？"
    father.tap("no")
    assert states(service) == ["awaiting_assent"]
    father.press(to="/begin", flow="mine")
    father.tap("1").tap("assent").tap("parent_now")
    father.tap("parent").tap("yes")
    assert states(service) == ["submitted"]
