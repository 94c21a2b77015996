"""Talking on the web page, with a phone without scripts."""

import re
from html import escape, unescape

from bot.channels.web.door import Gate
from bot.heard import Address
from bot.runner import Runner
from dialogs.talk import Shown
from tests.channels.devices.talking import VOICE, Talking
from tests.channels.web.handset import Handset


class OnWeb(Talking):
    """A person on the web page, with a phone without scripts."""

    def __init__(self, runner: Runner, handset: Handset) -> None:
        super().__init__(runner)
        self.handset = handset
        self._see(handset.open())

    @property
    def address(self) -> Address:
        return Address("web", self.handset.cookie)

    @property
    def shown(self) -> str:
        return unescape(re.sub(r"<[^>]*>", "", self.handset.page.html))

    def offers(self, option: Shown) -> bool:
        page = self.handset.page
        buttons = [each.get("value") for each in page.all("button") if each.get("name") == "tap"]
        boxes = [each.get("value") for each in page.all("input") if each.get("name") == "tick"]
        return option.value in (*buttons, *boxes) and escape(option.label) in page.html

    def say(self, words: str) -> None:
        self._see(self.handset.say(words))

    def tap(self, value: str) -> None:
        self._see(self.handset.tap(value))

    def tick(self, *values: str) -> None:
        left = set(values)
        for _ in range(self.screen.pages):
            here = [option.value for option in self.screen.options if option.value in left]
            assert all(self.offers(self.option(value)) for value in here)
            left -= set(here)
            self._see(self.handset.press(tick=here, act="@next" if left else "@done"))
            if not left:
                return
        raise AssertionError(f"{left} stood on no page")

    def send_voice(self) -> None:
        assert any(each.get("type") == "file" for each in self.handset.page.all("input"))
        self._see(self.handset.send(VOICE, "话.ogg", act="send"))

    def back(self) -> None:
        self._see(self.handset.press(act="back"))

    def turn_page(self) -> None:
        self._see(self.handset.press(tap="@next"))

    def change(self, question: str) -> None:
        self._see(self.handset.press(change=question))

    def _see(self, handset: Handset) -> None:
        assert handset.status == 200, handset.said
        self.screen = self.look()


def patient() -> Gate:
    """A gate before which a minute passes at every look: the tests' people are quicker than people."""
    seconds = iter(range(0, 10**9, 60))
    return Gate(lambda: next(seconds))
