import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest

from tests.cli.conftest import Cli, Said
from tests.faults.forking import Piped

PATIENCE = 40.0


class Typing(Protocol):
    def __call__(self, lines: str, *words: str) -> Said: ...


@pytest.fixture
def typed(begun: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Typing:
    """`xunqiao chat …` with these lines on its standard input, to the end of it."""
    assert cli.home == begun

    def type_in(lines: str, *words: str) -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
        return cli("chat", *words)

    return type_in


def piped(lines: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The same through a real pipe, byte by byte as they are."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input=lines,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_end_of_a_pipe_saves_and_the_next_one_goes_on_at_the_same_question(
    home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = piped("1\n给我自己\n找课\n".encode())
    assert first.returncode == 0
    assert "您现在做什么？" in first.stdout.decode()
    monkeypatch.setattr(sys, "stdin", io.StringIO("没有工作"))  # its last line has no end
    second = cli("chat")
    assert second.code == 0
    shown = second.out
    assert "您给谁找课？" not in shown
    assert "您选了：没有工作" in shown
    assert "您想怎么找课？" in shown
    assert (home / "xunqiao.db").exists()


def test_two_names_are_two_conversations(typed: Typing) -> None:
    typed("1\n1\n", "--as", "小明")
    assert "您想看哪种字？" in typed("", "--as", "小红").out
    assert "您想做什么？" in typed("", "--as", "小明").out


def test_a_flow_is_begun_by_its_name(typed: Typing) -> None:
    said = typed("让工作人员找我\n我找不到教室\n1\n", "help")
    assert said.code == 0
    assert "有人可以帮您" in said.out
    assert "记下了，号码是 T2" in said.out


def test_the_reading_is_the_answer_to_how_we_talk(typed: Typing) -> None:
    said = typed("", "--reading", "easy")
    assert "简单的话" in said.out
    assert "4  English" not in said.out
    assert "English" in typed("", "--reading", "en").out


def test_words_are_understood_as_they_are_shown_in_every_language(typed: Typing) -> None:
    typed("1\n", "--reading", "en")
    said = typed("1\nNext page\nPage before\nSay it again\nHelp\nBack\n", "browse")
    assert said.code == 0
    assert "! " not in said.out
    assert "Page 2 of 2" in said.out
    assert "A person can help you." in said.out


def test_a_flow_that_speaks_of_something_wants_to_know_of_what(typed: Typing) -> None:
    said = typed("", "apply")
    assert said.code == 2
    assert "--about intake=" in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nope",), "没有叫“nope”的对话"),
        (("browse", "--about", "intake"), "--about 写成"),
        (("--reading", "klingon"), "没看懂"),
    ],
)
def test_what_cannot_be_begun_is_wrong_usage(cli: Cli, words: tuple[str, ...], told: str) -> None:
    said = cli("chat", *words)
    assert said.code == 2
    assert told in said.err


def test_a_file_is_sent_by_its_path(typed: Typing, tmp_path: Path) -> None:
    voice = tmp_path / "我的话.ogg"
    voice.write_bytes(b"OggS" + b"\0" * 100)
    typed("1\n1\n")
    said = typed(f"文件 {voice}\n不说名字\n", "complain")
    assert "T2" in said.out
    from sqlmodel import select

    from bot.app import open_store
    from bot.settings import load_settings
    from storage.tables import FileKind, StoredFile

    store = open_store(load_settings())
    with store.reading() as session:
        kept = session.exec(select(StoredFile)).one()
    store.close()
    assert (kept.kind, kept.name, kept.body[:4]) == (FileKind.VOICE, "我的话.ogg", b"OggS")


def test_a_file_that_is_not_there_is_told_and_the_question_stays(typed: Typing, tmp_path: Path) -> None:
    said = typed(f"文件 {tmp_path / '没有.ogg'}\n不满意\n", "complain")
    assert said.code == 0
    assert "打不开这个文件" in said.out
    assert "记下了：不满意" in said.out


def test_an_empty_line_and_unprintable_signs_harm_nothing(typed: Typing) -> None:
    said = typed("\n\x00\x1b[A\n1\n")
    assert said.code == 0
    assert "您给谁找课？" in said.out


def test_bytes_that_are_no_text_harm_nothing(begun: Path) -> None:
    done = piped(b"\xff\xfe\xd6\xd0\n1\n", XUNQIAO_HOME=str(begun), PYTHONUTF8="1")
    assert done.returncode == 0
    assert "您给谁找课？" in done.stdout.decode()


def test_an_old_terminal_shows_question_marks_instead_of_failing(begun: Path) -> None:
    done = piped(b"1\n", XUNQIAO_HOME=str(begun), PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"?" in done.stdout


def test_ctrl_c_saves_too(begun: Path, typed: Typing) -> None:
    talking = Piped("chat", environment={**os.environ, "XUNQIAO_HOME": str(begun)})
    talking.stdin.write("1\n")
    talking.stdin.flush()
    for line in talking.stdout:
        if "您给谁找课？" in line:
            break
    talking.send_signal(signal.SIGINT)
    told = talking.stderr.read()
    assert talking.wait(PATIENCE) == 0
    for file in (talking.stdin, talking.stdout, talking.stderr):
        file.close()
    assert "都记下了" in told
    assert "Traceback" not in told
    assert "您给谁找课？" in typed("").out


def test_at_a_real_terminal_the_person_is_told_how_and_ctrl_d_ends_it(begun: Path) -> None:
    ours, theirs = os.openpty()
    talking = Piped("chat", environment={**os.environ, "XUNQIAO_HOME": str(begun)}, terminal=theirs)
    os.close(theirs)
    seen = b""
    os.write(ours, b"1\n\x04")
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:  # the other end is closed: it is over
            break
        seen += read
    os.close(ours)
    assert talking.wait(PATIENCE) == 0
    shown = seen.decode()
    assert "按 Ctrl-D" in shown
    assert "您给谁找课？" in shown
    assert "都记下了" in shown
