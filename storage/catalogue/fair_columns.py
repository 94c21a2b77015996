"""The columns of a sheet of job fairs and of a sheet of positions, and what must hold between the cells of a row."""

from collections.abc import Iterator
from datetime import date, time

from storage.catalogue.cells import ident, phone, text, texts, truth
from storage.catalogue.checks import Finding, Values, pick
from storage.catalogue.coded import OneOf, SomeOf
from storage.catalogue.columns import Column
from storage.catalogue.fair_cards import GAP, fill
from storage.catalogue.measures import clock, day, whole

MOST_SMS = 70
"""Characters of a text message, filled in."""

NOTICES = ("notice", "easy", "sms")
"""The fair's own texts: what may be filled into them is {{ when }} and {{ when_short }}."""

FAIR_COLUMNS: tuple[Column, ...] = (
    Column("fair_id", ("招聘会编号", "编号"), ident, "fair", None, required=True),
    Column("title", ("招聘会名称", "招聘会", "名称"), text(100), "fair", None, required=True, wording=True),
    Column("title_easy", ("易读名称", "易读名"), text(50), "fair", wording=True),
    Column("type", ("方式", "类型"), OneOf("mode"), "fair", "offline"),
    Column("start_date", ("日期", "举办日期", "开始日期", "date"), day, "fair", None, required=True),
    Column("end_date", ("结束日期",), day, "fair", None),
    Column("start_time", ("开始时间",), clock, "fair", None, required=True),
    Column("end_time", ("结束时间",), clock, "fair", None, required=True),
    Column("signup_deadline", ("报名截止", "报名截止日期"), day, "fair", None, required=True),
    Column("organiser", ("主办单位", "主办"), text(100), "fair", None, required=True),
    Column("co_organiser", ("承办单位", "协办单位"), text(100), "fair"),
    Column("province", ("省", "省份"), text(30), "fair"),
    Column("city", ("市", "地市", "市州"), text(30), "fair"),
    Column("district", ("县（市、区）", "区县", "县区", "县"), text(30), "fair"),
    Column("address", ("地点", "地址"), text(200), "fair", wording=True),
    Column("how_to_get_there", ("怎么去", "交通"), text(200), "fair", wording=True),
    Column("services_available", ("提供的支持", "支持服务"), SomeOf("service"), "fair", ()),
    Column("travel_support", ("交通补助", "接送"), text(200), "fair"),
    Column("documents_to_bring", ("带什么", "携带材料"), texts, "fair", ()),
    Column("on_site_services", ("现场服务",), texts, "fair", ()),
    Column("employer_count", ("单位数", "企业数"), whole(0, 100_000), "fair", None),
    Column("job_count", ("岗位数",), whole(0, 1_000_000), "fair", None),
    Column("linked_occupations", ("对应工种", "工种"), texts, "fair", ()),
    Column("contact_phone", ("联系电话", "电话"), phone, "fair"),
    Column("text_contact", ("文字联系",), text(100), "fair"),
    Column("policy_profile", ("政策配置",), text(50), "fair"),
    Column("notice", ("通知", "普通的话"), text(1000), "fair"),
    Column("easy", ("易读通知", "简单的话"), text(1000), "fair"),
    Column("sms", ("短信",), text(200), "fair"),
)
"""Every column of a sheet of fairs. That one is called off is a press of staff's, and no cell."""

POSITION_COLUMNS: tuple[Column, ...] = (
    Column("position_id", ("岗位编号", "编号"), ident, "position", None, required=True),
    Column("fair_id", ("招聘会编号", "招聘会"), ident, "position", None),
    Column("employer", ("用人单位", "单位"), text(100), "position", None, required=True),
    Column("position", ("岗位", "岗位名称"), text(100), "position", None, required=True),
    Column("headcount", ("人数", "招聘人数"), whole(1, 10_000), "position", 1),
    Column("disability_categories", ("残疾类别", "适合类别"), SomeOf("disability_category"), "position", ()),
    Column("disability_levels", ("残疾等级", "适合等级"), SomeOf("disability_level"), "position", ()),
    Column("requirements", ("要求", "岗位要求"), text(300), "position"),
    Column("monthly_salary_yuan", ("月工资（元）", "工资", "月薪"), text(50), "position"),
    Column("working_hours", ("上班时间", "工作时间"), text(100), "position"),
    Column("work_location", ("上班地点", "工作地点"), text(100), "position"),
    Column("home_based", ("可在家做", "居家"), truth, "position", empty=False),
    Column("dormitory", ("宿舍", "住宿"), truth, "position", empty=False),
    Column("social_insurance", ("社会保险", "社保"), truth, "position", empty=False),
    Column("workplace_adjustments", ("工作调整", "便利条件", "合理便利"), text(300), "position"),
    Column("linked_occupation", ("对应工种", "工种"), text(50), "position"),
    Column("kind", ("岗位类型", "工作还是实习"), OneOf("position_kind"), "position", "job"),
    Column("tags", ("标签",), SomeOf("tag"), "position", ()),
    Column("open_until", ("招到哪天", "截止日期"), day, "position", None),
    Column("withdrawn", ("不招了", "撤下"), truth, "position", empty=False),
)
"""Every column of a sheet of positions, each at a fair or without one."""


def fair_problems(values: Values) -> Iterator[Finding]:
    """Find what makes a row of a sheet of fairs untrue."""
    start, end = pick(values, "start_date", date), pick(values, "end_date", date)
    deadline = pick(values, "signup_deadline", date)
    if start and end and end < start:
        yield "end_date", f"结束{end}，早于开始{start}", f"写{start}，或者更晚的日期"
    if start and deadline and deadline > start:
        yield "signup_deadline", f"报名截止{deadline}，晚于招聘会{start}", f"写{start}，或者更早的日期"
    starts, ends = pick(values, "start_time", time), pick(values, "end_time", time)
    if starts and ends and ends <= starts:
        yield "end_time", f"{ends:%H:%M}结束，不晚于{starts:%H:%M}开始", "写比开始晚的时间"
    if values.get("type") in {"offline", "hybrid"}:
        for name, called in (("province", "省"), ("address", "地点")):
            if name in values and not values[name]:
                yield name, f"要到现场去，没有写{called}", f"写上{called}"
    yield from _text_problems(values)


def _text_problems(values: Values) -> Iterator[Finding]:
    known = {"when", "when_short"}
    for name in NOTICES:
        words = pick(values, name, str) or ""
        rest = GAP.sub(lambda gap: "" if gap[1] in known else "{", words)
        if "{" in rest or "}" in rest:
            yield name, "里面有填不了的空", "能用的空只有 {{ when }} 和 {{ when_short }}"
    start, starts = pick(values, "start_date", date), pick(values, "start_time", time)
    sms = pick(values, "sms", str) or ""
    if start and starts and len(filled := fill(sms, start, starts)) > MOST_SMS:
        yield "sms", f"短信填好后有{len(filled)}个字", f"最多写{MOST_SMS}个字"
