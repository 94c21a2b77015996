"""The environment, read once into one object. Names and meanings stand in README's table."""

import os
import re
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from dialogs.facts.people import Office

TOKEN = re.compile(r"^\d{1,20}:[A-Za-z0-9_-]{30,100}$")
"""What @BotFather gives: the bot's number, a colon, 35 signs."""

PREFIX = "XUNQIAO_"
"""How the name of every setting begins in the environment."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that only this machine itself can open."""

AHEAD = re.compile(r"^([+-]\d+)([dhm])$")


class Settings(BaseModel):
    """Every setting there is, each from `XUNQIAO_…` in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Path("data")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    secret_key: SecretStr | None = None
    org_name: str = "训桥示例服务台"
    help_phone: str = ""
    help_sms: str = ""
    supervision_phone: str = "12385"
    telegram_token: SecretStr | None = None
    telegram_api: str = ""
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_secret: SecretStr | None = None
    telegram_rate: int = Field(default=30, ge=1, le=1000)
    private_answers: Literal["", "web", "chat"] = ""
    timezone: str = "Asia/Shanghai"
    clock: str = ""

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"没有 {value} 这个时区，写成 Asia/Shanghai 这样") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _url_is_whole(cls, value: str) -> str:
        if value and not re.match(r"^https?://[^/]+", value):
            raise ValueError("写完整的网址，如 https://xunqiao.example.org")
        return value.rstrip("/")

    @field_validator("telegram_token")
    @classmethod
    def _token_is_whole(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not TOKEN.match(value.get_secret_value()):
            raise ValueError("从 @BotFather 那里抄完整：一个数、一个冒号、35 个字母和数字")
        return value

    @field_validator("telegram_api")
    @classmethod
    def _api_is_whole(cls, value: str) -> str:
        if value and not re.match(r"^https?://[^/]+", value):
            raise ValueError("写完整的网址，如 http://127.0.0.1:8081，或者不写")
        return value.rstrip("/")

    @field_validator("telegram_secret")
    @classmethod
    def _secret_can_be_sent(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("只用字母、数字、_ 和 -，最多 256 个，或者不写")
        return value

    @field_validator("clock")
    @classmethod
    def _clock_is_readable(cls, value: str) -> str:
        if value and not AHEAD.match(value):
            try:
                datetime.fromisoformat(value)
            except ValueError:
                raise ValueError("写成 +8d、-3h，或者 2027-01-05T09:00 这样的时间") from None
        return value

    @model_validator(mode="after")
    def _no_trial_clock_in_public(self) -> "Settings":
        if self.clock and self.public_url:
            raise ValueError("XUNQIAO_CLOCK 只给试用，不能和 XUNQIAO_PUBLIC_URL 一起写，去掉一个")
        return self

    @model_validator(mode="after")
    def _telegram_can_find_us(self) -> "Settings":
        """Telegram posts to https only; a Bot API server of one's own also posts to http, such as 127.0.0.1."""
        by_webhook = self.telegram_token is not None and self.telegram_mode == "webhook"
        if by_webhook and not self.telegram_api and not self.address.startswith("https://"):
            raise ValueError(
                "XUNQIAO_TELEGRAM_MODE=webhook 要有 XUNQIAO_PUBLIC_URL，https 的，Telegram 打得开；"
                "没有，就不写 XUNQIAO_TELEGRAM_MODE"
            )
        return self

    @model_validator(mode="after")
    def _private_page_can_be_opened(self) -> "Settings":
        """Whoever talks on Telegram's own servers does so on another device: there 127.0.0.1 is that device."""
        own_servers = self.telegram_token is not None and not self.telegram_api
        if own_servers and self.private_answers == "web" and not self.public_url and self.host in LOOPBACK:
            raise ValueError(
                "XUNQIAO_PRIVATE_ANSWERS=web 要有 XUNQIAO_PUBLIC_URL，大家的手机打得开；"
                "没有，就不写 XUNQIAO_PRIVATE_ANSWERS"
            )
        return self

    @cached_property
    def url(self) -> str:
        """The database's URL: PostgreSQL where given, else a SQLite file in the home folder."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'xunqiao.db'}"

    @cached_property
    def address(self) -> str:
        """Where people find us."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @cached_property
    def office(self) -> Office:
        return Office(self.org_name, self.help_phone, self.help_sms, self.supervision_phone)

    @cached_property
    def private_where(self) -> Literal["web", "chat"]:
        """Where private questions are answered: on our own page, or in the chat after a consent of its own."""
        return self.private_answers or ("web" if self.public_url else "chat")

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def key_text(self) -> str | None:
        return self.secret_key.get_secret_value() if self.secret_key else None


class Clock:
    """The one clock of a process: the real time, or a trial's time that runs on from where it was set."""

    def __init__(self, settings: Settings) -> None:
        self._zone = settings.zone
        self._ahead = timedelta()
        if match := AHEAD.match(settings.clock):
            unit = {"d": "days", "h": "hours", "m": "minutes"}[match[2]]
            self._ahead = timedelta(**{unit: int(match[1])})
        elif settings.clock:
            wanted = datetime.fromisoformat(settings.clock)
            wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=self._zone)
            self._ahead = wanted - datetime.now(UTC)  # noqa: TID251 - this is the clock

    def now(self) -> datetime:
        """The moment it is now, in the zone of the service."""
        return (datetime.now(UTC) + self._ahead).astimezone(self._zone)  # noqa: TID251 - this is the clock

    def moment(self, seconds: int) -> datetime:
        """A moment others tell in seconds since 1970, as this clock has it."""
        return (datetime.fromtimestamp(seconds, UTC) + self._ahead).astimezone(self._zone)


def load_settings() -> Settings:
    """The settings as the environment gives them. Raises pydantic's ValidationError for what cannot be used.

    An empty variable is one that is not set: compose.yaml passes on what nobody filled in.
    """
    given = {name: os.environ.get(f"{PREFIX}{name.upper()}", "") for name in Settings.model_fields}
    return Settings.model_validate({name: value for name, value in given.items() if value})
