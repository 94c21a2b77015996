"""What Telegram refuses, with its code and in its words."""

from typing import Any

import aiogram.methods  # noqa: TID251 - the table of parameters is held against the real library's
import httpx
import pytest

from tests.channels.botapi import BotApi
from tests.channels.botapi.driving import plain
from tests.channels.botapi.methods import DELIVERY, METHODS

LEGACY = {"disable_web_page_preview", "reply_to_message_id", "allow_sending_without_reply"}


def keyboard(**button: object) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


SENDS: list[tuple[dict[str, Any], str]] = [
    ({"chat_id": 101}, "message text is empty"),
    ({"chat_id": 101, "text": ""}, "message text is empty"),
    ({"chat_id": 101, "text": " \n "}, "message text is empty"),
    ({"chat_id": 101, "text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ({"chat_id": 101, "text": "长" * 4097}, "message is too long"),
    ({"text": "好"}, "chat_id is empty"),
    ({"chat_id": 999, "text": "好"}, "chat not found"),
    ({"chat_id": "@nobody", "text": "好"}, "chat not found"),
    ({"chat_id": 102, "text": "好"}, "chat not found"),
    ({"chat_id": 101, "text": "好", "parse_mode": "Word"}, "unsupported parse_mode"),
    (
        {"chat_id": 101, "text": "<b>好", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        {"chat_id": 101, "text": "好", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
    ),
    ({"chat_id": 101, "text": "好", "txt": "好"}, "unknown parameter txt"),
    (
        {"chat_id": 101, "text": "好", "reply_parameters": {"message_id": 77}},
        "message to be replied not found",
    ),
    ({"chat_id": 101, "text": "好", "message_thread_id": 7}, "message thread not found"),
    ({"chat_id": 101, "text": "好", "message_effect_id": "7"}, "EFFECT_ID_INVALID"),
]
BUTTONS = [
    (keyboard(text="好", callback_data="1" * 65), "BUTTON_DATA_INVALID"),
    (keyboard(text="好", callback_data="好" * 22), "BUTTON_DATA_INVALID"),
    (
        keyboard(text="好", callback_data=""),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        keyboard(text="好"),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (keyboard(callback_data="1"), "can't parse inline keyboard button: Can't find field \"text\""),
    (keyboard(text=" ", callback_data="1"), "inline keyboard button text must be non-empty"),
    (
        keyboard(text="好", url="http://localhost:8000/"),
        "inline keyboard button URL 'http://localhost:8000/' is invalid: Wrong HTTP URL",
    ),
    (
        keyboard(text="好", url="ftp://example.com"),
        "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
    ),
    (keyboard(text="好", callback_data="1", colour="red"), "unknown field in inline keyboard button: colour"),
    ({"buttons": []}, "unknown field in reply markup: buttons"),
    ("[", "can't parse reply markup JSON object"),
]


@pytest.fixture
def known(api: BotApi) -> BotApi:
    api.person(101, known=True)
    api.person(102)
    return api


def refused(response: httpx.Response, code: int, words: str) -> None:
    assert response.status_code == code
    assert response.json() == {"ok": False, "error_code": code, "description": words}


def test_messages(known: BotApi) -> None:
    for parameters, words in SENDS:
        refused(plain(known, "sendMessage", **parameters), 400, f"Bad Request: {words}")
    assert len(known.refusals) == len(SENDS)
    assert known.person(101).chat == []


def test_keyboards(known: BotApi) -> None:
    for markup, words in BUTTONS:
        response = plain(known, "sendMessage", chat_id=101, text="好", reply_markup=markup)
        refused(response, 400, f"Bad Request: {words}")
    assert known.person(101).chat == []


def test_the_most_that_is_taken(known: BotApi) -> None:
    rows = keyboard(text="好", callback_data="1" * 64)
    sent = plain(known, "sendMessage", chat_id="101", text="长" * 4096, reply_markup=rows)
    assert sent.status_code == 200
    assert (
        plain(
            known,
            "sendMessage",
            chat_id=101,
            text="https",
            reply_markup={"inline_keyboard": [[{"text": "去", "url": "http://127.0.0.1:8000/go/1"}]]},
        ).status_code
        == 200
    )
    assert known.refusals == []


def test_edits(known: BotApi) -> None:
    theirs = known.person(101).says("我")
    mine = plain(
        known, "sendMessage", chat_id=101, text="您", reply_markup=keyboard(text="1 好", callback_data="1")
    )
    number = mine.json()["result"]["message_id"]
    edit = "editMessageReplyMarkup"
    assert plain(known, edit, chat_id=101, message_id=number).status_code == 200
    not_modified = (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
        "same as a current content and reply markup of the message"
    )
    refused(plain(known, edit, chat_id=101, message_id=number), 400, not_modified)
    refused(plain(known, "editMessageText", chat_id=101, message_id=number, text="您"), 400, not_modified)
    refused(plain(known, edit, chat_id=101, message_id=999), 400, "Bad Request: message to edit not found")
    refused(
        plain(known, edit, chat_id=101, message_id=theirs.id), 400, "Bad Request: message can't be edited"
    )
    refused(plain(known, edit, chat_id=101), 400, "Bad Request: message identifier is not specified")
    assert plain(known, "editMessageText", chat_id=101, message_id=number, text="他").status_code == 200
    assert known.person(101).chat[-1].text == "他"
    assert known.person(101).chat[-1].edited


def test_deletions(known: BotApi) -> None:
    person, group = known.person(101), known.group(-100)
    group.adds_bot(person)
    private, public = person.says("我的证号"), group.says("/start", person)
    assert plain(known, "deleteMessage", chat_id=101, message_id=private.id).status_code == 200
    assert private.deleted
    gone = "Bad Request: message to delete not found"
    refused(plain(known, "deleteMessage", chat_id=101, message_id=private.id), 400, gone)
    cannot = "Bad Request: message can't be deleted"
    refused(plain(known, "deleteMessage", chat_id=-100, message_id=public.id), 400, cannot)


def test_old_messages_cannot_be_deleted(known: BotApi) -> None:
    known.late(hours=49)
    old = known.person(101).says("我的证号")
    words = "Bad Request: message can't be deleted for everyone"
    refused(plain(known, "deleteMessage", chat_id=101, message_id=old.id), 400, words)


def test_answers_to_presses(known: BotApi) -> None:
    person = known.person(101)
    plain(known, "sendMessage", chat_id=101, text="您", reply_markup=keyboard(text="1 好", callback_data="1"))
    (query,) = person.taps("1 好")
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    refused(plain(known, "answerCallbackQuery", callback_query_id="1"), 400, old)
    assert plain(known, "answerCallbackQuery", callback_query_id=query.id).status_code == 200
    refused(plain(known, "answerCallbackQuery", callback_query_id=query.id), 400, old)
    assert query.answers == 2
    long = plain(known, "answerCallbackQuery", callback_query_id=person.taps("1 好")[0].id, text="长" * 201)
    refused(long, 400, "Bad Request: MESSAGE_TOO_LONG")


def test_people_who_block(known: BotApi) -> None:
    person = known.person(101)
    person.says("/start")
    person.blocks()
    words = "Forbidden: bot was blocked by the user"
    refused(plain(known, "sendMessage", chat_id=101, text="好"), 403, words)
    refused(plain(known, "sendChatAction", chat_id=101, action="typing"), 403, words)
    person.returns()
    assert plain(known, "sendMessage", chat_id=101, text="好").status_code == 200
    person.deactivates()
    refused(plain(known, "sendMessage", chat_id=101, text="好"), 403, "Forbidden: user is deactivated")


def test_files_and_captions(known: BotApi) -> None:
    file = known.person(101).sends_document().extra["document"]["file_id"]
    refused(plain(known, "sendPhoto", chat_id=101), 400, "Bad Request: there is no photo in the request")
    wrong = "Bad Request: wrong file identifier/HTTP URL specified"
    refused(plain(known, "sendVoice", chat_id=101, voice="FILE9"), 400, wrong)
    long = plain(known, "sendDocument", chat_id=101, document=file, caption="长" * 1025)
    refused(long, 400, "Bad Request: message caption is too long")
    refused(plain(known, "getFile", file_id="FILE9"), 400, "Bad Request: invalid file_id")
    big = known.person(101).sends_voice(size=20 * 1024 * 1024 + 1).extra["voice"]["file_id"]
    refused(plain(known, "getFile", file_id=big), 400, "Bad Request: file is too big")


def test_the_bots_own_words(known: BotApi) -> None:
    def commands(**parameters: object) -> httpx.Response:
        return plain(known, "setMyCommands", **parameters)

    one = {"command": "back", "description": "返回"}
    refused(commands(commands=[{**one, "command": "返回"}]), 400, "Bad Request: BOT_COMMAND_INVALID")
    refused(
        commands(commands=[{**one, "description": ""}]), 400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    )
    language = "Bad Request: invalid language code specified"
    refused(commands(commands=[one], language_code="zh-hans"), 400, language)
    assert commands(commands=[one], language_code="zh").json()["result"] is True
    assert plain(known, "getMyCommands", language_code="zh").json()["result"] == [one]
    assert plain(known, "getMyCommands").json()["result"] == []
    assert plain(known, "setMyShortDescription", short_description="长" * 121).status_code == 400
    assert plain(known, "setMyShortDescription", short_description="训桥").status_code == 200
    assert plain(known, "getMyShortDescription", language_code="en").json()["result"] == {
        "short_description": "训桥"
    }
    assert plain(known, "setChatMenuButton", menu_button={"type": "commands"}).status_code == 200
    assert plain(known, "setChatMenuButton", menu_button={"type": "window"}).status_code == 400


def test_tokens_and_methods(known: BotApi) -> None:
    refused(plain(known, "sendTelepathy", chat_id=101), 404, "Not Found: method not found")
    refused(httpx.get(f"{known.url}/bot1:wrong/getMe", verify=False), 401, "Unauthorized")
    refused(httpx.get(f"{known.url}/botnone/getMe", verify=False), 404, "Not Found")
    assert len(known.refusals) == 3
    known.revoke()
    refused(plain(known, "getMe"), 401, "Unauthorized")
    assert len(known.refusals) == 3, "a token that was revoked is the test's doing"


def test_a_body_that_is_no_object(known: BotApi) -> None:
    for body in (b"[]", b"{"):
        response = httpx.post(
            f"{known.url}/bot{known.token}/getMe", content=body, headers={"Content-Type": "application/json"}
        )
        assert response.status_code == 400
        assert response.json()["description"].startswith("Bad Request: can't parse JSON object")


def test_more_than_the_rate_allows(known: BotApi) -> None:
    known.person(103, known=True)
    known.limit(per_chat=1, total=2)
    for _ in range(50):  # sooner than the second is over, the chat is full
        last = plain(known, "sendMessage", chat_id=101, text="好")
        if last.status_code == 429:
            break
    assert last.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert known.rate() <= 2
    assert known.refusals


def test_no_parameter_is_made_up() -> None:
    real = {
        method.__api_method__: set(method.model_fields)
        for name in aiogram.methods.__all__
        if hasattr(method := getattr(aiogram.methods, name), "__api_method__")
    }
    ours = {method.name: method.parameters for method in METHODS.values()} | DELIVERY
    for name, parameters in ours.items():
        assert parameters <= real[name] | LEGACY, name
