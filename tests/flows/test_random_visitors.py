"""Random people at the real service: every flow, restarts, other devices, and deploys under them."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.runner import Runner
from dialogs.book import Book
from dialogs.kinds import Choice
from dialogs.model import Flow, Option
from dialogs.state import State
from dialogs.talk import Again, Back, Begin, Change, Event, Said, Stop, Tapped
from storage import conversations
from tests.more import MORE
from tests.visiting import Visitor

OPENERS = ("home", "browse", "mine", "help", "complain", "mydata", "consents", "settings", "wish", "whose", "reading",
           "continue", "drafts", "phone", "correct")  # fmt: skip
WORDS = (
    "1", "2", "三", "返回", "停下来", "找人帮忙", "什么意思", "按摩", "15400000001", "99000119850612002912", "李小梅", "没有",
    "不想说", "1 2", "全部", "1990年3月7日", "<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE person; --", "字" * 10_000,
    "", "😀", "מילה", "下一页", "就用这个", "投诉", "他打我",
)  # fmt: skip
STEPS = 60


def deployed(book: Book, chance: random.Random) -> Book:
    """The book after a deploy: in one flow a question came, went, or got another name."""
    changed: list[Flow] = []
    for flow in book.flows:
        literal = list(flow.literal or ())
        if flow.name == "apply":
            at = chance.randrange(1, len(literal) - 1)
            if chance.random() < 0.5:
                literal.insert(
                    at,
                    Choice(
                        "fresh",
                        "新的问题？",
                        (Option("a", "甲"), Option("b", "乙")),
                        private=literal[at].private,
                    ),
                )
            else:
                renamed = next(i for i, each in enumerate(literal) if each.name == "emergency_name")
                literal[renamed] = replace(literal[renamed], name="urgent_name", was=("emergency_name",))
        changed.append(
            Flow(
                flow.name,
                *literal,
                record=flow.record,
                then=flow.then,
                facts=flow.facts,
                stays=tuple(flow.stays),
                fills=flow.fills,
                role=flow.role,
                title=flow.title,
                draft=flow.draft,
            )
        )
    return Book(changed, book.voices, glossary=book.glossary)


def something(me: Visitor, chance: random.Random) -> Event:
    screen = me.screen
    what = chance.random()
    if what < 0.5 and screen.options:
        if screen.form == "many":
            picked = chance.sample(screen.options, k=min(len(screen.options), chance.randint(0, 2)))
            return Tapped(
                screen.prompt, (*(option.value for option in picked), chance.choice(("@done", "@next")))
            )
        return Tapped(screen.prompt, chance.choice(screen.options).value)
    if what < 0.7:
        return Said(chance.choice(WORDS), screen.prompt)
    if what < 0.76:
        return Back(screen.prompt)
    if what < 0.8:
        return Tapped(max(0, screen.prompt - chance.randint(1, 9)), "yes")
    if what < 0.84 and screen.lines:
        return Change(screen.prompt, chance.choice(screen.lines).question)
    if what < 0.88:
        return Stop()
    if what < 0.9:
        return Again()
    if what < 0.93:
        return Begin("card", (("project", chance.choice(("P001", "P003", "P012", "P020", "P404"))),))
    return Begin(chance.choice(OPENERS))


def kept(me: Visitor) -> State:
    return me.runner.desk.read(
        lambda session: State.load(
            conversations.read_conversation(session, me.heard.contact_id or 0, lock=False).state
        )
    )


@pytest.mark.parametrize(
    ("database", "seed"),
    [("postgresql" if seed % 4 == 3 else "sqlite", seed) for seed in range(8 * MORE)],
    indirect=["database"],
)
def test_whatever_they_do_they_are_asked_something_they_can_answer(
    runner: Runner, book: Book, visit: Callable[..., Visitor], seed: int
) -> None:
    chance = random.Random(seed)
    me = visit().tap("plain", chance.choice(("self", "family")))
    if me.asking == "who.relative":
        me.say("小明")
    for _ in range(STEPS):
        if chance.random() < 0.03:
            runner.book = deployed(book, chance)
            me.look()
        if chance.random() < 0.05:
            me = Visitor(runner)  # the page is opened anew
        before, asked = kept(me), me.screen
        me.do(something(me, chance))
        screen = me.screen
        assert screen.text
        assert screen.options or screen.form in {"text", "long", "phone", "number", "date", "certificate"}
        drafts = {frame.key: frame for frame in (*before.frames, *before.waiting) if frame.flow == "apply"}
        after = {frame.key: frame for frame in (*kept(me).frames, *kept(me).waiting)}
        for key, draft in drafts.items():
            if key in after:
                changed = {n for n, v in after[key].answers.items() if draft.answers.get(n) != v}
                assert changed <= {asked.question}, f"{changed} while {asked.question} was on the screen"
                assert set(draft.answers) <= set(after[key].answers), "an answer was lost"
            else:
                assert asked.flow in {"apply", "drafts", "erase"} or not draft.answers, (
                    f"lost at {asked.flow}"
                )
