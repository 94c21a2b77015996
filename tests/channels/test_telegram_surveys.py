"""A survey from a sheet in a Telegram chat: the picture of a question, and words that are spoken."""

from functools import partial
from pathlib import Path

from sqlmodel import select

from bot.forms.serving import serve_forms
from bot.forms.taking import take_form
from dialogs.talk import Begin
from storage.files import find_file
from storage.tables import AnswerSet
from tests.bot.test_form_pictures import packed, png
from tests.channels.botapi import BotApi, Person
from tests.channels.chatting import NEWCOMER, Telegram, last, talk, until
from tests.channels.on_air import OnAir
from tests.cli.test_importing_forms import written
from tests.visiting import Visitor

SHEETS = {
    "survey": [
        ["type", "name", "label", "media::image"],
        ["select_one animal", "pet", "您喜欢哪一个？", "both.png"],
        ["text", "why", "为什么？", "why.png"],
    ],
    "choices": [
        ["list_name", "name", "label", "media::image"],
        ["animal", "dog", "小狗", "dog.png"],
        ["animal", "cat", "小猫", "cat.png"],
    ],
    "settings": [["form_id", "version"], ["pictured", "1"]],
}


PICTURES = ("both.png", "why.png", "dog.png", "cat.png")


def _ask(air: OnAir, body: bytes) -> None:
    runner = air.service.runner
    now = runner.clock.now()
    runner.desk.do_now(lambda session: take_form(session, body, now, "test", live=True))
    runner.desk.read(partial(serve_forms, book=runner.book))


def test_a_question_has_its_picture_below_it_and_may_be_answered_by_voice(
    telegram: Telegram, api: BotApi, tmp_path: Path
) -> None:
    air, me = telegram(), api.person(77)
    sheet = written(tmp_path / "form.xlsx", SHEETS).read_bytes()
    _ask(air, packed({name: png(n) for n, name in enumerate(PICTURES, 3)}, sheet))
    talk(me, *NEWCOMER)
    Visitor(air.service.runner, "77", "telegram").do(Begin("survey:pictured"))
    talk(me, "/again")
    assert "您喜欢哪一个？" in last_words(me)
    me.waits_until(lambda messages: [each.kind for each in messages[-3:]] == ["photo"] * 3)
    assert [each.text for each in me.heard[-3:]] == ["", "1 小狗", "2 小猫"], "each answer's with its words"
    api.fail("sendPhoto", status=400, words="Bad Request: IMAGE_PROCESS_FAILED")
    talk(me, "t:1 小狗")
    assert "为什么？" in last(me), "a picture that Telegram will not take holds nothing up"
    me.sends_voice(b"OggS because")

    def kept() -> AnswerSet | None:
        with air.service.store.reading() as session:
            return session.exec(select(AnswerSet)).first()

    until(lambda: kept() is not None)
    answers = kept()
    assert answers is not None
    assert answers.answers["pet"] == "dog"

    def spoken() -> bool:
        with air.service.store.reading() as session:
            file = find_file(session, str(answers.answers["why"]).removeprefix("file:"))
            return file is not None and file.body == b"OggS because"

    until(spoken)
    air.service.runner.book.serve([])


def last_words(person: Person) -> str:
    return next(message.text for message in reversed(person.heard) if message.kind == "text")
