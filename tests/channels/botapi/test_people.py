"""What people do becomes the update Telegram would make of it; both libraries can read every one."""

from functools import partial

import pytest
from aiogram.types import Update  # noqa: TID251 - the real library reads what we make
from telegram import Update as OtherUpdate  # noqa: TID251 - the real library reads what we make

from tests.channels.botapi import BotApi, Message, Person
from tests.channels.botapi.chats import Json
from tests.channels.botapi.driving import plain

ONE = {
    "inline_keyboard": [
        [{"text": "1 需要手语", "callback_data": "7:1"}, {"text": "2 不要", "callback_data": "7:2"}]
    ]
}
PHONE = {"keyboard": [[{"text": "发我的电话", "request_contact": True}], [{"text": "返回"}]]}


def read(api: BotApi) -> list[Update]:
    """Read every update by both libraries."""
    for body in api.updates:
        assert OtherUpdate.de_json(body, None).effective_chat is not None
    return [Update.model_validate(body) for body in api.updates]


def message(api: BotApi) -> Json:
    newest = api.updates[-1]["message"]
    assert isinstance(newest, dict)
    return newest


def test_words_and_commands(api: BotApi) -> None:
    person = api.person(101, language="en", name="Ann")
    person.says("你好")
    person.commands("/start abc-DEF_1")
    said, command = read(api)
    assert said.message is not None
    assert said.message.from_user is not None
    assert said.message.from_user.language_code == "en"
    assert said.message.chat.type == "private"
    assert message(api)["text"] == "/start abc-DEF_1"
    assert message(api)["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert command.update_id == said.update_id + 1
    with pytest.raises(AssertionError):
        person.commands("start")


def test_everything_else_that_can_be_sent(api: BotApi) -> None:
    person = api.person(101)
    first = person.says("您好")
    person.shares_phone("15400000001")
    person.shares_phone("15400000002", own=False)
    person.sends_voice(b"OggS-voice")
    person.sends_photo(caption="我的证")
    person.sends_document(b"paper", name="证.pdf", size=30_000_000)
    person.sends_location()
    person.sends_sticker()
    person.sends_poll()
    person.sends_video_note()
    person.forwards("听说有课")
    person.says("好", to=first)
    person.edits(first, "您好吗")
    person.blocks()
    person.returns()
    updates = read(api)
    assert [kind for body in api.updates for kind in body if kind != "update_id"] == (
        ["message"] * 12 + ["edited_message", "my_chat_member", "my_chat_member", "message"]
    )
    own, other, voice, photo, paper = (update.message for update in updates[1:6])
    assert own is not None
    assert own.contact is not None
    assert own.contact.user_id == 101
    assert other is not None
    assert other.contact is not None
    assert other.contact.user_id is None
    assert voice is not None
    assert voice.voice is not None
    assert photo is not None
    assert photo.photo is not None
    assert [size.width for size in photo.photo] == [90, 320, 800]
    assert photo.caption == "我的证"
    assert paper is not None
    assert paper.document is not None
    assert paper.document.file_size == 30_000_000
    assert updates[12].edited_message is not None
    assert updates[12].edited_message.edit_date is not None
    assert updates[13].my_chat_member is not None
    assert updates[13].my_chat_member.new_chat_member.status == "kicked"
    assert updates[14].my_chat_member is not None
    assert updates[14].my_chat_member.new_chat_member.status == "member"
    assert [each.kind for each in person.chat][1:4] == ["contact", "contact", "voice"]


def test_who_has_blocked_says_nothing(api: BotApi) -> None:
    person = api.person(101)
    person.blocks()
    with pytest.raises(AssertionError, match="blocked"):
        person.says("喂")


def test_a_button_is_found_by_number_words_and_beginning(api: BotApi) -> None:
    person = api.person(101, known=True)
    plain(api, "sendMessage", chat_id=101, text="要吗？", reply_markup=ONE)
    pressed = [person.taps(label)[0] for label in ("1 需要手语", "1", "需要", "不要")]
    assert [query.data for query in pressed] == ["7:1", "7:1", "7:1", "7:2"]
    assert len({query.id for query in pressed}) == 4
    query = read(api)[0].callback_query
    assert query is not None
    assert query.data == "7:1"
    assert query.message is not None
    assert query.message.message_id == person.chat[0].id


def test_ten_presses_are_ten_queries(api: BotApi) -> None:
    person = api.person(101, known=True)
    plain(api, "sendMessage", chat_id=101, text="要吗？", reply_markup=ONE)
    assert len({query.id for query in person.taps("1", times=10)}) == 10
    assert len(api.updates) == 10
    assert api.unanswered == [], "the bot has not been told yet"


def test_an_old_keyboard_can_still_be_pressed_on_purpose(api: BotApi) -> None:
    person = api.person(101, known=True)
    plain(api, "sendMessage", chat_id=101, text="要吗？", reply_markup=ONE)
    asked = person.waits_for("要吗")
    plain(api, "editMessageReplyMarkup", chat_id=101, message_id=asked.id)
    assert person.keyboard == []
    with pytest.raises(AssertionError, match="no button '1' in this chat"):
        person.taps("1", timeout=0)
    assert person.taps("1", on=asked)[0].data == "7:1"


def test_a_link_is_read_not_pressed(api: BotApi) -> None:
    person = api.person(101, known=True)
    rows = {"inline_keyboard": [[{"text": "去网页上答", "url": "http://127.0.0.1:8000/go/abc"}]]}
    plain(api, "sendMessage", chat_id=101, text="去网页上答", reply_markup=rows)
    assert person.link("去网页") == "http://127.0.0.1:8000/go/abc"
    with pytest.raises(AssertionError, match="opens"):
        person.taps("去网页")


def test_the_phones_keyboard_sends_words(api: BotApi) -> None:
    person = api.person(101, known=True)
    plain(api, "sendMessage", chat_id=101, text="您的电话？", reply_markup=PHONE)
    assert person.taps("返回") == []
    assert message(api)["text"] == "返回"
    with pytest.raises(AssertionError, match="request_contact"):
        person.taps("发我的电话")


def test_a_group_tells_the_bot_only_what_concerns_it(api: BotApi) -> None:
    person, group = api.person(101), api.group(-1001)
    group.adds_bot(person)
    group.says("谁去？", person)
    group.says("/start", person)
    sent = plain(api, "sendMessage", chat_id=-1001, text="来私聊。").json()["result"]
    assert sent["chat"]["type"] == "supergroup"
    answer = group.waits_for("私聊")
    group.says("好", person, to=answer)
    group.removes_bot(person)
    updates = read(api)
    assert [update.message.text for update in updates if update.message] == [None, "/start", "好"]
    refused = plain(api, "sendMessage", chat_id=-1001, text="再见")
    assert refused.json()["description"] == "Forbidden: bot was kicked from the supergroup chat"


def test_waiting_in_vain_shows_the_chat(api: BotApi) -> None:
    person = api.person(101)
    person.says("你好")
    plain(api, "sendMessage", chat_id=101, text="要吗？\n1 需要手语", reply_markup=ONE)
    with pytest.raises(AssertionError) as failed:
        person.waits_for("再见", timeout=0)
    assert str(failed.value).splitlines() == [
        "waited 0 s for '再见' in this chat:",
        "  1 小明: 你好",
        "  2 bot: 要吗？",
        "      1 需要手语",
        "      [ 1 需要手语 | 2 不要 ]",
    ]


def test_waiting_looks_at_what_came_since_the_last_act(api: BotApi) -> None:
    person = api.person(101, known=True)
    plain(api, "sendMessage", chat_id=101, text="要吗？")
    assert person.waits_for("要吗").id == 1
    assert person.waits_for(lambda message: message.kind == "text").id == 1
    person.says("要")
    with pytest.raises(AssertionError):
        person.waits_for("要吗", timeout=0)
    assert person.waits_for("要吗", anywhere=True).id == 1
    person.waits_until(lambda chat: len(chat) == 2)


def test_a_chat_cleared_by_the_person(api: BotApi) -> None:
    person = api.person(101)
    person.says("你好")
    plain(api, "sendMessage", chat_id=101, text="要吗？")
    person.clears()
    assert person.heard == []
    gone = plain(api, "editMessageText", chat_id=101, message_id=2, text="好")
    assert gone.json()["description"] == "Bad Request: message to edit not found"


def test_a_button_under_a_deleted_message(api: BotApi) -> None:
    person = api.person(101, known=True)
    plain(api, "sendMessage", chat_id=101, text="要吗？", reply_markup=ONE)
    asked = person.waits_for("要吗")
    person.clears()
    person.taps("1", on=asked)
    query = read(api)[0].callback_query
    assert query is not None
    assert query.message is not None
    assert query.message.date == 0


def test_many_people_act_by_themselves(api: BotApi) -> None:
    def press(person: Person, message: Message) -> None:
        person.taps("1", on=message)

    people = [api.person(number, known=True) for number in range(201, 221)]
    for person in people:
        person.reacts(partial(press, person))
        plain(api, "sendMessage", chat_id=person.place.id, text="要吗？", reply_markup=ONE)
    api.waits_until(lambda: len(api.updates) == 20)
    assert {update["callback_query"]["from"]["id"] for update in api.updates} == set(range(201, 221))


def test_what_goes_wrong_in_a_reaction_is_told() -> None:
    def falls(_: Message) -> None:
        raise ValueError

    def run() -> None:
        with BotApi() as api:
            api.person(101, known=True).reacts(falls)
            plain(api, "sendMessage", chat_id=101, text="要吗？")
            api.waits_until(lambda: api.exchange.failures)

    with pytest.raises(ExceptionGroup, match="while people answered"):
        run()
