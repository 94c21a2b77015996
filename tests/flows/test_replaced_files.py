"""A file that was replaced goes at once; one that any answer still refers to stays."""

from collections.abc import Callable

from sqlmodel import select

from bot.heard import Upload
from bot.runner import Runner
from dialogs.talk import FileRef, Sent
from storage.tables import StoredFile
from tests.databases import on_both
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]


def voice(me: Visitor, key: str) -> Visitor:
    ref = FileRef(key, "voice", 4, "audio/ogg", "声音")
    return me.do(Sent(ref, me.screen.prompt), Upload(ref, key.encode()))


def kept(runner: Runner) -> list[str]:
    with runner.desk.store.reading() as session:
        return sorted(session.exec(select(StoredFile.key)).all())


def at_the_words(visit: Visit) -> Visitor:
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value)
    me.answer(**{name: value for name, value in APPLICATION.items() if name != "words"})
    assert me.asking == "apply.words"
    return me


@on_both
def test_another_recording_takes_the_place_of_the_first(visit: Visit, runner: Runner) -> None:
    me = voice(at_the_words(visit), "first")
    voice(me.change("words"), "second")
    assert me.asking == "apply.check"
    assert kept(runner) == ["second"]
    me.change("words").say("没有")
    assert kept(runner) == []


def test_what_was_sent_in_stays(visit: Visit, runner: Runner) -> None:
    voice(at_the_words(visit), "first").tap("send", "read")
    assert kept(runner) == ["first"]


def test_a_change_is_thought_better_of_and_the_old_one_is_still_there(visit: Visit, runner: Runner) -> None:
    me = voice(at_the_words(visit), "first").tap("send", "read").begin("mine")
    me.tap(me.screen.options[0].value).tap("change")
    assert me.asking == "apply.check"
    voice(me.change("words"), "second")
    assert kept(runner) == ["first", "second"]
    me.stop().tap("drafts")
    me.tap(me.screen.options[0].value).tap("drop")
    assert kept(runner) == ["first"]


def test_a_change_that_was_sent_in_lets_the_old_one_go(visit: Visit, runner: Runner) -> None:
    me = voice(at_the_words(visit), "first").tap("send", "read").begin("mine")
    me.tap(me.screen.options[0].value).tap("change")
    voice(me.change("words"), "second").tap("send")
    assert kept(runner) == ["second"]


def test_a_complaint_without_a_name_keeps_its_recording(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "self").begin("complain")
    voice(me, "said").tap("no")
    assert kept(runner) == ["said"]
