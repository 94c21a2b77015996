"""What watchers and restarters are told."""

import asyncio

import httpx

from bot.channels.web.app import create_app
from bot.channels.web.health import Health
from tests.channels.web.conftest import Service
from tests.channels.web.serving import serving


async def fine() -> str:
    return "off"


async def broken() -> str:
    return "unreachable"


async def raising() -> str:
    raise ConnectionError("a secret address")


def ask(service: Service, **checks: object) -> httpx.Response:
    with serving(lambda stopping: create_app(service.runner, stopping=stopping, checks=checks)) as url:  # type: ignore[arg-type]  # checks by name
        return httpx.get(f"{url}/healthz")


def test_all_is_well(service: Service) -> None:
    response = ask(service, telegram=fine)
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "telegram": "off"}


def test_what_fails_is_named_and_nothing_else_is_told(service: Service) -> None:
    response = ask(service, telegram=broken, post=raising)
    assert response.status_code == 503
    assert response.json() == {
        "status": "failing",
        "database": "ok",
        "telegram": "unreachable",
        "post": "ConnectionError",
    }


def test_a_database_that_cannot_be_read_is_named(service: Service) -> None:
    service.runner.desk.close()
    response = httpx.get(f"{service.url}/healthz")
    assert response.status_code == 503
    assert response.json()["database"] != "ok"
    assert httpx.get(f"{service.url}/livez").json() == {"status": "ok"}


def test_a_check_that_never_ends_is_not_waited_for(service: Service) -> None:
    async def never() -> str:
        await asyncio.Event().wait()
        return "ok"

    health = Health(service.runner.desk, {"telegram": never}, patience=0.05)
    response = asyncio.run(health.whole(None))  # type: ignore[arg-type]  # the request is not looked at
    assert response.status_code == 503
    assert b'"telegram":"no answer"' in response.body
