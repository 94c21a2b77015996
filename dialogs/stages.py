"""The stages of an application, in words for the person: what it is now, and what comes next."""

from collections.abc import Mapping

from dialogs.facts.applications import CALLED_OFF, Applied
from dialogs.model import Row

STAGE: Mapping[str, str] = {
    "awaiting_assent": "等本人答应",
    "submitted": "收到了，工作人员在看",
    "question": "工作人员有一个问题",
    "waitlisted": "在排队",
    "offered": "有位子了，等您回答",
    "accepted": "可以来上课了",
    "declined": "这次没有选上",
    "withdrawn": "您说不去了",
    "finished": "结业了",
    "not_passed": "课上完了，这次没有结业",
}

OFF = "这个班不办了"
OFF_NEXT = "可以找别的课。觉得不对，就说“不同意”。"
"""An application that ended because there is no such class any more: what it is now, and what comes next."""

WAITS: Mapping[tuple[str, ...], str] = {
    ("parent",): "等家长同意",
    ("person", "parent"): "等本人和家长答应",
}
"""An application of somebody of 14 to 17 that waits: whose word is missing -> what it is now."""

NEXT: Mapping[str, str] = {
    "awaiting_assent": "先问去上课的人，他答应了，工作人员再看。",
    "submitted": "大约一个星期有结果，我们会告诉您。",
    "question": "在这里回答工作人员的问题。",
    "waitlisted": "有人不来，就到您了。我们会告诉您。",
    "offered": "告诉我们您来不来。",
    "accepted": "{{ starts | day }}开课。",
    "declined": "工作人员写了原因。您可以说不同意，也可以找别的课。",
    "withdrawn": "想学了，可以再报。",
    "finished": "我们会问您学得怎么样。",
    "not_passed": "想再学一次，可以再报。觉得不对，就说“不同意”。",
}

WAITS_NEXT: Mapping[tuple[str, ...], str] = {
    ("parent",): "先问家长，家长同意了，工作人员再看。",
    ("person", "parent"): "先问本人和家长，都答应了，工作人员再看。",
}

TALK_OVER = "这个班写的是“{{ rule }}”。工作人员会和您商量。"
"""A rule of the course that may not fit the person: advice, never a refusal."""


PROMISE: Mapping[str, str] = {
    "": "还没有回答",
    "can": "可以提供",
    "discuss": "要和您商量",
    "cannot": "这个班做不到",
}
"""What the office says of a support that was asked for."""

PROMISE_NOTED: Mapping[str, str] = {
    "": "还没有回答。{{ note }}",
    "can": "可以提供。{{ note }}",
    "discuss": "要和您商量。{{ note }}",
    "cannot": "这个班做不到。{{ note }}",
}
"""The same with the words of whoever answered."""


def standing(application: Applied) -> tuple[Row, ...]:
    """Say what has become of an application: what it is now, and what comes next."""
    return (
        Row("现在", stage(application.stage, application.missing)),
        Row("后面怎么办", next_step(application.stage, application.missing), {"starts": application.starts}),
    )


def stage(state: str, missing: tuple[str, ...]) -> str:
    """Say what an application is now."""
    if state == CALLED_OFF:
        return OFF
    return WAITS.get(missing, STAGE[state])


def next_step(state: str, missing: tuple[str, ...]) -> str:
    """Say what comes next."""
    if state == CALLED_OFF:
        return OFF_NEXT
    return WAITS_NEXT.get(missing, NEXT[state])
