"""Sample facts: a world for every flow, in every state that changes what is asked or said."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dialogs.facts import Applied, Clash, Draft, Helper, Me, Office, Person, Ward
from dialogs.model import Flow, Json
from dialogs.spoken.certificate import group
from dialogs.stages import PROMISE, STAGE
from dialogs.supports import LABELS
from storage.catalogue import codes
from storage.catalogue.cards import IntakeCard, ProjectCard, Status
from storage.catalogue.snapshot import Snapshot
from storage.catalogue.traits import LISTS

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()

OFFICE = Office("训桥示例服务台", "0371-00001100", "15400009000", "0371-00001109")
CERTIFICATE = "99000119900307001X43"
MINORS_CERTIFICATE = "99000120100612001943"
"""Of somebody who was 16 on the sample day, so that a parent is asked too."""
NUMBER = "2026-0031"
LINK = "http://127.0.0.1:8000/go/Ab_-Ab_-Ab_-Ab_-Ab_-"

INTAKE = IntakeCard(
    id=11,
    project_id="P001",
    intake_no=1,
    status=Status.OPEN,
    listed=True,
    start_date=date(2026, 12, 7),
    end_date=date(2026, 12, 25),
    registration_deadline=date(2026, 11, 30),
    list_from=None,
    list_until=None,
    closed_dates=(),
    training_days=15,
    online_days=None,
    offline_days=None,
    hours_per_day=6,
    hours_total=90,
    class_start_time=time(9),
    class_end_time=time(16, 30),
    schedule_text="周一至周五白天，09:00—16:30，共15天90课时",
    time_slot="weekday_day",
    mode="offline",
    capacity=30,
    seats_left=12,
    min_to_open=None,
    province="河南省",
    city="郑州市",
    district="管城回族区",
    address="城西街道示例路86号2栋3楼",
    how_to_get_there="地铁2号线东大街站B口，楼内有电梯",
    venue_type="school",
    platform="",
    has_link=False,
    services=("sign_interp", "large_print", "wheelchair"),
    lodging=True,
    meals=True,
    companion=True,
    insurance=True,
    contact_dept="管城回族区残疾人联合会",
    contact_phone="0371-00001100",
    contact_sms="15400009000",
    contact_by_text="短信",
    supervision_phone="0371-00001109",
)

PROJECT = ProjectCard(
    project_id="P001",
    title="残疾大学生新媒体运营双证班（成都龙泉驿）",  # the longest of the demo
    title_easy="在家学人工智能标注和训练",
    category="student_dual",
    subcategory="电商",
    occupation="互联网营销师",
    industry="互联网",
    organiser="示例培训中心",
    organiser_type="school",
    commissioned_by="",
    household_rule="",
    household_place="",
    age_min=16,
    age_max=59,
    sex_rule="",
    disability_categories=(),
    disability_levels=(),
    audience=("disabled",),
    employment_status=("unemployed",),
    priority_groups=("dibao",),
    fee_yuan=0,
    extra_modules=(),
    certificate_type="skill_level",
    certificate_name="互联网营销师职业技能等级证书（四级）",
    subsidy_types=("living",),
    living_subsidy_per_day_yuan=30,
    subsidy_note="",
    documents_to_bring=("身份证", "残疾人证", "两寸照片2张"),
    policy_profile="",
    level="intro",
    delivery="order",
    programme="malanhua",
    tags=("short",),
    extra_questions=("student", "on_job", "startup", "leader", "heritage"),
    employer="",
    order_posts=None,
    intakes=(INTAKE,),
)

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

MYSELF = Ward(7, "王小明", "self")
SON = Ward(8, "李小红", "family")

ME = Me(contact_id=1, new=False, role="self", people=(MYSELF,), current=7)
MOTHER = Me(contact_id=2, new=False, role="family", people=(SON,), current=8)
MEETING = Me(contact_id=3, new=True)

HELPER = Helper(5, "李大梅", "family", date(2026, 12, 5), soon=True)

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


class Shelf(Snapshot):
    """The real catalogue, with the words for the values of its filters."""

    def named(self, key: str, code: str) -> tuple[str, str]:
        name = LISTS.get(key, "")
        return (codes.label(name, code), codes.easy(name, code)) if name else (code, "")


def shelf(*cards: ProjectCard) -> Shelf:
    return Shelf(list(cards), {}, TODAY)


def _run(**changes: object) -> ProjectCard:
    return replace(PROJECT, intakes=(replace(INTAKE, **changes),))  # type: ignore[arg-type]  # names are fields


SECOND = replace(INTAKE, id=12, intake_no=2, start_date=date(2027, 3, 1), end_date=date(2027, 3, 19))
ONLINE = replace(
    INTAKE, mode="online", province="", city="", district="", address="", how_to_get_there="", lodging=False
)
PROJECTS: tuple[ProjectCard, ...] = (
    PROJECT,
    _run(status=Status.FULL),
    _run(status=Status.CLOSED),
    _run(status=Status.WITHDRAWN),
    replace(PROJECT, intakes=(INTAKE, SECOND)),
    replace(PROJECT, intakes=(ONLINE,), fee_yuan=200, living_subsidy_per_day_yuan=0, subsidy_types=("none",)),
    replace(PROJECT, extra_questions=()),
    replace(PROJECT, certificate_type="none", certificate_name="", audience=("disabled", "family")),
)

BREAD = ("烘焙助理启智展能班（郑州二七）", "学做面包")
OTHERS = tuple(
    replace(PROJECT, project_id=f"P{number:03}", title=title, title_easy=easy)
    for number, (title, easy) in enumerate(
        (
            BREAD, ("盲人保健按摩初级培训班（眉山东坡）", "学盲人按摩"),
            ("肉山羊养殖技术培训班（南充嘉陵）", "学养山羊"), ("羌绣传统技艺培训班（汶川）", "学羌绣"),
            ("中式面点师就业技能培训班（常德武陵）", "学做面点"),
        ),
        2,
    )
)  # fmt: skip

WORDS_MISSING = (("person",), ("parent",), ("person", "parent"))
"""Whose word an application can wait for."""

FACTS: Mapping[str, tuple[object, ...]] = {
    "office": (OFFICE, Office("训桥示例服务台", "0371-00001100", "")),
    "for_whom": ("", "李小红"),
    "me": (ME, MOTHER, MEETING, replace(MOTHER, people=(MYSELF, SON)), replace(MOTHER, ended=("王小明",))),
    "person": (PERSON, HELPED, KNOWN),
    "project": PROJECTS,
    "intake": (INTAKE, ONLINE),
    "seats": ({11: 12, 12: 0},),
    "catalogue": (shelf(PROJECT, *OTHERS), shelf()),
    "application": (
        *(replace(APPLIED, state=state, reason="名额满了") for state in STAGE if state != "awaiting_assent"),
        *(
            replace(APPLIED, state="awaiting_assent", missing=missing, powers=powers)
            for missing in WORDS_MISSING
            for powers in (frozenset({"fill", "assent", "consent"}), frozenset({"fill"}))
        ),
    ),
    "applications": (
        (APPLIED, replace(APPLIED, application_id=32, state="accepted", title=BREAD[0], title_easy=BREAD[1])),
        (),
    ),
    "drafts": (
        (Draft("apply", (("person", 7), ("intake", 11)), f"报名：{PROJECT.title}", "2026-11-20"),),
        (),
    ),
    "clash": ((), (Clash(PROJECT.title, INTAKE.start_date, INTAKE.end_date),)),
    "suggested": ((), ("sign_interp", "large_print")),
    "asked_to_assent": ((), (APPLIED,)),
    "helpers": (
        (),
        (HELPER,),
        (HELPER, replace(HELPER, relation_id=6, name="", role="helper", ends=None, soon=False)),
    ),
}
"""Fact -> its states, the everyday one first."""

ALWAYS = ("office", "me", "for_whom")

GIVEN: Mapping[str, tuple[Mapping[str, Json], ...]] = {
    "continue_ready": ({"link": LINK},),
    "copy_ready": ({"link": LINK},),
    "ticket_made": ({"number": "G-0012", "due": "2026-11-24"},),
    "withdrawn": ({"number": NUMBER, "title": PROJECT.title},),
    "too_late": ({"title": PROJECT.title_easy},),
    "assent_link_ready": ({"link": LINK, "until": "2026-11-24", "name": "王小明"},),
    "parent_link_ready": ({"link": LINK, "until": "2026-11-24", "name": "王小明"},),
    "asked_there": ({"name": "王小明"},),
    "parent_word_done": tuple({"agree": agree} for agree in ("yes", "no", "unsure")),
    "assent_done": tuple({"want": want} for want in ("yes", "no", "unsure")),
    "consent_done": ({"give": "yes"}, {"give": "no"}),
    "helper_told": tuple({"keep": keep, "until": "2026-12-05"} for keep in ("yes", "no", "think")),
    "receipt": ({"number": NUMBER, "title": PROJECT.title, "awaits": ""},),
}
"""What a flow is begun with by an outcome: flow -> states."""

PUBLISHED = tuple(
    word
    for key, code in (
        ("category", PROJECT.category), ("level", PROJECT.level), ("delivery", PROJECT.delivery),
        ("programme", PROJECT.programme), ("tags", PROJECT.tags[0]), ("venue_type", INTAKE.venue_type),
    )
    for word in (codes.label(LISTS[key], code), codes.easy(LISTS[key], code))
)  # fmt: skip
"""Values of the catalogue's filters."""

NAMES: tuple[str, ...] = (
    *(word for card in OTHERS for word in (card.title, card.title_easy)), *PUBLISHED,
    group(CERTIFICATE), group(MINORS_CERTIFICATE), INTAKE.city, INTAKE.district, PROJECT.subcategory, PROJECT.industry,
    OFFICE.name, PROJECT.title, PROJECT.title_easy, PROJECT.certificate_name, INTAKE.schedule_text, INTAKE.address,
    INTAKE.how_to_get_there, INTAKE.contact_dept, INTAKE.contact_phone, INTAKE.contact_sms, OFFICE.supervision_phone,
    INTAKE.city + INTAKE.district, *PROJECT.documents_to_bring, "王小明", "李小红", "李大梅", NUMBER, LINK, RULE,
    "名额满了", "训桥",
)  # fmt: skip
"""Proper names and published words in the samples: said as they stand, judged where they come from."""


def scenarios(flow: Flow) -> Iterator[tuple[Mapping[str, object], Mapping[str, Json]]]:
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
        agreeing["intake"] = _project(facts["project"]).first
    if changed == "me" and "person" in facts:
        agreeing["person"] = {7: PERSON, 8: HELPED, None: Person(0)}[_me(facts["me"]).current]
    if changed == "person":
        agreeing["me"] = MOTHER if facts["person"] is HELPED else ME
    return agreeing


def _project(fact: object) -> ProjectCard:
    assert isinstance(fact, ProjectCard)
    return fact


def _me(fact: object) -> Me:
    assert isinstance(fact, Me)
    return fact
