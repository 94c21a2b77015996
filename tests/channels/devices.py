"""Talking: one small way to hold a conversation, whatever channel the person is on."""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from html import escape, unescape
from pathlib import Path

from sqlmodel import Session, col, select

from bot.app import whole_book
from bot.channels.messenger.fetching import FETCH
from bot.channels.terminal import Terminal
from bot.channels.web.door import Gate
from bot.runner import Address, Heard, Runner
from bot.settings import Clock, Settings
from dialogs.talk import Reading, Screen, Shown
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from storage.tables import Outbox
from tests.channels.botapi import Message
from tests.channels.botapi.manners import LAST_ROW, NUMBERED
from tests.channels.on_air import OnAir
from tests.channels.web.handset import Handset

VOICE = b"OggS" + bytes(2000)
"""What a voice message holds."""


class Talking(ABC):
    """A person on one channel: what they do, what they are asked, and what of it they can see."""

    screen: Screen
    """The question that is open, as the service knows it."""
    reading: Reading = "plain"
    """In which words they are asked."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner

    @property
    @abstractmethod
    def address(self) -> Address:
        """Who they are on this channel."""

    @property
    @abstractmethod
    def shown(self) -> str:
        """Everything there is to read now."""

    @abstractmethod
    def offers(self, option: Shown) -> bool:
        """Whether an answer can be read and chosen now."""

    @abstractmethod
    def say(self, words: str) -> None: ...

    @abstractmethod
    def tap(self, value: str) -> None: ...

    @abstractmethod
    def tick(self, *values: str) -> None:
        """Choose these of a list of several, and nothing else."""

    @abstractmethod
    def send_voice(self) -> None: ...

    @abstractmethod
    def back(self) -> None: ...

    @abstractmethod
    def turn_page(self) -> None:
        """Look at the next page of a list."""

    def change(self, question: str) -> None:
        """Ask one line of a list of answers again."""
        lines = [line.question for line in self.screen.lines]
        self.say(self.word("改 {{ n }}", n=lines.index(question) + 1))

    def look(self) -> Screen:
        """See which question is open."""
        heard = self.runner.desk.read(lambda session: self.runner.look_in(session, self.address))
        self.reading = heard.reading
        return heard.screen

    def word(self, words: str, **values: object) -> str:
        """One of our own sentences, as it is said to this person."""
        return self.runner.book.voice(self.reading).say(words, values)

    def option(self, value: str) -> Shown:
        """An answer that is on the screen."""
        screen = self.screen
        found = next((option for option in screen.options if option.value == value), None)
        offered = [option.value for option in screen.options]
        assert found is not None, f"{screen.flow}.{screen.question} offers {offered}, not {value!r}"
        return found


class AtTerminal(Talking):
    """A person at a terminal, who types the numbers of the answers.

    Args:
        folder: where a voice message lies as a file.
        name: which conversation it is.

    """

    def __init__(self, runner: Runner, folder: Path, name: str = "小梅") -> None:
        super().__init__(runner)
        self._name = name
        self._voice = folder / "话.ogg"
        self._voice.write_bytes(VOICE)
        self._terminal = Terminal(runner, name)
        self._see(self._terminal.open())

    @property
    def address(self) -> Address:
        return Address("terminal", self._name)

    @property
    def shown(self) -> str:
        return "\n".join(self._lines)

    def offers(self, option: Shown) -> bool:
        return any(line[3:].startswith(f"{option.number}  {option.label}") for line in self._lines)

    def say(self, words: str) -> None:
        self._see(self._terminal.hear(words))

    def _see(self, heard: Heard) -> None:
        self._lines = [*self._terminal.show(heard)]
        self.screen = heard.screen

    def tap(self, value: str) -> None:
        self.say(str(self.option(value).number))

    def tick(self, *values: str) -> None:
        numbers: dict[str, int] = {}
        for _ in range(self.screen.pages):
            numbers |= {option.value: option.number for option in self.screen.options}
            if set(values) <= set(numbers):
                break
            self.turn_page()
        self.say(" ".join(str(numbers[value]) for value in values))

    def send_voice(self) -> None:
        self.say(f"文件 {self._voice}")

    def back(self) -> None:
        self.say("返回")

    def turn_page(self) -> None:
        self.say("下一页")


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


class OnTelegram(Talking):
    """A person in a Telegram chat, who says yes when asked whether private answers may go that way."""

    def __init__(self, on: OnAir, number: int = 77) -> None:
        super().__init__(on.service.runner)
        self.on = on
        self.person = on.api.person(number)
        self.asked_abroad = 0
        self.act(lambda: self.person.says("/start"))

    @property
    def address(self) -> Address:
        return Address("telegram", str(self.person.place.id))

    @property
    def question(self) -> Message:
        """The newest question in the chat."""
        return _questions(self.person.chat)[-1]

    @property
    def shown(self) -> str:
        chat = self.person.chat
        return "\n".join(message.text for message in chat[self.person.place.acted :] if message.mine)

    def offers(self, option: Shown) -> bool:
        in_text = f"{option.number} {option.label}" in self.question.text.splitlines()
        on_button = any(label.startswith(f"{option.number} ") for label in self.question.labels)
        picked = f"{option.number} {option.label} · {self.word('选了')}" in self.question.text
        return picked or (in_text and on_button)

    def act(self, doing: Callable[[], object]) -> None:
        """Do something, and wait until the next question is there and the old one has no buttons any more."""
        before = len(_questions(self.person.chat))

        def settled(messages: list[Message]) -> bool:
            asked = _questions(messages)
            return len(asked) > before and not any(each.keyboard for each in asked[:-1])

        doing()
        self.person.waits_until(settled)
        self.screen = self.look()
        if self.screen.flow == "abroad":
            self.asked_abroad += 1
            self.tap("yes")

    def press(self, label: str) -> None:
        """Press a button that is no answer."""
        self.act(lambda: self.person.taps(label))

    def say(self, words: str) -> None:
        self.act(lambda: self.person.says(words))

    def tap(self, value: str) -> None:
        number = self.option(value).number
        self.press(f"{number} ")

    def tick(self, *values: str) -> None:
        wrong = [option for option in self.screen.options if option.picked and option.value not in values]
        for option in wrong:
            self.press(self.word("去掉"))
            self.tap(option.value)
            assert self.word("去掉了：{{ it }}", it=option.label) in self.shown
        left = [value for value in values if not self._is_picked(value)]
        for _ in range(self.screen.pages):
            for option in self.screen.options:
                if option.value in left:
                    left.remove(option.value)
                    self.tap(option.value)
                    assert self.word("加上了：{{ it }}", it=option.label) in self.shown
            if not left:
                break
            self.turn_page()
        assert not left, f"{left} stood on no page"
        self.press(self.word("选好了"))

    def _is_picked(self, value: str) -> bool:
        return any(option.picked and option.value == value for option in self.screen.options)

    def send_voice(self) -> None:
        self.act(lambda: self.person.sends_voice(VOICE))

    def back(self) -> None:
        self.press(self.word("返回"))

    def turn_page(self) -> None:
        self.press(self.word("下一页"))

    def waits_for_files(self, seconds: float = 10) -> None:
        """Wait until every file that was sent is kept."""
        until = time.monotonic() + seconds
        while self.runner.desk.read(_files_to_come):
            assert time.monotonic() < until, "a file was not fetched"
            time.sleep(0.02)


class OnTelegramAndPage(OnTelegram):
    """A person in a Telegram chat who answers what is private on our own page, and nothing else there.

    `started` is what the bot said in the chat by itself, while the person was on the page.
    """

    def __init__(self, on: OnAir, handset: Handset, number: int = 77) -> None:
        self._handset = handset
        self._page: OnWeb | None = None
        self._in_chat: Screen
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
        before = len(_questions(self.person.chat))
        doing()
        self._in_chat = self.look()
        if self._in_chat.form == "private":
            self.screen = page.screen
            return
        self.person.waits_until(lambda messages: len(_questions(messages)) > before)
        self.started += [message.text for message in _questions(self.person.chat)[before:]]
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
        else:
            super().change(question)


def _files_to_come(session: Session) -> bool:
    waiting = select(Outbox).where(Outbox.kind == FETCH, col(Outbox.sent_at).is_(None))
    return session.exec(waiting).first() is not None


def _questions(messages: list[Message]) -> list[Message]:
    """Messages that were sent with a question's buttons."""
    return [message for message in messages if message.mine and _asks(message)]


def _asks(message: Message) -> bool:
    labels = [button.text for row in message.keyboards[0] for button in row]
    return bool(LAST_ROW & set(labels)) or any(map(NUMBERED.match, labels))


def without_spaces(text: str) -> str:
    """A text to be compared with one that was broken into lines elsewhere."""
    return re.sub(r"\s", "", text)


def patient() -> Gate:
    """A gate before which a minute passes at every look: the tests' people are quicker than people."""
    seconds = iter(range(0, 10**9, 60))
    return Gate(lambda: next(seconds))


@contextmanager
def a_runner(store: Store) -> Iterator[Runner]:
    """The service without Telegram, on a store that holds a catalogue."""
    settings = Settings(clock="2026-11-21T10:00", help_phone="0371-00001100", help_sms="15400009000")
    clock, shelf = Clock(settings), Shelf()
    with closing(Desk(store)) as desk:
        desk.read(lambda session: shelf.rebuild(session, clock.now().date()))
        yield Runner(desk, whole_book(), shelf, settings, clock)
