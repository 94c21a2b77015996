import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time

import pytest
from sqlmodel import Session, col, func, select

from storage.base import Store
from storage.catalogue.importing import import_projects
from storage.catalogue.report import FileRefused, Report
from storage.catalogue.tables import CatalogueImport, CourseSession, Intake, Project

from .making import NOW, Book, csv_of, data, demo, row_of, table_of, take

EARLIER = "写2026-12-14，或者更早的日期"
AS_TEXT = "把这一格设成文本，再写一遍电话，比如 028-00001234"


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def intake_of(session: Session, project_id: str, number: int = 1) -> Intake:
    wanted = select(Intake).where(Intake.project_id == project_id, Intake.intake_no == number)
    return session.exec(wanted).one()


def told(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def test_the_demo_catalogue_goes_in_whole(stocked: Store) -> None:
    with stocked.reading() as session:
        assert count(session, Project) == 34
        assert count(session, Intake) == 36
        assert count(session, CourseSession) == 490
        project = session.get_one(Project, "P001")
        assert project.category == "urban_skill"
        assert project.disability_categories == ["2", "3", "4"]
        intake = intake_of(session, "P001", 2)
        assert intake.start_date == date(2027, 3, 8)
        assert intake.class_start_time == time(9, 0)
        assert intake.companion_allowed is True
        assert intake_of(session, "P003").closed_dates == ["2027-01-01/2027-01-03"]


def test_the_same_catalogue_in_gb18030_changes_nothing(stocked: Store) -> None:
    with stocked.writing() as session:
        report = take(session, data("projects_excel_gb18030.csv"))
        assert (report.added, report.changed, report.unchanged, report.refused) == (0, 0, 36, 0)
        assert count(session, Intake) == 36


def test_an_update_takes_the_good_rows_and_tells_every_bad_one(stocked: Store) -> None:
    with stocked.writing() as session:
        report = take(session, data("projects_update.csv"), "projects_update.csv")
        assert (report.added, report.changed, report.unchanged, report.refused) == (1, 5, 0, 8)
        assert told(report) == [
            "projects_update!8,services_available: 代码表里没有“手语”; 可以写“手语翻译”（sign_interp）",
            "projects_update!9,registration_deadline: 报名截止2026-12-20，晚于开班2026-12-14; " + EARLIER,
            "projects_update!10,contact_phone: “8.38E+11”是被表格改坏的电话; " + AS_TEXT,
            "projects_update!11,title: 没有写项目名称; 写上项目名称",
            "projects_update!12,start_date: “2026/13/40”不是日期; 写成 2026-12-14 这样的日期",
            "projects_update!13,capacity: “四十”不是数字; 写成 40",
            "projects_update!14,hours_per_day: 每天10课时，太多; 写1到8；总课时42除以7天是6",
            "projects_update!15,title: 这一格是公式; 写成普通文字，前面不要“=”",
        ]
        assert count(session, Project) == 35
        assert intake_of(session, "P019").start_date == date(2027, 3, 10)
        assert intake_of(session, "P029").status == "withdrawn"
        assert intake_of(session, "P016").capacity == 30


def test_moving_an_intake_warns_of_sessions_left_behind(stocked: Store) -> None:
    with stocked.writing() as session:
        report = take(session, data("projects_update.csv"), "projects_update.csv")
        assert [str(note) for note in report.warnings] == [
            "projects_update: P019 第1班改了日期，有5次课不在里面。再传一次课次表"
        ]


def test_strict_keeps_all_rows_out_when_one_is_bad(stocked: Store) -> None:
    with stocked.writing() as session:
        report = take(session, data("projects_update.csv"), strict=True)
        assert report.number is None
        assert (report.added, report.changed, report.refused) == (0, 0, 8)
        assert session.get(Project, "P035") is None
        assert intake_of(session, "P016").capacity == 40
        assert session.scalar(select(func.max(CatalogueImport.number))) == 2


def test_strict_takes_a_sheet_without_bad_rows(store: Store) -> None:
    with store.writing() as session:
        assert take(session, demo("projects.csv"), strict=True).added == 36


def test_every_import_is_numbered_and_remembers_who_and_what(stocked: Store) -> None:
    with stocked.writing() as session:
        report = take(session, data("projects_update.csv"), "上传/projects_update.csv")
        assert report.number == 3
        version = session.get_one(CatalogueImport, 3)
        assert (version.kind, version.file, version.who) == ("projects", "projects_update.csv", "王芳")
        assert version.at == NOW
        assert len(version.sha256) == 64
        assert (version.rows_read, version.rows_changed, version.rows_refused) == (14, 5, 8)


def test_a_report_is_json_too(stocked: Store) -> None:
    with stocked.writing() as session:
        report = take(session, data("projects_update.csv"), "projects_update.csv")
    told = json.loads(json.dumps(report.as_json(), ensure_ascii=False))
    assert told["refused"] == 8
    assert told["problems"][5] == {
        "sheet": "projects_update",
        "row": 13,
        "column": "capacity",
        "wrong": "“四十”不是数字",
        "right": "写成 40",
    }


def test_a_clerks_own_sheet_goes_in_as_it_comes(store: Store) -> None:
    with store.writing() as session:
        report = take(session, data("projects_clerk.xlsx"), "projects_clerk.xlsx")
        assert (report.added, report.refused) == (8, 0)
        assert [str(line) for line in report.skipped] == [
            "目录清单!11: 这是合计或说明，没有读：合计",
            "目录清单!12: 这是合计或说明，没有读：制表：示例县残联  审核：    日期：",
        ]
        assert intake_of(session, "P018").start_date == date(2026, 12, 14)  # 2026.12.14
        assert intake_of(session, "P019").start_date == date(2027, 3, 3)  # 2027年3月3日
        assert intake_of(session, "P012", 2).class_start_time == time(9, 0)  # a real time
        project = session.get_one(Project, "P012")
        assert project.organiser == "长沙橘洲数码职业技能学校"  # the second intake's cell is merged
        assert project.documents_to_bring == ["身份证", "残疾人证", "社保卡或银行卡（发补贴用）"]
        assert project.certificate_type == "special_ability"  # told by the certificate's name
        assert "cart" in intake_of(session, "P012").services_available
        assert session.get_one(Project, "P027").audience == ["family"]
        assert session.get_one(Project, "P020").audience == ["disabled"]


def test_a_clerks_sheet_and_the_full_catalogue_agree(stocked: Store) -> None:
    with stocked.writing() as session:
        report = take(session, data("projects_clerk.xlsx"))
        assert (report.added, report.changed, report.unchanged) == (0, 0, 8)


def test_columns_a_sheet_does_not_have_keep_their_values(stocked: Store) -> None:
    with stocked.writing() as session:
        sheet = csv_of([{"项目编号": "P012", "班次": "2", "名额": "28"}])
        report = take(session, sheet)
        assert (report.changed, report.refused) == (1, 0)
        assert intake_of(session, "P012", 2).capacity == 28
        assert intake_of(session, "P012", 1).capacity == 32
        assert session.get_one(Project, "P012").title == "电商美工就业技能培训班（长沙雨花）"


def test_a_new_row_says_which_columns_it_lacks(store: Store) -> None:
    with store.writing() as session:
        report = take(session, csv_of([{"项目编号": "P100", "项目名称": "学做面点", "名额": "20"}]))
        assert {problem.column for problem in report.problems} == {
            "培训类别", "承训机构", "开班日期", "结业日期", "报名截止", "方式",
        }  # fmt: skip


def test_without_a_class_number_a_row_is_the_first_intake(store: Store) -> None:
    row = row_of("P018")
    del row["intake_no"]
    with store.writing() as session:
        assert take(session, csv_of([row])).added == 1
        assert intake_of(session, "P018").intake_no == 1


def test_the_same_intake_twice_in_a_file_is_told(store: Store) -> None:
    with store.writing() as session:
        report = take(session, csv_of([row_of("P018"), row_of("P018", capacity="30")]))
        assert told(report) == ["目录!3,intake_no: 和第2行是同一个班次; 留一行，或者改班次"]
        assert intake_of(session, "P018").capacity == 24


def test_two_intakes_that_disagree_about_their_project_are_pointed_out(store: Store) -> None:
    with store.writing() as session:
        report = take(session, csv_of([row_of("P018"), row_of("P018", intake_no="2", title_easy="做包子")]))
        assert [str(note) for note in report.warnings] == [
            "目录!3,title_easy: 和第2行写的不一样，用了这一行的"
        ]
        assert session.get_one(Project, "P018").title_easy == "做包子"


def test_all_sheets_of_a_workbook_are_read(store: Store) -> None:
    book = Book().sheet("说明", [["这张表怎么填"]])
    book.sheet("城区", [["标题"], [], *table_of(row_of("P001"))]).sheet(
        "县里", table_of(row_of("P002", capacity="x"))
    )
    with store.writing() as session:
        report = take(session, book.done(), "全.xlsx")
        assert report.added == 1
        assert [str(note) for note in report.skipped] == ["说明: 没有找到表头，没有读"]
        assert told(report) == ["县里!2,capacity: “x”不是数字; 写1到2000的整数"]


def test_formulas_and_error_values_are_told_by_cell(store: Store) -> None:
    good: dict[str, str | float | date | time | None] = {**row_of("P018")}
    rows = table_of(good, {**good, "intake_no": "2"}, {"project_id": "合计"})
    book = Book().sheet("目录", rows)
    seats, hours = rows[0].index("capacity"), rows[0].index("hours_total")
    book.sheets["目录"].write_formula(1, seats, "=20+4", value=24)
    book.sheets["目录"].write_formula(3, seats, "=SUM(A1:A2)", value=48)  # in a total line: no harm
    with store.writing() as session:
        report = take(session, book.done(), "目录.xlsx")
        assert report.added == 1
        assert told(report) == ["目录!2,capacity: 这一格是公式; 写成普通的文字或数"]
    assert hours > 0


def test_numeric_cells_are_refused_only_where_digits_are_lost(store: Store) -> None:
    row: dict[str, str | float | date | time | None] = {
        **row_of("P018"), "capacity": 24.0, "intake_no": 1.0, "contact_sms": 15400009018.0,
    }  # fmt: skip
    with store.writing() as session:
        report = take(session, Book().sheet("目录", table_of(row)).done(), "目录.xlsx")
        assert told(report) == [
            "目录!2,contact_sms: 电话成了数字15400009018，可能少了位数; 把这一格设成文本，再写一遍电话"
        ]


def test_unknown_and_doubled_headings_are_told(store: Store) -> None:
    with store.writing() as session:
        report = take(session, csv_of([row_of("P018") | {"负责人手机": "x"}]))
        assert "目录!1,负责人手机: 不认识这一列，没有读" in [str(note) for note in report.warnings]
        with pytest.raises(FileRefused, match="两列都是“培训类别”"):
            take(session, csv_of([row_of("P018") | {"培训类别": "就业技能培训"}]))


def test_a_sheet_without_headings_is_refused(store: Store) -> None:
    with store.writing() as session, pytest.raises(FileRefused, match="没有找到表头"):
        take(session, b"1,2,3\n4,5,6\n")


def test_a_header_of_two_rows_is_read_by_its_lower_row(store: Store) -> None:
    names, cells = table_of({**row_of("P018")})
    book = Book().sheet("目录", [["年度目录"], [None] * len(names), names, cells])
    sheet = book.sheets["目录"]
    start = names.index("start_date")
    sheet.merge_range(1, 0, 2, 0, "项目编号")
    sheet.merge_range(1, start, 1, start + 1, "培训时间")
    with store.writing() as session:
        report = take(session, book.done(), "目录.xlsx")
        assert (report.added, told(report)) == (1, [])


def test_two_imports_at_once_do_not_miss_each_other(store: Store) -> None:
    def one() -> tuple[int, int]:
        with store.writing() as session:
            report = take(session, demo("projects.csv"))
            return report.added, report.unchanged

    with ThreadPoolExecutor(2) as pool:
        assert sorted(future.result() for future in [pool.submit(one), pool.submit(one)]) == [
            (0, 36),
            (36, 0),
        ]


@pytest.mark.parametrize(
    ("changed", "told_at", "wrong", "right"),
    [
        ({"end_date": "2026-12-01"}, "end_date", "结业2026-12-01，早于开班2026-12-14", "写2026-12-14"),
        ({"list_until": "2026-10-01"}, "list_until", "早于上架2026-10-15", "写2026-10-15"),
        ({"training_days": "40"}, "training_days", "一共25天，放不下40天", "写1到25"),
        ({"age_max": "15"}, "age_max", "小于最小年龄16", "写16"),
        ({"min_to_open": "30"}, "min_to_open", "开班要30人，名额只有24人", "写24"),
        ({"class_end_time": "08:00"}, "class_end_time", "不晚于09:00上课", "写比上课晚的时间"),
        ({"province": ""}, "province", "没有写省", "河南省"),
        ({"city": ""}, "city", "没有写市", "郑州市"),
        ({"address": ""}, "address", "没有写地点", "门牌"),
        ({"capacity": "0"}, "capacity", "不在范围里", "写1到2000"),
        ({"status": "卖完了"}, "status", "代码表里没有“卖完了”", "写代码表里的词"),
        ({"category_code": "massage"}, "category", "和类别代码“massage”不一样", "写“盲人按摩培训”"),
        ({"industry": "服务业"}, "industry", "代码表里没有“服务业”", "“服务类”"),
        ({"link": "http://example.invalid"}, "link", "网址不是 https 开头", "https://"),
        ({"contact_phone": "看下面"}, "contact_phone", "不像电话号码", "028-00001234"),
        ({"delivery": "order"}, "用人单位", "“订单（定单）式”的班没有写用人单位", "写上用人单位"),
        ({"delivery": "定岗", "employer": "某厂"}, "order_posts", "没有写岗位数", "写上有多少个岗位"),
        ({"programme": "金种子"}, "programme", "代码表里没有“金种子”", "马兰花计划"),
        ({"tags": "light|好学"}, "tags", "代码表里没有“好学”", "写代码表里的词"),
    ],
)
def test_what_cannot_be_true_is_told_with_what_would_be(
    store: Store, changed: dict[str, str], told_at: str, wrong: str, right: str
) -> None:
    with store.writing() as session:
        report = take(session, csv_of([row_of("P018", **changed)]))
        assert report.added == 0
        found = [problem for problem in report.problems if problem.column == told_at]
        assert found, told(report)
        assert wrong in found[0].wrong
        assert right in found[0].right


def test_an_order_class_of_an_enterprise_names_itself(stocked: Store) -> None:
    with stocked.reading() as session:
        project = session.get_one(Project, "P017")
        assert (project.delivery, project.order_posts, project.organiser_type) == ("order", 30, "enterprise")


def test_a_municipality_needs_no_city(store: Store) -> None:
    with store.writing() as session:
        assert take(session, csv_of([row_of("P018", province="重庆市", city="")])).added == 1


def test_several_bad_cells_of_one_row_are_all_told_at_once(store: Store) -> None:
    with store.writing() as session:
        report = take(
            session, csv_of([row_of("P018", capacity="x", contact_phone="y", end_date="2026-01-01")])
        )
        assert report.refused == 1
        assert [problem.column for problem in report.problems] == ["capacity", "contact_phone", "end_date"]


def test_odd_sums_are_warned_of_and_go_in(store: Store) -> None:
    with store.writing() as session:
        report = take(
            session, csv_of([row_of("P018", hours_total="100", offline_days="9", subcategory="种植")])
        )
        assert report.added == 1
        assert {note.column for note in report.warnings} == {"hours_total", "training_days", "subcategory"}


def test_texts_are_shown_to_the_callers_wording_rules(store: Store) -> None:
    seen: list[tuple[str, str]] = []

    def look(column: str, words: str) -> Iterable[str]:
        seen.append((column, words))
        if "须" in words:
            yield "不用“须”这个字"

    sheet = csv_of([row_of("P014")])
    with store.writing() as session:
        report = import_projects(session, sheet, "目录.csv", now=NOW, who="王芳", check_text=look)
    assert report.added == 1
    assert [str(note) for note in report.warnings] == ["目录!2,subsidy_note: 不用“须”这个字"]
    assert ("title_easy", "周末学按摩新手法") in seen
    assert not any(column == "contact_phone" for column, _ in seen)


def test_listing_dates_platform_and_link_are_kept(store: Store) -> None:
    row = row_of("P030", link="https://example.invalid/class/1")
    row["上架日期"], row["下架日期"] = "2026.11.1", "2026年12月28日"
    del row["list_from"], row["list_until"]
    with store.writing() as session:
        assert take(session, csv_of([row])).added == 1
        intake = intake_of(session, "P030")
        assert (intake.list_from, intake.list_until) == (date(2026, 11, 1), date(2026, 12, 28))
        assert (intake.platform, intake.link) == ("灵山直播教室", "https://example.invalid/class/1")


def test_rows_are_looked_up_in_portions_and_none_is_missed(store: Store) -> None:
    rows = [row_of("P018") | {"project_id": f"L{number:04}"} for number in range(1, 511)]
    with store.writing() as session:
        assert take(session, csv_of(rows)).added == 510
    with store.writing() as session:
        assert take(session, csv_of(rows)).unchanged == 510
        ids = session.exec(select(Intake.project_id).where(col(Intake.project_id).startswith("L"))).all()
        assert len(set(ids)) == 510
