"""Staff work in a chat as on the console: the same asked at a terminal, on our page and on Telegram, and nothing told there."""

from contextlib import closing
from pathlib import Path

from sqlmodel import Session, select

from bot.channels.web.app import create_app
from bot.runner import Runner
from dialogs.plain_words import TELLING
from dialogs.supports import LABELS
from storage import people, staff, staff_chats
from storage.base import Store
from storage.handling import take
from storage.tables import Application, ApplicationState, Need, StaffRole, Ticket
from storage.tickets import make_ticket
from tests.channels.botapi import BotApi
from tests.channels.botapi import Person as Somebody
from tests.channels.chatting import Telegram, last, page_link, talk, until
from tests.channels.conversations import Asked, Conversation
from tests.channels.devices.both import OnTelegramAndPage
from tests.channels.devices.page import OnWeb, patient
from tests.channels.devices.terminal import AtTerminal
from tests.channels.off_air import a_runner
from tests.channels.test_walks import said
from tests.channels.walking import on_telegram
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving
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
    assert alert.text == "有 1 个新报名，等您看。\n点“看一看”。"
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


def test_where_there_is_no_page_to_send_staff_to_the_console_is(telegram: Telegram, api: BotApi) -> None:
    """With private answers in the chat, what is another person's stays out of it: the way is the console."""
    on = telegram(private_answers="chat")
    me = api.person(77)
    word = prepare(on.service.runner)
    talk(me, f"/start {word}", "t:1 知道了", "t:1 看新报名", "t:1 ", "t:4 问一句")
    assert "/console/enter/" in last(me)
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
        assert "工作" not in last(me)
