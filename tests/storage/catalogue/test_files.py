import io
import re
import struct
import zipfile
from datetime import date, time

import pytest

from storage.catalogue.report import FileRefused
from storage.catalogue.sheets import read_sheets

from .making import Book, data, demo


def repack(content: bytes, **changed: bytes) -> bytes:
    """Write a workbook again with some parts replaced; `__` in a keyword stands for `/`, `_xml` for `.xml`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.replace("/", "__").replace(".xml", "_xml")
            new.writestr(name, changed.get(key, old.read(name)))
    return out.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(name)


def refusal(content: bytes, name: str = "表.xlsx") -> str:
    with pytest.raises(FileRefused) as caught:
        read_sheets(content, name)
    return str(caught.value)


def test_utf8_with_and_without_a_mark_and_gb18030_read_alike() -> None:
    plain = demo("projects.csv")
    marked = b"\xef\xbb\xbf" + plain
    read = [read_sheets(content, "p.csv")[0][0].rows for content in (plain, marked)]
    assert read[0] == read[1]
    excel = read_sheets(data("projects_excel_gb18030.csv"), "p.csv")[0][0].rows
    assert sorted(map(str, excel)) == sorted(map(str, read[0]))


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_may_be_split_by_commas_tabs_or_semicolons(separator: str) -> None:
    content = f"项目编号{separator}项目名称\nP001{separator}学做面点\n".encode()
    [sheet], _ = read_sheets(content, "/somewhere/表格.csv")
    assert sheet.name == "表格"
    assert sheet.rows == [["项目编号", "项目名称"], ["P001", "学做面点"]]


def test_a_quoted_cell_may_hold_new_lines_and_still_counts_as_one_row() -> None:
    [sheet], _ = read_sheets('a,b\n"一\n二",c\nd,e\n'.encode(), "x.csv")
    assert sheet.rows[2] == ["d", "e"]


def test_an_xlsx_gives_real_dates_and_times_from_the_first_row_down() -> None:
    content = Book().sheet("甲", [[None], [None, date(2026, 12, 14), time(9, 0), 30.0, "字"]]).done()
    [sheet], notes = read_sheets(content, "x.xlsx")
    assert sheet.rows[1] == ["", date(2026, 12, 14), time(9, 0), 30.0, "字"]
    assert notes == []


def test_a_cell_merged_downwards_is_filled_and_a_wide_title_is_not() -> None:
    [sheet], _ = read_sheets(data("projects_clerk.xlsx"), "projects_clerk.xlsx")
    assert sheet.rows[2][7] == sheet.rows[3][7] == "长沙橘洲数码职业技能学校"
    assert sheet.rows[0][1] == ""


def test_a_hidden_sheet_is_left_out_and_said() -> None:
    content = Book().sheet("甲", [["字"]]).sheet("旧表", [["字"]], hidden=True).done()
    sheets, [note] = read_sheets(content, "x.xlsx")
    assert [sheet.name for sheet in sheets] == ["甲"]
    assert str(note) == "旧表: 这张表是隐藏的，没有读"


def test_formulas_and_error_values_are_seen_where_they_stand() -> None:
    book = Book().sheet("甲", [["名额"], [None], [None]])
    book.sheets["甲"].write_formula("A2", "=15+15", value=30)
    book.sheets["甲"].write_formula("B3", "=1/0", value="#DIV/0!")
    [sheet], _ = read_sheets(book.done(), "x.xlsx")
    assert sheet.formulas == {(1, 0), (2, 1)}
    assert sheet.faults == {(2, 1)}


def test_a_formula_hidden_from_a_simple_look_is_still_found() -> None:
    book = Book().sheet("甲", [["名额"], [None]])
    book.sheets["甲"].write_formula("A2", "=15+15", value=30)
    content = book.done()
    sheet = part(content, "xl/worksheets/sheet1.xml")
    hidden = sheet.replace(b"<f>", b"<!-- x --><f>")
    assert "里有公式" in refusal(repack(content, xl__worksheets__sheet1_xml=hidden))


def test_cells_without_a_place_are_counted_along() -> None:
    book = Book().sheet("甲", [["名额", None], [None, None]])
    book.sheets["甲"].write_formula("B2", "=15+15", value=30)
    book.sheets["甲"].write_string("A2", "x")
    content = book.done()
    bare = re.sub(rb' r="[A-Z]*\d+"', b"", part(content, "xl/worksheets/sheet1.xml"))
    [sheet], _ = read_sheets(repack(content, xl__worksheets__sheet1_xml=bare), "x.xlsx")
    assert sheet.formulas == {(1, 1)}


def test_a_file_over_twenty_megabytes_is_refused_before_it_is_read() -> None:
    assert refusal(b"x" * (100 * 1024 * 1024)) == "文件有100兆，最多20兆。分成几个小文件再传。"


def test_a_zip_bomb_is_refused_by_its_declared_size() -> None:
    bomb = repack(Book().sheet("甲", [["x"]]).done(), xl__styles_xml=b" " * (120 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    assert "解开以后太大" in refusal(bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(repack(Book().sheet("甲", [["x"]]).done(), xl__styles_xml=b" " * (120 * 1024 * 1024)))
    true = struct.pack("<I", 120 * 1024 * 1024)
    while (at := bomb.find(true)) >= 0:
        bomb[at : at + 4] = struct.pack("<I", 1000)
    assert "打不开" in refusal(bytes(bomb))


def test_one_far_off_cell_does_not_fill_the_memory() -> None:
    book = Book().sheet("甲", [["x"]])
    book.sheets["甲"].write_string(1_048_575, 16_383, "远")
    assert "“甲”有1048576行、16384列" in refusal(book.done())


def test_far_off_cells_with_a_style_but_no_content_do_no_harm() -> None:
    book = Book().sheet("甲", [["x"]])
    bold = book._book.add_format({"bold": True})
    book.sheets["甲"].write_blank(1_048_575, 16_383, None, bold)
    [sheet], _ = read_sheets(book.done(), "x.xlsx")
    assert len(sheet.rows) == 1


def test_too_many_rows_are_refused() -> None:
    lines = "x,y\n" * 20_001
    assert refusal(lines.encode(), "x.csv") == "表里不止20000行。分成几个小文件再传。"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b" \n\n", "文件是空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧的 .xls 文件"),
        (b"PK\x03\x04 not a zip at all", "打不开"),
        (b"%PDF-1.4\0\0binary", "不是表格文件"),
        (b"\x81\xff\xff\x82,\x99\n", "编码认不出来"),
        ('a,b\n"没有关上,c\n'.encode(), "引号没有成对"),
    ],
)
def test_other_files_are_refused_in_one_clear_sentence(content: bytes, said: str) -> None:
    assert said in refusal(content, "x.csv")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("readme.txt", "hello")
    assert "不是 .xlsx 表格" in refusal(out.getvalue())


def test_a_workbook_with_a_document_type_is_refused() -> None:
    content = Book().sheet("甲", [["x"]]).done()
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part(content, "xl/workbook.xml")
    assert "打不开" in refusal(repack(content, xl__workbook_xml=laughs))


def test_a_workbook_with_a_damaged_sheet_is_refused() -> None:
    content = Book().sheet("甲", [["x"]]).done()
    broken = part(content, "xl/worksheets/sheet1.xml")[:-60]
    assert "打不开" in refusal(repack(content, xl__worksheets__sheet1_xml=broken))
