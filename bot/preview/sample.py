"""A made-up world for every flow: people, courses and applications in every state that changes what is asked or said."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import cast
from zoneinfo import ZoneInfo

from bot.demo.shifting import SAMPLE_DAY
from bot.preview import job_fairs
from bot.preview.at_work import GIVEN_TO_STAFF, STAFF
from bot.preview.courses import BREAD, INTAKE, ONLINE, OTHERS, PROJECT, PROJECTS
from dialogs.facts.applications import Applied, Asked, Clash, Offered
from dialogs.facts.classes import AtClass, Certificate, ClassTimes, Coming, Met, Moved, Part
from dialogs.facts.people import Draft, Helper, Me, Office, Person, Ward
from dialogs.facts.tickets import Remark, Ticket
from dialogs.model import Flow, Json
from dialogs.stages import PROMISE, STAGE
from dialogs.supports import LABELS
from storage.catalogue.cards import ProjectCard
from storage.catalogue.snapshot import Snapshot
from storage.catalogue.timetable import Timetable

NOW = datetime.combine(SAMPLE_DAY, time(12), ZoneInfo("Asia/Shanghai"))
OFFICE = Office("训桥示例服务台", "0371-00001100", "15400009000", "0371-00001109")
ADDRESS = "http://127.0.0.1:8000"
LINK = f"{ADDRESS}/go/{'Ab_-' * 5}"
CHAT_LINK = f"https://t.me/xunqiao_example_bot?start={'Ab_-' * 5}"
NUMBER = "2026-0031"
CERTIFICATE = "99000119900307001X43"
MINORS_CERTIFICATE = "99000120100612001943"
"""Of somebody who was 16 on the sample day, so that a parent is asked too."""

RULE = "四川省户籍"

APPLIED = Applied(
    application_id=31,
    number=NUMBER,
    person_id=7,
    person_name="王小明",
    title=PROJECT.title,
    title_easy=PROJECT.title_easy,
    state="submitted",
    starts=INTAKE.start_date,
    ends=INTAKE.end_date,
    place=INTAKE.address,
    needs=tuple((code, answer, "") for code, answer in zip(LABELS, (*PROMISE, *PROMISE), strict=False)),
    intake_id=11,
    project_id="P001",
    advice=(RULE,),
)

WAS = ClassTimes(INTAKE.start_date, INTAKE.end_date, time(9), time(11, 30), INTAKE.address)
NOW_THERE = ClassTimes(date(2027, 1, 11), date(2027, 1, 29), time(14), time(16), "管城回族区示例路 8 号")
"""A class before and after it moved."""

MET = Met(
    3,
    replace(WAS, ends=WAS.starts),
    replace(NOW_THERE, ends=NOW_THERE.starts),
    cancelled=False,
)
"""One session before and after it moved."""

COMING = Coming(
    31,
    "王小明",
    PROJECT.title,
    PROJECT.title_easy,
    datetime.combine(SAMPLE_DAY, time(14), NOW.tzinfo),
    has_hour=True,
    place=INTAKE.address,
)
"""Somebody expected at a class."""

PART = Part(
    stands=True,
    mode="offline",
    starts=date(2026, 12, 14),
    ends=INTAKE.end_date,
    begins=time(9),
    place=INTAKE.address,
)
EXAM = replace(PART, starts=INTAKE.end_date, is_exam=True)
CERTIFICATE_THERE = Certificate(
    is_ready=True,
    name=PROJECT.certificate_name,
    keeper="管城回族区残疾人联合会",
    phone="0371-00001100",
    sms="15400009000",
)

UNTIL = datetime.combine(date(2026, 11, 24), time(10), ZoneInfo("Asia/Shanghai"))
ASKED = Asked(4, "李大梅", "您能自己坐车来吗？")
NOTE = "每次课都有。"
"""What staff write with a promise."""

DECIDED = replace(
    APPLIED,
    reason="名额满了",
    needs=tuple((code, answer, NOTE) for code, answer in zip(LABELS, (*PROMISE, *PROMISE), strict=False)),
    powers=frozenset({"fill"}),
)
"""An application that staff have looked at."""

MORE: Mapping[str, Applied] = {
    "question": replace(DECIDED, asked=(ASKED,)),
    "waitlisted": replace(DECIDED, place_in_line=3),
    "offered": replace(DECIDED, offer_id=5, until=UNTIL, bring=PROJECT.documents_to_bring),
    "accepted": replace(
        DECIDED,
        bring=PROJECT.documents_to_bring,
        moved=True,
        platform="网上教室",
        link="https://example.invalid/class/1",
    ),
}
"""The same in states in which there is more to know."""

MYSELF = Ward(7, "王小明", "self")
SON = Ward(8, "李小红", "family")

ME = Me(contact_id=1, new=False, role="self", people=(MYSELF,), current=7)
MOTHER = Me(contact_id=2, new=False, role="family", people=(SON,), current=8)
MEETING = Me(contact_id=3, new=True)

HELPER = Helper(5, "李大梅", "family", date(2026, 12, 5), soon=True)
PARENT = Helper(7, "", "family", date(2027, 5, 20), soon=False, link="opened", since=date(2026, 11, 21))

PERSON = Person(7)
HELPED = Person(8, name="李小红", role="family")
KNOWN = Person(
    7,
    name="王小明",
    phone="15400000001",
    certificate=CERTIFICATE,
    profile={"education": "senior", "hukou": "管城回族区城西街道", "live_addr": "same"},
    consents={"sensitive": True, "school": True, "authority": False, "employer": False, "abroad": False},
)


def _shelf(*cards: ProjectCard) -> Snapshot:
    return Snapshot(list(cards), {}, SAMPLE_DAY)


TICKET = Ticket(4, "T2026-0012", "门口有台阶。", "open", date(2026, 11, 20), date(2026, 11, 27))
TICKETS = (
    TICKET,
    replace(TICKET, ticket_id=5, number="T2026-0013", state="taken", words=None),
    replace(
        TICKET,
        ticket_id=6,
        number="T2026-0014",
        state="answered",
        remarks=(Remark("李大梅", "好的，明天修好。"),),
        words="",
    ),
    *(
        replace(
            TICKET,
            ticket_id=7 + rated,
            made=date(2026, 11, 19),
            state="closed",
            outcome=outcome,
            remarks=(Remark("李大梅", "好的，明天修好。"), Remark("", None), Remark("", "谢谢。")),
            rated=rated,
        )
        for outcome in ("solved", "explained", "referred", "not_possible", "withdrawn")
        for rated in (False, True)
    ),
)
"""What somebody told us, in every state of the handling."""

TALKING = replace(
    TICKET,
    state="taken",
    remarks=(Remark("李大梅", "您好。"), Remark("", "您好。"), Remark("", None)),
    talker="李大梅",
    talker_number=3,
)
"""The same while somebody of staff talks with them."""

WORDS_MISSING = (("person",), ("parent",), ("person", "parent"))
"""Whose word an application can wait for."""

FACTS: Mapping[str, tuple[object, ...]] = {
    "office": (OFFICE, Office("训桥示例服务台", "0371-00001100", "")),
    "for_whom": ("", "李小红"),
    "me": (ME, MOTHER, MEETING, replace(MOTHER, people=(MYSELF, SON))),
    "person": (PERSON, HELPED, KNOWN),
    "project": PROJECTS,
    "intake": (INTAKE, ONLINE),
    "seats": ({11: 12, 12: 0},),
    "timetables": (
        {11: Timetable((0, 1, 2, 3, 4), time(9), time(16, 30))},
        {11: Timetable((0, 2, 4), None, None)},
        {},
    ),
    "catalogue": (_shelf(PROJECT, *OTHERS), _shelf()),
    "application": (
        *(replace(APPLIED, state=state, reason="名额满了") for state in STAGE if state != "awaiting_assent"),
        *(replace(MORE.get(state, DECIDED), state=state) for state in STAGE),
        replace(DECIDED, state="declined", called_off=True),
        *(
            replace(APPLIED, state="awaiting_assent", missing=missing, powers=powers)
            for missing in WORDS_MISSING
            for powers in (frozenset({"fill", "assent", "consent"}), frozenset({"fill"}))
        ),
    ),
    "class_told": (
        *(replace(MORE.get(state, DECIDED), state=state) for state in STAGE),
        replace(APPLIED, state="accepted", needs=(), powers=frozenset()),
        replace(APPLIED, application_id=0, state="withdrawn"),
    ),
    "applications": (
        (APPLIED, replace(APPLIED, application_id=32, state="accepted", title=BREAD[0], title_easy=BREAD[1])),
        (replace(APPLIED, state="waitlisted", place_in_line=3),),
        (
            replace(APPLIED, state="waitlisted", place_in_line=3),
            replace(APPLIED, application_id=32, place_in_line=1, title=BREAD[0], title_easy=BREAD[1]),
        ),
        (),
    ),
    "drafts": (
        (Draft("apply", (("person", 7), ("intake", 11)), f"报名：{PROJECT.title}", "2026-11-20"),),
        (),
    ),
    "clash": ((), (Clash(PROJECT.title, INTAKE.start_date, INTAKE.end_date),)),
    "suggested": ((), ("sign_interp", "large_print")),
    "asked_to_assent": ((), (APPLIED,)),
    "to_answer": (
        (),
        (
            replace(DECIDED, state="offered", offer_id=5, until=UNTIL),
            replace(DECIDED, application_id=32, state="question", asked=(ASKED,)),
            replace(DECIDED, application_id=33, state="accepted", moved=True),
        ),
    ),
    "offer": (
        Offered(5, stands=True, until=UNTIL),
        Offered(5, stands=True, until=UNTIL, clashes=(Clash(BREAD[0], INTAKE.start_date, INTAKE.end_date),)),
        Offered(5, stands=False, until=UNTIL),
    ),
    "moved": (
        Moved(stands=True, before=WAS, after=NOW_THERE, note="教室在修。"),
        Moved(stands=True, before=WAS, after=replace(WAS, begins=time(14), until=time(17))),
        Moved(stands=True, before=replace(WAS, until=None), after=replace(WAS, begins=time(10), until=None)),
        Moved(stands=True, before=WAS, after=WAS, meetings=(MET,), new_link=True),
        Moved(
            stands=True, before=WAS, after=WAS, meetings=(replace(MET, cancelled=True),), note="老师病了。"
        ),
        Moved(stands=False, before=WAS, after=NOW_THERE),
    ),
    "at_class": (
        AtClass((COMING, replace(COMING, application_id=32, person_name="李小红")), COMING),
        AtClass((COMING, replace(COMING, application_id=32, title=BREAD[0], title_easy=BREAD[1])), None),
        AtClass((COMING,), None),
        AtClass((), COMING),
        AtClass((), replace(COMING, has_hour=False, place="")),
        AtClass((), None),
    ),
    "part": (
        PART,
        replace(PART, mode="online", place=""),
        replace(PART, begins=None, place="管城回族区示例路 8 号"),
        EXAM,
        replace(PART, stands=False),
    ),
    "certificate": (
        CERTIFICATE_THERE,
        replace(CERTIFICATE_THERE, phone="", sms=""),
        Certificate(is_ready=False),
    ),
    "reached_on": (("telegram", "web"), ("web",)),
    "staff_words": (replace(ASKED, words="明天带书来。"), replace(ASKED, stands=False)),
    "staff_question": (ASKED, replace(ASKED, stands=False)),
    "ticket": (*TICKETS, replace(TICKET, ticket_id=0), TALKING),
    "tickets": ((), TICKETS[:4]),
    "no_longer_helped": ((), ("王小明",)),
    **STAFF,
    **job_fairs.FACTS,
    "refused": ((), ("jobs",)),
    "wanted": ((), ("policy",)),
    "helpers": (
        (),
        (HELPER,),
        (HELPER, replace(HELPER, relation_id=6, name="", role="helper", ends=None, soon=False)),
        (PARENT, replace(PARENT, relation_id=8, link="made")),
        (PARENT,),
    ),
}
"""Fact -> its states, the everyday one first."""

ALWAYS = ("office", "me", "for_whom")

GIVEN: Mapping[str, tuple[Mapping[str, Json], ...]] = {
    "continue_ready": ({"link": LINK}, {"link": LINK, "telegram": CHAT_LINK}),
    "continue_page": ({"link": LINK},),
    "copy_ready": ({"link": LINK},),
    "complaint_kept": ({"number": "T2026-0012", "due": "2026-11-27", "digits": "0123 4567"},),
    "ticket_more_kept": ({"due": "2026-11-27"},),
    "read_answer": ({}, {"tries": 1}),
    "ticket_made": ({"number": "G-0012", "due": "2026-11-24"},),
    "withdrawn": ({"number": NUMBER, "title": PROJECT.title},),
    "too_late": ({"title": PROJECT.title_easy},),
    "assent_link_ready": (
        {"link": LINK, "until": "2026-11-24", "name": "王小明"},
        {"link": LINK, "telegram": CHAT_LINK, "until": "2026-11-24", "name": "王小明"},
    ),
    "parent_link_ready": ({"link": LINK, "until": "2026-11-24", "name": "王小明"},),
    "asked_there": ({"name": "王小明"},),
    "offer_answered": tuple({"come": come} for come in ("yes", "no", "later")),
    "moved_answered": ({"come": "yes"}, {"come": "no"}),
    "callback_told": tuple(
        {"said": said, "when": "2026-12-12T14:00:00+08:00"}
        for said in ("later", "call", "write", "no", "over")
    ),
    "callback_opened": ({"numbers": "T2026-0007、T2026-0008", "due": "2026-12-18"},),
    "class_answered": ({"come": "yes"}, {"come": "no"}, {"come": "stop"}),
    "certificate_answered": tuple({"said": said} for said in ("got", "later", "no", "stop")),
    "notices_kept": ({"any": "yes"}, {"any": "no"}),
    "notices_wanted_kept": ({"any": "yes"}, {"any": "no"}),
    "reminding_kept": ({"any": "yes"}, {"any": "no"}),
    "arrived_kept": tuple({"kept": kept, "name": "王小明"} for kept in ("yes", "no")),
    "appealed": ({"number": "G-0012", "due": "2026-11-27"},),
    "parent_word_done": tuple({"agree": agree} for agree in ("yes", "no", "unsure")),
    "assent_done": tuple({"want": want} for want in ("yes", "no", "unsure")),
    "consent_done": ({"give": "yes"}, {"give": "no"}),
    "helper_told": tuple({"keep": keep, "until": "2026-12-05"} for keep in ("yes", "no", "think")),
    **GIVEN_TO_STAFF,
    **job_fairs.GIVEN,
    "receipt": ({"number": NUMBER, "title": PROJECT.title, "awaits": ""},),
}
"""What a flow is begun with by an outcome: flow -> states."""


def worlds(flow: Flow) -> Iterator[tuple[Mapping[str, object], Mapping[str, Json]]]:
    """The world of every day, then the same with one fact in another state, then with other beginnings.

    Raises:
        KeyError: for a fact that has no sample yet.

    """
    wanted = tuple(dict.fromkeys((*ALWAYS, *flow.facts)))
    everyday = {name: FACTS[name][0] for name in wanted}
    beginnings = GIVEN.get(flow.name, ({},))
    for given in beginnings:
        yield everyday, given
    for name in wanted:
        for other in FACTS[name][1:]:
            yield _agreeing({**everyday, name: other}, name), beginnings[0]


def _agreeing(facts: Mapping[str, object], changed: str) -> Mapping[str, object]:
    """Facts that belong together, as storage reads them: the run of the course, and for whom we talk."""
    agreeing = dict(facts)
    if changed == "project" and "intake" in facts:
        agreeing["intake"] = cast("ProjectCard", facts["project"]).first
    if changed == "me" and "person" in facts:
        agreeing["person"] = {7: PERSON, 8: HELPED, None: Person(0)}[cast("Me", facts["me"]).current]
    if changed == "person":
        agreeing["me"] = MOTHER if facts["person"] is HELPED else ME
    return agreeing
