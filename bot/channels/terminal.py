"""Any conversation in a terminal: a question with numbered options, one line typed as the answer."""

import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from bot.heard import Address, Heard, Upload
from bot.runner import Runner
from dialogs.talk import About, Again, Begin, Event, Reading, Said, Screen, Sent, Shown, Tapped
from dialogs.words import Voice
from storage.tables import FILE_LIMIT

FILE_WORDS = ("文件 ", "文件：", "文件:", "file ")
"""How a line begins that names a file to send."""

WAYS_OUT = ("返回", "重说一遍", "停下来", "找人帮忙")
"""Words that work everywhere, always at the same place."""

SHOWN = (*WAYS_OUT, "下一页", "上一页")
"""Words we show that are no options: typed as they are shown, in any language, they are understood."""

Spoken: TypeAlias = tuple[Event, Upload | None]


class NoFile(Exception):
    """The file a line names cannot be sent; the text says why."""


class Terminal:
    """One person at a terminal; what they said is kept after every line.

    Args:
        runner: takes what is said.
        name: which conversation this is: a name of the person's own choosing.

    """

    def __init__(self, runner: Runner, name: str) -> None:
        self._runner = runner
        self._address = Address("terminal", name)
        self._reading: Reading = "plain"

    def open(self, reading: str | None = None, flow: str = "", about: About = ()) -> Heard:
        """Come back to the question that was on the screen, or begin a flow, perhaps worded in another way."""
        heard = self._look()
        if reading is not None and heard.screen.question == "reading" and heard.contact_id is None:
            # A newcomer is asked how we shall talk: that is the answer.
            heard = self._hear(Begin("reading"))
            heard = self._hear(Tapped(heard.screen.prompt, reading))
        elif reading is not None and heard.reading != reading:
            now_open = self._hear(Begin("reading"))
            heard = self._hear(Tapped(now_open.screen.prompt, reading))
        return self._hear(Begin(flow, about)) if flow else heard

    def hear(self, line: str) -> Heard:
        """Take one typed line.

        Raises:
            NoFile: when it names a file that cannot be sent.

        """
        voice = self._runner.book.voice(self._reading)
        named = {voice.say(word).casefold(): word for word in SHOWN}
        event, upload = spoken(named.get(line.strip().casefold(), line))
        return self._runner.desk.do_now(
            lambda session: self._runner.hear_in(session, self._address, event, upload=upload)
        )

    def show(self, heard: Heard) -> Iterator[str]:
        """The lines of a screen."""
        self._reading = heard.reading
        address = self._runner.settings.address
        return drawn(heard, self._runner.book.voice(heard.reading), address)

    def _hear(self, event: Event) -> Heard:
        return self._runner.desk.do_now(lambda session: self._runner.hear_in(session, self._address, event))

    def _look(self) -> Heard:
        return self._runner.desk.read(lambda session: self._runner.look_in(session, self._address))


def spoken(line: str) -> Spoken:
    """What a typed line means: words, a file named by its path, or nothing, which asks again.

    Raises:
        NoFile: when the file cannot be read or is too large.

    """
    words = "".join(sign for sign in line if sign.isprintable() or sign == "\t").strip()
    if not words:
        return Again(), None
    start = next((start for start in FILE_WORDS if words.startswith(start)), None)
    if start is None:
        return Said(words), None
    upload = _file(Path(words[len(start) :].strip().strip("'\"")).expanduser())
    return Sent(upload.ref), upload


def _file(path: Path) -> Upload:
    from bot.channels.web.posted import kind_of
    from dialogs.talk import FileRef

    try:
        if path.stat().st_size > FILE_LIMIT:
            raise NoFile("这个文件太大了，最大 20 兆。换一个小的。")
        body = path.read_bytes()
    except OSError as problem:
        raise NoFile(f"打不开这个文件：{path}（{problem.strerror}）。看一看名字写对没有。") from None
    kind, mime = kind_of(body, "")
    return Upload(FileRef(secrets.token_hex(16), kind, len(body), mime, path.name), body)


def drawn(heard: Heard, voice: Voice, address: str) -> Iterator[str]:
    """A screen line by line: what was said, what is wrong, the question, what there is to read, the options."""
    screen = heard.screen
    yield ""
    yield from heard.said
    if screen.asking_for:
        yield voice.say("这是 {{ name }} 的事", {"name": screen.asking_for})
    if screen.error:
        yield f"! {screen.error}"
    yield from _question(screen, voice)
    yield from _lines(screen, voice, address)
    if screen.current:
        yield voice.say("我们记得：") + screen.current
    yield from _options(screen.options)
    yield from _pages(screen, voice)
    yield from _how(screen, voice)
    yield " · ".join(voice.say(word) for word in WAYS_OUT)


def _question(screen: Screen, voice: Voice) -> Iterator[str]:
    if screen.total and screen.number:
        yield voice.say("第 {{ n }} 题，一共 {{ all }} 题", {"n": screen.number, "all": screen.total})
    yield screen.text
    if screen.hint:
        yield screen.hint


def _lines(screen: Screen, voice: Voice, address: str) -> Iterator[str]:
    change = screen.form == "review"
    for number, line in enumerate(screen.lines, 1):
        start = voice.say("改 {{ n }}", {"n": number}) if change and line.question else " "
        colon = ": " if voice.reading == "en" else "："
        yield f"{start}  {line.label}{colon}{screen.whole(line.value, address)}"


def _options(options: Iterable[Shown]) -> Iterator[str]:
    for option in options:
        note = f"（{option.note}）" if option.note else ""
        yield f"  {'*' if option.picked else ' '}{option.number}  {option.label}{note}"


def _pages(screen: Screen, voice: Voice) -> Iterator[str]:
    if screen.pages < 2:
        return
    yield voice.say("第 {{ n }} 页，一共 {{ all }} 页", {"n": screen.page, "all": screen.pages})
    ways = [voice.say("下一页")] if screen.page < screen.pages else []
    ways += [voice.say("上一页")] if screen.page > 1 else []
    yield " · ".join(ways)


def _how(screen: Screen, voice: Voice) -> Iterator[str]:
    """How to answer, where a number or a word is not all there is to it."""
    if screen.form == "many":
        yield voice.say("可以写几个数字，比如：1 3")
    elif screen.form == "file":
        yield voice.say("写“文件”，空一格，再写文件在哪里。")
