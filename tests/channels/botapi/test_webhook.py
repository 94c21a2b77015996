"""The webhook: posted with its secret, again until it is taken, in order within a chat."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import MultipartWriter, web

from tests.channels.botapi import BotApi
from tests.channels.botapi.chats import Json
from tests.channels.botapi.driving import hearing, plain

Answer = Callable[[Json], web.StreamResponse]


@asynccontextmanager
async def hooked(api: BotApi, answer: Answer) -> AsyncIterator[list[Json]]:
    """Serve a webhook, tell Telegram of it, and give what arrives."""
    arrived: list[Json] = []

    async def hook(request: web.Request) -> web.StreamResponse:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "geheim-1"
        arrived.append(await request.json())
        return answer(arrived[-1])

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with hearing(api) as bot:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await bot.set_webhook(url, secret_token="geheim-1")
        try:
            yield arrived
        finally:
            await bot.delete_webhook()
            await runner.cleanup()


async def taken(api: BotApi) -> None:
    await asyncio.to_thread(api.waits_until, lambda: not api.updates)


def test_updates_are_posted_in_order(api: BotApi) -> None:
    async def run() -> None:
        async with hooked(api, lambda _: web.Response()) as arrived:
            for words in ("一", "二", "三"):
                api.person(101).says(words)
            await taken(api)
            assert [update["message"]["text"] for update in arrived] == ["一", "二", "三"]

    asyncio.run(run())
    assert api.posted == 3
    assert api.refusals == []


def test_what_is_not_taken_is_posted_again(api: BotApi) -> None:
    answers = iter((500, 404, 302, 200, 200))

    async def run() -> None:
        async with hooked(api, lambda _: web.Response(status=next(answers))) as arrived:
            api.person(101).says("一")
            api.person(101).says("二")
            await taken(api)
            assert [update["message"]["text"] for update in arrived] == ["一", "一", "一", "一", "二"]
            info = plain(api, "getWebhookInfo").json()["result"]
            assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"
            assert info["pending_update_count"] == 0

    asyncio.run(run())


def test_one_chat_does_not_wait_for_another(api: BotApi) -> None:
    async def run() -> None:
        def answer(update: Json) -> web.Response:
            return web.Response(status=503 if update["message"]["text"] == "坏" else 200)

        async with hooked(api, answer):
            api.person(101).says("坏")
            api.person(101).says("在后面")
            api.person(102).says("好")
            await asyncio.to_thread(api.waits_until, lambda: len(api.updates) == 2)
            assert [update["message"]["text"] for update in api.updates] == ["坏", "在后面"]

    asyncio.run(run())
    assert plain(api, "getWebhookInfo").json()["result"]["url"] == ""


def test_a_method_in_the_answer_is_carried_out(api: BotApi) -> None:
    def answer(update: Json) -> web.Response:
        if update["message"]["text"] == "一":
            return web.json_response({"method": "sendMessage", "chat_id": 101, "text": "好一"})
        parts = MultipartWriter("form-data")
        for name, value in (("method", "sendMessage"), ("chat_id", "101"), ("text", "好二")):
            parts.append(value).set_content_disposition("form-data", name=name)
        return web.Response(body=parts)

    person = api.person(101)

    async def run() -> None:
        async with hooked(api, answer):
            person.says("一")
            person.says("二")
            await taken(api)

    asyncio.run(run())
    assert [message.text for message in person.heard] == ["好一", "好二"]
    assert api.refusals == []


def test_a_webhook_must_be_reachable_safely(api: BotApi) -> None:
    for url, secret, words in (
        ("http://example.com/hook", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://example.com/hook", "a b", "secret token contains unallowed characters"),
    ):
        answer = plain(api, "setWebhook", url=url, secret_token=secret)
        assert answer.json()["description"] == f"Bad Request: {words}"


def test_waiting_updates_can_be_dropped(api: BotApi) -> None:
    api.person(101).says("一")
    plain(api, "deleteWebhook", drop_pending_updates=True)
    assert api.updates == []


def test_updates_are_delivered_twice_there_too(api: BotApi) -> None:
    api.deliver_twice()

    async def run() -> None:
        async with hooked(api, lambda _: web.Response()) as arrived:
            api.person(101).says("一")
            await taken(api)
            assert arrived[0] == arrived[1]

    asyncio.run(run())
    assert api.posted == 2
