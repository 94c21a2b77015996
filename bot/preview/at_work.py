"""A made-up desk for the flows of staff: what waits, one application and one ticket, in every state."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.preview.courses import PROJECT
from dialogs.facts.staff import Case, Desk, Filed, Groups, Mailing, Need, Waiting
from dialogs.model import Json
from dialogs.stages import PROMISE, STAGE
from dialogs.supports import LABELS

CONSOLE_LINK = f"http://127.0.0.1:8000/console/enter/{'Ab_-' * 5}"
OTHER_NUMBER = "2026-0032"

FILED = Filed(
    application_id=31,
    number="2026-0031",
    person="王小明",
    title=PROJECT.title,
    title_easy=PROJECT.title_easy,
    state="submitted",
    days=3,
    reasons=("低保",),
    fit="differs",
    rules=("四川省户籍",),
    needs=tuple(
        Need(number, code, answer, offered=number % 2 == 0)
        for number, (code, answer) in enumerate(zip(LABELS, (*PROMISE, *PROMISE), strict=False), 1)
    ),
    seats=12,
    decidable=True,
    askable=True,
)
"""An application as staff see it in a chat."""

CASE = Case(
    4,
    "T2026-0012",
    "help",
    date(2026, 11, 27),
    waits=True,
    said=((False, "门口有台阶。"), (True, "好的，明天修好。")),
)

MAILING = Mailing(
    number=6,
    title="郑州招聘会",
    state="sending",
    ways=("pause", "stop"),
    asking=1,
    total=301,
    waiting=200,
    reached=90,
    missed=11,
)
"""A notice on its way."""

STAFF: Mapping[str, tuple[object, ...]] = {
    "works_here": (False, True),
    "desk": (
        Desk("李大梅", new=3, needs=2, tickets=1, decides=True, answers=True, alerts=True, tells=True),
        Desk("李大梅", decides=True, answers=True),
        Desk("李大梅"),
    ),
    "waiting": (
        Waiting(
            (FILED, replace(FILED, application_id=32, number=OTHER_NUMBER, reasons=())), total=80, more=True
        ),
        Waiting((FILED,), total=1),
        Waiting(),
    ),
    "filed": (
        FILED,
        *(
            replace(FILED, state=state, decidable=False, askable=False, fit="fits", rules=())
            for state in STAGE
        ),
        replace(FILED, state="waitlisted", place=3, fit="ask", needs=()),
        Filed(0),
    ),
    "case": (
        CASE,
        *(
            replace(CASE, kind=kind, said=((False, None),))
            for kind in ("complaint", "appeal", "safeguard", "trouble")
        ),
        replace(CASE, waits=False),
        Case(0),
    ),
    "mailing": (
        Mailing(),
        MAILING,
        replace(MAILING, state="draft", ways=("whom",), total=0),
        replace(MAILING, state="planning", ways=("whom",), total=0),
        replace(MAILING, state="planned", ways=("send", "whom")),
        replace(MAILING, state="paused", ways=("resume", "stop")),
        *(replace(MAILING, state=state, ways=()) for state in ("done", "stopped")),
    ),
    "notice_groups": (Groups(((1, PROJECT.title),)), Groups(everywhere=True)),
    "cases": ((CASE, replace(CASE, ticket_id=5, number="T2026-0013")), ()),
}
"""What members of staff see of others, in every state."""

GIVEN_TO_STAFF: Mapping[str, tuple[Mapping[str, Json], ...]] = {
    "staff_joined": ({"name": "李大梅"},),
    "staff_console_ready": ({"link": CONSOLE_LINK},),
    "staff_alerts_kept": ({"want": "yes"}, {"want": "no"}),
    "staff_application": (
        {"seen": 7, "quick": "no"},
        {"seen": 7, "quick": "yes", "do": "accept"},
        {"seen": 7, "quick": "yes", "do": "wait"},
        {"seen": 7, "quick": "no", "do": "decline"},
        {"seen": 7, "quick": "no", "do": "ask"},
    ),
    "staff_done": tuple(
        {"what": what, "number": 31}
        for what in ("accepted", "waitlisted", "declined", "asked", "no_seat", "not_possible")
    ),
    "staff_meanwhile": ({"number": 31, "events": [["李大梅", "问了一句"]]},),
    "staff_notice_write": ({}, {"topic": "jobs", "title": "招聘会", "before": "周六有招聘会。"}),
    "staff_notice_mend": tuple(
        {
            "topic": "jobs",
            "title": "招聘会",
            "words": "周六来。",
            "found": [["周六来。", "写出是几月几日"]],
            "must": must,
        }
        for must in ("yes", "no")
    ),
    "staff_notice_do": ({"do": "stop", "asking": 1},),
    "staff_notice_done": tuple(
        {"what": what}
        for what in (
            "listing",
            "sent",
            "sent_before",
            "not_listed",
            "later",
            "other_list",
            "pause",
            "resume",
            "stop",
            "meanwhile",
        )
    ),
    "staff_ticket_answered": tuple({"what": what, "number": 4} for what in ("replied", "noted", "meanwhile")),
}
"""What a flow of staff is begun with by an outcome: flow -> states."""
