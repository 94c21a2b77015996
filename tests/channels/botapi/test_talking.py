"""The first things: hear, answer, see it as the person does."""

import asyncio

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Update  # noqa: TID251 - the real library

from tests.channels.botapi import BotApi
from tests.channels.botapi.driving import hearing, plain, poll, sending

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="1 需要", callback_data="7:1")],
        [InlineKeyboardButton(text="2 不需要", callback_data="7:2")],
    ]
)
ASKED = "您要手语翻译吗？\n1 <b>需要</b>\n2 不需要"


def test_a_whole_exchange_by_aiogram(api: BotApi) -> None:
    person = api.person(101)
    person.says("/start abc")
    person.says("你好")

    async def talk() -> None:
        async with hearing(api) as bot:
            heard: list[str] = []

            async def handle(update: Update) -> None:
                if update.message is not None:
                    heard.append(update.message.text or "")
                    if update.message.text == "你好":
                        await bot.send_message(101, ASKED, parse_mode="HTML", reply_markup=KEYBOARD)
                        person.taps("需要")
                elif update.callback_query is not None:
                    query = update.callback_query
                    assert query.data == "7:1"
                    assert query.message is not None
                    await bot.answer_callback_query(query.id)
                    await bot.send_message(101, "您选了：需要。")
                    await bot.edit_message_reply_markup(
                        chat_id=101, message_id=query.message.message_id, reply_markup=None
                    )

            await poll(bot, handle, 3)
            assert heard == ["/start abc", "你好"]

    asyncio.run(talk())
    assert person.waits_for("您选了").mine
    assert [message.text for message in person.chat] == [
        "/start abc",
        "你好",
        "您要手语翻译吗？\n1 需要\n2 不需要",
        "您选了：需要。",
    ]
    assert [entity.type for entity in person.chat[2].entities] == ["bold"]
    assert person.keyboard == []
    assert api.refusals == []
    assert api.unanswered == []
    assert api.updates == []


def test_both_libraries_begin_and_speak(api: BotApi) -> None:
    api.person(101, known=True)

    async def both() -> None:
        async with hearing(api) as bot:
            assert (await bot.get_me()).username == api.me["username"]
            await bot.set_my_commands([{"command": "back", "description": "返回"}])  # type: ignore[list-item]
        async with sending(api) as other:
            assert other.username == api.me["username"]
            await other.send_message(101, "<b>好</b>", parse_mode="HTML")
            assert (await other.get_my_commands())[0].command == "back"

    asyncio.run(both())
    assert [message.text for message in api.person(101).chat] == ["好"]
    assert api.refusals == []


def test_plain_json_is_taken_and_a_slip_is_refused(api: BotApi) -> None:
    api.person(101, known=True)
    assert plain(api, "sendMessage", chat_id=101, text="好").json()["result"]["text"] == "好"
    refused = plain(api, "sendMessage", chat_id=101, txt="好")
    assert refused.status_code == 400
    assert [call.description for call in api.refusals] == ["Bad Request: unknown parameter txt"]
