"""Files by the libraries' own ways: sent up, described, and fetched again."""

import asyncio
from io import BytesIO

from aiogram.types import BufferedInputFile  # noqa: TID251 - the real library sends

from tests.channels.botapi import BotApi
from tests.channels.botapi.driving import hearing, sending


def test_aiogram_sends_and_fetches(api: BotApi) -> None:
    person = api.person(101)
    asked = person.sends_voice(b"OggS of mine").extra["voice"]["file_id"]

    async def both() -> None:
        async with hearing(api) as bot:
            file = await bot.get_file(asked)
            assert file.file_path is not None
            fetched = BytesIO()
            await bot.download_file(file.file_path, fetched)
            assert fetched.getvalue() == b"OggS of mine"
            assert file.file_size == 12
            voice = BufferedInputFile(b"OggS of ours", "reading.ogg")
            sent = await bot.send_voice(101, voice, caption="<b>听</b>", parse_mode="HTML", duration=4)
            assert sent.voice is not None
            assert sent.voice.duration == 4
            again = await bot.send_voice(101, sent.voice.file_id)
            assert again.voice is not None
            assert again.voice.file_id == sent.voice.file_id
            await bot.send_chat_action(101, "upload_photo")
            await bot.send_photo(101, BufferedInputFile(b"\xff\xd8", "door.jpg"))

    asyncio.run(both())
    assert api.refusals == []
    assert [(message.kind, message.text) for message in person.heard] == [
        ("voice", "听"),
        ("voice", ""),
        ("photo", ""),
    ]
    assert "(12 bytes)" in api.called("sendVoice")[0].parameters.values()


def test_python_telegram_bot_sends_and_fetches(api: BotApi) -> None:
    person = api.person(101, known=True)

    async def both() -> None:
        async with sending(api) as bot:
            sent = await bot.send_document(101, b"paper", filename="证.pdf", caption="您的证")
            assert sent.document is not None
            assert sent.document.file_name == "证.pdf"
            assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == b"paper"

    asyncio.run(both())
    assert api.refusals == []
    assert person.heard[0].text == "您的证"
