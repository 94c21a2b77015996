"""Random people: whatever they tap, say and send, and whatever a deploy changes under them, nothing is lost.

What must hold after every step: something is being asked and there is a way to answer it; an answer was filed
only under the question that was on the screen; what was said before is still there.
"""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.voices import load_voices
from dialogs.book import Book
from dialogs.kinds import Choice, Date, Many, Note, Number, Phone, Pick, Review, Text, YesNo
from dialogs.model import Answers, Flow, Option, Question, Skip
from dialogs.state import State
from dialogs.talk import Again, Back, Begin, Change, Event, FileRef, Said, Sent, Stop, Submit, Tapped, World
from dialogs.words import Own
from tests.more import MORE
from tests.talking import Chat

MANY = tuple(Option(f"o{n}", Own(f"第{n}样")) for n in range(1, 14))
WORDS = (
    "1", "二", "３", "1 3", "是", "不要", "返回", "停下来", "重说一遍", "下一页", "选好了", "什么意思", "138", "改2",
    "1990年3月7日", "15400000001", "没有", "苹果", "", " ", "<script>", "{{7*7}}", "'; DROP TABLE", "😀" * 40, "字" * 10_000,
    "就用这个", "跳过", "做这件事", "写进回答里", "\u200b", "第一个",
)  # fmt: skip


def _lead(answers: Answers, _: World) -> Begin | None:
    return {
        "shop": Begin("shop"),
        "ask": Begin("ask", (("person", 7),)),
        "two": Begin("shop", (("person", 2),)),
    }.get(answers.text("do"))


HOME = Flow(
    "home",
    Choice("do", "做什么？", tuple(Option(v, Own(v)) for v in ("shop", "ask", "two"))),
    then=_lead,
    stays=("do",),
)
ASK = Flow(
    "ask", Text("words", "想问什么？", voice=True), Note("thanks", "知道了。"), record="question", draft=True
)
SHOP: tuple[Question, ...] = (
    Choice("fruit", "要什么？", (Option("apple", "苹果"), Option("pear", "梨"))),
    YesNo("bag", "要袋子吗？"),
    Text("colour", "什么颜色？", when=lambda a: a["bag"] == "yes", skip=Skip()),
    Many(
        "extras",
        "还要什么？",
        (*MANY, Option("none", "都不要")),
        exclusive=("none",),
        skip=Skip(value="unsaid"),
    ),
    Pick("shelf", "哪一架？", lambda _a, _w: MANY),
    Number("count", "几个？", low=1, high=9),
    Date("day", "哪天生的？", skip=Skip()),
    Phone("phone", "电话是多少？", known=lambda _: "15400000001"),
    Review("check", "对不对？"),
)


def book(questions: tuple[Question, ...]) -> Book:
    return Book((HOME, Flow("shop", *questions, record="order", draft=True), ASK), load_voices())


@st.composite
def deploys(draw: st.DrawFn) -> tuple[Question, ...]:
    """The shop after a deploy: a question inserted, removed, renamed, or two in another order."""
    questions = list(SHOP)
    at = draw(st.integers(0, len(questions) - 2))
    match draw(st.sampled_from(("insert", "remove", "rename", "swap"))):
        case "insert":
            questions.insert(at, Choice("fresh", "新的问题？", (Option("a", "甲"), Option("b", "乙"))))
        case "remove" if questions[at].name != "bag":
            del questions[at]
        case "rename" if questions[at].name != "bag":
            questions[at] = replace(
                questions[at], name=f"{questions[at].name}_new", was=(questions[at].name,)
            )
        case _ if questions[at].name not in {"bag", "colour"} and questions[at + 1].name not in {
            "bag",
            "colour",
        }:
            questions[at], questions[at + 1] = questions[at + 1], questions[at]
        case _:
            pass
    return tuple(questions)


STEPS = st.one_of(
    st.tuples(st.just("tap"), st.integers(0, 9)),
    st.tuples(st.just("tick"), st.lists(st.integers(0, 5), max_size=3)),
    st.tuples(st.just("say"), st.sampled_from(WORDS)),
    st.tuples(st.just("say"), st.text(max_size=12)),
    st.tuples(st.just("page"), st.sampled_from(("@next", "@prev", "@done", "@drop", "@keep", "@none"))),
    st.tuples(st.just("stale"), st.integers(1, 30)),
    st.tuples(st.just("change"), st.integers(0, 9)),
    st.tuples(st.sampled_from(("back", "stop", "again", "voice")), st.none()),
    st.tuples(st.just("deploy"), deploys()),
    st.tuples(st.just("deploy"), deploys()),
)


def event_of(chat: Chat, what: str, value: object) -> Event:
    """The event a person would cause with the screen they have."""
    screen = chat.screen
    match what, value:
        case "tap", int(n):
            return Tapped(
                screen.prompt, screen.options[n % len(screen.options)].value if screen.options else "x"
            )
        case "tick", list(numbers):
            picked = (
                {screen.options[n % len(screen.options)].value for n in numbers} if screen.options else set()
            )
            return Tapped(screen.prompt, (*sorted(picked), "@done"))
        case ("say", str(words)):
            return Said(words)
        case ("page", str(act)):
            return Tapped(screen.prompt, act)
        case ("stale", int(age)):
            return Tapped(max(0, screen.prompt - age), "apple")
        case ("change", int(n)):
            lines = screen.lines or ()
            return Change(screen.prompt, lines[n % len(lines)].question if lines else "fruit")
        case ("back", _):
            return Back(screen.prompt)
        case ("stop", _):
            return Stop()
        case ("voice", _):
            return Sent(FileRef("f1", "voice", 1000))
        case _:
            return Again()


def said_so_far(state: State, submitted: list[Submit]) -> dict[tuple[object, str], object]:
    """Every answer that exists anywhere, by what it is about and its question."""
    kept: dict[tuple[object, str], object] = {}
    for submit in submitted:
        kept.update({((submit.flow, submit.about), name): value for name, value in submit.answers.items()})
    for frame in (*state.waiting, *state.frames):  # what is being said again stands before what was sent in
        kept.update({((frame.flow, frame.about), name): value for name, value in frame.answers.items()})
    return kept


@settings(max_examples=150 * MORE, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=40))
def test_no_dead_end_no_lost_answer_and_no_answer_under_another_question(
    steps: list[tuple[str, object]],
) -> None:
    chat = Chat(book(SHOP)).begin("home").begin("shop")
    for what, value in steps:
        if what == "deploy":
            assert isinstance(value, tuple)
            chat.book = book(value)
            continue
        asked, before = chat.screen, chat.state
        kept = said_so_far(before, chat.submitted)
        chat._do(event_of(chat, what, value))
        after = said_so_far(chat.state, chat.submitted)

        screen = chat.screen
        assert screen.options or screen.form in {"text", "number", "date", "phone"}, "a dead end"
        assert screen.text
        drafts = {key for key in kept if key[0][0] in {"shop", "ask"}}  # type: ignore[index]  # (flow, about)
        assert drafts <= set(after), "an answer was lost"
        changed = {key[1] for key in after if key not in kept or kept[key] != after[key]}
        assert changed <= {asked.question}, f"{changed} was filed while {asked.question} was on the screen"
        if what == "stale":
            # Ticks belong to their question, and go with it when a deploy took it away.
            assert [replace(each, view={}) for each in chat.state.frames] == [
                replace(each, view={}) for each in before.frames
            ]
