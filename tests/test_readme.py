"""The README is true: its snippets run, its tables list what there is, its picture names real files."""

import re
from pathlib import Path

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def snippets() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_flow_and_its_test_run_as_they_stand() -> None:
    flow, test = snippets()
    names: dict[str, object] = {}
    exec(compile(flow, "lunch.py", "exec"), names)
    exec(compile(test, "test_lunch.py", "exec"), names)
    run = names["test_only_those_who_eat_are_asked_what"]
    assert callable(run)
    run()


def test_every_setting_stands_in_the_table_and_no_other() -> None:
    table = README[README.index("## Settings") : README.index("Addresses for machines")]
    named = set(re.findall(r"XUNQIAO_([A-Z_]+)", table))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_command_stands_in_the_table_and_no_other() -> None:
    from typer.main import get_command

    from bot.cli import app

    table = README[README.index("| command |") : README.index("## 给使用的人")]
    named = set(re.findall(r"`xunqiao ([a-z]+)", table))
    assert named == set(get_command(app).commands)  # type: ignore[attr-defined]  # it is a group


def test_the_picture_names_what_there_is() -> None:
    picture = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert picture is not None
    files = set(re.findall(r"[a-z_/]+(?:\.py|/)(?![a-z])", picture[1])) - {"bot/", "dialogs/", "storage/"}
    rooms = [ROOT / room for room in ("bot", "dialogs", "storage")]
    missing = {file for file in files if not any((room / file).exists() for room in rooms)}
    assert not missing
    assert len(files) > 15


def test_its_pictures_are_there() -> None:
    for image in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / image).stat().st_size > 10_000
