"""Tables brought in the browser: read, shown row by row, written only when confirmed, and only once."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from time import monotonic, sleep

import pytest
import xlsxwriter
from sqlmodel import Session, func, select

from bot.applications import deciding as acts
from bot.channels.web.app import create_app
from storage.base import Store
from storage.catalogue.columns import PROJECT_COLUMNS
from storage.catalogue.tables import CatalogueImport, Intake
from storage.classes.tables import Result
from storage.staff import uploads
from storage.staff.upload_tables import Upload
from storage.tables import FILE_LIMIT, Staff, StaffRole, UploadState
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving
from tests.console.conftest import Office
from tests.storage.catalogue.making import csv_of, data, row_of

Sit = Callable[..., Handset]

PATIENCE = 240.0  # two thousand rows on a busy machine
HOME = "/console/imports"


def told(browser: Handset) -> str:
    return browser.page.words("p", **{"class": "told"})


def warned(browser: Handset) -> str:
    return browser.page.words("p", role="alert")


def bring(browser: Handset, body: bytes, name: str, kind: str = "projects", **more: str) -> Handset:
    """Send a file with the form of the page; the answer is its own page."""
    browser.open(HOME)
    files = {"file": (name, body, "application/octet-stream")}
    form = {**browser.page.hidden, "kind": kind, **more}
    browser._took(browser.client.post(HOME, data=form, files=files))
    return wait(browser)


def wait(browser: Handset) -> Handset:
    """Look again until nobody works on it any more."""
    assert browser.response is not None
    path, until = browser.response.url.path, monotonic() + PATIENCE
    while 'id="working"' in browser.page.html:
        assert monotonic() < until
        sleep(0.1)
        browser.open(path)
    return browser


def path_of(browser: Handset) -> str:
    assert browser.response is not None
    return browser.response.url.path


def confirm(browser: Handset) -> Handset:
    return wait(browser.press(to=f"{path_of(browser)}/confirm"))


def tabs(browser: Handset) -> list[str]:
    html = browser.page.html
    words = ("不对", "改的", "新的", "没变")
    return [f"{word} {html.split(f'>{word} ', 1)[1].split('<', 1)[0]}" for word in words]


def seats(office: Office, project: str = "P016") -> int:
    with office.store.reading() as session:
        wanted = select(Intake.capacity).where(Intake.project_id == project, Intake.intake_no == 1)
        return session.exec(wanted).one()


def versions(store: Store) -> int:
    with store.reading() as session:
        return len(session.exec(select(CatalogueImport.number)).all())


@pytest.fixture
def admin(sit: Sit) -> Handset:
    return sit(StaffRole.ADMIN, "陈静")


def test_every_row_is_shown_before_anything_is_written_then_written_compared_and_taken_back(
    office: Office, admin: Handset
) -> None:
    before = versions(office.store)
    bring(admin, data("projects_update.csv"), "projects_update.csv")
    assert tabs(admin) == ["不对 8", "改的 5", "新的 1", "没变 0"]
    assert "“2026/13/40”不是日期。写成 2026-12-14 这样的日期。" in admin.page.html
    assert "会写 6 行，不对的 8 行不写" in admin.page.html
    assert (versions(office.store), seats(office)) == (before, 40)
    page = path_of(admin)
    changed = admin.open(f"{page}?list=changed").page.html
    assert "P016" in changed
    assert "<strong>名额</strong>：40 → 30" in changed
    admin.open("/console")
    assert "张导入的表有不对的地方" in admin.page.html
    admin.open(page)
    confirm(admin)
    assert (versions(office.store), seats(office)) == (before + 1, 30)
    assert "写了 6 行" in admin.page.html
    imported = [detail for action, detail in office.audited() if action == "imported"]
    assert imported[0].startswith(f"projects version={before + 1} added=1 bad=8 changed=5 sha256=")
    with office.store.reading() as session:
        kept = session.exec(select(Upload)).one()
        assert (kept.state, kept.body) == (UploadState.DONE, b"")
    version = f"{HOME}/versions/{before + 1}"
    assert "<td>名额</td><td>40</td><td>30</td>" in admin.open(version).page.html
    admin.press(to=f"{version}/take-back")
    assert told(admin).startswith("这次导入撤回了")
    assert seats(office) == 40
    admin.press(to=f"{version}/take-back")
    assert (admin.status, warned(admin)) == (409, f"第{before + 1}次导入已经撤回了。")
    assert "（撤回了）" in admin.open(f"{HOME}/versions").page.html
    admin.open(page).press(to=f"{page}/drop")
    assert told(admin) == "好了，不再提醒。"
    assert "张导入的表" not in admin.open("/console").page.html


def test_pressed_twice_it_is_written_once(office: Office, admin: Handset) -> None:
    before = versions(office.store)
    bring(admin, data("projects_update.csv"), "projects_update.csv")
    page, form = path_of(admin), admin.page.hidden
    presses = [
        threading.Thread(target=lambda: admin.client.post(f"{page}/confirm", data=form)) for _ in range(4)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    wait(admin.open(page))
    assert versions(office.store) == before + 1


def test_one_bad_row_keeps_all_out_where_that_was_chosen(office: Office, admin: Handset) -> None:
    before = versions(office.store)
    bring(admin, data("projects_update.csv"), "projects_update.csv", strict="yes")
    assert "有 8 行不对，您选了有一行不对就都不进" in admin.page.html
    with office.store.reading() as session:
        seen = session.exec(select(Upload.seen)).one()
    admin.press(to=f"{path_of(admin)}/confirm", seen=seen)
    assert (versions(office.store), seats(office)) == (before, 40)


def test_what_changed_meanwhile_is_said_and_shown_anew(office: Office, admin: Handset) -> None:
    bring(admin, csv_of([row_of("P016", capacity="33")]), "a.csv")
    page = path_of(admin)
    assert "40 → 33" in admin.page.html
    confirm(bring(admin, csv_of([row_of("P016", capacity="35")]), "b.csv"))
    before = versions(office.store)
    confirm(admin.open(page))
    assert warned(admin).startswith("您看的时候，别人改了。一行也没有写。")
    assert "35 → 33" in admin.page.html
    assert (versions(office.store), seats(office)) == (before, 35)
    confirm(admin)
    assert (versions(office.store), seats(office)) == (before + 1, 33)


def test_another_s_upload_does_not_exist_not_even_for_an_admin(
    office: Office, admin: Handset, sit: Sit
) -> None:
    bring(admin, csv_of([row_of("P016", capacity="33")]), "a.csv")
    page, form = path_of(admin), admin.page.hidden
    other = sit(StaffRole.ADMIN, "刘秀英")
    other.open("/console")
    mine = {**form, "csrf": other.page.hidden["csrf"]}
    for path, method in ((page, "GET"), (f"{page}/progress", "GET"), (f"{page}/confirm", "POST")):
        answer = other.client.request(method, path, data=mine if method == "POST" else None)
        assert answer.status_code == 404, path
    assert ("refused", f"upload {page.rpartition('/')[2]}") in office.audited()
    assert seats(office) == 40


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def book(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet("表")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def test_a_file_that_cannot_be_read_says_what_would_be_right(office: Office, admin: Handset) -> None:
    refused = {
        b"%PDF-1.7\0": ("projects", "这不是表格文件。"),
        locked(): ("projects", "去掉密码"),
        book([]): ("projects", "表里没有内容。"),
        b" ": ("projects", "文件是空的。"),
        book([["姓名", "电话"], ["张三", "1"]]): (
            "projects",
            "没有找到表头。要有一行写着项目编号、项目名称、培训类别",
        ),
        book([["姓名", "地区"], ["张三", "郑州市"]]): ("staff", "“表”的表头里没有角色。加上这些列"),
        book([["报名号", "姓名"], ["2026-0001", "张三"]]): ("results", "的表头里没有结果。"),
        book([["证书编号"], ["1"]]): ("results", "没有找到表头。要有一行写着报名号、结果这些列名。"),
    }
    for body, (kind, words) in refused.items():
        bring(admin, body, "表.xlsx", kind)
        assert words in warned(admin), words
    with office.store.reading() as session:
        assert {(each.state, each.body) for each in session.exec(select(Upload))} == {
            (UploadState.REFUSED, b"")
        }
    admin.open(HOME).press(to=HOME, kind="projects")
    assert (admin.status, warned(admin)) == (409, "没有选文件。选一个 .xlsx 或者 CSV 文件。")
    assert warned(bring(admin, b"x", "x.csv", "poems")) == "没有选是哪一种表。选一种，再传一次。"


def test_two_thousand_rows_of_which_eight_are_bad(office: Office, admin: Handset) -> None:
    needed = [column.name for column in PROJECT_COLUMNS if column.required]
    needed += ["address", "province", "city", "contact_phone"]
    known = row_of("P016")
    rows = [
        {name: known[name] for name in needed}
        | {"project_id": f"Q{number:05d}", "capacity": "四十" if number % 271 == 9 else "40"}
        for number in range(2_000)
    ]
    bring(admin, csv_of(rows), "两千行.csv")
    assert tabs(admin) == ["不对 8", "改的 0", "新的 1992", "没变 0"]
    assert admin.page.html.count("写成 40") == 8
    page = path_of(admin)
    last = admin.open(f"{page}?list=added&page=40").page
    assert "Q01999" in last.html
    assert "第 40 页，一共 40 页" in last.html
    confirm(admin)
    assert "写了 1992 行" in admin.page.html
    with office.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Intake)) == 36 + 1992


@contextmanager
def restarted(office: Office, cookie: str) -> Iterator[Handset]:
    """Serve the same database once more, as after a restart; the browser comes back with its cookie."""
    app = partial(create_app, office.service.runner)
    with serving(lambda stopping: app(stopping=stopping)) as url, closing(Handset(url)) as browser:
        browser.client.cookies.set("xq_staff", cookie)
        yield browser


def test_a_restart_between_two_steps_loses_nothing(office: Office, admin: Handset) -> None:
    bring(admin, csv_of([row_of("P016", capacity="33")]), "a.csv")
    page, cookie = path_of(admin), admin.client.cookies["xq_staff"]
    with restarted(office, cookie) as browser:
        confirm(browser.open(page))
    assert seats(office) == 33
    # A worker that died half-way: its lease is over, and nobody in this process is at it.
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        staff_id = session.exec(select(Upload.staff_id)).one()
        left = uploads.bring(
            session, staff_id, "projects", "b.csv", csv_of([row_of("P016", capacity="31")]), now, strict=False
        )
        assert uploads.claim(session, left, "who died", now - uploads.LEASE)
    with restarted(office, cookie) as browser:
        wait(browser.open(f"{HOME}/{left}"))
        assert "33 → 31" in browser.page.html


def test_a_list_of_staff_adds_and_changes_and_lets_nobody_go(
    office: Office, admin: Handset, sit: Sit
) -> None:
    sit(StaffRole.CLERK, "王芳")
    rows = [
        ["姓名", "角色", "地区", "项目"],
        ["王芳", "经办", "长沙市", ""],
        ["李国强", "clerk", "不存在市", ""],
        ["周敏", "老师", "", "P025；P999"],
        ["赵磊", "评估", "", ""],
        ["陈静", "经办", "郑州市", ""],
        ["李国强", "经办", "郑州市", ""],
    ]
    bring(admin, book(rows), "名单.xlsx", "staff")
    assert tabs(admin) == ["不对 4", "改的 1", "新的 1", "没变 0"]
    for words in ("目录里没有 P999", "评估没有写管哪里", "这是您自己的角色", "和第3行是同一个人"):
        assert words in admin.page.html
    assert "目录里现在没有归“长沙市”管的课" not in admin.page.html
    assert "目录里现在没有归“不存在市”管的课。看一看写得对不对" in admin.page.html
    confirm(admin)
    with office.store.reading() as session:
        members = {each.name: (each.role.value, each.region) for each in session.exec(select(Staff))}
    assert members == {
        "陈静": ("admin", ""),
        "王芳": ("clerk", "长沙市"),
        "李国强": ("clerk", "不存在市"),
    }
    assert {action for action, _ in office.audited()} >= {"staff_added", "staff_changed", "imported"}


def test_a_teacher_takes_the_list_fills_it_in_and_brings_it_back(office: Office, sit: Sit) -> None:
    runner = office.service.runner
    now, zone = runner.clock.now(), runner.settings.zone
    teacher = sit(StaffRole.TEACHER, "周敏")

    def accept(session: Session) -> None:
        member = session.get_one(Staff, 1)
        for number in (*office.filed[:2], *office.away):
            acts.accept(session, number, member, seen=None, now=now, zone=zone)

    runner.desk.do_now(accept)
    teacher.open(HOME).press(to="/console/exports/results", **{"as": "csv"})
    assert teacher.response is not None
    taken = teacher.response.content.decode("utf-8-sig").splitlines()
    first, second, third = (office.number(each) for each in office.filed)
    assert taken == ["报名号,姓名,结果", f"{first},学员0,", f"{second},学员1,"]
    away = office.number(office.away[0])
    rows = [
        "报名号,姓名,结果,证书编号",
        f"{first},学员0,通过,示例 1 号",
        f"{second},学员1,,",
        f"{third},学员2,通过,",
        f"{away},学员0,通过,",
    ]
    bring(teacher, "\n".join(rows).encode(), "结果.csv", "results")
    assert tabs(teacher) == ["不对 2", "改的 0", "新的 1", "没变 1"]
    assert "还没有录取" in teacher.page.html
    assert f"您的班里没有报名号{away}" in teacher.page.html
    confirm(teacher)
    swapped = f"报名号,姓名,结果\n{first},学员1,没有通过\n"
    assert "看看是不是串了行" in bring(teacher, swapped.encode(), "b.csv", "results").page.html
    with office.store.reading() as session:
        results = session.exec(select(Result)).all()
        assert [(each.application_id, each.passed, each.certificate_no) for each in results] == [
            (office.filed[0], True, "示例 1 号")
        ]
    assert teacher.open(HOME).page.html.count('name="kind"') == 1
    files = {"file": ("a.csv", b"x", "text/csv")}
    form = {**teacher.page.hidden, "kind": "projects"}
    assert teacher.client.post(HOME, data=form, files=files).status_code == 404


def test_a_sheet_that_is_too_large_is_refused_on_a_page_of_the_console(sit: Sit) -> None:
    browser = sit(StaffRole.ADMIN).open(HOME)
    files = {"file": ("目录.csv", b"x" * (FILE_LIMIT + 1), "text/csv")}
    browser._took(browser.client.post(HOME, data={**browser.page.hidden, "kind": "projects"}, files=files))
    assert browser.status == 413
    assert browser.asking == "发来的内容太大了。"
    assert "/console/applications" in [attrs["href"] for attrs in browser.page.all("a")]


def test_an_old_form_and_another_s_page_are_refused_on_a_page_of_the_console(sit: Sit) -> None:
    browser = sit(StaffRole.CLERK)
    for answer, status in (
        (browser.client.post("/console/me/chat", data={"csrf": "old"}), 403),
        (browser.client.get("/console/imports/999"), 404),
    ):
        browser._took(answer)
        assert browser.status == status
        assert "/console/applications" in [attrs["href"] for attrs in browser.page.all("a")]
