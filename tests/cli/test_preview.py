import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import whole_book
from bot.demo.sample_forms import sample_forms
from bot.preview.drawing import draw_all
from bot.preview.walking import reach, unreached
from bot.voices import load_voices
from dialogs.book import Book
from dialogs.flows.apply import flow as apply
from dialogs.kinds import Choice, Text, YesNo
from dialogs.model import Flow, Option
from dialogs.xform.extending import own_questions
from tests.cli.conftest import Cli

FLOWS = sorted(flow.name for flow in whole_book().flows)


@pytest.mark.parametrize("name", FLOWS)
def test_every_question_of_every_flow_is_reached_by_giving_answers(name: str) -> None:
    book = whole_book()
    flow = book.find(name)
    assert flow is not None
    found = reach(book, flow)
    assert unreached(flow, found) == ()
    for question, spot in found.items():
        here = spot.place("plain")
        assert here.question is not None
        assert here.question.name == question


def test_the_page_shows_every_question_in_three_wordings(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "all.html"
    said = cli("preview", file)
    assert said.code == 0
    assert "没有走到" not in said.err
    html = file.read_text()
    pages = json.loads(re.search(r'id="pages">(.*?)</script>', html)[1])  # type: ignore[index]  # it is there
    ours = [f"{flow.name}.{each.name}" for flow in whole_book().flows for each in flow.literal or ()]
    sheets = [name for name in re.findall(r'<h3 id="([^"]+)"', html) if name.startswith("survey:")]
    assert f"画好了 {len(ours) + len(sheets)} 个问题" in said.out
    assert set(re.findall(r'<h3 id="([^"]+)"', html)) == {*ours, *sheets}
    assert html.count("<iframe") == len(pages)
    assert all('id="question"' in page for page in pages)
    assert any('lang="en"' in page for page in pages)
    assert html.count('<div class="chat"') == len(pages), "and what Telegram shows of it"
    assert "<span>去网页上答</span>" in html


def test_the_forms_from_sheets_are_shown_as_well_in_every_wording() -> None:
    forms = sample_forms()
    html = draw_all(Book([apply], load_voices(), home="apply"), forms).html
    found = re.findall(r'<h3 id="(survey:[^"]+)".*?(<figure>.*?)(?=<h3|</section>)', html, re.DOTALL)
    rows = dict(found)
    of = {form.name: [node.key for node in form.asked] for form in forms}
    of["application_form"] = [key for form in forms[:1] for key in own_questions(apply, form)]
    assert list(rows) == [f"survey:{form}.{key}" for form, keys in of.items() for key in keys]
    assert len(of) == 5
    for name, row in rows.items():
        assert [row.count(f"<figcaption>{words}") for words in ("一般的字", "English")] == [1, 1], name
        assert ("去网页上答" in row) == name.startswith("survey:application_form."), name
    rated = rows["survey:survey_t7.sat_overall"]
    assert rated.count("<figcaption>简单的话") == 2, "a scale in two tiers"
    assert "<span>1 非常满意</span>" in rated


def test_the_page_needs_no_server_and_no_database(cli: Cli, tmp_path: Path) -> None:
    cli("preview", tmp_path / "all.html")
    assert not cli.home.exists()
    html = (tmp_path / "all.html").read_text()
    assert not re.search(r'(?:src|href)=\\?"(?:/static|https?:)', html)
    styles = json.loads(re.search(r'id="styles">(.*?)</script>', html)[1])  # type: ignore[index]  # it is there
    assert set(re.findall(r"style:([a-z.]+)--", html)) <= styles.keys()


def test_what_is_written_into_the_page_cannot_break_out_of_it() -> None:
    flow = Flow("odd", Text("words", "写<script>alert(1)</script>吗？"))
    html = draw_all(Book([flow], load_voices(), home="odd")).html
    assert "<script>alert" not in html


def test_in_a_chat_private_questions_are_not_asked_and_answers_are_buttons() -> None:
    private = Flow("odd", YesNo("sure", "这个是私事，对吗？", private=True))
    open_one = Flow("even", YesNo("wants", "要学吗？"))
    html = draw_all(Book([private, open_one], load_voices(), home="odd")).html
    chats = re.findall(r'<div class="chat".*?</figure>', html, re.DOTALL)
    assert len(chats) == 6
    assert not any("私事" in chat for chat in chats)
    assert sum("<span>1 是</span>" in chat for chat in chats) == 2
    assert sum("<b>要学吗？</b>" in chat for chat in chats) == 3


def test_the_preview_imports_neither_of_telegrams_libraries() -> None:
    shows = "import sys, bot.preview; print(sorted({'aiogram', 'telegram'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", shows], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_question_no_answer_leads_to_is_named() -> None:
    flow = Flow(
        "odd",
        YesNo("wants", "要吗？"),
        Choice(
            "which",
            "哪一个？",
            (Option("a", "这个"), Option("b", "那个")),
            when=lambda a: a["wants"] == "yes",
        ),
        Text("never", "问不到的。", when=lambda a: a["wants"] == "perhaps"),
    )
    drawn = draw_all(Book([flow], load_voices(), home="odd"))
    assert (drawn.questions, drawn.missing) == (2, ("odd.never",))
    assert "odd.never" in drawn.html


def test_a_wording_not_yet_translated_is_marked() -> None:
    flow = Flow("odd", Text("words", "这句话还没有英文。"))
    assert draw_all(Book([flow], load_voices(), home="odd")).html.count("和一般的字一样") == 2


def test_where_it_cannot_be_written_is_told_before_the_work(cli: Cli, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere" / "all.html"):
        said = cli("preview", place)
        assert said.code == 2
        assert f"{place} 写不进去" in said.err
        assert "正在画" not in said.err
