"""Staff work in a chat as on the console: the same asked at a terminal, on our page and on Telegram, and nothing told there."""

import re
from contextlib import closing
from pathlib import Path

from sqlmodel import Session, select

from bot.channels.web.app import create_app
from bot.runner import Runner
from dialogs.plain_words import TELLING
from dialogs.supports import LABELS
from storage import people
from storage.base import Store
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import Application, ApplicationState, Need, Role, StaffRole
from storage.tickets.handling import take
from storage.tickets.tables import Ticket
from storage.tickets.tickets import make_ticket
from tests.channels.botapi import BotApi, Message
from tests.channels.botapi import Person as Somebody
from tests.channels.chatting import Telegram, last, page_link, talk, until
from tests.channels.conversations import Asked, Conversation, finds_a_course
from tests.channels.devices.both import OnTelegramAndPage
from tests.channels.devices.messenger import OnTelegram
from tests.channels.devices.page import OnWeb, patient
from tests.channels.devices.terminal import AtTerminal
from tests.channels.off_air import a_runner
from tests.channels.test_walks import said
from tests.channels.walking import on_telegram
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving
from tests.staff_side import StaffSide
from tests.storage.filed import file_many
from tests.visiting import APPLICATION, Visitor

HERE = "P025"
"""A course that an office of 郑州市 ordered."""


def prepare(runner: Runner) -> str:
    """Let two people apply and one ask for somebody, who is a new clerk's; give the word for her chat."""
    card = runner.shelf.current.project(HERE)
    assert card is not None
    file_many(runner.desk.store, card.first.id, 2, ("dibao",))
    now = runner.clock.now()

    def hire(session: Session) -> str:
        member = staff.add_staff(session, "王芳", StaffRole.CLERK, now, region="郑州市", actor="test")
        contact = people.meet(session, "web", "somebody", now)
        take(session, make_ticket(session, "help", "门口有台阶", now, contact_id=contact.id), member)
        return staff_chats.make_chat_word(session, member, now)

    return runner.desk.do_now(hire)


def works(me: Conversation) -> list[Asked]:
    """Promise a support, accept, ask the next one something, answer a ticket."""
    before = len(me.asked)
    me.tap("list").first().tap("needs").first().tap("can").say("每次课都有").tap("none")
    me.tap("accept", "read").first().tap("ask").say("您能自己坐车来吗？").tap("read", "today")
    me.tap("tickets").first().say("明天修好").tap("read", "today", "quiet", "read")
    return me.asked[before:]


def kept(session: Session) -> tuple[list[str], list[str], list[str | None]]:
    """What became of the applications, of the needs, and of the ticket."""
    states = [each.state.value for each in session.exec(select(Application).order_by("id"))]
    answers = [each.answer.value for each in session.exec(select(Need).order_by("id"))]
    return states, answers, [each.answer for each in session.exec(select(Ticket))]


DONE = (["accepted", "question"], ["can", ""], ["明天修好"])


def test_staff_work_the_same_at_a_terminal_on_the_page_and_on_telegram(
    stocked_template: Path, tmp_path: Path, stocked: Store, keys: object
) -> None:
    assert keys
    told = []
    with closing(copied(stocked_template, tmp_path / "one.db")) as store, a_runner(store) as runner:
        word = prepare(runner)
        me = (
            Conversation(AtTerminal(runner, tmp_path))
            .tap("plain")
            .say("我是工作人员")
            .tap("read")
            .say(word)
            .tap("read")
        )
        told.append(works(me))
        assert runner.desk.read(kept) == DONE
    with (
        closing(copied(stocked_template, tmp_path / "two.db")) as store,
        a_runner(store) as runner,
        serving(lambda stopping: create_app(runner, stopping=stopping, gate=patient())) as url,
        closing(Handset(url)) as handset,
    ):
        page = OnWeb(runner, handset)
        word = prepare(runner)
        me = Conversation(page).tap("plain", "staff", "read").say(word).tap("read")
        told.append(works(me))
        assert runner.desk.read(kept) == DONE
    with on_telegram(stocked, "polling", "web") as talking:
        runner = talking.runner
        word = prepare(runner)
        talking.act(lambda: talking.person.says(f"/start {word}"))
        me = Conversation(talking).tap("read")
        told.append(works(me))
        assert runner.desk.read(kept) == DONE
        assert isinstance(talking, OnTelegramAndPage)
        nothing_is_told(talking)
    at_terminal, on_page, in_chat = told
    assert on_page == at_terminal
    assert [each.question for each in in_chat] == [each.question for each in at_terminal]
    assert [each.private for each in in_chat] == [each.private for each in at_terminal]


def copied(template: Path, to: Path) -> Store:
    to.write_bytes(template.read_bytes())
    return Store(f"sqlite:///{to}")


def nothing_is_told(talking: OnTelegramAndPage) -> None:
    """Look in the chat for names, reasons, needs, and what somebody wrote."""
    needs = {each.label for each in LABELS.values() if isinstance(each.label, str)}
    secrets = ("学员0", "学员1", "低保", "门口有台阶", "明天修好", "每次课都有", "坐车", *TELLING, *needs)
    for words in said(talking.on.api):
        assert not [secret for secret in secrets if secret in words], words


def test_an_alert_on_telegram_tells_nobody_and_its_buttons_decide_after_a_look(
    telegram: Telegram, api: BotApi
) -> None:
    on = telegram()
    runner, me = on.service.runner, api.person(77)
    word = prepare(runner)
    until(lambda: runner.bot_name)
    talk(me, f"/start {word}", "t:1 知道了")
    assert "这是今天的事" in last(me)
    applicant = Visitor(runner, "she").tap("plain", "self").begin("card", (("project", HERE),))
    applicant.tap(applicant.screen.options[0].value).answer(**APPLICATION).tap("send", "read")
    me.waits_until(lambda messages: any("新报名，等您看" in each.text for each in messages))
    alert = next(each for each in me.chat if "新报名，等您看" in each.text)
    assert alert.text == "有 1 个新报名，等您看。\n点“看一看”。\n点“同意”。\n点“先排队”。\n点“问一句”。"
    assert list(alert.labels) == ["看一看", "同意", "先排队", "问一句"]
    me.taps("同意", on=alert)
    me.waits_until(lambda messages: "对吗" in messages[-1].text)
    assert "李小梅" not in last(me)
    talk(me, "t:2 先看一看")
    assert "您怎么定" in last(me)
    me.taps("问一句", on=alert)
    me.waits_until(lambda messages: "/go/" in messages[-1].text)
    with closing(Handset(on.url)) as browser:
        link = page_link(me)
        browser.open(link).press(to=link)
        assert browser.asking == "您想问本人什么？"
        browser.say("您几点能来？")
    states = lambda session: [each.state for each in session.exec(select(Application).order_by("id"))]  # noqa: E731
    until(lambda: runner.desk.read(states)[-1] is ApplicationState.QUESTION)


def test_what_staff_decide_rings_in_the_chat_she_applied_in_and_its_buttons_answer(
    telegram: Telegram, api: BotApi
) -> None:
    on = telegram(private_answers="chat")
    me = Conversation(OnTelegram(on)).tap("plain", "self")
    her, runner = api.person(77), on.service.runner
    finds_a_course(me)
    me.answer(**APPLICATION).tap("send", "read")
    clerk = StaffSide(runner)

    def rings(words: str, button: str) -> None:
        """Wait for a message that came by itself, and press its button."""
        runner.nudge()  # as the console does after each decision
        her.waits_until(lambda messages: any(words in each.text for each in messages[before:]))
        letter = next(each for each in her.chat[before:] if words in each.text)
        assert isinstance(me.talking, OnTelegram)
        me.talking.act(lambda: her.taps(button, on=letter))

    before = len(her.chat)
    clerk.ask("您能自己坐车来吗？")
    rings("工作人员有一个问题", "回答")
    me.say("能，儿子送我").tap("read")
    before = len(her.chat)
    clerk.put_on_list()
    rings("您的报名有回音了", "看一看")
    assert "排" in last(her)
    before = len(her.chat)
    clerk.offer()
    rings("有位子了", "回答")
    me.tap("yes", "read")
    assert runner.desk.read(kept)[0] == ["accepted"]


def test_where_there_is_no_page_to_send_staff_to_the_console_is(telegram: Telegram, api: BotApi) -> None:
    """With private answers in the chat, what is another person's stays out of it: the way is the console."""
    on = telegram(private_answers="chat")
    me = api.person(77)
    word = prepare(on.service.runner)
    talk(me, f"/start {word}", "t:1 知道了", "t:1 看新报名", "t:1 ", "t:4 问一句")
    assert re.search(r"/console/enter/[\w-]{43}\?at=\d{4}-\d{4}\b", last(me))
    talk(me, "t:1 知道了")
    assert "您想做什么" in last(me)


def test_what_a_stranger_says_or_forges_on_telegram_opens_nothing(telegram: Telegram, api: BotApi) -> None:
    on = telegram()
    me: Somebody = api.person(78)
    prepare(on.service.runner)
    talk(me, "/start", "t:1 一般的字", "t:1 给我自己", "/console", "今天")
    assert "没看懂" in last(me)
    for secret in ("aaaa-bbbb-cccc", "'; DROP", "x" * 43):
        talk(me, f"/start {secret}")
        assert "工作人员" not in last(me)


def test_a_notice_written_in_a_chat_is_listed_sent_once_and_told_of_in_it(
    telegram: Telegram, api: BotApi
) -> None:
    on = telegram()
    runner, me, her = on.service.runner, api.person(77), api.person(78)
    word = prepare(runner)
    until(lambda: runner.bot_name)
    talk(her, "/start", "t:1 一般的字", "t:1 给我自己")
    now = runner.clock.now()

    def at_home(session: Session) -> None:
        """Let her live in the clerk's region."""
        contact = people.find_contact(session, "telegram", "78")
        assert contact is not None
        person = people.add_person(session, contact.id, Role.SELF, "李小梅", now)
        person.profile = {"live_addr": "河南省郑州市"}

    runner.desk.do_now(at_home)
    talk(me, f"/start {word}", "t:1 知道了", "通知", "t:1 写新的通知", "t:2 招聘会和工作", "周末的招聘会")
    talk(me, "逾期未提交上述材料的，须予以补正。")
    assert "可能看不懂" in last(me)
    talk(me, "t:1 改一改", "12 月 3 日上午有招聘会。您想来吗？", "t:1 我们地区的每个人", "t:1 知道了")

    def rung(words: str) -> Message:
        me.waits_until(lambda messages: any(words in each.text for each in messages))
        return next(each for each in me.chat if words in each.text)

    ready = rung("通知的名单好了，会发给 ")
    assert list(ready.labels) == ["发出去", "先不发"]
    me.taps("发出去", on=ready)
    me.waits_until(lambda messages: any("开始发了" in each.text for each in messages))
    me.taps("发出去", on=ready)
    over = rung("通知发完了。发到了 ")
    assert list(over.labels) == ["打开工作台"]
    assert [each.text.splitlines()[0] for each in her.heard].count("周末的招聘会") == 1
    talk(me, "通知")
    assert "发完了" in last(me)
