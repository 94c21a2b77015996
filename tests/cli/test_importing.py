from pathlib import Path

import pytest
from sqlmodel import select

from bot.app import open_store
from bot.settings import load_settings
from storage.catalogue.tables import Intake
from tests.cli.conftest import DATA, DEMO, Cli

UPDATE = DATA / "projects_update.csv"


def intake(project: str, number: int = 1) -> Intake:
    store = open_store(load_settings())
    try:
        with store.reading() as session:
            return session.exec(
                select(Intake).where(Intake.project_id == project, Intake.intake_no == number)
            ).one()
    finally:
        store.close()


def test_the_whole_catalogue_and_its_sessions_go_in(either: Cli) -> None:
    projects = either("import", "projects", DEMO / "projects.csv", "--json")
    sessions = either("import", "sessions", DEMO / "sessions.csv", "--json")
    assert (projects.code, projects.json["added"], projects.json["number"]) == (0, 36, 1)
    assert (sessions.code, sessions.json["added"], sessions.json["number"]) == (0, 490, 2)


def test_job_fairs_and_positions_go_in_and_come_out_again(cli: Cli) -> None:
    assert cli("import", "positions", DEMO / "job_fair_positions.csv").code == 3
    fairs = cli("import", "fairs", DEMO / "job_fairs.csv", "--json")
    positions = cli("import", "positions", DEMO / "job_fair_positions.csv", "--strict", "--json")
    assert (fairs.json["added"], positions.json["added"], positions.code) == (4, 22, 0)
    assert "岗位 F01-01  新的" in cli("catalogue", "take-back", "3").out


def test_dates_stay_as_they_are_written(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNQIAO_CLOCK", "2027-06-01T10:00")
    assert cli("import", "projects", DEMO / "projects.csv").code == 0
    assert intake("P001").start_date.isoformat() == "2026-12-07"


def test_an_update_with_bad_rows_is_done_in_part_and_every_bad_row_is_told(either: Cli) -> None:
    either("import", "projects", DEMO / "projects.csv")
    said = either("import", "projects", UPDATE)
    assert said.code == 3
    told = [line for line in said.out.splitlines() if line.startswith("projects_update!")]
    assert len(told) == 8
    assert "projects_update!12,start_date: “2026/13/40”不是日期; 写成 2026-12-14 这样的日期" in told
    assert "新增 1 行，改了 5 行" in said.out
    assert intake("P016").capacity == 30


def test_the_same_as_json_goes_to_stdout_alone(cli: Cli) -> None:
    cli("import", "projects", DEMO / "projects.csv")
    said = cli("import", "projects", UPDATE, "--json")
    assert said.code == 3
    assert said.json["refused"] == 8
    assert {"sheet", "row", "column", "wrong", "right"} == said.json["problems"][0].keys()
    assert "正在导入" in said.err


def test_strict_keeps_everything_out(cli: Cli) -> None:
    cli("import", "projects", DEMO / "projects.csv")
    said = cli("import", "projects", UPDATE, "--strict")
    assert said.code == 1
    assert "没有导入" in said.out
    assert intake("P016").capacity == 40
    assert cli("import", "projects", UPDATE, "--strict", "--json").json["number"] is None


@pytest.mark.parametrize("name", ["projects_clerk.xlsx", "projects_excel_gb18030.csv"])
def test_sheets_as_offices_keep_them_go_in_whole(cli: Cli, name: str) -> None:
    said = cli("import", "projects", DATA / name, "--json")
    assert (said.code, said.json["problems"]) == (0, [])
    assert said.json["added"] == {"projects_clerk.xlsx": 8, "projects_excel_gb18030.csv": 36}[name]


def test_hard_words_are_warned_of_and_do_not_stop_anything(cli: Cli) -> None:
    said = cli("import", "projects", DATA / "projects_clerk.xlsx", "--json")
    warned = {(note["column"], note["text"]) for note in said.json["warnings"]}
    assert ("怎么去", "不说“学员”，说“您”。") in warned
    assert said.code == 0


def test_a_file_that_is_not_there_is_wrong_usage(cli: Cli, tmp_path: Path) -> None:
    assert cli("import", "projects", tmp_path / "none.csv").code == 2
    assert cli("import", "projects", tmp_path).code == 2


def test_a_file_that_is_no_sheet_is_refused_in_a_sentence(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "letter.csv").write_text("您好\n再见\n")
    said = cli("import", "projects", tmp_path / "letter.csv")
    assert said.code == 1
    assert "没有找到表头" in said.err


def test_imports_are_listed_compared_and_taken_back(either: Cli) -> None:
    assert "还没有导入过" in either("catalogue", "versions").out
    either("import", "projects", DEMO / "projects.csv")
    either("import", "projects", UPDATE)
    listed = either("catalogue", "versions", "--json").json
    assert [each["number"] for each in listed] == [2, 1]
    assert "projects_update.csv：新增 1，改 5" in either("catalogue", "versions").out
    changes = either("catalogue", "compare", "2").out.splitlines()
    assert "班次 P016/1  名额：40 → 30" in changes
    assert "项目 P035  新的" in changes
    since = either("catalogue", "compare", "2", "--since", "0", "--json").json
    assert {change["key"] for change in since} >= {"P001", "P035"}
    back = either("catalogue", "take-back", "2")
    assert (back.code, "撤回了" in back.out) == (0, True)
    assert "（撤回了）" in either("catalogue", "versions").out
    again = either("catalogue", "take-back", "2")
    assert (again.code, again.err.strip()) == (1, "第2次导入已经撤回了。")


def test_an_import_there_never_was_is_told(cli: Cli) -> None:
    said = cli("catalogue", "compare", "7")
    assert said.code == 1
    assert "没有第 7 次导入" in said.err
    assert cli("catalogue", "take-back", "7").code == 1
