"""The columns a catalogue sheet may have: their headings, what their cells hold, the row they belong to."""

import re
import unicodedata
from dataclasses import dataclass

from storage.catalogue.cells import Reader, choice, ident, link, phone, text, texts, truth
from storage.catalogue.coded import OneOf, SomeOf
from storage.catalogue.measures import clock, day, hours, spans, weekday, whole

MOST_HOURS_A_DAY = 8
"""Lesson hours of one day (seed 002, line 99: 规范残疾人职业能力建设时间)."""

SEXES = choice({"男": "男", "女": "女", "不限": ""})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name here and in English files, its Chinese headings (ours first), and its reader."""

    name: str
    headings: tuple[str, ...]
    read: Reader
    table: str  # "project", "intake" or "session"; "" when it only helps to read others
    empty: object = ""
    required: bool = False
    needed: bool = False  # a sheet has to have it, also where some of its cells may be empty
    wording: bool = False  # shown to people as it is written: the caller's wording rules look at it

    @property
    def title(self) -> str:
        return self.headings[0]


def _column(table: str, name: str, headings: str, read: Reader, empty: object = "") -> Column:
    return Column(name, tuple(headings.split()), read, table, empty)


def _must(table: str, name: str, headings: str, read: Reader) -> Column:
    return Column(name, tuple(headings.split()), read, table, None, required=True)


def _words(table: str, name: str, headings: str, longest: int) -> Column:
    return Column(name, tuple(headings.split()), text(longest), table, wording=True)


def _list(table: str, name: str, headings: str, read: Reader) -> Column:
    return Column(name, tuple(headings.split()), read, table, ())


PROJECT_COLUMNS: tuple[Column, ...] = (
    _must("project", "project_id", "项目编号 编号 项目号 项目代码", ident),
    Column(
        "title",
        ("项目名称", "班名", "培训项目", "名称"),
        text(100),
        "project",
        None,
        required=True,
        wording=True,
    ),
    _words("project", "title_easy", "易读名称 易读名", 50),
    _must("project", "category", "培训类别 类别", OneOf("category")),
    _column("", "category_code", "类别代码 培训类别代码", OneOf("category")),
    _column("project", "subcategory", "子类 小类 培训子类", OneOf("subcategory")),
    _column("project", "occupation", "工种 职业 培训工种", text(50)),
    _column("project", "industry", "行业 行业类别", OneOf("industry")),
    _must("project", "organiser", "承训机构 培训机构 承办机构", text(100)),
    _column("project", "organiser_type", "机构类型 培训主体", OneOf("organiser_type")),
    _column("project", "commissioned_by", "委托单位 主办单位", text(100)),
    _words("project", "household_rule", "户籍要求", 100),
    _column("project", "household_place", "户籍范围", text(100)),
    _column("project", "age_min", "最小年龄 年龄下限", whole(14, 99), None),
    _column("project", "age_max", "最大年龄 年龄上限", whole(14, 99), None),
    _column("project", "sex_rule", "性别要求", SEXES),
    _list("project", "disability_categories", "残疾类别 适合类别", SomeOf("disability_category")),
    _list("project", "disability_levels", "残疾等级 适合等级", SomeOf("disability_level")),
    _list("project", "audience", "培训对象 面向对象", SomeOf("audience")),
    _list("project", "employment_status", "就业状况", SomeOf("employment_status")),
    _list("project", "priority_groups", "优先对象 优先人群", SomeOf("priority")),
    _column("project", "fee_yuan", "收费（元） 收费 费用", whole(0, 100_000), 0),
    _list("project", "extra_modules", "附加课程 附加课", texts),
    _column("project", "certificate_type", "证书类型", OneOf("certificate_type")),
    _column("project", "certificate_name", "证书 证书名称", text(100)),
    _list("project", "subsidy_types", "补贴种类 补贴类型", SomeOf("subsidy_type")),
    _column("project", "living_subsidy_per_day_yuan", "生活补贴（元/天） 生活补贴 生活费", whole(0, 1000), 0),
    _words("project", "subsidy_note", "备注 补贴说明", 300),
    _list("project", "documents_to_bring", "带什么 携带材料 所带材料", texts),
    _column("project", "policy_profile", "政策配置", text(50)),
    _column("project", "seed_file", "来源文件", text(100)),
    _column("project", "level", "层次 培训层次", OneOf("level")),
    _column("project", "delivery", "组织方式", OneOf("delivery")),
    _column("project", "programme", "品牌项目", OneOf("programme")),
    _list("project", "tags", "标签", SomeOf("tag")),
    _list("project", "extra_questions", "附加题", SomeOf("extra_questions")),
    _column("project", "employer", "用人单位", text(100)),
    _column("project", "order_posts", "定单岗位数 订单岗位数 岗位数", whole(1, 10_000), None),
    _must("intake", "intake_no", "班次 班号 期次", whole(1, 999)),
    _column("intake", "status", "状态 项目状态", OneOf("project_status"), "open"),
    _must("intake", "start_date", "开班日期 开课日期 开始日期", day),
    _must("intake", "end_date", "结业日期 结束日期", day),
    _must("intake", "registration_deadline", "报名截止 报名截止日期", day),
    _column("intake", "list_from", "上架日期 上架", day, None),
    _column("intake", "list_until", "下架日期 下架", day, None),
    _list("intake", "closed_dates", "停课日期", spans),
    _column("intake", "training_days", "天数 培训天数", whole(1, 400), None),
    _column("intake", "online_days", "线上天数", whole(0, 400), None),
    _column("intake", "offline_days", "线下天数", whole(0, 400), None),
    _column("intake", "hours_per_day", "每天课时", hours(24), None),
    _column("intake", "hours_total", "总课时 课时", hours(3000), None),
    _column("intake", "class_start_time", "上课时间", clock, None),
    _column("intake", "class_end_time", "下课时间", clock, None),
    _words("intake", "schedule_text", "上课安排", 200),
    _column("intake", "time_slot", "时段", OneOf("time_slot")),
    _must("intake", "mode", "方式 培训方式", OneOf("mode")),
    _must("intake", "capacity", "名额 招生人数", whole(1, 2000)),
    _column("intake", "min_to_open", "最低开班人数 开班人数", whole(1, 2000), None),
    _column("intake", "province", "省 省份", text(30)),
    _column("intake", "city", "市 地市 市州", text(30)),
    _column("intake", "district", "县（市、区） 区县 县区 县", text(30)),
    _words("intake", "address", "地点 地址 培训地点", 200),
    _words("intake", "how_to_get_there", "怎么去 交通", 200),
    _column("intake", "venue_type", "地点类型", OneOf("venue_type")),
    _column("intake", "platform", "线上平台 平台", text(100)),
    _column("intake", "link", "链接 网址 上课链接", link),
    _list("intake", "services_available", "提供的支持 支持服务", SomeOf("service")),
    _column("intake", "lodging_provided", "住宿", truth, empty=False),
    _column("intake", "meals_provided", "午餐 用餐 就餐", truth, empty=False),
    _column("intake", "companion_allowed", "可带陪同 陪同", truth, empty=False),
    _column("intake", "insurance_provided", "保险", truth, empty=False),
    _column("intake", "contact_dept", "联系部门 联系单位", text(100)),
    _column("intake", "contact_phone", "联系电话 电话", phone),
    _column("intake", "contact_sms", "短信号码", phone),
    _words("intake", "contact_by_text", "文字联系", 100),
    _column("intake", "supervision_phone", "监督电话", phone),
)
"""Every column of a project sheet. A project's row may stand on each of its intakes' rows."""

SESSION_COLUMNS: tuple[Column, ...] = (
    _must("session", "project_id", "项目编号 编号 项目号 项目代码", ident),
    _must("session", "intake_no", "班次 班号 期次", whole(1, 999)),
    _must("session", "session_no", "课次 第几次", whole(1, 999)),
    _must("session", "date", "日期 上课日期", day),
    _column("", "weekday", "星期", weekday),
    _must("session", "start_time", "上课时间 开始时间", clock),
    _must("session", "end_time", "下课时间 结束时间", clock),
    _must("session", "hours", "课时", hours(MOST_HOURS_A_DAY)),
    _column("session", "mode", "方式", OneOf("mode")),
    _column("session", "venue", "地点 上课地点", text(200)),
    _column("session", "cancelled", "取消 停课", truth, empty=False),
)
"""Every column of a sheet of dated sessions."""


def plain_heading(heading: str) -> str:
    """Return a heading in one spelling: half width, no spaces, no star; brackets stay."""
    return re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", heading)).casefold()


def by_heading(columns: tuple[Column, ...]) -> dict[str, Column]:
    """Return each column by all its headings, Chinese and English, with and without bracketed units."""
    found: dict[str, Column] = {}
    for column in columns:
        for heading in (column.name, *column.headings):
            spelt = plain_heading(heading)
            found[spelt] = column
            found.setdefault(re.sub(r"\(.*\)", "", spelt), column)
    return found
