"""The book of flows: finds them, holds the words that work everywhere, refuses broken ones."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
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
    "stop": (Stop(), ("停下来", "停", "暂停", "菜单", "主菜单", "首页", "stop", "menu", "/stop", "/start")),
    "help": (Begin("help"), ("找人帮忙", "人工", "帮忙", "帮助", "救命", "help", "human", "/human", "/help")),
    "complain": (Begin("complain"), ("投诉", "监督电话", "complain")),
    "mine": (Begin("mine"), ("我的报名", "进度", "查进度", "退报名", "撤回", "我排第几", "排第几", "/me")),
    "arrived": (
        Begin("arrived"),
        ("我到了", "我已经到了", "到教室了", "我到教室了", "签到", "报到", "i am here", "i have arrived"),
    ),
    "mydata": (Begin("mydata"), ("我的信息", "删除我的信息", "my data")),
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
    "staff_join": (Begin("staff_join"), ("我是工作人员", "i work here")),
    "unsubscribe": (Begin("notices"), ("退订", "不要再提醒", "unsubscribe")),
    "explain": (Begin("explain"), ("什么意思", "不懂", "看不懂", "what does it mean")),
}
"""Words that work in every question, matched whole: name -> (what happens, how it is said)."""

STAFF_WORDS: Mapping[str, tuple[Begin, tuple[str, ...]]] = {
    "today": (Begin("staff"), ("今天", "今天的事", "/today")),
    "console": (Begin("staff_console"), ("控制台", "工作台", "console", "/console")),
    "tickets": (Begin("staff_tickets"), ("工单", "我的工单", "/tickets")),
    "no_alerts": (Begin("staff_alerts", given={"want": "no"}), ("不用提醒我", "别提醒我")),
    "alerts": (Begin("staff_alerts", given={"want": "yes"}), ("提醒我",)),
}
"""The same for members of staff; said by anybody else they are words like others."""


class Book:
    """All flows, and the voices they speak with.

    Raises:
        BrokenFlow: when two flows share a name, a question's name is used twice, or a record is unknown.

    """

    def __init__(
        self,
        flows: Iterable[Flow],
        voices: Mapping[Reading, Voice],
        *,
        home: str = "home",
        glossary: Mapping[str, str] | None = None,
        records: Iterable[str] | None = None,
    ) -> None:
        self.voices = voices
        self.home = home
        self.glossary: Mapping[str, str] = glossary or {}
        self._flows: dict[str, Flow] = {}
        self._sheets: Mapping[str, Flow] = {}
        known = None if records is None else set(records)
        for flow in flows:
            _check(flow, known)
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
        served = {flow.name: flow for flow in sheets}
        for name, ours in self._flows.items():
            if name in served and served[name].role != ours.role:
                raise BrokenFlow(f"flow {name}: a sheet cannot change whom it is for")
        self._sheets = served

    def own(self, name: str) -> Flow | None:
        """A flow of ours as it is without what a sheet adds to it."""
        return self._flows.get(name)

    def find(self, name: str) -> Flow | None:
        return self._sheets.get(name) or self._flows.get(name)

    @property
    def flows(self) -> tuple[Flow, ...]:
        return tuple(dict.fromkeys({**self._flows, **self._sheets}.values()))

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


def _check(flow: Flow, records: set[str] | None) -> None:
    if not NAME.match(flow.name):
        raise BrokenFlow(f"flow name {flow.name!r}: use small letters, digits and _")
    if flow.record is not None and records is not None and flow.record not in records:
        raise BrokenFlow(f"flow {flow.name}: nothing in the outcomes table is called {flow.record!r}")
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
