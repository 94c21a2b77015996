"""Manners: what every message and every call of a run must keep to (access.md, T1-T10)."""

import re
from collections.abc import Collection, Iterator
from itertools import chain

from tests.channels.botapi.api import BotApi
from tests.channels.botapi.chats import Message
from tests.channels.botapi.keyboards import Button, Rows
from tests.channels.botapi.markup import units

WAYS = frozenset(
    {"返回", "找人帮忙", "下一页", "上一页", "选好了", "去掉", "去网页上答", "还是在这里答", "合到一起"}
    | {"不要了"}  # 去掉, in easy words
    | {"Back", "Help", "Next page", "Page before", "Done", "Remove", "Answer here after all"}
)
"""Buttons that are no answers: they have no number, and their words work everywhere."""

LAST_ROW = frozenset({"返回", "找人帮忙", "Back", "Help"})
"""The only ones that may share a row, and only the last one (T4)."""

ANSWERS, LABEL, COMMANDS, DESCRIPTION = 5, 12, 5, 20
"""Answers under a message; Chinese characters of a label; commands; characters of their descriptions."""

ANSWERED_WITHIN = 1.0
"""Seconds from handing a press out to its answer (T1)."""

DOUBLE = 3.0
"""Seconds in which a second press of a button needs no word of its own."""

PATIENCE = 5
"""Seconds for what is just being finished."""

VOICE_BYTES = 1_000_000
KINDS = frozenset({"text", "photo", "voice", "document"})
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\ufe0f\u20e3]")
SIGNS = re.compile(r"[*`]|__|~~|\|\||\]\(|^#{1,6} |^> ", re.MULTILINE)
ADDRESS = re.compile(r"https?://\S+")
NUMBERED = re.compile(r"(\d+) \S")
TAG = re.compile(r"</?([a-zA-Z][^\s>/]*)")


def check(api: BotApi, *, but: Collection[str] = ()) -> None:
    """Assert the manners of a whole run; what is just being finished gets its time.

    Args:
        but: rules not looked at, such as "T3" where an answer of Telegram's got lost on purpose, or "T1 late" where
            the machine has more to do than to answer.

    Raises:
        AssertionError: with every complaint, one a line.

    """

    def counts(complaint: str) -> bool:
        return not any(f"{rule}:" in complaint for rule in but)

    with api.exchange.changed:
        api.exchange.changed.wait_for(lambda: not [*filter(counts, _unfinished(api))], PATIENCE)
        found = [*filter(counts, complaints(api))]
    assert not found, "\n".join(found)


def complaints(api: BotApi) -> Iterator[str]:
    """Give everything that is against a rule."""
    yield from about_calls(api)
    yield from about_presses(api)
    yield from about_menu(api)
    yield from _unfinished(api)
    for chat in list(api.exchange.chats.values()):
        mine = [message for message in chat.messages if message.mine]
        for number, message in enumerate(mine):
            # Pictures of a question's answers stand one below the other, all after its words.
            before = next((each for each in reversed(mine[:number]) if each.kind != "photo"), None)
            where = f"message {message.id} of chat {chat.id} ({message.text[:20]!r})"
            for complaint in (
                *_about_words(message),
                *_about_keyboard(message),
                *_about_kind(message, before),
            ):
                yield f"{where}: {complaint}"


def _unfinished(api: BotApi) -> Iterator[str]:
    """What may be true for a moment but not in the end."""
    for query in api.unanswered:
        if not query.expired:
            yield f"T1: {query} was never answered"
    yield from _without_a_word(api)
    for chat in list(api.exchange.chats.values()):
        mine = [message for message in chat.messages if message.mine and not message.deleted]
        asked = [message for message in mine if _is_question(message.keyboard)]
        for message in asked[:-1]:
            yield f"T3: message {message.id} of chat {chat.id} is not the newest and has its buttons still"


def _without_a_word(api: BotApi) -> Iterator[str]:
    """T1: what a press led to is said in a new message; of a double tap, once."""
    pressed: dict[tuple[int, str], float] = {}
    for query in api.queries:
        button = (query.message.id, query.data)
        is_double = query.at - pressed.get(button, -DOUBLE) < DOUBLE
        pressed[button] = query.at
        told = any(message.mine and message.at > query.at for message in query.chat.messages)
        if not (told or is_double or query.expired or query.chat.shut):
            yield f"T1: after {query} came no message"


def _is_question(rows: Rows) -> bool:
    """A question has ways or numbers under it; a letter with one button of its own takes nobody's screen."""
    buttons = [button for row in rows for button in row if button.data is not None]
    return any(button.text in LAST_ROW or NUMBERED.match(button.text) for button in buttons)


def about_calls(api: BotApi) -> Iterator[str]:
    """T2, T3, T4, T7: no polls, no edits but to take buttons away, nothing said by colours, HTML or nothing."""
    for call in api.calls:
        method = call.method.lower()
        if method in {"sendpoll", "stoppoll"}:
            yield f"T2: {call}"
        if method.startswith("editmessage") and method != "editmessagereplymarkup":
            yield f"T3: {call}"
        markup = call.parameters.get("reply_markup") or {}
        if method == "editmessagereplymarkup" and markup.get("inline_keyboard"):
            yield f"T3: buttons may only be taken away: {call}"
        for button in chain.from_iterable(markup.get("inline_keyboard") or ()):
            if more := set(button) - {"text", "callback_data", "url"}:
                yield f"T4: {button['text']!r} says something by its {sorted(more)}"
        if call.parameters.get("parse_mode", "HTML") != "HTML":
            yield f"T7: {call}"
        if call.parameters.get("message_effect_id"):
            yield f"T7: {call}"


def about_presses(api: BotApi) -> Iterator[str]:
    """T1: every press is answered once, at once, and without words."""
    for query in api.queries:
        if query.expired or query.handed_at is None:
            continue
        if query.answers > 1:
            yield f"T1: {query} was answered {query.answers} times"
        if query.alert or query.toast:
            yield f"T1: {query} was answered with words: {query.toast!r}"
        if query.answered_at is not None and query.answered_at - query.handed_at > ANSWERED_WITHIN:
            yield f"T1 late: {query} was answered after {query.answered_at - query.handed_at:.2f} s"


def about_menu(api: BotApi) -> Iterator[str]:
    """T10: few commands, short descriptions."""
    for (what, _, language), kept in list(api.exchange.profile.items()):
        if what != "commands":
            continue
        if len(kept) > COMMANDS:
            yield f"T10: {len(kept)} commands for language {language!r}"
        for command in kept:
            if width(command["description"]) > DESCRIPTION:
                yield f"T10: /{command['command']} is described at length: {command['description']}"


def _about_words(message: Message) -> Iterator[str]:
    words = ADDRESS.sub("", message.text)
    if units(message.text) > (4096 if message.kind == "text" else 1024):
        yield "T6: too long"
    if EMOJI.search(words):
        yield "T4: emoji"
    if sign := SIGNS.search(words):
        yield f"T7: a sign of Markdown: {sign[0]!r}"
    for entity in message.entities:
        if entity.type != "bold":
            yield f"T7: {entity.type}"
    for tag in TAG.findall(message.source if message.entities else ""):
        if tag.lower() != "b":
            yield f"T7: <{tag}>"


def _about_kind(message: Message, before: Message | None) -> Iterator[str]:
    if message.deleted:
        yield "T3: it was deleted"
    if message.kind not in KINDS:
        yield f"T2: a {message.kind}"
    if message.kind in {"voice", "photo"}:
        of_an_answer = before is not None and message.text in before.text.split("\n")
        if message.text and not (message.kind == "photo" and of_an_answer):
            yield f"T8, T9: a {message.kind} with words, they are read twice"
        if before is None or before.kind != "text":
            yield f"T8, T9: a {message.kind} without its text before it"
    if message.kind == "voice" and message.extra["voice"]["file_size"] > VOICE_BYTES:
        yield "T8: more than a playable voice note may have"


def _about_keyboard(message: Message) -> Iterator[str]:
    rows = message.keyboards[0]
    buttons = [button for row in rows for button in row]
    labels = [button.text for button in buttons]
    if len(set(labels)) < len(labels):
        yield f"T4: a label twice: {labels}"
    if sum(1 for label in labels if NUMBERED.match(label)) > ANSWERS:
        yield f"T4: more than {ANSWERS} answers: {labels}"
    for row in rows[:-1]:
        if len(row) > 1:
            yield f"T4: {len(row)} buttons in a row: {[button.text for button in row]}"
    if rows and len(rows[-1]) > 1 and not {button.text for button in rows[-1]} <= LAST_ROW:
        yield f"T4: only the ways share the last row: {[button.text for button in rows[-1]]}"
    if any(map(NUMBERED.match, labels)) and not LAST_ROW & set(labels):
        yield f"T4: no way to a person: {labels}"
    for button in buttons:
        yield from _about_button(button, message.text, question=_is_question(rows))


def _about_button(button: Button, text: str, *, question: bool) -> Iterator[str]:
    label = button.text
    if width(label) > LABEL:
        yield f"T4: {label!r} is longer than {LABEL} characters"
    if EMOJI.search(label):
        yield f"T4: emoji in {label!r}"
    if button.data is not None and len(button.data.encode()) > 64:
        yield f"T6: {label!r} carries too much"
    if label in WAYS or button.url is not None:
        return
    if question and not NUMBERED.match(label):
        yield f"T4: {label!r} has no number"
    # A label that was too long stands shortened on the button, and whole in the text.
    whole = label.removesuffix("…").rstrip()
    begins = [line.strip().startswith(whole) for line in text.splitlines()]
    if not any(begins) and (question or whole not in text):
        yield f"T5: {label!r} stands only on its button"


def width(text: str) -> float:
    """Count Chinese characters; two Latin letters count as one."""
    return sum(1 if ord(sign) > 0x2E7F else 0.5 for sign in text)
