"""Talking in a Telegram chat."""

from collections.abc import Callable

from sqlmodel import Session, col, select

from bot.channels.messenger.fetching import FETCH
from bot.heard import Address
from dialogs.talk import Shown
from storage.tables import Outbox
from tests.channels.botapi import Message
from tests.channels.botapi.manners import LAST_ROW, NUMBERED
from tests.channels.chatting import until
from tests.channels.devices.talking import VOICE, Talking
from tests.channels.on_air import OnAir


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
        return questions(self.person.chat)[-1]

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
        before = len(questions(self.person.chat))

        def settled(messages: list[Message]) -> bool:
            asked = questions(messages)
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
        before, chosen, at = self.screen, self.option(value), len(self.person.chat)
        flow = self.runner.book.find(before.flow)
        self.press(f"{chosen.number} ")
        # Lists do not say it again when one comes back to them, and who erases everything erases this, too.
        echoes = flow is not None and before.question not in flow.stays and flow.record != "erase"
        if before.form == "choice" and echoes:
            said = self.word("您选了：{{ it }}", it=chosen.label)  # not the button alone (access.md T3)
            assert any(said in message.text for message in self.person.chat[at:]), f"{said} is not to be read"

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

    def waits_for_files(self) -> None:
        """Wait until every file that was sent is kept."""
        until(lambda: not self.runner.desk.read(_files_to_come))


def _files_to_come(session: Session) -> bool:
    waiting = select(Outbox).where(Outbox.kind == FETCH, col(Outbox.sent_at).is_(None))
    return session.exec(waiting).first() is not None


def questions(messages: list[Message]) -> list[Message]:
    """Messages that were sent with a question's buttons."""
    return [message for message in messages if message.mine and _asks(message)]


def _asks(message: Message) -> bool:
    labels = [button.text for row in message.keyboards[0] for button in row]
    return bool(LAST_ROW & set(labels)) or any(map(NUMBERED.match, labels))
