"""Talking in a Telegram chat, and about what is private on our own page."""

from collections.abc import Callable

from dialogs.talk import Screen, Shown
from tests.channels.devices.messenger import OnTelegram, questions
from tests.channels.devices.page import OnWeb
from tests.channels.on_air import OnAir
from tests.channels.web.handset import Handset


class OnTelegramAndPage(OnTelegram):
    """A person in a Telegram chat who answers what is private on our own page, and nothing else there.

    `started` is what the bot said in the chat by itself, while the person was on the page.
    """

    def __init__(self, on: OnAir, handset: Handset, number: int = 77) -> None:
        self._handset = handset
        self._page: OnWeb | None = None
        self._in_chat: Screen
        self._went_alone = False
        self.started: list[str] = []
        super().__init__(on, number)

    @property
    def page(self) -> OnWeb | None:
        """The page, while the open question is a private one."""
        return self._page if self._in_chat.form == "private" else None

    @property
    def shown(self) -> str:
        return self.page.shown if self.page else super().shown

    def offers(self, option: Shown) -> bool:
        return self.page.offers(option) if self.page else super().offers(option)

    def act(self, doing: Callable[[], object]) -> None:
        """Do something in the chat; where a private question follows, open the page."""
        super().act(doing)
        self._in_chat = self.screen
        if self.screen.form == "private":
            path = self.question.text.partition("/go/")[2].split()[0]
            assert self.person.link(self.word("去网页上答")).endswith(path), (
                "text and button lead to the same place"
            )
            self._open(f"/go/{path}")

    def _open(self, path: str) -> None:
        if self._page is None:
            self._handset.open(path)
            self._handset.press(to=path)
        self._page = OnWeb(self.runner, self._handset)
        self.screen = self._page.screen

    def _on_page(self, page: OnWeb, doing: Callable[[], object]) -> None:
        """Do something on the page; where no private question follows, the chat goes on by itself."""
        before = len(questions(self.person.chat))
        doing()
        if page.screen.private:
            self.screen = page.screen
            return
        self._in_chat = self.look()
        if self._went_alone:
            self._went_alone = False
            super().say(self.word("重说一遍"))  # the chat does not wait for who went by herself
            return
        self.person.waits_until(lambda messages: len(questions(messages)) > before)
        self.started += [message.text for message in questions(self.person.chat)[before:]]
        self.screen = self._in_chat
        if (on := f"1 {self.word('接着来')}") in self.person.keyboard:
            self.press(on)

    def say(self, words: str) -> None:
        if (page := self.page) is not None:
            self._on_page(page, lambda: page.say(words))
        else:
            super().say(words)

    def tap(self, value: str) -> None:
        if (page := self.page) is not None:
            self._on_page(page, lambda: page.tap(value))
        else:
            super().tap(value)

    def tick(self, *values: str) -> None:
        if (page := self.page) is not None:
            self._on_page(page, lambda: page.tick(*values))
        else:
            super().tick(*values)

    def send_voice(self) -> None:
        if (page := self.page) is not None:
            self._on_page(page, page.send_voice)
        else:
            super().send_voice()

    def back(self) -> None:
        if (page := self.page) is not None:
            self._on_page(page, page.back)
        else:
            super().back()

    def turn_page(self) -> None:
        if (page := self.page) is not None:
            self._on_page(page, page.turn_page)
        else:
            super().turn_page()

    def change(self, question: str) -> None:
        if (page := self.page) is not None:
            self._on_page(page, lambda: page.change(question))
        elif question not in {line.question for line in self.screen.lines}:
            # What is private stands on the page only, which is open still.
            self._page, self._went_alone = OnWeb(self.runner, self._handset), True
            self._page.change(question)
            self._in_chat, self.screen = self.look(), self._page.screen
        else:
            super().change(question)
