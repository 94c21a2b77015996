"""A made-up world for every flow: the demonstration's catalogue, and people in the states that change a question."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel

from bot.demo.shifting import SAMPLE_DAY, shift_for, shifted_sheet
from dialogs.facts import Applied, Clash, Draft, Helper, Me, Office, Person, Ward
from dialogs.model import Flow, Json
from dialogs.supports import LABELS
from storage.base import Store
from storage.catalogue.cards import IntakeCard, ProjectCard
from storage.catalogue.importing import import_projects
from storage.catalogue.snapshot import Snapshot

NOW = datetime.combine(SAMPLE_DAY, time(12), ZoneInfo("Asia/Shanghai"))
OFFICE = Office("训桥示例服务台", "0371-00001100", "15400009000", "0371-00001109")
ADDRESS = "http://127.0.0.1:8000"
LINK = f"{ADDRESS}/go/{'Ab_-' * 5}"
NUMBER = "2026-0031"
CERTIFICATE = "99000119900307001X43"
MINORS_CERTIFICATE = "99000120100612001943"
"""Of somebody of 16, whose parents are asked too."""

EXTRAS = ("student", "on_job", "startup", "leader", "heritage")
"""Every extra section an application can have."""

ALWAYS = ("office", "me", "for_whom")
"""Facts every flow gets."""

GIVEN: Mapping[str, Mapping[str, Json]] = {
    "continue_ready": {"link": LINK},
    "copy_ready": {"link": LINK},
    "ticket_made": {"number": "T2026-0012", "due": "2026-11-24"},
    "withdrawn": {"number": NUMBER, "title": "学做网店客服"},
    "too_late": {"title": "学做网店客服"},
    "assent_done": {"want": "yes"},
    "parent_word_done": {"agree": "yes"},
    "assent_link_ready": {"link": LINK, "until": "2026-11-24", "name": "王小明"},
    "parent_link_ready": {"link": LINK, "until": "2026-11-24", "name": "王小明"},
    "asked_there": {"name": "王小明"},
    "consent_done": {"give": "no"},
    "helper_told": {"keep": "no", "until": ""},
    "receipt": {"number": NUMBER, "title": "学做网店客服", "awaits": ""},
}
"""What a flow is begun with by an outcome."""


@cache
def catalogue() -> Snapshot:
    """The demonstration's catalogue on the day it was made for, read in memory."""
    store = Store("sqlite://")
    try:
        with store.writing() as session:
            SQLModel.metadata.create_all(session.connection())
            sheet = shifted_sheet("projects", shift_for(SAMPLE_DAY))
            import_projects(session, sheet, "projects.csv", now=NOW, who="preview")
            return Snapshot.build(session, today=SAMPLE_DAY)
    finally:
        store.close()


def course() -> ProjectCard:
    """A course of the demonstration that asks everything an application can ask."""
    found = catalogue().project("P003")
    if found is None:
        raise LookupError("the demonstration has no project P003")
    return replace(found, extra_questions=EXTRAS)


def facts() -> Mapping[str, tuple[object, ...]]:
    """Fact -> its states, the everyday one first."""
    here = course()
    run = here.first
    filed = _applied(here, run)
    myself, son = Ward(7, "王小明", "self"), Ward(8, "李小红", "family")
    me = Me(contact_id=1, new=False, role="self", people=(myself,), current=7)
    mother = Me(contact_id=2, new=False, role="family", people=(son,), current=8)
    consents = {"sensitive": True, "school": True, "authority": False}
    known = Person(
        7, "王小明", "15400000001", CERTIFICATE, profile={"hukou": "管城回族区"}, consents=consents
    )
    return {
        "office": (OFFICE,),
        "for_whom": ("", "李小红"),
        "me": (me, replace(mother, people=(myself, son)), Me(contact_id=3)),
        "person": (Person(7), Person(8, "李小红", role="family"), known),
        "project": (here, replace(here, audience=("disabled", "family"))),
        "intake": (run,),
        "seats": ({each.id: each.capacity for each in here.intakes},),
        "catalogue": (catalogue(),),
        "application": (filed, *_waiting(filed)),
        "applications": ((filed, replace(filed, application_id=32, state="accepted")),),
        "drafts": ((Draft("apply", (("person", 7), ("intake", run.id)), "报名：学盲人按摩", "2026-11-20"),),),
        "clash": ((), (Clash(here.title, run.start_date, run.end_date),)),
        "suggested": ((), ("braille", "guide")),
        "asked_to_assent": ((), (filed,)),
        "helpers": (
            (
                Helper(5, "李大梅", "family", run.end_date, soon=True),
                Helper(6, "", "helper", None, soon=False),
            ),
            (),
        ),
    }


def worlds(flow: Flow) -> Iterator[tuple[Mapping[str, object], Mapping[str, Json]]]:
    """The everyday world of a flow, then the same with one fact in another state.

    Raises:
        KeyError: for a fact that has no sample yet.

    """
    wanted = tuple(dict.fromkeys((*ALWAYS, *flow.facts)))
    every = facts()
    everyday = {name: every[name][0] for name in wanted}
    given = GIVEN.get(flow.name, {})
    yield everyday, given
    for name in wanted:
        for other in every[name][1:]:
            yield {**everyday, name: other}, given


def _waiting(filed: Applied) -> Iterator[Applied]:
    """The application while a word is missing: the person's, a parent's, or both."""
    for missing in (("person",), ("parent",), ("person", "parent")):
        powers = frozenset({"fill", "assent", "consent"})
        yield replace(filed, state="awaiting_assent", missing=missing, powers=powers)


def _applied(here: ProjectCard, run: IntakeCard) -> Applied:
    return Applied(
        application_id=31,
        number=NUMBER,
        person_id=7,
        person_name="王小明",
        title=here.title,
        title_easy=here.title_easy,
        state="submitted",
        starts=run.start_date,
        ends=run.end_date,
        place=run.address,
        needs=tuple((code, answer, "") for code, answer in zip(LABELS, ("", "can", "discuss"), strict=False)),
        intake_id=run.id,
        project_id=here.project_id,
    )
