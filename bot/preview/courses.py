"""Made-up courses: one with everything a card can say, the same in other states, and others beside it."""

from dataclasses import replace
from datetime import date, time

from storage.catalogue.cards import IntakeCard, ProjectCard, Status

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
    industry="信息通信及新一代信息技术类",
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


def _at(status: Status) -> ProjectCard:
    return replace(PROJECT, intakes=(replace(INTAKE, status=status),))


SECOND = replace(INTAKE, id=12, intake_no=2, start_date=date(2027, 3, 1), end_date=date(2027, 3, 19))
ONLINE = replace(
    INTAKE, mode="online", province="", city="", district="", address="", how_to_get_there="", lodging=False
)
UNTOLD = replace(
    INTAKE, id=13, status=Status.WITHDRAWN, mode="hybrid", class_start_time=None, class_end_time=None
)
"""One that was withdrawn before anybody said when it meets, but for the published words."""

PROJECTS: tuple[ProjectCard, ...] = (
    PROJECT,
    _at(Status.FULL),
    _at(Status.CLOSED),
    replace(PROJECT, intakes=(UNTOLD,)),
    replace(PROJECT, intakes=(INTAKE, SECOND)),
    replace(PROJECT, intakes=(ONLINE,), fee_yuan=200, living_subsidy_per_day_yuan=0, subsidy_types=("none",)),
    replace(PROJECT, extra_questions=()),
    replace(PROJECT, certificate_type="none", certificate_name="", audience=("disabled", "family")),
)

BREAD = ("烘焙助理启智展能班（郑州二七）", "学做面包")
OTHERS = tuple(
    replace(
        PROJECT,
        project_id=f"P{number:03}",
        title=title,
        title_easy=easy,
        category=category,
        intakes=(replace(INTAKE, id=20 + number, city=city, district=district),),
    )
    for number, ((title, easy), category, city, district) in enumerate(
        (
            (BREAD, "supported", "郑州市", "二七区"),
            (("盲人保健按摩初级培训班（眉山东坡）", "学盲人按摩"), "massage", "眉山市", "东坡区"),
            (("肉山羊养殖技术培训班（南充嘉陵）", "学养山羊"), "rural_practical", "南充市", "嘉陵区"),
            (("羌绣传统技艺培训班（绵阳北川）", "学羌绣"), "trad_craft", "绵阳市", "北川县"),
            (("中式面点师就业技能培训班（常德武陵）", "学做面点"), "urban_skill", "常德市", "武陵区"),
        ),
        2,
    )
)
