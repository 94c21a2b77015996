"""`xunqiao import survey`: a form is asked from then on, or every bad cell is named."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from bot.app import open_store
from bot.settings import load_settings
from storage import forms
from tests.cli.conftest import DEMO, Cli

GOOD = {
    "survey": [["type", "name", "label"], ["text", "a", "您叫什么名字？"]],
    "settings": [["form_id", "version"], ["small", "1"]],
}
BAD = {
    "survey": [
        ["type", "name", "label::中文 (zh)", "relevant", "calculation"],
        ["text", "a", "您叫什么名字？", "", ""],
        ["geotrace", "walk", "走一圈", "", ""],
        ["text", "b", "住在哪里？", "area('x') > 1", ""],
        ["calculate", "c", "", "", "${d}"],
        ["calculate", "d", "", "", "${c}"],
    ],
    "settings": [["form_id", "version"], ["bad", "1"]],
}


def written(path: Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> Path:
    """Write a workbook."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    path.write_bytes(kept.getvalue())
    return path


def test_a_form_is_asked_once_it_is_imported_and_its_hard_words_are_told(cli: Cli) -> None:
    said = cli("import", "survey", DEMO / "forms" / "survey_t7.xlsx")
    assert (said.code, said.out.strip()) == (
        0, "培训满意度回访（结业后7天），第 2026112101 版，26 个题。现在开始用了。",
    )  # fmt: skip
    assert "survey!33,label::中文 (zh): “有意见，可以打监督电话，也可以说投诉。”：词太难" in said.err
    again = cli("import", "survey", DEMO / "forms" / "survey_t7.xlsx", "--json")
    assert (again.code, again.json["form"], again.json["problems"]) == (0, "survey_t7", [])
    store = open_store(load_settings())
    try:
        with store.reading() as session:
            assert [form.name for form in forms.live_forms(session)] == ["survey_t7"]
    finally:
        store.close()


def test_every_bad_cell_is_named_and_nothing_is_taken_in(cli: Cli, tmp_path: Path) -> None:
    said = cli("import", "survey", written(tmp_path / "bad.xlsx", BAD))
    assert said.code == 1
    assert said.out.splitlines() == [
        "survey!3,type: 还不会问这一种题; 换成 text、select_one 这些",
        "survey!4,relevant: 没有 area() 这个函数，或者还不能用; 换一种写法",
        "survey!5,calculation: 这几个互相等：c、d; 去掉其中一个对另一个的引用",
        "没有导入：有 3 行不对。改好再导入。",
    ]


def test_what_pyxform_refuses_is_said_in_chinese_with_its_row(cli: Cli, tmp_path: Path) -> None:
    sheets = {**GOOD, "survey": [*GOOD["survey"], ["calculate", "b", ""], ["nonsense", "c", "好"]]}
    said = cli("import", "survey", written(tmp_path / "x.xlsx", sheets), "--json")
    assert said.code == 1
    assert [(each["sheet"], each["row"]) for each in said.json["problems"]] == [("survey", 3)]
    assert said.json["problems"][0]["wrong"] == "没有写 calculation"


def test_a_version_in_use_does_not_change(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", "survey", written(tmp_path / "a.xlsx", GOOD)).code == 0
    other = {**GOOD, "survey": [["type", "name", "label"], ["text", "a", "您住在哪里？"]]}
    said = cli("import", "survey", written(tmp_path / "b.xlsx", other))
    assert said.code == 1
    assert "settings!2,version: 第 1 版已经问过人了，题不能再变; 换一个 version 再导入" in said.out
    other["settings"] = [["form_id", "version"], ["small", "2"]]
    assert cli("import", "survey", written(tmp_path / "c.xlsx", other)).code == 0


def test_a_file_that_is_no_sheet_is_refused_kindly(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"hello")
    said = cli("import", "survey", path)
    assert (said.code, said.out) == (1, "")
    assert "另存为 .xlsx" in said.err
    assert cli("import", "survey", tmp_path / "nowhere.xlsx").code == 2


def test_all_that_is_wrong_in_the_cells_is_named_at_once_each_with_its_own_sheet(
    cli: Cli, tmp_path: Path
) -> None:
    sheets = {
        "survey": [
            ["type", "name", "label::中文 (zh)", "relevant"],
            ["text", "a", "", ""],
            ["select_one nolist", "b", "哪一个？", "${nobody} = 1"],
            ["text", "1 bad", "好吗？", ""],
            ["", "c", "好吗？", ""],
            ["text", "a", "好吗？", ""],
            ["kobo--rank", "d", "好吗？", ""],
            ["begin_group", "g", "组", ""],
        ],
        "choices": [
            ["list_name", "name", "label"],
            ["yn", "yes", "是"],
            ["yn", "yes", "好"],
            ["yn", "", "好"],
        ],
        "settings": [["form_id", "version"], ["wrong", "1"]],
    }
    said = cli("import", "survey", written(tmp_path / "x.xlsx", sheets), "--json")
    assert said.code == 1
    found = [(each["sheet"], each["row"], each["column"]) for each in said.json["problems"]]
    assert found == [
        ("survey", 2, "label"), ("survey", 3, "type"), ("survey", 3, "relevant"), ("survey", 4, "name"),
        ("survey", 5, "type"), ("survey", 6, "name"), ("survey", 7, "type"), ("survey", 8, "type"),
        ("choices", 3, "name"), ("choices", 4, "name"),
    ]  # fmt: skip


def test_what_works_by_itself_is_refused_in_its_own_row(cli: Cli, tmp_path: Path) -> None:
    rows = [
        ["start-geopoint", "where", ""],
        ["background-audio", "heard", ""],
        ["select_one_from_file towns.csv", "town", "哪里？"],
        ["csv-external", "towns2", ""],
    ]
    for row, each in enumerate(rows):
        ones = [["type", "name", "label"], ["text", "a", "好吗？"], each]
        said = cli(
            "import",
            "survey",
            written(tmp_path / f"{row}.xlsx", {**GOOD, "survey": ones}),
            "--json",
        )
        assert {each["row"] for each in said.json["problems"]} == {3}, each
    before = [["type", "name", "label", "default"], ["text", "a", "好吗？", "${last-saved#a}"]]
    said = cli("import", "survey", written(tmp_path / "last.xlsx", {**GOOD, "survey": before}))
    assert (
        said.out.splitlines()[0]
        == "survey!2,default: 不能用上一次的回答（last-saved）; 写一个固定的值，或者空着"
    )


def test_a_choice_is_found_in_its_own_list(cli: Cli, tmp_path: Path) -> None:
    sheets = {
        "survey": [
            ["type", "name", "label"],
            ["select_one a", "a", "好吗？"],
            ["select_one b", "b", "好吗？"],
        ],
        "choices": [["list_name", "name", "label"], ["a", "yes", "好"], ["b", "yes", "辅助器具"]],
        "settings": [["form_id", "version"], ["twice", "1"]],
    }
    said = cli("import", "survey", written(tmp_path / "x.xlsx", sheets), "--json")
    assert [each["row"] for each in said.json["warnings"]] == [3]
