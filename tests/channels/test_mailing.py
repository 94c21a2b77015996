import asyncio
from collections import Counter, deque
from dataclasses import replace
from itertools import count, islice

from sqlmodel import select

from bot.channels.broadcast import Broadcast
from bot.channels.web.news import latest
from bot.letters.opening import opened
from bot.postman import Postman
from dialogs.talk import Begin
from storage import gotokens, messages, people
from storage.base import Store
from storage.desk import Desk
from storage.notices import files as notice_files
from storage.notices import notices, refusals
from storage.notices import report as notice_report
from storage.notices.notices import Button, Words
from storage.tables import Account, Channel, Contact, Fate, Notice, NoticeState, Reading, Role, Topic
from tests.bot.test_postman import BOOK
from tests.channels.botapi import BotApi
from tests.channels.mailings import Moved, fates, is_over, known, mail, planned, report
from tests.databases import on_both
from tests.storage.noticed import NOW, WORDS, ZONE, clerk, crowd, unknown


def heard(api: BotApi) -> Counter[int]:
    return Counter(call.parameters["chat_id"] for call in api.called("sendMessage") if call.taken)


@on_both
def test_everybody_gets_it_once_from_two_workers_and_the_report_says_how(store: Store, api: BotApi) -> None:
    everybody = crowd(store, 40)
    known(api, everybody)
    with store.writing() as session:
        for number, contact_id in enumerate(everybody[:8]):
            people.add_account(session, contact_id, "web", f"page-{number}", NOW)
            if number < 4:
                (chat,) = [
                    e for e in people.accounts_of(session, contact_id) if e.channel is Channel.TELEGRAM
                ]
                people.set_unreachable(session, chat.id)
    number = planned(store, everybody)
    asyncio.run(mail(store, api, is_over(store, number), workers=2))
    assert heard(api) == {1000 + each: 1 for each in range(4, 40)}
    assert fates(store, number) == {Fate.SENT: 36, Fate.PAGE: 4}
    found = report(store, number)
    assert not any(each.perhaps_twice for each in found)
    assert {each.version for each in found} == {1}
    with store.reading() as session:
        on_page = [len(messages.messages_of(session, each, unread=True)) for each in everybody]
    assert on_page == [1] * 8 + [0] * 32
    (message,) = api.person(1010).heard
    assert message.text == "招聘会\n周六上午九点，有招聘会。\n点“看一看”。"
    assert api.refusals == []


def test_words_are_each_readers_own_and_people_are_called_as_at_home(store: Store, api: BotApi) -> None:
    plain, easy = everybody = crowd(store, 2)
    known(api, everybody)
    with store.writing() as session:
        session.get_one(Contact, easy).reading = Reading.EASY
        people.add_account(session, plain, "web", "page", NOW)
        for contact_id in everybody:
            people.add_person(session, contact_id, Role.SELF, "王小明", NOW)
    words = replace(
        WORDS,
        plain="{{ name }}您好。周六有招聘会。",
        easy="{{ name }}，周六来看看工作。",
        buttons=(Button("报名", "browse"), Button("以后看", "home", given={"do": "mine"})),
    )
    number = planned(store, everybody, words)
    asyncio.run(mail(store, api, is_over(store, number)))
    (message,) = api.person(1000).heard
    assert message.text == "招聘会\n小明您好。周六有招聘会。\n点“报名”。\n点“以后看”。"
    first, second = message.button("报名"), message.button("以后看")
    assert first is not None
    assert second is not None
    assert (first.data, second.data) == ("o:1", "o:1:1")
    assert "小明，周六来看看工作。" in api.person(1001).heard[0].text
    with store.writing() as session:
        (there,) = latest(session, plain, ZONE)
        assert there.text == "招聘会\n王小明您好。周六有招聘会。"
        assert (there.button, there.more, there.letter) == ("报名", ("以后看",), 1)
        assert opened(session, 1, plain, 1, NOW) == Begin("home", given={"do": "mine"})
        assert opened(session, 1, plain, 2, NOW) is None
        assert opened(session, 1, easy, 0, NOW) is None
    with store.reading() as session:
        assert notice_report.progress(session, number, NOW).replied == 1


def test_a_picture_goes_with_the_words_in_the_chat_and_stands_on_the_page(store: Store, api: BotApi) -> None:
    everybody = crowd(store, 2)
    known(api, everybody)
    with store.writing() as session:
        people.add_account(session, everybody[1], "web", "page", NOW)
        session.get_one(Contact, everybody[1]).reading = Reading.EASY
        by = clerk(session)
        picture = notice_files.keep_file(
            session, "路.jpg", "image/jpeg", b"\xff\xd8way", by, NOW, is_photo=True
        )
    words = replace(WORDS, file_id=picture, file_words="从地铁口到会场的路")
    number = planned(store, everybody, words)
    asyncio.run(mail(store, api, is_over(store, number)))
    assert api.refusals == []
    for each, voice in ((1000, ""), (1001, "易读：")):
        (message,) = api.person(each).heard
        assert (message.kind, message.button(f"{voice}看一看") is not None) == ("photo", True)
        assert f"\n{voice}附了：从地铁口到会场的路\n" in message.text
    with store.reading() as session:
        (there,) = latest(session, everybody[1], ZONE)
        assert (there.file, there.file_words) == ("photo", "从地铁口到会场的路")
        text = notice_files.text_behind(session, everybody[1], there.number)
        assert text is not None
        assert text.file_id == picture
        assert notice_files.text_behind(session, everybody[0], there.number) is None, "another's message"


def test_in_a_chat_a_private_notice_is_a_neutral_line_and_a_link(store: Store, api: BotApi) -> None:
    everybody = crowd(store, 1)
    known(api, everybody)
    number = planned(store, everybody, replace(WORDS, plain="盲人按摩班有招聘会。"))
    asyncio.run(mail(store, api, is_over(store, number)))
    (message,) = api.person(1000).heard
    assert message.text.startswith("您有一条新消息，")
    secret = message.text.rpartition("/go/")[2]
    with store.reading() as session:
        token = gotokens.find_token(session, secret, NOW)
        assert token is not None
        assert token.contact_id == everybody[0]
        assert "盲人按摩" in messages.messages_of(session, everybody[0])[0].text


def test_who_left_meanwhile_gets_nothing_and_who_cannot_be_reached_is_to_be_phoned(
    store: Store, api: BotApi
) -> None:
    fine, refusing, gone, blocking, moved, wrong = everybody = crowd(store, 6)
    known(api, everybody)
    number = planned(store, everybody)
    with store.writing() as session:
        refusals.refuse(session, refusing, Topic.JOBS, NOW)
        people.add_account(session, moved, "web", "page", NOW)
    unknown(store, gone)
    api.person(1003).blocks()
    api.person(1004).blocks()
    asyncio.run(mail(store, api, is_over(store, number)))
    found = {each.contact_id: each.fate for each in report(store, number)}
    assert found == {
        fine: Fate.SENT,
        refusing: Fate.SKIPPED,
        gone: Fate.SKIPPED,
        blocking: Fate.BLOCKED,
        moved: Fate.PAGE,
        wrong: Fate.SENT,
    }
    assert heard(api) == {1000: 1, 1005: 1}
    with store.reading() as session:
        assert not any(each.reachable for each in session.exec(select(Account)) if each.address == "1003")
        assert notice_report.not_reached(session, number) == [blocking]
        assert session.get_one(Notice, number).counts["sent"] == 2


def test_what_telegram_does_not_take_is_named(store: Store, api: BotApi) -> None:
    everybody = crowd(store, 2)
    known(api, everybody)
    number = planned(store, everybody, replace(WORDS, plain="长" * 5000))
    broken = planned(store, everybody, replace(WORDS, plain="{{ salary }}元"))
    asyncio.run(mail(store, api, is_over(store, number, broken)))
    assert {(each.fate, each.reason) for each in report(store, number)} == {
        (Fate.FAILED, "渠道不收这条消息：话太长了。写短一点，再发（Message is too long）")
    }
    assert {(each.fate, each.reason) for each in report(store, broken)} == {
        (Fate.FAILED, "通知的话里有填不了的空：'salary' is undefined")
    }


def test_words_that_reach_nobody_halt_by_themselves_and_go_on_when_they_are_mended(
    store: Store, api: BotApi
) -> None:
    everybody = crowd(store, 40)
    known(api, everybody)
    long = planned(store, everybody, replace(WORDS, plain="长" * 5000))
    gap = planned(store, everybody, replace(WORDS, plain="{{ salary }}元"))

    def both_halted() -> bool:
        with store.reading() as session:
            found = [session.get_one(Notice, each) for each in (long, gap)]
            return all(each.state is NoticeState.PAUSED and each.halted for each in found)

    asyncio.run(mail(store, api, both_halted, rate=40.0))
    failed = {each: fates(store, each)[Fate.FAILED] for each in (long, gap)}
    assert all(3 <= count < 40 for count in failed.values()), failed
    with store.writing() as session:
        for each in (long, gap):
            assert (
                notices.correct(
                    session, each, WORDS, 1, NOW, seen=notices.mark_of(notices.text_of(session, each))
                )
                == 2
            )
            assert notices.resume(session, each)
    asyncio.run(mail(store, api, is_over(store, long, gap)))
    for each in (long, gap):
        assert fates(store, each) == {Fate.FAILED: failed[each], Fate.SENT: 40 - failed[each]}


@on_both
def test_what_fails_is_tried_again_and_what_may_have_come_twice_is_marked(store: Store, api: BotApi) -> None:
    everybody = crowd(store, 12)
    known(api, everybody)
    number = planned(store, everybody)
    clock = Moved()
    api.fail("sendMessage", times=3)
    api.reset_after("sendMessage", times=2)
    api.flood(1, method="sendMessage")
    looks = count(1)

    def wait() -> None:
        if next(looks) % 15 == 0:
            clock.move(seconds=45)

    asyncio.run(mail(store, api, is_over(store, number), clock=clock, meanwhile=wait))
    assert fates(store, number) == {Fate.SENT: 12}
    twice = {number for number, times in heard(api).items() if times > 1}
    marked = {999 + each.contact_id for each in report(store, number) if each.perhaps_twice}
    assert (len(twice), marked) == (2, twice)


def test_a_pause_holds_and_a_stop_says_who_was_left_out(store: Store, api: BotApi) -> None:
    everybody = crowd(store, 120)
    known(api, everybody)
    number, other = planned(store, everybody), planned(store, everybody[:1], send=False)

    def some() -> bool:
        return len(heard(api)) >= 5

    def press(what: str) -> None:
        with store.writing() as session:
            assert {"pause": notices.pause, "resume": notices.resume, "stop": notices.stop}[what](
                session, number
            )

    asyncio.run(mail(store, api, some, rate=20.0))
    press("pause")
    before = sum(heard(api).values())

    def sent_the_other() -> bool:
        return is_over(store, other)()

    with store.writing() as session:
        notices.send(session, other, 1, NOW)
    asyncio.run(mail(store, api, sent_the_other, rate=20.0))
    assert sum(heard(api).values()) == before + 1
    press("resume")
    asyncio.run(mail(store, api, lambda: sum(heard(api).values()) > before + 3, rate=20.0))
    press("stop")
    asyncio.run(mail(store, api, is_over(store, number), rate=20.0))
    told = fates(store, number)
    assert told[Fate.SENT] + told[Fate.STOPPED] == 120
    assert sum(heard(api).values()) == told[Fate.SENT] + 1
    assert max(heard(api).values()) <= 2


def test_nobody_is_woken_by_what_can_wait(store: Store, api: BotApi) -> None:
    everybody = crowd(store, 2)
    known(api, everybody)
    number = planned(store, everybody)
    clock = Moved(NOW.replace(hour=15))  # eleven at night
    looks = iter(range(100))
    asyncio.run(mail(store, api, lambda: next(looks) > 10, clock=clock))
    assert heard(api) == {}
    clock.move(hours=9)
    asyncio.run(mail(store, api, is_over(store, number), clock=clock))
    assert len(heard(api)) == 2


@on_both
def test_what_two_slow_workers_hold_when_night_falls_goes_out_in_the_morning(
    store: Store, api: BotApi
) -> None:
    everybody = crowd(store, 30)
    known(api, everybody)
    number = planned(store, everybody)
    clock = Moved(NOW.replace(hour=12, minute=59, second=40))  # nearly nine in the evening
    looks, before = iter(range(400)), list[int]()

    def goes_on_at_night() -> bool:
        if len(heard(api)) > 1 and not before:
            before.append(len(heard(api)))
            clock.move(seconds=22)
            deque(islice(looks, 300), maxlen=0)
        return next(looks) >= 399

    asyncio.run(mail(store, api, goes_on_at_night, clock=clock, workers=2, rate=5.0))
    at_night = len(heard(api))
    assert at_night <= before[0] + 2, "only what was on the wire"
    assert fates(store, number) == {Fate.SENT: at_night, Fate.WAITING: 30 - at_night}
    clock.move(hours=11)
    asyncio.run(mail(store, api, is_over(store, number), clock=clock, workers=2))
    assert heard(api) == {1000 + each: 1 for each in range(30)}
    assert not any(each.perhaps_twice for each in report(store, number))


def test_staff_send_themselves_a_trial_that_counts_nowhere(store: Store, api: BotApi) -> None:
    (she,) = crowd(store, 1)
    known(api, [she])
    number = planned(store, [she], send=False)
    help_ = Button("我要参加", "help")
    told = planned(store, [she], Words("盲人推拿班", "周六开班。", buttons=(help_,)), send=False)
    with store.writing() as session:
        for each in (number, told):
            notices.send_trial(session, each, she, NOW)
    door = Broadcast(api.token, api.url, desk := Desk(store), Moved(), rate=1000.0, per_chat=0.0)

    async def deliver() -> None:
        postman = Postman(desk, BOOK, ZONE, "postman", {Channel.TELEGRAM: door})
        assert len((await postman.deliver(NOW)).sent) == 2
        await door.close()

    asyncio.run(deliver())
    desk.close()
    with store.reading() as session:
        (shown,) = latest(session, she, ZONE)
        begun = opened(session, shown.letter, she)
    first, private = api.person(1000).heard
    assert first.text.startswith("招聘会\n周六上午")
    assert "/go/" in private.text
    assert shown.text == "盲人推拿班\n周六开班。", "its link leads to where it can be read"
    assert shown.button == "我要参加"
    assert begun == Begin("help"), "its buttons do what they will do for everybody"
    assert fates(store, number) == fates(store, told) == {Fate.WAITING: 1}
