"""Visitor: a person at the service's door in a test: the real runner, storage and catalogue, no page around it."""

from collections.abc import Mapping
from typing import Self

from bot.heard import Address, Heard, Upload
from bot.runner import Runner
from dialogs.talk import About, Back, Begin, Change, Event, FileRef, Line, Said, Screen, Sent, Stop, Tapped


class Visitor:
    """Somebody who talks to us; every tap is made twice.

    Args:
        runner: the service.
        key: who it is: another key is another device or another person.
    """

    def __init__(self, runner: Runner, key: str = "a-visitor", channel: str = "web") -> None:
        self.runner = runner
        self.address = Address(channel, key)
        self.heard: Heard = self.look()

    def look(self) -> Heard:
        self.heard = self.runner.desk.read(lambda session: self.runner.look_in(session, self.address))
        return self.heard

    def do(self, event: Event, upload: Upload | None = None) -> Self:
        self.heard = self.runner.desk.do_now(
            lambda session: self.runner.hear_in(session, self.address, event, upload=upload)
        )
        if self.heard.promised:
            self.runner.nudge()
        return self

    def begin(self, flow: str, about: About = (), given: Mapping[str, object] | None = None) -> Self:
        return self.do(Begin(flow, about, given or {}))

    def tap(self, *values: str) -> Self:
        for value in values:
            screen = self.screen
            offered = {option.value for option in screen.options}
            assert value in offered, f"{screen.flow}.{screen.question} offers {offered}, not {value!r}"
            self.do(Tapped(screen.prompt, value))
            if screen.form == "many" and self._is_box(screen, value):
                self.do(Tapped(self.screen.prompt, "@done"))
            after = self.screen
            self.do(Tapped(screen.prompt, value))
            assert self.screen.question == after.question, "the second tap of a double tap changed something"
        return self

    @staticmethod
    def _is_box(screen: Screen, value: str) -> bool:
        """Whether it is one of the boxes to tick, and no way below them."""
        return any(each.value == value and 0 < each.number <= screen.total_options for each in screen.options)

    def tick(self, *values: str) -> Self:
        return self.do(Tapped(self.screen.prompt, (*values, "@done")))

    def say(self, *words: str) -> Self:
        for each in words:
            self.do(Said(each, self.screen.prompt))
        return self

    def send(self, kind: str, body: bytes) -> Self:
        ref = FileRef("key-of-file", kind, len(body), "audio/ogg", "声音")  # type: ignore[arg-type]  # a test's own
        return self.do(Sent(ref, self.screen.prompt), Upload(ref, body))

    def back(self) -> Self:
        return self.do(Back(self.screen.prompt))

    def stop(self) -> Self:
        return self.do(Stop())

    def change(self, question: str) -> Self:
        return self.do(Change(self.screen.prompt, question))

    def answer(self, **answers: str | tuple[str, ...]) -> Self:
        """Answer what is asked, in whatever order it comes, until none of these is asked; the rest is skipped."""
        for _ in range(80):
            question = self.screen.question
            if question not in answers:
                return self
            value = answers[question]
            offered = {option.value for option in self.screen.options}
            if isinstance(value, tuple):
                self.tick(*value)
            elif value in offered:
                self.tap(value)
            else:
                self.say(value)
            assert self.screen.question != question or self.screen.error == "", self.screen.error
        raise AssertionError(f"it goes round in a circle at {self.screen.question}")

    @property
    def screen(self) -> Screen:
        return self.heard.screen

    @property
    def asking(self) -> str:
        return f"{self.screen.flow}.{self.screen.question}"

    @property
    def error(self) -> str:
        return self.screen.error

    @property
    def lines(self) -> dict[str, str]:
        """What is to be read with the question, by label."""
        return {line.label: line.value for line in self.screen.lines}

    def line(self, question: str) -> Line:
        return next(line for line in self.screen.lines if line.question == question)


APPLICATION: dict[str, str | tuple[str, ...]] = {
    "start": "read", "consent_sensitive": "yes", "consent_school": "yes", "consent_subsidy": "yes",
    "applicant_role": "self", "self_agreed": "untold", "clash_note": "read", "needs_area": ("see", "hear"),
    "need_see": ("large_print",),
    "need_hear": ("sign_interp", "text_contact"), "need_exam": "none", "access_other": "none", "companion": "no",
    "lodging": "no", "name": "李小梅", "cert_have": "yes", "cert_no": "99000119850612002912", "age": "30",
    "helper_name": "李大梅", "helper_relation": "parent", "phone": "15400000001", "contact_pref": "chat",
    "hukou": "管城回族区城西街道", "live_addr": "same", "education": "junior", "employment_status": "unemployed",
    "priority_claim": ("dibao",), "emergency_name": "李大山", "emergency_phone": "15400010001", "words": "none",
}  # fmt: skip
"""An application's answers; questions that are not asked are passed over."""
