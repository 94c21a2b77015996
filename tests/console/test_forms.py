"""Forms on the console: brought, looked at as a phone shows them, put to use, their answers taken."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bot.forms.exporting import STYLES, export
from bot.forms.taking import take_form
from storage import forms
from storage.base import Store
from storage.forms import Given, Sheet
from storage.tables import AnsweredBy, FormState, SheetForm, StaffRole
from tests.bot.test_form_pictures import packed, png
from tests.channels.web.handset import Handset
from tests.cli.test_importing_forms import BAD, written
from tests.console.conftest import Office
from tests.dialogs.xform.sheets import xml_of
from tests.visiting import Visitor

Sit = Callable[..., Handset]

SHEETS = Path(__file__).parents[2] / "bot" / "demo" / "forms"
HOME = "/console/forms"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def bring_form(office: Office, name: str = "fair_after") -> int:
    """Keep a form of the demo, not yet asked."""
    body = (SHEETS / f"{name}.xlsx").read_bytes()

    def act(session: Session) -> int:
        taken = take_form(session, body, AT, "test", live=False)
        assert taken.form is not None
        return taken.form.id

    return office.service.runner.desk.do_now(act)


@pytest.fixture
def admin(office: Office, sit: Sit) -> Iterator[Handset]:
    yield sit(StaffRole.ADMIN)
    office.service.runner.book.serve([])


def bring(browser: Handset, body: bytes) -> Handset:
    browser.open(HOME)
    files = {"file": ("x.xlsx", body, "application/octet-stream")}
    return browser._took(browser.client.post(HOME, data=browser.page.hidden, files=files))


def test_a_sheet_is_seen_as_a_phone_shows_it_before_anybody_is_asked(office: Office, admin: Handset) -> None:
    page = bring(admin, (SHEETS / "survey_t7.xlsx").read_bytes()).page
    assert "26 个题" in page.html
    # In easy words a scale is asked in two tiers, so that it is never split over two pages.
    for words in ("这次培训，您满意吗？", "这次上课，好不好？", "1 非常满意", "要看一看的地方"):
        assert words in page.html, words
    assert "系统自己填的：course、promised、has_living、has_cert。" in page.html
    book = office.service.runner.book
    assert book.find("survey:survey_t7") is None
    admin.press(to=f"{HOME}/1/use")
    assert "现在开始用了" in admin.page.words("p", **{"class": "told"})
    assert book.find("survey:survey_t7") is not None
    admin.press(to=f"{HOME}/1/stop")
    assert book.find("survey:survey_t7") is None
    assert [each for each in office.audited() if each[0].startswith("form_")] == [
        ("form_live", "survey_t7"), ("form_over", "survey_t7"),
    ]  # fmt: skip
    answer = admin.client.get(f"{HOME}/1/sheet")
    assert answer.content == (SHEETS / "survey_t7.xlsx").read_bytes()


def test_an_application_form_says_what_it_adds(admin: Handset) -> None:
    bring(admin, (SHEETS / "application_form.xlsx").read_bytes())
    assert "报名时会多问这几题：relative_name、text_pref、free_time、wish。" in admin.page.html


def test_every_bad_cell_is_on_the_page_and_nothing_is_kept(
    office: Office, admin: Handset, tmp_path: Path
) -> None:
    page = bring(admin, written(tmp_path / "bad.xlsx", BAD).read_bytes()).page
    assert "有 3 行不对" in page.words("p", role="alert")
    assert "<td>survey</td><td>4</td><td>relevant</td>" in page.html
    assert "打不开" in bring(admin, b"PK\x03\x04 no workbook").page.words("p", role="alert")
    with office.store.reading() as session:
        assert not session.exec(select(SheetForm)).all()


ASKED = """
| type | name | label | repeat_count | calculation | relevant |
| begin_group | you | 您 | | | |
| text | called | 叫什么 | | | |
| select_multiple c | several | 哪些 | | | |
| end_group | | | | | |
| geopoint | where | 哪里 | | | |
| begin_repeat | kids | 孩子 | 2 | | |
| text | nick | 小名 | | | |
| end_repeat | | | | | |
| calculate | both | | | concat(${called}, '好') | |
| text | hidden_one | 不问的 | | | ${called} = 'x' |
| note | bye | 再见 | | | |
"""
CHOICES = "| list_name | name | label |\n| c | a | 甲 |\n| c | b | 乙 |"
ANSWERS = {
    "called": "=1+1", "several": ["b"], "where": "30.5,114.25", "kids[1]/nick": "大宝", "kids[2]/nick": "@skip",
    "bye": "read",
}  # fmt: skip


@pytest.fixture
def answered(office: Office) -> SheetForm:
    """A form with everything an export has to lay out, answered once."""

    def act(session: Session) -> SheetForm:
        form = forms.propose(session, Sheet("trial", "1", "试", xml_of(ASKED, CHOICES), b""), "test", AT)
        forms.go_live(session, form, AT)
        given = Given("trial", "1", ANSWERS, "web", intake_id=7, answered_by=AnsweredBy.FAMILY)
        forms.keep_answers(session, given, AT)
        return form

    return office.service.runner.desk.do_now(act)


def exported(store: Store, form: SheetForm, style: str, *, whole: bool = True) -> bytes:
    with store.reading() as session:
        return export(session, form, STYLES[style], whole=whole)


def unpacked(body: bytes) -> dict[str, list[dict[str, str]]]:
    """The rows of each CSV of a zip, by heading."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        assert all(packed.read(name).startswith(b"\xef\xbb\xbf") for name in packed.namelist())
        return {
            name: list(csv.DictReader(io.StringIO(packed.read(name).decode("utf-8-sig"))))
            for name in packed.namelist()
        }


def test_answers_leave_as_kobotoolbox_and_odk_central_lay_them_out(
    office: Office, answered: SheetForm
) -> None:
    kobo = unpacked(exported(office.store, answered, "kobo"))
    (row,) = kobo["trial.csv"]
    assert (row["you/called"], row["you/several"], row["you/several/a"], row["you/several/b"]) == (
        "'=1+1", "b", "0", "1",
    )  # fmt: skip
    assert (row["where"], row["both"], row["hidden_one"]) == ("30.5 114.25 0 0", "'=1+1好", "")
    assert (row["xq_answered_by"], row["xq_intake"], row["_index"], row["__version__"]) == (
        "family",
        "7",
        "1",
        "1",
    )
    assert row["meta/instanceID"] == f"uuid:{row['_uuid']}"
    assert "bye" not in row
    kids = kobo["kids.csv"]
    assert [(kid["kids/nick"], kid["_parent_index"], kid["_parent_table_name"]) for kid in kids] == [
        ("大宝", "1", "trial"), ("", "1", "trial"),
    ]  # fmt: skip

    central = unpacked(exported(office.store, answered, "central"))
    (row,) = central["trial.csv"]
    assert list(row)[:4] == ["SubmissionDate", "meta-instanceID", "you-called", "you-several"]
    assert (row["you-several/b"], row["where-Latitude"], row["where-Longitude"]) == ("1", "30.5", "114.25")
    assert [(kid["nick"], kid["PARENT_KEY"]) for kid in central["trial-kids.csv"]] == [
        ("大宝", row["KEY"]), ("", row["KEY"]),
    ]  # fmt: skip


def test_a_workbook_holds_words_that_never_run_and_xml_is_a_submission(
    office: Office, answered: SheetForm
) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported(office.store, answered, "kobo-xlsx")))
    assert book.sheet_names == ["trial", "kids"]
    heads, row = book.get_sheet_by_name("trial").to_python()
    assert row[heads.index("you/called")] == "=1+1"

    with zipfile.ZipFile(io.BytesIO(exported(office.store, answered, "xml"))) as packed:
        (name,) = packed.namelist()
        root = ET.fromstring(packed.read(name))
    assert (root.tag, root.get("id"), root.get("version")) == ("xq_form", "trial", "1")
    assert [each.text for each in root.findall("kids/nick")] == ["大宝", None]
    assert (root.findtext("you/several"), root.findtext("both"), root.find("hidden_one")) == (
        "b",
        "=1+1好",
        None,
    )
    meta = "{http://openrosa.org/xforms}"
    assert root.findtext(f"{meta}meta/{meta}instanceID") == f"uuid:{name.removesuffix('.xml')}"


def test_who_took_the_answers_is_kept(office: Office, admin: Handset, answered: SheetForm) -> None:
    admin.open(f"{HOME}/{answered.id}").press(to=f"{HOME}/{answered.id}/answers", style="kobo")
    assert admin.response is not None
    assert "trial.csv" in unpacked(admin.response.content)
    assert ("export", "trial kobo") in office.audited()
    with office.store.reading() as session:
        assert session.get_one(SheetForm, answered.id).state is FormState.LIVE


PICTURED = {
    "survey": [
        ["type", "name", "label", "media::image", "appearance"],
        ["select_one animal", "pet", "您喜欢哪一个？", "both.png", ""],
        ["text", "why", "为什么？", "gone.png", ""],
    ],
    "choices": [
        ["list_name", "name", "label", "image"],
        ["animal", "dog", "小狗", "Dog.png"],
        ["animal", "cat", "小猫", "cat.svg"],
    ],
    "settings": [["form_id", "version"], ["pictured", "1"]],
}


def pictured(tmp_path: Path, extra: bytes = b"") -> bytes:
    """A .zip with a sheet and two of the four pictures it names; one of them is of no use."""
    sheet = written(tmp_path / "pictured.xlsx", PICTURED).read_bytes()
    return packed(
        {"both.png": png(3), "dog.png": png(4), "cat.svg": b"<svg/>" + extra, "other.png": png(5)}, sheet
    )


def test_pictures_come_in_a_zip_and_every_one_that_is_missing_is_named_by_its_cell(
    office: Office, admin: Handset, tmp_path: Path
) -> None:
    page = bring(admin, pictured(tmp_path)).page
    notes = re.findall(
        r'<td class="tight">(\w+)</td><td class="tight">(\d+)</td><td>([^<]+)</td><td>([^<]*图片[^<]*)',
        page.html,
    )
    assert notes == [
        ("survey", "3", "media::image", "没有图片“gone.png”。和表格一起放进一个 .zip 再传。"),
        ("choices", "3", "image", "图片“cat.svg”不是 png、jpg、webp 图片。手机上不会有它。"),
        ("survey", "1", "media::image", "表里没有用到图片“other.png”。"),
    ]
    shown = re.findall(r'src="(/pictures/[^"]+)" alt=""', page.html)
    assert len(set(shown)) == 2
    sent = admin.client.get(shown[0])
    assert (sent.content, sent.headers["content-type"]) == (png(3), "image/png")
    assert "immutable" in sent.headers["cache-control"]
    assert sent.headers["content-security-policy"] == "sandbox"
    for wrong in ("1-0123456789", "999999-abc", "x", "1", "²-1"):
        assert admin.client.get(f"/pictures/{wrong}").status_code == 404
    given_back = admin.client.get(f"{HOME}/1/sheet")
    assert "pictured_1.zip" in given_back.headers["content-disposition"]

    admin.press(to=f"{HOME}/1/use")
    with closing(Handset(office.service.url)) as phone:
        phone.open().tap("plain")
        visitor = Visitor(office.service.runner, phone.client.cookies["xq"]).begin("survey:pictured")
        page = phone.open().page
    assert visitor.screen.picture
    assert f'src="/pictures/{visitor.screen.picture}" alt=""' in page.html
    assert f'src="/pictures/{visitor.screen.options[0].picture}" alt=""' in page.html
    assert page.html.count("/pictures/") == 2, "what is missing leaves no hole"

    again = bring(admin, pictured(tmp_path, b"other")).page
    assert "现在：<strong>在用</strong>" in again.html, "the pictures it shows are the same"
    changed = packed({"both.png": png(9)}, written(tmp_path / "p.xlsx", PICTURED).read_bytes())
    assert "这一版已经问过人了" in bring(admin, changed).page.words("p", role="alert")


def test_a_contradiction_and_the_end_a_scale_was_seen_from_are_in_the_export(office: Office) -> None:
    def act(session: Session) -> SheetForm:
        taken = take_form(session, (SHEETS / "survey_t7.xlsx").read_bytes(), AT, "test", live=True)
        assert taken.form is not None
        for overall, person in (("s5", 1), ("s1", 2)):
            answers = {"sat_overall": overall, "sat_overall_r": "many"}
            given = Given(
                "survey_t7", taken.form.version, answers, "web", contact_id=None, about={"scales": "turned"}
            )
            forms.keep_answers(session, replace(given, intake_id=person), AT)
        return taken.form

    form = office.service.runner.desk.do_now(act)
    rows = unpacked(exported(office.store, form, "kobo"))["survey_t7.csv"]
    assert [(row["xq_scales"], row["xq_contradicts"]) for row in rows] == [
        ("turned", "sat_overall"),
        ("turned", ""),
    ]


def test_what_the_system_gave_by_name_is_in_the_export(office: Office) -> None:
    def act(session: Session) -> SheetForm:
        taken = take_form(session, (SHEETS / "survey_t7.xlsx").read_bytes(), AT, "test", live=True)
        assert taken.form is not None
        answers = {"course": "电商", "promised": ["sign_interp", "large_print"], "talk_now": "now"}
        forms.keep_answers(session, Given("survey_t7", taken.form.version, answers, "web"), AT)
        return taken.form

    form = office.service.runner.desk.do_now(act)
    (row,) = unpacked(exported(office.store, form, "kobo"))["survey_t7.csv"]
    assert (row["course"], row["promised"]) == ("电商", "sign_interp large_print")
    with zipfile.ZipFile(io.BytesIO(exported(office.store, form, "xml"))) as packed:
        (name,) = packed.namelist()
        assert "<course>电商</course>" in packed.read(name).decode()


def test_names_and_numbers_are_masked_until_somebody_asks_for_them(office: Office, admin: Handset) -> None:
    fields = {"text helper_name": "", "text card": "numbers", "text wish": ""}
    lines = [f"| {field.replace(' ', ' | ')} | 问 | {looks} |" for field, looks in fields.items()]
    asked = "\n".join(["| type | name | label | appearance |", *lines])
    answers = {"helper_name": "李大山", "card": "15400000001", "wish": "面点"}

    def act(session: Session) -> int:
        form = forms.propose(session, Sheet("sealed", "1", "试", xml_of(asked), b""), "test", AT)
        forms.go_live(session, form, AT)
        forms.keep_answers(session, Given("sealed", "1", answers, "web"), AT)
        return form.id

    number = office.service.runner.desk.do_now(act)
    for button, seen in (("style", ["••••", "••••0001", "面点"]), ("whole", list(answers.values()))):
        admin.open(f"{HOME}/{number}").press(to=f"{HOME}/{number}/answers", **{button: "kobo"})
        assert admin.response is not None
        (row,) = unpacked(admin.response.content)["sealed.csv"]
        assert [row[name] for name in answers] == seen
    assert [detail for action, detail in office.audited() if action == "export"] == [
        "sealed kobo",
        "sealed kobo whole",
    ]
    with office.store.reading() as session:
        (kept,) = forms.answers_to(session, "sealed")
        assert kept.answers == answers


def test_what_was_answered_before_a_version_dropped_the_question_stays_in_its_column(office: Office) -> None:
    """Whoever was in the middle is asked the new version from there on; what they said before was left out."""

    def act(session: Session) -> SheetForm:
        for version, asked in (("1", ("old", "both")), ("2", ("new", "both"))):
            lines = [f"| text | {name} | 问 |" for name in asked]
            xform = xml_of("\n".join(["| type | name | label |", *lines]))
            form = forms.propose(session, Sheet("changed", version, "试", xform, b""), "test", AT)
            forms.go_live(session, form, AT)
        forms.keep_answers(session, Given("changed", "1", {"old": "a", "both": "b"}, "web"), AT)
        forms.keep_answers(session, Given("changed", "2", {"old": "c", "both": "d", "new": "e"}, "web"), AT)
        return form

    form = office.service.runner.desk.do_now(act)
    rows = unpacked(exported(office.store, form, "kobo"))["changed.csv"]
    assert [(row["old"], row["both"], row["new"]) for row in rows] == [("a", "b", ""), ("c", "d", "e")]
