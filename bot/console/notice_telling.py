"""How far a notice is and how it looks, in words, in bars and as its readers see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.notices.posts import PLACEHOLDERS, wording
from dialogs.book import Book
from storage.notices.listing import Press
from storage.notices.report import Progress
from storage.notices.tables import NoticeText
from storage.tables import Fate, Notice, NoticeState, Reading

STATES: Mapping[NoticeState, str] = {
    NoticeState.DRAFT: "草稿，还没有选人",
    NoticeState.PLANNING: "在排名单",
    NoticeState.PLANNED: "名单好了，还没有发",
    NoticeState.SENDING: "在发",
    NoticeState.PAUSED: "停了一会儿",
    NoticeState.STOPPED: "停下了",
    NoticeState.DONE: "发完了",
}

FATES: Mapping[Fate, str] = {
    Fate.SENT: "发到了聊天里",
    Fate.PAGE: "放在网页上了",
    Fate.BY_HAND: "工作人员告诉了",
    Fate.WAITING: "还等着发",
    Fate.BLOCKED: "聊天关了",
    Fate.UNREACHABLE: "没有能发到的地方",
    Fate.FAILED: "没有发成",
    Fate.UNSURE: "不知道到了没有",
    Fate.SKIPPED: "不用发",
    Fate.STOPPED: "停下了，没有发",
}
"""What became of recipients, in the order of the report."""

SENT = "sent notice"
"""The act of saying that it goes out."""

PRESSES: Mapping[str, str] = {
    SENT: "说发出去",
    "pause notice": "停住了",
    "resume notice": "让它接着发",
    "stop notice": "停下了，不再发",
    "unschedule notice": "说先不发了",
    "again notice": "再发了一次",
}
"""What staff do to a notice that goes out, as the audit calls it, and how colleagues are told."""

WIDTH = 600
"""Of the longest bar, in units of the picture."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the report: how many ended so, how long its bar is, and the reasons with their numbers."""

    fate: Fate
    words: str
    count: int
    width: int
    reasons: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Look:
    """A notice as one kind of reader sees it: on our page, and in a chat, each with its buttons."""

    reading: str
    page: str
    labels: Sequence[str]
    chat: str
    buttons: Sequence[str]


def bars(now: Progress, reasons: Mapping[Fate, Mapping[str, int]]) -> list[Bar]:
    """Give the lines of the report that are not empty."""
    return [
        Bar(
            fate,
            words,
            now.fates[fate],
            max(2, WIDTH * now.fates[fate] // now.total),
            sorted(
                ((why, count) for why, count in reasons.get(fate, {}).items() if why != words),
                key=lambda each: -each[1],
            ),
        )
        for fate, words in FATES.items()
        if now.fates.get(fate)
    ]


def share(now: Progress) -> int:
    """Give how much is done, in hundredths."""
    return 100 * (now.total - now.waiting) // now.total if now.total else 0


def standing(notice: Notice, now: Progress, *, quiet: bool) -> str:
    """Say in a line where a notice stands and how long it takes."""
    done = f"{STATES[notice.state]}。一共 {now.total} 份，办好 {now.done} 份"
    if now.left_out:
        done += f"，{now.left_out} 份没有发"
    if notice.state is NoticeState.PLANNING:
        return f"{STATES[notice.state]}。看过 {notice.gone_through} 个人，排了 {now.total} 份。"
    if notice.state is NoticeState.PLANNED and notice.send_at is not None:
        return f"到时间就发。一共 {now.total} 份。"
    if notice.halted and notice.state is NoticeState.DRAFT:
        return notice.halted
    if notice.halted:
        return f"自己停了：{notice.halted}。{done}。改好话，再按“接着发”。"
    if notice.state is not NoticeState.SENDING:
        return f"{done}。" if now.total else f"{STATES[notice.state]}。"
    if quiet:
        return f"{done}。晚上 9 点到早上 8 点不发，早上接着发。"
    if now.seconds_left is None:
        return f"{done}，还等 {now.waiting} 份。"
    return f"{done}，还等 {now.waiting} 份。每秒 {now.per_second:.1f} 份，还要 {_time(now.seconds_left)}。"


def pressed(press: Press, now: datetime) -> str:
    """Say who did what last, and how long ago, so that a colleague who comes late knows whom to ask."""
    minutes = int((now - press.at).total_seconds() // 60)
    ago = "刚才" if minutes < 1 else f"{minutes} 分钟前" if minutes < 60 else f"{minutes // 60} 小时前"
    return f"{press.who} {ago}{PRESSES[press.what]}"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} 秒"
    return f"{round(seconds / 60)} 分钟" if seconds < 5400 else f"{seconds / 3600:.1f} 小时"


def looks(text: NoticeText, book: Book, name: str) -> list[Look]:
    """Give a notice as plain, as easy and as English readers see it."""
    shown: list[Look] = []
    modes = ((Reading.PLAIN, "普通的话"), (Reading.EASY, "简单的话"), (Reading.EN, "英文"))
    for reading, called in modes:
        filled = wording(text, book.voices[reading.value])
        who = name or PLACEHOLDERS["name"]
        post = filled.post(who, 0, "（只能用一次的地址）")
        buttons = [label for label, _ in post.buttons]
        shown.append(Look(called, filled.on_page(who), filled.labels, post.text, buttons))
    return shown
