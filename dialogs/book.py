"""The book of flows: finds them, holds the words that work everywhere, refuses broken ones."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from itertools import pairwise
from types import ModuleType

from dialogs.model import Flow, Question
from dialogs.talk import Again, Back, Begin, Event, Reading, Stop
from dialogs.words import Voice

NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class BrokenFlow(ValueError):
    """A flow that cannot be used, and why."""


EVERYWHERE: Mapping[str, tuple[Event, tuple[str, ...]]] = {
    "back": (Back(), ("返回", "上一步", "退回", "back", "/back")),
    "again": (Again(), ("重说一遍", "再说一遍", "重复", "again", "/again")),
    "stop": (
        Stop(),
        (
            *("停下来", "停", "暂停", "菜单", "主菜单", "首页", "stop", "menu", "/stop", "/start"),
            *("晚点", "晚点再说", "等一下再说", "晚点再写", "晚点再答", "later"),
        ),
    ),
    "help": (Begin("help"), ("找人帮忙", "人工", "帮忙", "帮助", "救命", "help", "human", "/human", "/help")),
    "complain": (Begin("complain"), ("投诉", "监督电话", "complain")),
    "mine": (Begin("mine"), ("我的报名", "进度", "查进度", "退报名", "撤回", "我排第几", "排第几", "/me")),
    "leave_list": (
        Begin("leave_list"),
        ("不排了", "我不排了", "不排队了", "退出排队", "取消排队", "leave the list"),
    ),
    "arrived": (
        Begin("arrived"),
        ("我到了", "我已经到了", "到教室了", "我到教室了", "签到", "报到", "i am here", "i have arrived"),
    ),
    "fairs": (Begin("fairs"), ("招聘会", "看招聘会", "找工作", "job fairs", "job fair")),
    "positions": (Begin("positions"), ("岗位", "看岗位", "positions", "jobs")),
    "mydata": (Begin("mydata"), ("我的信息", "删除", "删掉", "my data")),
    "erase": (
        Begin("erase"),
        (
            "删除我的信息",
            "删掉我的信息",
            "删我的信息",
            "把我的信息删掉",
            "全都删掉",
            "注销",
            "注销账号",
            "delete my data",
        ),
    ),
    "whose": (Begin("whose"), ("换一个人", "换人", "换个人", "谁在用", "another person")),
    "consents": (Begin("consents"), ("撤回同意", "不同意了", "withdraw consent")),
    "helpers": (Begin("helpers"), ("谁在帮我", "帮我的人", "who helps me")),
    "no_helper": (
        Begin("helpers", given={"keep": "no"}),
        (
            "不让他帮了",
            "不要他帮了",
            "别让他帮了",
            "不用他帮了",
            "不让她帮了",
            "不要她帮了",
            "stop my helper",
        ),
    ),
    # Said at any question, so that the other phone goes on at that very question and not at the menu.
    "continue": (Begin("continue"), ("换手机", "换一个手机", "换一个手机接着用", "换设备", "change phone")),
    "staff_join": (Begin("staff_join"), ("我是工作人员", "i work here")),
    "unsubscribe": (Begin("notices"), ("退订", "unsubscribe")),
    "subscribe": (Begin("notices_wanted"), ("订阅", "收哪些消息", "subscribe")),
    "reminding": (
        Begin("reminding"),
        ("提醒", "上课提醒", "怎么提醒", "上课前怎么提醒", "设提醒", "设置提醒", "reminders", "reminder"),
    ),
    # Inside a reminder its own button of these words is meant; anywhere else we do not know of what.
    "quieter": (
        Begin("quieter"),
        ("不要再提醒", "别提醒了", "不用提醒", "别再提醒", "不要再发", "别再发了", "stop reminding me"),
    ),
    "explain": (Begin("explain"), ("什么意思", "不懂", "看不懂", "what does it mean")),
}
"""Words that work in every question, matched whole: name -> (what happens, how it is said)."""

STAFF_WORDS: Mapping[str, tuple[Begin, tuple[str, ...]]] = {
    "today": (Begin("staff"), ("今天", "今天的事", "/today")),
    "console": (Begin("staff_console"), ("控制台", "工作台", "console", "/console")),
    "tickets": (Begin("staff_tickets"), ("工单", "我的工单", "/tickets")),
    "notices": (Begin("staff_notices"), ("通知", "发通知", "写通知", "notices", "/notices")),
    "no_alerts": (Begin("staff_alerts", given={"want": "no"}), ("不用提醒我", "别提醒我")),
    "alerts": (Begin("staff_alerts", given={"want": "yes"}), ("提醒我",)),
}
"""The same for members of staff; said by anybody else they are words like others."""


class _Sheets:
    """What is served from sheets at one time; read when somebody first asks for it.

    It is put in place of another as a whole, so whoever has begun to read it goes on with the very same.
    """

    def __init__(self, names: Iterable[str], read: Callable[[], Mapping[str, Flow]]) -> None:
        self.names = frozenset(names)
        self._read = read

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        return self._read()


class Book:
    """All flows, and the voices they speak with.

    Raises:
        BrokenFlow: when two flows share a name, or a question's name is used twice.

    """

    def __init__(
        self,
        flows: Iterable[Flow],
        voices: Mapping[Reading, Voice],
        *,
        home: str = "home",
        glossary: Mapping[str, str] | None = None,
    ) -> None:
        self.voices = voices
        self.home = home
        self.glossary: Mapping[str, str] = glossary or {}
        self._flows: dict[str, Flow] = {}
        self._sheets = _Sheets((), dict)
        for flow in flows:
            _check(flow)
            for name in (flow.name, *flow.was):
                if name in self._flows:
                    raise BrokenFlow(f"two flows are called {name}")
                self._flows[name] = flow

    def serve(self, sheets: Iterable[Flow]) -> None:
        """Serve what came from sheets beside our own flows, in place of what was served before.

        One of a name of ours stands in for ours: the application with a province's own questions.

        Raises:
            BrokenFlow: one would open to others what is for staff.

        """
        served = self._checked(sheets)
        self._sheets = _Sheets(served, lambda: served)

    def serve_when_asked(self, names: Iterable[str], read: Callable[[], Iterable[Flow]]) -> None:
        """Serve what came from sheets, in place of what was served before, but read it when one is asked for.

        Args:
            names: of the flows that reading gives.
            read: gives the flows; called by whoever asks first for a flow of one of these names, or for all.

        """
        self._sheets = _Sheets(names, lambda: self._checked(read()))

    def _checked(self, sheets: Iterable[Flow]) -> Mapping[str, Flow]:
        served = {flow.name: flow for flow in sheets}
        for name, ours in self._flows.items():
            if name in served and served[name].role != ours.role:
                raise BrokenFlow(f"flow {name}: a sheet cannot change whom it is for")
        return served

    def own(self, name: str) -> Flow | None:
        """A flow of ours as it is without what a sheet adds to it."""
        return self._flows.get(name)

    def find(self, name: str) -> Flow | None:
        sheets = self._sheets
        found = sheets.flows.get(name) if name in sheets.names else None
        return found or self._flows.get(name)

    @property
    def flows(self) -> tuple[Flow, ...]:
        return tuple(dict.fromkeys({**self._flows, **self._sheets.flows}.values()))

    def voice(self, reading: Reading) -> Voice:
        return self.voices[reading]


def flows_in(package: ModuleType) -> tuple[Flow, ...]:
    """Every `Flow` that stands at the top of a module of a package: a new flow is one file."""
    found: list[Flow] = []
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        found += [value for value in vars(loaded).values() if isinstance(value, Flow)]
    return tuple(dict.fromkeys(found))


def universal(word: str, tidy: Callable[[str], str], *, staff: bool = False) -> str:
    """The name of the everywhere-word that was said, or ""; those of staff only where staff say them."""
    said = tidy(word)
    known = _said(tidy, everybody=True).get(said, "")
    return known or (_said(tidy, everybody=False).get(said, "") if staff else "")


def is_staff_word(word: str, tidy: Callable[[str], str]) -> bool:
    """Whether something that was said would lead a member of staff to what is theirs."""
    return tidy(word) in _said(tidy, everybody=False)


@cache
def _said(tidy: Callable[[str], str], *, everybody: bool) -> Mapping[str, str]:
    """Each way to say an everywhere-word -> its name; tidied once, for this is asked with all that anybody says."""
    words: Mapping[str, tuple[Event, tuple[str, ...]]] = EVERYWHERE if everybody else STAFF_WORDS
    said: dict[str, str] = {}
    for name, (_, ways) in words.items():
        for way in ways:
            said.setdefault(tidy(way), name)
    return said


def _check(flow: Flow) -> None:
    if not NAME.match(flow.name):
        raise BrokenFlow(f"flow name {flow.name!r}: use small letters, digits and _")
    seen: set[str] = set()
    for question in flow.literal or ():
        _check_question(flow, question, seen)
    if flow.literal is not None and not flow.stays <= seen:
        raise BrokenFlow(f"flow {flow.name}: stays names no question: {sorted(flow.stays - seen)}")
    if flow.literal is not None:
        private = [question.private for question in flow.literal]
        changes = sum(before != after for before, after in pairwise(private))
        if changes > 2:
            raise BrokenFlow(f"flow {flow.name}: private questions stand together, so that it is one hop")


def _check_question(flow: Flow, question: Question, seen: set[str]) -> None:
    if not NAME.match(question.name):
        raise BrokenFlow(f"{flow.name}.{question.name}: use small letters, digits and _")
    if question.name in seen:
        raise BrokenFlow(f"{flow.name}.{question.name}: asked twice")
    if not question.kind:
        raise BrokenFlow(f"{flow.name}.{question.name}: a question needs a kind")
    seen.add(question.name)
