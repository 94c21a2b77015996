"""One-time links that are followed into a Telegram chat, and from a chat to our page."""

import re
from contextlib import closing

import pytest
from sqlmodel import Session, col, select

from dialogs.talk import Begin
from storage.tables import Account, Application, Channel, Contact, Person
from tests.channels.botapi import BotApi
from tests.channels.botapi import Person as Somebody
from tests.channels.chatting import NEWCOMER, Telegram, last, page_link, talk, until
from tests.channels.on_air import OnAir
from tests.channels.web.handset import Handset
from tests.databases import on_both
from tests.visiting import APPLICATION, Visitor


@pytest.fixture
def me(api: BotApi) -> Somebody:
    return api.person(77)


def secret_on(page: Visitor) -> str:
    found = re.search(r"t\.me/\w+\?start=([\w-]+)", "\n".join(line.value for line in page.screen.lines))
    assert found, page.screen
    return found[1]


def mother_applied(on: OnAir, how: str = "link", **answers: str) -> Visitor:
    """A mother's browser, after she applied for her son, with a link for him on the screen."""
    mother = Visitor(on.service.runner, "a-mother").tap("plain", "family").say("小明")
    mother.begin("card", (("project", "P003"),))
    mother.tap(mother.screen.options[0].value)
    mother.tap(mother.screen.options[1].value)
    return mother.answer(**{**APPLICATION, **answers}).tap("send", "read", how)


def owner_of_chat(on: OnAir) -> tuple[int, str]:
    """Whose the one chat is: the contact, and for whom it talks."""

    def find(session: Session) -> tuple[int, str]:
        account = session.exec(select(Account).where(Account.channel == Channel.TELEGRAM)).one()
        contact = session.get_one(Contact, account.contact_id)
        person = session.get(Person, contact.current_person_id) if contact.current_person_id else None
        return contact.id, (person.name or "") if person else ""

    return on.service.desk.read(find)


def states(on: OnAir) -> list[str]:
    every = select(Application).order_by(col(Application.id))
    return on.service.desk.read(lambda session: [str(each.state) for each in session.exec(every)])


def ready(on: OnAir) -> OnAir:
    until(lambda: on.service.runner.bot_name)
    return on


def test_the_page_shows_the_way_to_the_chat_and_the_chat_the_way_to_the_page(
    telegram: Telegram, me: Somebody
) -> None:
    on = ready(telegram())
    page = Visitor(on.service.runner, "a-page").tap("plain", "self")
    page.do(Begin("continue"))
    talk(me, f"/start {secret_on(page)}")
    assert "接上了" in last(me)
    assert "您想做什么" in last(me)
    talk(me, "t:4 别的事", "t:4 换一个手机接着用")
    assert "用浏览器打开下面的地址" in last(me)
    with closing(Handset(on.url)) as browser:
        link = page_link(me)
        browser.open(link).press(to=link)
        assert browser.asking == "您要做哪件事？", "where the chat was before it showed the link"


@on_both
def test_on_his_own_chat_the_person_is_asked_at_once(telegram: Telegram, me: Somebody) -> None:
    on = ready(telegram())
    talk(me, f"/start {secret_on(mother_applied(on))}")
    assert "您是小梅吗" in last(me)
    assert owner_of_chat(on)[1] == "李小梅"
    talk(me, "t:1 我是", "t:1 想去")
    assert states(on) == ["submitted"]
    on.api.waits_until(lambda: not on.api.unanswered)


def test_the_chat_of_who_applied_stays_theirs_and_the_link_works_on(
    telegram: Telegram, api: BotApi, me: Somebody
) -> None:
    on = ready(telegram())
    mother = mother_applied(on)
    secret = secret_on(mother)
    mother.do(Begin("continue"))
    talk(me, f"/start {secret_on(mother)}")
    before = owner_of_chat(on)
    talk(me, f"/start {secret}")
    assert "这个地址给小梅用" in last(me)
    assert "什么都没有变" in last(me)
    assert owner_of_chat(on) == before
    son = api.person(78)
    talk(son, f"/start {secret}")
    assert "您是小梅吗" in last(son)


@on_both
def test_whoever_had_the_chat_before_is_not_joined_and_finds_their_words_again(
    telegram: Telegram, me: Somebody
) -> None:
    on = ready(telegram())
    talk(me, *NEWCOMER, "找课")
    before, _ = owner_of_chat(on)
    talk(me, f"/start {secret_on(mother_applied(on))}")
    assert "这里现在给小梅用。以前说的话" in me.heard[-1].text
    assert "您是小梅吗" in last(me)
    after, whose = owner_of_chat(on)
    assert (after != before, whose) == (True, "李小梅")
    with closing(Handset(on.url)) as browser:
        link = page_link(me)
        browser.open(link).press(to=link)
        assert "您现在做什么" in browser.asking, "what was said before is still there"


def test_a_parent_with_a_chat_of_their_own_goes_on_as_who_they_are(telegram: Telegram, me: Somebody) -> None:
    on = ready(telegram())
    talk(me, *NEWCOMER)
    before, _ = owner_of_chat(on)
    girl = Visitor(on.service.runner, "a-girl").tap("plain", "self").begin("card", (("project", "P003"),))
    girl.tap(girl.screen.options[0].value)
    girl.answer(**{**APPLICATION, "cert_no": "99000120100612001943", "parent_how": "later"})
    girl.tap("send", "read", "parent_link")
    secret = secret_on(girl)
    talk(me, f"/start {secret}")
    assert "您是他的家长吗" in last(me)
    assert owner_of_chat(on)[0] == before
    talk(me, "t:1 我是爸爸、妈妈或者监…", "t:1 同意")
    assert states(on) == ["submitted"]
    talk(me, f"/start {secret}")
    assert "用过了" in last(me)


def test_a_link_to_a_copy_of_somebodys_data_joins_nobody(telegram: Telegram, me: Somebody) -> None:
    on = ready(telegram())
    page = Visitor(on.service.runner, "a-page").tap("plain", "self")
    page.begin("mydata").tap("copy")
    secret = page.screen.link.removeprefix("/go/")
    talk(me, *NEWCOMER)
    before = owner_of_chat(on)
    talk(me, f"/start {secret}")
    assert owner_of_chat(on) == before
    with closing(Handset(on.url)) as browser:
        assert browser.open(f"/go/{secret}").status == 200, "it still works where it belongs"


def test_who_says_it_in_the_middle_of_an_application_goes_on_in_the_chat_at_that_question(
    telegram: Telegram, me: Somebody
) -> None:
    on = ready(telegram())
    page = Visitor(on.service.runner, "a-page").tap("plain", "self").begin("card", (("project", "P003"),))
    page.tap(page.screen.options[0].value)
    asked = page.screen
    assert asked.flow == "apply"
    page.say("换手机")
    talk(me, f"/start {secret_on(page)}")
    assert "接上了" in last(me)
    assert asked.text.splitlines()[0] in last(me)


def test_who_leaves_an_application_for_the_menu_to_get_the_link_goes_on_there_all_the_same(
    telegram: Telegram, me: Somebody
) -> None:
    on = ready(telegram())
    page = Visitor(on.service.runner, "a-page").tap("plain", "self").begin("card", (("project", "P003"),))
    page.tap(page.screen.options[0].value, "read")
    asked = page.screen.text.splitlines()[0]
    page.say("停下来").tap("settings", "continue")
    talk(me, f"/start {secret_on(page)}")
    assert "接上了" in last(me)
    assert asked in last(me)
    talk(me, "停下来", "t:5 别的事", "t:4 换一个手机接着用")
    with closing(Handset(on.url)) as browser:
        link = page_link(me)
        browser.open(link).press(to=link)
        assert browser.asking == asked
        browser.press(act="stop").tap("settings")
        assert browser.asking == "您要做哪件事？", "the used link is not shown again"


def test_who_chose_one_of_two_drafts_is_not_shown_the_used_link_when_it_ends(
    telegram: Telegram, me: Somebody
) -> None:
    on = ready(telegram())
    page = Visitor(on.service.runner, "a-page").tap("plain", "self").begin("card", (("project", "P003"),))
    page.tap(page.screen.options[0].value, "read")
    asked = page.screen.text.splitlines()[0]
    page.say("换手机")
    talk(me, *NEWCOMER, "找课", "t:不想说", "0", "t:2 ", "t:1 ", "t:1 ")
    talk(me, f"/start {secret_on(page)}", "t:合到一起")
    assert "您要看哪一个" in last(me)
    talk(me, "t:2 报名：人工智能", "t:1 接着写", "t:2 不同意", "t:1 知道了")
    assert "下面的地址" not in last(me)
    assert asked in last(me), "the other one goes on"
