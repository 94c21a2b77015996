"""Draws the staff's pages: their own templates and words, on the style of all pages."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.web.precompiled import Precompiled
from bot.channels.web.static import static_url
from bot.console.callback_words import TOLD as CALLED_BACK
from bot.console.words import ROLES, STATES, TOLD, called, claim_words, event_words, written
from storage.catalogue import codes

WEEK = "一二三四五六日"


class ConsolePages:
    """All templates of the console.

    Args:
        name: the organisation, as the head of every page says it.
        zone: in which moments are told.

    """

    def __init__(self, name: str, zone: tzinfo) -> None:
        self._zone = zone
        folder = Path(__file__).parent / "templates"
        self._jinja = Environment(
            loader=FileSystemLoader(folder),
            bytecode_cache=Precompiled(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._jinja.globals.update(
            static=static_url,
            office=name,
            label=codes.label,
            states=STATES,
            roles=ROLES,
            happened=event_words,
            claimed=claim_words,
            called=called,
        )
        self._jinja.filters.update(moment=self._moment, day=day, written=written)

    def render(self, template: str, values: Mapping[str, object], told: str = "") -> str:
        """Draw a page; `told` is the name of what was just done."""
        return self._jinja.get_template(template).render(
            {"told": TOLD.get(told) or CALLED_BACK.get(told, ""), "inside": None, **values}
        )

    def _moment(self, at: datetime | None) -> str:
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        return f"{local:%Y-%m-%d %H:%M}"


def day(at: date | None) -> str:
    """Say a day with its weekday: 2026-12-07 周一."""
    return "" if at is None else f"{at.isoformat()} 周{WEEK[at.weekday()]}"
