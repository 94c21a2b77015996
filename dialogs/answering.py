"""What was tapped, said or sent becomes an answer to the question that was on the screen, or is asked about."""

from collections.abc import Mapping
from dataclasses import replace

from dialogs.asking import Turn, ask, misheard
from dialogs.book import EVERYWHERE, STAFF_WORDS, Book, universal
from dialogs.kinds.choice import Many, Note
from dialogs.kinds.relay import Relay
from dialogs.kinds.review import Review
from dialogs.model import Json, Question, Unreadable
from dialogs.moving import back, change, turn_page
from dialogs.safeguard import CALM, in_danger
from dialogs.screen import AS_ANSWER, DONE, DROP, GO, KEEP, NEXT, PREVIOUS, Place, place, show
from dialogs.spoken.tidy import tidy
from dialogs.state import Frame, State
from dialogs.talk import Again, Back, Effect, Keep, Say, Sent, Shown, Submit

PAGE_WORDS = {
    NEXT: ("下一页", "还有吗", "更多", "下页", "next"),
    PREVIOUS: ("上一页", "前一页", "上页", "previous"),
    DONE: ("选好了", "好了", "就这些", "done"),
    DROP: ("去掉", "去掉几个", "remove"),
}


def answer(book: Book, state: State, here: Place, value: Json, *effects: Effect) -> Turn:
    """File an answer under the question that was on the screen, and go on."""
    question = here.question
    if question is None:
        return Turn(state, then=Again())
    if question.refuses is not None and not question.left_open(value):
        refused = question.refuses(value, here.path.answers, here.world)
        if refused:
            return misheard(state, here, Unreadable(refused), value if isinstance(value, str) else "")
    frame = replace(here.frame.answering(question.name, value), touched=here.world.today.isoformat())
    if question.forgets:
        left = {name: said for name, said in frame.answers.items() if name not in question.forgets}
        frame = replace(frame, answers=left)
    if question.name in here.flow.stays:
        frame = replace(frame, view=here.frame.view)  # coming back to a list shows the page one was on
    state = replace(state.with_top(frame), error="", typed="")
    told: tuple[Effect, ...] = ()
    # Coming back to a list does not say again what was tapped; a note needs no echo.
    if not isinstance(question, (Note, Review)) and question.name not in here.flow.stays:
        told = (Say(_echo(here, question, value)),)
    if question.free and isinstance(value, str) and in_danger(value):
        told = (Submit("safeguard", here.flow.name, frame.about, {"words": value}), Say(here.say(CALM)))
    following = place(book, state, here.world)
    if following is None or following.question is None:
        return Turn(state, (*effects, *told), then=Again())
    asked = ask(state, following)
    return Turn(asked.state, (*effects, *told, *asked.effects))


def _echo(here: Place, question: Question, value: Json) -> str:
    """Say back what was understood; what is private is not said where others' servers hear it."""
    if isinstance(question, Relay):
        return here.say("说完了，接着来。" if question.left_open(value) else "工作人员收到了。")
    if question.private and not here.world.trusted:
        return here.say("记下了。")
    for option in question.options_in(here.path.answers, here.world):
        if option.value == value and option.reading is not None:
            here = replace(here, voice=here.book.voice(option.reading))
    words = "您选了：{{ it }}" if here.options() else "记下了：{{ it }}"
    return here.say(words, it=here.read_back(question, value))


def tapped(book: Book, state: State, here: Place, value: str | tuple[str, ...]) -> Turn:
    ticked = (value,) if isinstance(value, str) else value
    act = ticked[-1] if ticked else ""
    question = here.question
    if here.frame.view.get("ask_back"):
        return _asked_back(book, state, here, act)
    if question is None:
        return Turn(state, then=Again())
    offered = {option.value for option in (*here.options(), *here.extras(0))}
    chosen = tuple(one for one in ticked if one in offered)
    if act in (NEXT, PREVIOUS):
        frame = (
            _ticking(here, chosen)
            if isinstance(question, Many) and not isinstance(value, str)
            else here.frame
        )
        return turn_page(state, here, frame, act)
    if act == KEEP and here.known is not None:
        return answer(book, state, here, here.known)
    if question.skip is not None and act == question.skip.value:
        return answer(book, state, here, question.skip.value)
    if (ready := here.meant(act)) is not None:
        return answer(book, state, here, ready)
    if isinstance(question, Many):
        return _tick(book, state, here, question, chosen, act, whole_page=not isinstance(value, str))
    if act in offered:
        return answer(book, state, here, act)
    return misheard(state, here, Unreadable("选一个，或者写下来。"), "")


def _ticking(here: Place, chosen: tuple[str, ...]) -> Frame:
    """The frame with this page's boxes as they were left, and the other pages' as they were."""
    screen = show(here, State(frames=(here.frame,)))
    on_page = {option.value for option in screen.options}
    question = here.question
    kept = [v for v in (here.picked(question) if question else ()) if v not in on_page]
    return here.looking(picked=[*kept, *chosen])


def _tick(
    book: Book,
    state: State,
    here: Place,
    question: Many,
    chosen: tuple[str, ...],
    act: str,
    *,
    whole_page: bool,
) -> Turn:
    """Several of some: a tap adds and says so, 选好了 commits, 去掉 is its own list; a page sends all its boxes."""
    told = ""
    if whole_page:
        frame = _ticking(here, chosen)
    elif here.frame.view.get("drop") and chosen:
        told = "去掉了：{{ it }}"
        left: list[Json] = [one for one in here.picked(question) if one not in chosen]
        frame = here.looking(picked=left, drop="")
    elif chosen:
        told = "加上了：{{ it }}"
        added = [one for one in here.picked(question) if one not in chosen]
        # An option that stands alone clears the others, and the other way round.
        alone = set(chosen) & set(question.exclusive)
        added = [] if alone else [one for one in added if one not in question.exclusive]
        frame = here.looking(picked=[*added, *chosen])
    else:
        frame = here.frame
    here = replace(here, frame=frame)
    state = state.with_top(frame)
    if act == DROP and here.picked(question):
        frame = here.looking(drop="yes", page=1)
        return ask(state.with_top(frame), replace(here, frame=frame))
    if act != DONE:
        # In a chat nothing else shows at once what a tap did; what is private is not said where others hear it.
        if told and (here.world.trusted or not question.private):
            return ask(state, here, here.say(told, it=here.read_back(question, [*chosen])))
        return ask(state, here)
    try:
        picked = here.picked(question)
        if not picked:
            raise Unreadable("还没有选。选一个，或者几个。")
        return answer(book, state, here, question.settle(picked, here.options()))
    except Unreadable as problem:
        return misheard(state, here, problem, "")


def said(book: Book, state: State, here: Place, text: str) -> Turn:
    question = here.question
    if question is None:
        return Turn(state, then=Again())
    if here.frame.view.get("ask_back"):
        screen = show(here, state)
        named = [
            o.value for o in screen.options if tidy(text) in {tidy(n) for n in (*o.names, str(o.number))}
        ]
        if named:
            return _asked_back(book, state, here, named[0])
        # Said again it is meant, and anything else is the answer itself: what was asked back about was not.
        frame = here.looking(ask_back="", words="")
        here, state = replace(here, frame=frame), state.with_top(frame)
        if word := universal(text, tidy, staff=here.world.staff):
            return _everywhere(book, state, here, word)
    shown = (*here.options(), *here.extras(len(here.options())))
    word = universal(text, tidy, staff=here.world.staff)
    names = {tidy(name) for option in shown for name in option.names}
    if word and tidy(text) not in names:
        if question.free:
            frame = here.looking(ask_back=word, words=text.strip())
            return ask(replace(state.with_top(frame), error="", typed=""), replace(here, frame=frame))
        return _everywhere(book, state, here, word)
    if isinstance(question, Review) and (changed := question.change_meant(text, here.lines())):
        return change(state, here, changed)
    act = next((act for act, ways in PAGE_WORDS.items() if tidy(text) in ways), "")
    if act and (show(here, state).pages > 1 or isinstance(question, Many)):
        return tapped(book, state, here, act)
    extra = _extra_meant(here, question, tidy(text))
    if extra is not None:
        return tapped(book, state, here, extra.value)
    try:
        value = question.read(text, shown, here.world)
    except Unreadable as problem:
        if in_danger(text):
            return _alarmed(state, here, text)
        taken = question.understands(text, here.world) if question.understands is not None else None
        if taken is None or taken.get(question.name) is None:
            return misheard(state, here, problem, text)
        return _taken(state, here, taken, text)
    if value == KEEP or (question.skip is not None and value == question.skip.value):
        return tapped(book, state, here, str(value))
    return answer(book, state, here, value)


def _alarmed(state: State, here: Place, text: str) -> Turn:
    """Words of danger are heard at every question, also where a number was asked (access.md F11)."""
    asked = ask(replace(state, error="", typed=""), here)
    alarm = Submit("safeguard", here.flow.name, here.frame.about, {"words": text})
    return Turn(asked.state, (alarm, Say(here.say(CALM)), *asked.effects))


def _taken(state: State, here: Place, taken: Mapping[str, Json], text: str) -> Turn:
    """File words that answered more than they were asked: each part under its own question."""
    question = here.question
    if question is None:
        return Turn(state, then=Again())
    kept = {name: value for name, value in here.frame.answers.items() if name not in question.forgets}
    stays = question.name in here.flow.stays
    frame = replace(
        here.frame,
        answers={**kept, **taken},
        again="",
        view=here.frame.view if stays else {},
        tries=0,
        touched=here.world.today.isoformat(),
    )
    # What was said is said back, and not the name of the way it led.
    told = () if stays else (Say(here.say("记下了：{{ it }}", it=text.strip())),)
    return Turn(replace(state.with_top(frame), error="", typed=""), told, then=Again())


def _extra_meant(here: Place, question: Question, said: str) -> Shown | None:
    """The way beside the answers that was said: its words, or its number where a number is no answer."""
    ways = here.extras(len(here.options()))
    numbered = question.form != "number"
    return next(
        (
            way
            for way in ways
            if said in {tidy(n) for n in way.names} or (numbered and said == str(way.number))
        ),
        None,
    )


def _asked_back(book: Book, state: State, here: Place, act: str) -> Turn:
    """The word stood in a free answer: do what it says, or keep it as the answer."""
    word, words = str(here.frame.view["ask_back"]), str(here.frame.view["words"])
    frame = here.looking(ask_back="", words="")
    here = replace(here, frame=frame)
    state = state.with_top(frame)
    if act == GO:
        return _everywhere(book, state, here, word)
    if act != AS_ANSWER or here.question is None:
        return ask(state, here)
    try:
        return answer(book, state, here, here.question.read(words, (), here.world))
    except Unreadable as problem:
        return misheard(state, here, problem, words)


def _everywhere(book: Book, state: State, here: Place, word: str) -> Turn:
    if word == "explain":
        return ask(state, here, *_explained(book, here))
    event, _ = EVERYWHERE[word] if word in EVERYWHERE else STAFF_WORDS[word]
    match event:
        case Back():
            return back(book, state, here)
        case Again():
            return ask(state, here)
        case _:
            return Turn(state, then=event)


def _explained(book: Book, here: Place) -> tuple[str, ...]:
    """What the hard words of this question mean (R6)."""
    question = here.question
    words = (question.text, question.hint) if question else ()
    asked = " ".join(
        (*map(here.say_words, words), *(option.label for option in (*here.options(), *here.extras(0))))
    )
    found: list[str] = []
    for word in sorted(book.glossary, key=len, reverse=True):
        if word in asked:
            found.append(here.say("{{ word }}：{{ meaning }}", word=word, meaning=book.glossary[word]))
            asked = asked.replace(word, " ")  # 手语翻译 is explained whole, not 手语 once more
    return tuple(found) or (here.say("可以问工作人员。说“找人帮忙”就行。"),)


def sent(book: Book, state: State, here: Place, event: Sent) -> Turn:
    question = here.question
    if question is None:
        return Turn(state, then=Again())
    try:
        value = question.receive(event.file, here.world)
    except Unreadable as problem:
        return misheard(state, here, problem, "")
    return answer(book, state, here, value, Keep(event.file))
