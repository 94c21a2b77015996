"""Templates are compiled once, not once in each process."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from bot.channels.web.precompiled import Precompiled


class _Counting(Environment):
    compiled = 0

    def _generate(self, *args: object, **more: object) -> str:
        self.compiled += 1
        return str(super()._generate(*args, **more))  # type: ignore[arg-type]


def _draw(folder: Path) -> tuple[str, int]:
    """Draw a page as a new process does; and how many templates were compiled for it."""
    jinja = _Counting(loader=FileSystemLoader(folder), bytecode_cache=Precompiled(folder))
    return jinja.get_template("page.html").render(name="王芳"), jinja.compiled


def test_a_template_is_compiled_when_it_is_new_and_when_its_text_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    page = tmp_path / "page.html"
    page.write_text("{{ name }}好")
    assert [_draw(tmp_path), _draw(tmp_path)] == [("王芳好", 1), ("王芳好", 0)]
    page.write_text("{{ name }}再见")
    assert [_draw(tmp_path), _draw(tmp_path)] == [("王芳再见", 1), ("王芳再见", 0)]
    for kept in (tmp_path / "__pycache__").iterdir():
        kept.write_bytes(kept.read_bytes()[:30])  # the machine stopped while it was written
    assert _draw(tmp_path) == ("王芳再见", 1)


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "page.html").write_text("{{ name }}好")
    assert [_draw(tmp_path), _draw(tmp_path)] == [("王芳好", 1), ("王芳好", 1)]
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]
