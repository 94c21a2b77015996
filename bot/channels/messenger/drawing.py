"""A question as a message: the words, the options as text and as buttons, the ways out in the last row (T3-T7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from itertools import chain

from bot.attached import Attached
from bot.heard import Heard
from dialogs.facts.people import Office
from dialogs.plain_words import TELLING
from dialogs.screen import DONE, DROP, NEXT, PREVIOUS
from dialogs.talk import Screen, Shown
from dialogs.words import Voice

LABEL = 12
"""Chinese characters on a button, at most (T4); two Latin letters count as one."""

DATA = 64
"""Bytes a button may carry (T6)."""

MOST = 4000
"""Characters of one message: Telegram takes 4,096."""

BOLD, BOLD_END = "<b>", "</b>"

ENDS, ENDS_BEFORE_SPACE = frozenset("。！？；\n"), frozenset(".!?;")
"""Signs a sentence ends with: in Chinese anywhere, in English before a space (3.14 is none)."""

BACK, HELP, AGAIN, ABROAD, JOIN = "<", "?", "=", "+", "j:"
"""What the buttons beside the answers carry; the others carry `prompt:value`."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button: it carries `data` back to us, or opens `url`."""

    label: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What to send: HTML texts, one message each, the buttons under the last one; pictures come after them.

    Each picture has words of its own: those of the answer it belongs to, "" for the question's.
    """

    texts: tuple[str, ...]
    rows: Rows
    photos: tuple[tuple[Attached, str], ...] = ()


def draw(
    heard: Heard, voice: Voice, said: Sequence[str], *, address: str, link: str = "", office: Office
) -> Card:
    """Draw what was said and the open question.

    Args:
        heard: the screen.
        voice: the reading mode.
        said: statements to be read above it.
        address: where people find us, for links our flows give.
        link: where a private question is answered; "" where there is no page to send people to.
        office: whom to call instead.

    """
    screen = heard.screen
    rows: list[tuple[Button, ...]]
    if screen.form == "private":
        lines, rows = _private(screen, voice, link, office)
    else:
        lines, rows = list(_lines(screen, voice, address)), _answers(screen, voice)
    above = [escape(line) for text in said for line in text.splitlines() if line.strip()]
    if screen.asking_for:
        above.append(escape(voice.say("这是 {{ name }} 的事", {"name": screen.asking_for})))
    if screen.error:
        above.append(escape(screen.error))
    gap = [""] if above else []
    return Card(tuple(cut([*above, *gap, *lines])), (*rows, _ways(screen, voice)))


def _lines(screen: Screen, voice: Voice, address: str) -> Iterator[str]:
    """The question, what there is to read with it, the options, how to answer; HTML."""
    if screen.total and screen.number:
        yield escape(voice.say("第 {{ n }} 题，一共 {{ all }} 题", {"n": screen.number, "all": screen.total}))
    first, *rest = [line.strip() for line in screen.text.splitlines() if line.strip()] or [""]
    yield f"<b>{escape(first)}</b>"
    yield from (escape(line) for line in (*rest, *filter(None, (screen.hint,))))
    colon = ": " if voice.reading == "en" else "："
    for number, line in enumerate(screen.lines, 1):
        change = screen.form == "review" and line.question
        start = voice.say("改 {{ n }}", {"n": number}) + " " if change else ""
        yield escape(f"{start}{line.label}{colon}{screen.whole(line.value, address)}")
    if screen.form == "review" and any(line.question for line in screen.lines):
        # Nobody who only hears it takes the words before a line for a way to change it.
        way = voice.say("改 {{ n }}", {"n": 1})
        yield escape(voice.say("要改，就写前面的字，比如：{{ way }}", {"way": way}))
    if screen.current:
        yield escape(voice.say("我们记得：") + screen.current)
    if screen.options:
        yield ""
    for option in screen.options:
        yield escape(_option(option, voice))
    if screen.pages > 1:
        yield escape(voice.say("第 {{ n }} 页，一共 {{ all }} 页", {"n": screen.page, "all": screen.pages}))
    if screen.form == "many":
        yield escape(voice.say("可以写几个数字，比如：1 3"))


def _option(option: Shown, voice: Voice) -> str:
    picked = f" · {voice.say('选了')}" if option.picked else ""
    note = f"\n{option.note}" if option.note else ""
    return f"{option.number} {option.label}{picked}{note}"


def _answers(screen: Screen, voice: Voice) -> list[tuple[Button, ...]]:
    """One answer a row, then the ways through a list."""
    prompt = screen.prompt
    # What is picked already needs no button, but where it is to be taken out.
    left = [
        option for option in screen.options if screen.dropping or screen.form != "many" or not option.picked
    ]
    rows = [(Button(short(f"{option.number} {option.label}"), _data(prompt, option)),) for option in left]
    ways = []
    if screen.page < screen.pages:
        ways.append((NEXT, "下一页"))
    if screen.page > 1:
        ways.append((PREVIOUS, "上一页"))
    if screen.form == "many":
        ways.append((DONE, "选好了"))
        if not screen.dropping and any(option.picked for option in screen.options):
            ways.append((DROP, "去掉"))
    return [*rows, *((Button(voice.say(label), f"{prompt}:{act}"),) for act, label in ways)]


def _private(
    screen: Screen, voice: Voice, link: str, office: Office
) -> tuple[list[str], list[tuple[Button, ...]]]:
    """A neutral line with the way to our own page, or whom to call where there is none."""
    if link:
        to_page: list[tuple[Button, ...]] = [(Button(voice.say("去网页上答"), url=link),)]
        text = [f"<b>{escape(screen.text)}</b>", escape(voice.say("答完了，这里会接着来。")), escape(link)]
        return text, to_page
    colon = ": " if voice.reading == "en" else "："
    ways = (("打电话问", office.help_phone), ("发短信问", office.help_sms))
    call = [escape(f"{voice.say(way)}{colon}{number}") for way, number in ways if number]
    again: list[tuple[Button, ...]] = [(Button(voice.say("还是在这里答"), ABROAD),)]
    return [f"<b>{escape(voice.say('后面的，您打电话告诉我们。'))}</b>", *call], again


def draw_neutral(screen: Screen, voice: Voice) -> Card:
    """Say that there is something to go on with, and nothing of what it is."""
    words, button = voice.say("答好了。按一下，这里接着来。"), f"1 {voice.say('接着来')}"
    return Card(
        (f"<b>{escape(words)}</b>\n\n{escape(button)}",), ((Button(button, AGAIN),), _ways(screen, voice))
    )


def tells(card: Card) -> bool:
    """Whether words of a message name a disability: it may be read on a lock screen (DESIGN: private)."""
    return any(word in text.casefold() for text in card.texts for word in TELLING)


def _ways(screen: Screen, voice: Voice) -> tuple[Button, ...]:
    back = (Button(voice.say("返回"), f"{screen.prompt}{BACK}"),) if screen.can_go_back else ()
    return (*back, Button(voice.say("找人帮忙"), HELP))


def _data(prompt: int, option: Shown) -> str:
    """What a button carries: the value, or the option's number where that is too long."""
    whole = f"{prompt}:{option.value}"
    return whole if len(whole.encode()) <= DATA else f"{prompt}#{option.number}"


def short(label: str) -> str:
    """Cut a label to what a button shows; the whole of it stands in the text."""
    if _width(label) <= LABEL:
        return label
    room = LABEL - 1.0
    for size, sign in enumerate(label):
        room -= _width(sign)
        if room < 0:
            return label[:size].rstrip() + "…"
    return label


def _width(text: str) -> float:
    return sum(1 if ord(sign) > 0x2E7F else 0.5 for sign in text)


def cut(lines: Sequence[str]) -> Iterator[str]:
    """Put lines of HTML into as few messages as they fit in; a line that is too long for one is split."""
    text = ""
    for part in chain.from_iterable(map(_parts, lines)):
        if text and len(text) + len(part) + 1 > MOST:
            yield text
            text = part
        else:
            text = f"{text}\n{part}" if text else part
    yield text


def _parts(line: str) -> Iterator[str]:
    """Split a line where its last sentence that fits ends, else where it must be; each part is whole HTML."""
    if len(line) <= MOST:
        yield line
        return
    bold = line.startswith(BOLD)
    before, after = (BOLD, BOLD_END) if bold else ("", "")
    signs = [escape(sign) for sign in unescape(line[len(before) : len(line) - len(after)])]
    room = MOST - len(before) - len(after)
    while signs:
        size = _fitting(signs, room)
        yield f"{before}{''.join(signs[:size])}{after}"
        del signs[:size]


def _fitting(signs: Sequence[str], room: int) -> int:
    """Give how many signs go into a part: to the end of its last sentence, or as many as there is room for."""
    length = end = 0
    for size, sign in enumerate(signs):
        if length + len(sign) > room:
            return end or size
        length += len(sign)
        if sign in ENDS or (sign == " " and size and signs[size - 1] in ENDS_BEFORE_SPACE):
            end = size + 1
    return len(signs)
