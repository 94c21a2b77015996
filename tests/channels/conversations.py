"""The same conversations for every channel, what was asked in them, and what is kept of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlmodel import Session, SQLModel, select

from dialogs.talk import Reading
from storage.tables import (
    Application,
    Assent,
    Consent,
    Contact,
    Need,
    Person,
    Purpose,
    Relation,
    StoredFile,
    Wish,
)
from storage.tickets.tables import Ticket
from tests.channels.devices import Talking, without_spaces
from tests.fair_side import hold_fairs
from tests.staff_side import StaffSide
from tests.ticket_side import TicketSide
from tests.visiting import APPLICATION


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was put: which it is, what could be chosen, and whether it is private."""

    question: str
    offered: tuple[str, ...]
    private: bool


class Conversation:
    """Holds a conversation on a channel and writes down what was asked; each question has to be seen there."""

    def __init__(self, talking: Talking, reading: Reading = "plain") -> None:
        self.talking = talking
        self.reading = reading
        self.asked: list[Asked] = []
        self._look()

    @property
    def asking(self) -> str:
        return self.asked[-1].question

    def tap(self, *values: str) -> Self:
        for value in values:
            while self.talking.screen.page < self.talking.screen.pages and not self._is_here(value):
                self.talking.turn_page()
            self.talking.tap(value)
            self._look()
        return self

    def _is_here(self, value: str) -> bool:
        return any(option.value == value for option in self.talking.screen.options)

    def choose(self, label: str) -> Self:
        """Choose an answer by its words, where its value is a number of ours."""
        found = [option.value for option in self.talking.screen.options if option.label == label]
        assert found, f"{self.asking} does not offer {label}"
        return self.tap(found[0])

    def first(self) -> Self:
        """Choose the first answer, whatever its value."""
        return self.tap(self.talking.screen.options[0].value)

    def tick(self, *values: str) -> Self:
        self.talking.tick(*values)
        return self._look()

    def say(self, words: str) -> Self:
        self.talking.say(words)
        return self._look()

    def send_voice(self) -> Self:
        self.talking.send_voice()
        return self._look()

    def back(self) -> Self:
        self.talking.back()
        return self._look()

    def change(self, question: str) -> Self:
        self.talking.change(question)
        return self._look()

    def answer(self, **answers: str | tuple[str, ...]) -> Self:
        """Answer what is asked, in whatever order it comes, until none of these is asked."""
        for _ in range(80):
            screen = self.talking.screen
            if screen.question not in answers:
                return self
            value = answers[screen.question]
            if isinstance(value, tuple):
                self.tick(*value)
            elif value in {option.value for option in screen.options}:
                self.tap(value)
            else:
                self.say(value)
        raise AssertionError(f"it goes round in a circle at {self.asking}")

    def _look(self) -> Self:
        screen, shown = self.talking.screen, without_spaces(self.talking.shown)
        assert not screen.error, screen.error
        assert without_spaces(screen.text) in shown, f"{screen.text!r} is not to be read in {shown}"
        for line in screen.lines:
            assert without_spaces(line.value) in shown, f"{line} is not to be read in {shown}"
        unseen = [option for option in screen.options if not self.talking.offers(option)]
        assert not unseen, f"{unseen} cannot be chosen in {shown}"
        # Only on Telegram there is a consent to Telegram, to be taken back.
        offered = tuple(option.value for option in screen.options if option.value != Purpose.ABROAD)
        self.asked.append(Asked(f"{screen.flow}.{screen.question}", offered, screen.private))
        return self


def finds_a_course(me: Conversation) -> None:
    """From the menu to the application for a course."""
    me.tap("browse", "unemployed", "all", "P003")
    me.first()


def applies_and_changes_her_mind(me: Conversation) -> None:
    """A newcomer applies, changes a need, corrects her name, takes a consent back, and does not go in the end."""
    me.tap(me.reading, "self")
    finds_a_course(me)
    me.tap("read", "yes").back().tap("yes")
    me.answer(**APPLICATION)
    assert me.asking == "apply.check"
    me.change("phone").say("154 0000 0009").tap("send")
    assert me.asking == "receipt.told"
    me.tap("read", "mine").first().tap("change").change("need_see").tick("braille").tap("send", "read")
    me.say("我的信息").tap("correct", "name").say("李晓梅").tap("read", "consents", "school", "no", "read")
    me.say("我的报名").first().tap("withdraw", "yes", "read")


def applies_for_her_son(me: Conversation) -> None:
    """A mother applies for her son, who is asked himself beside her and says yes."""
    me.tap(me.reading, "family").say("小明")
    finds_a_course(me)
    assert me.asking == "whose.person"
    me.choose("小明").answer(**APPLICATION).tap("send")
    assert me.asking == "receipt.told"
    me.tap("read", "now", "beside", "yes", "read")


def wishes_asks_and_complains(me: Conversation) -> None:
    """Nothing fits, so a wish is kept; a person is asked for; a complaint is spoken, without a name."""
    me.tap(me.reading).say("二").say("小明").tap("browse", "unsaid").tick("words").say("修手表")
    me.tap("@wish").answer(wish="修手表").tap("city").tick("evening", "slack").tap("read")
    me.say("找人帮忙").tap("call_me").say("我不会写字").tap("chat", "read")
    me.say("投诉").send_voice().tap("no", "read")


def begins_and_erases_it_all(me: Conversation) -> None:
    """Somebody begins an application, stops, comes back to it, and has everything deleted."""
    me.tap(me.reading, "self")
    finds_a_course(me)
    me.tap("read", "yes").say("停下来").tap("drafts").first().tap("go_on", "yes", "yes")
    me.tick("see", "life").tick("large_print", "e_text")
    me.say("停下来").say("删除我的信息")
    if me.asking == "mydata.do":
        me.tap("erase")
    me.tap("yes", "read")


def says_how_old_she_is(me: Conversation) -> None:
    """A girl of 16 applies, her parent is to be asked on a phone of their own, and here when she is asked again."""
    me.tap(me.reading, "self")
    finds_a_course(me)
    young = {**APPLICATION, "cert_no": "99000120100612001943", "parent_how": "later"}
    me.answer(**young).tap("send", "read", "parent_link", "read")
    me.say("我的报名").first().tap("assent", "parent_now", "parent", "yes", "read")


def hears_from_staff(me: Conversation) -> None:
    """Staff ask, decline and are disagreed with; then she waits, lets a seat go, takes the next one, and the class moves."""
    me.tap(me.reading, "self")
    finds_a_course(me)
    me.answer(**APPLICATION).tap("send", "read")
    staff = StaffSide(me.talking.runner, rings=False)
    staff.ask("您能自己坐车来吗？")
    me.say("我的报名").first().tap("answer").say("能，儿子送我").tap("read")
    staff.decline("名额满了")
    me.say("我的报名").first().tap("appeal").say("我等了两年").tap("read")
    me.say("不排了").tap("read")
    for answer in ("later", "yes"):
        staff.put_on_list()
        staff.offer()
        me.say("我的报名").first().tap("offer", answer, "read")
    staff.move("示例路 8 号")
    me.say("我的报名").first().tap("moved", "yes", "read")


def reads_what_staff_answer(me: Conversation) -> None:
    """Staff answer what she asked and close it; what she complains of without a name she reads with digits."""
    me.tap(me.reading, "self").say("找人帮忙").tap("call_me").say("钱没到").tap("chat", "read")
    staff = TicketSide(me.talking.runner, rings=False)
    staff.answer("后天到")
    me.say("找人帮忙").tap("told").first().tap("more").say("还是没到").tap("read")
    staff.close("solved", "到了")
    me.say("停下来").say("找人帮忙").tap("told").first().tap("good", "read")
    me.say("停下来").say("投诉").say("老师没来").tap("no")
    number, digits = (line.value for line in me.talking.screen.lines[:2])
    me.tap("read").say("找人帮忙").tap("told", "digits").say(number).say(digits).tap("none")
    me.say("停下来").say("找人帮忙").tap("told", "digits")
    for _ in range(5):
        me.say(number).say("1")
    me.tap("read")


def uses_everything_else(me: Conversation) -> None:
    """What stands beside applying: another device, a copy, another phone number, the helpers, drafts kept."""
    me.tap(me.reading, "family").say("小明")
    finds_a_course(me)
    me.choose("小明").tap("read", "yes").say("停下来").tap("drafts").first().tap("keep", "read")
    me.tap("drafts").first().tap("quiet", "read")
    me.tap("drafts").first().tap("go_on").answer(**APPLICATION).tap("send", "read", "link", "read")
    me.say("我的报名").first().tap("phone").say("154 0000 0009").tap("read")
    me.say("我的信息").tap("copy", "read").say("谁在帮我").first()
    me.say("停下来").tap("settings", "continue", "read", "reading", me.reading)
    me.say("停下来").tap("settings", "whose", "new").say("小红").tap("helper")
    me.say("找人帮忙").tap("self", "read")
    me.say("退订").tick("jobs").tap("read").say("订阅").tick("jobs").tap("read").say("我到了").tap("read")
    me.say("停下来").say("不要再提醒").tap("reminding").tick("3", "1").tap("8").tap("read")


def goes_to_a_job_fair(me: Conversation) -> None:
    """She looks at a fair, signs up with what she needs, leaves it again; wants a position, and then not."""
    hold_fairs(me.talking.runner)
    me.tap(me.reading, "self").say("招聘会").tap("F01", "supports", "read", "go", "yes")
    me.tick("F01-02").tap("yes", "yes").tick("sign_interp", "companion").say("早一点进去").tap("send", "read")
    me.say("招聘会").tap("F01", "leave", "read")
    me.say("岗位").tap("F01-04", "want", "no", "read", "leave", "yes", "read")


CONVERSATIONS: Mapping[str, Callable[[Conversation], None]] = {
    each.__name__: each
    for each in (
        applies_and_changes_her_mind,
        applies_for_her_son,
        wishes_asks_and_complains,
        begins_and_erases_it_all,
    )
}

WALKS: Mapping[str, Callable[[Conversation], None]] = {
    **CONVERSATIONS,
    **{
        each.__name__: each
        for each in (
            says_how_old_she_is,
            hears_from_staff,
            reads_what_staff_answer,
            uses_everything_else,
            goes_to_a_job_fair,
        )
    },
}
"""The conversations that are compared, and those that go wherever these do not."""

KEPT: tuple[type[SQLModel], ...] = (
    Application, Need, Consent, Assent, Wish, Ticket, Person, Relation, Contact, StoredFile,
)  # fmt: skip

OWN = frozenset({"id", "channel", "key"})
"""Columns in which the same conversation may differ."""


def kept(session: Session) -> dict[str, list[dict[str, Any]]]:
    """What is stored, without numbers and times; the consent to Telegram is left out, for only Telegram asks."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in KEPT:
        rows = session.exec(select(table).order_by("id")).all()
        found[table.__name__] = [
            _facts(row) for row in rows if not (isinstance(row, Consent) and row.purpose is Purpose.ABROAD)
        ]
    return found


def _facts(row: SQLModel) -> dict[str, Any]:
    left_out = {*OWN, *(("name", "mime") if isinstance(row, StoredFile) else ())}
    return {
        name: _fact(value)
        for name, value in row.model_dump().items()
        if name not in left_out and not name.endswith(("_id", "_hash"))
    }


def _fact(value: object) -> object:
    """Of a time that there is one, of a file that it is one."""
    if isinstance(value, datetime):
        return True
    return "a file" if isinstance(value, str) and value.startswith("file:") else value
