"""Applying: for oneself, for a relative, stopping half way, changing, withdrawing."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.runner import Runner
from storage.tables import Application, ApplicationEvent, Assent, Consent, Need, Person
from storage.tickets.tables import Ticket
from tests.databases import on_both
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]


def newcomer(visit: Visit, key: str = "a-visitor") -> Visitor:
    return visit(key).tap("plain", "self")


def at_the_check(visit: Visit, key: str = "a-visitor") -> Visitor:
    """Somebody who found the course and answered everything."""
    me = newcomer(visit, key).begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(**APPLICATION)
    assert me.asking == "apply.check"
    return me


@on_both
def test_a_newcomer_browses_and_applies_and_gets_a_number(visit: Visit, runner: Runner) -> None:
    me = newcomer(visit).tap("browse", "unemployed", "all", "P003")
    assert me.asking == "card.do"
    me.tap(me.screen.options[0].value).answer(**APPLICATION)
    assert "手语翻译" in me.line("need_hear").value
    me.tap("send")
    assert me.asking == "receipt.told"
    assert me.lines["报名号"] == "2026-0001"
    with runner.desk.store.reading() as session:
        filed = session.exec(select(Application)).one()
        person = session.exec(select(Person)).one()
        needs = {need.code for need in session.exec(select(Need))}
        consents = {(row.purpose.value, row.given) for row in session.exec(select(Consent))}
    assert filed.state == "submitted"
    assert person.name == "李小梅"
    assert needs == {"large_print", "sign_interp", "text_contact"}
    assert consents == {("sensitive", True), ("school", True), ("authority", True)}


@on_both
def test_half_way_she_stops_and_goes_on_at_the_same_question(visit: Visit) -> None:
    me = newcomer(visit).begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(start="read", consent_sensitive="yes", consent_school="yes")
    asked = me.asking
    me.stop()
    assert me.asking == "home.do"
    me.tap("drafts")
    me.tap(me.screen.options[0].value).tap("go_on")
    assert me.asking == asked
    assert visit().asking == asked, "the same person on a page loaded anew"


def test_she_goes_back_and_changes_an_answer(visit: Visit) -> None:
    me = at_the_check(visit)
    me.change("phone").say("15400000009")
    assert me.asking == "apply.check"
    assert me.line("phone").value == "154 0000 0009"
    me.back()
    assert me.asking == "apply.words"


def test_without_consent_nothing_about_her_is_kept_but_she_is_told_what_to_do(
    visit: Visit, runner: Runner
) -> None:
    me = newcomer(visit).begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).tap("read", "no")
    assert me.asking == "apply.refused"
    me.tap("read")
    with runner.desk.store.reading() as session:
        assert not session.exec(select(Application)).all()
        assert not session.exec(select(Need)).all()
        assert session.exec(select(Person)).one().phone is None


def test_what_was_said_to_find_a_course_goes_where_she_wants_nothing_kept(
    visit: Visit, runner: Runner
) -> None:
    me = visit().tap("plain", "self", "browse", "unemployed").tick("near").say("眉山")
    me.tap("P003")
    with runner.desk.store.reading() as session:
        assert session.exec(select(Person)).one().profile["live_addr"] == "眉山"
    me.tap(me.screen.options[0].value).tap("read", "no")
    assert "您前面说的，也不留" in me.screen.text
    me.tap("read")
    with runner.desk.store.reading() as session:
        assert session.exec(select(Person)).one().profile == {}


def test_a_number_is_no_name(visit: Visit) -> None:
    me = newcomer(visit).begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value)
    me.answer(**{key: value for key, value in APPLICATION.items() if key != "name"})
    assert me.asking == "apply.name"
    assert me.say("99000119850612002912").error == "这好像是号码。这里写名字，比如“王小明”。"
    assert me.say("李小梅").asking == "apply.cert_have"


def test_who_says_later_stops_where_she_is_and_is_told_that_it_is_kept(visit: Visit) -> None:
    me = newcomer(visit).begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).tap("read", "yes")
    stood = me.asking
    me.say("晚点再说")
    assert me.asking == "home.do"
    assert "停在这里了。您说的都记下了，随时可以接着来。" in me.heard.said
    me.tap("drafts")
    assert me.tap(me.screen.options[0].value).tap("go_on").asking == stood


def test_under_fourteen_nothing_is_kept_and_staff_are_asked_to_help(visit: Visit, runner: Runner) -> None:
    me = newcomer(visit).tap("browse", "student", "all", "P003")
    young = {**APPLICATION, "cert_have": "none", "age": "12"}
    me.tap(me.screen.options[0].value).answer(**young)
    assert me.asking == "apply.too_young"
    me.tap("read")
    with runner.desk.store.reading() as session:
        assert not session.exec(select(Application)).all()
        assert session.exec(select(Person)).one().name in {None, ""}
        assert session.exec(select(Person)).one().profile == {}
        assert session.exec(select(Ticket)).one().kind == "help"


def test_a_mother_applies_and_he_is_asked_himself(visit: Visit, runner: Runner) -> None:
    mother = visit("mother").tap("plain", "family").say("小明")
    mother.begin("card", (("project", "P003"),))
    mother.tap(mother.screen.options[0].value)
    assert mother.asking == "whose.person"
    mother.tap(mother.screen.options[1].value)
    assert mother.asking == "apply.start"
    assert mother.screen.asking_for == "小明"
    mother.answer(**APPLICATION).tap("send")
    assert "本人" in mother.screen.text
    with runner.desk.store.reading() as session:
        assert session.exec(select(Application)).one().state == "awaiting_assent"
    mother.tap("read", "later", "mine")
    mother.tap(mother.screen.options[0].value).tap("assent", "now")
    assert mother.asking == "assent.who"
    mother.tap("beside", "yes")
    with runner.desk.store.reading() as session:
        assert session.exec(select(Application)).one().state == "submitted"
        assert session.exec(select(Assent)).one().answer == "yes"


def test_two_of_one_family_at_the_same_course_are_told_apart_by_their_names(visit: Visit) -> None:
    mother = visit("mother").tap("plain", "family").say("小明")
    for one, name in ((1, "小明"), (0, "李梅")):
        mother.begin("card", (("project", "P003"),))
        mother.tap(mother.screen.options[0].value).tap(mother.screen.options[one].value)
        mother.answer(**{**APPLICATION, "name": name}).tap("send")
    mother.begin("mine")
    labels = [each.label for each in mother.screen.options][:2]
    assert {each.split("：")[0] for each in labels} == {"小明", "李梅"}
    assert len({each.split("：")[1] for each in labels}) == 1


def test_what_is_known_is_not_asked_twice(visit: Visit) -> None:
    me = at_the_check(visit).tap("send", "read")
    me.begin("card", (("project", "P004"),))
    me.tap(me.screen.options[0].value).tap("read")
    asked: list[str] = []
    for _ in range(40):
        if me.asking == "apply.check":
            break
        asked.append(me.screen.question)
        if me.screen.question in {"clash_note", "start"}:
            me.tap("read")
        elif me.screen.current and any(option.value == "@keep" for option in me.screen.options):
            me.tap("@keep")
        else:
            me.answer(**{me.screen.question: APPLICATION[me.screen.question]})
    assert me.asking == "apply.check"
    assert not {"consent_sensitive", "consent_school", "consent_subsidy"} & set(asked)
    assert me.line("name").value == "李小梅"


def test_what_was_said_to_find_a_course_is_not_asked_again(visit: Visit) -> None:
    me = newcomer(visit).tap("browse", "flexible").say("按摩").tap("P003")
    me.tap(me.screen.options[0].value)
    me.answer(**{name: value for name, value in APPLICATION.items() if name != "employment_status"})
    assert me.asking == "apply.employment_status"
    assert me.screen.current == "打零工"
    assert me.stop().tap("browse").asking == "browse.how", "who they are is known, another day too"


@on_both
def test_she_withdraws_and_may_apply_again(visit: Visit, runner: Runner) -> None:
    me = at_the_check(visit).tap("send", "read", "mine")
    me.tap(me.screen.options[0].value).tap("withdraw", "yes")
    assert me.asking == "withdrawn.told"
    with runner.desk.store.reading() as session:
        assert session.exec(select(Application)).one().state == "withdrawn"
    me.begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value)
    assert me.asking == "apply.start"


@on_both
def test_she_changes_what_she_sent(visit: Visit, runner: Runner) -> None:
    me = at_the_check(visit).tap("send", "read", "mine")
    me.tap(me.screen.options[0].value).tap("change")
    assert me.asking == "apply.check"
    me.change("need_see").tick("braille").tap("send")
    assert me.screen.text.startswith("您改的，记下了。")
    assert me.lines["改了"] == "看的帮忙"
    assert me.lines["报名号"] == "2026-0001"
    with runner.desk.store.reading() as session:
        assert {need.code for need in session.exec(select(Need))} == {
            "braille",
            "sign_interp",
            "text_contact",
        }
        assert len(session.exec(select(Application)).all()) == 1
    me.tap("read", "mine")
    me.tap(me.screen.options[0].value).tap("change", "send")
    assert me.screen.text.startswith("没有改动")
    assert "改了" not in me.lines


@on_both
def test_a_voice_message_is_kept_with_the_application(visit: Visit, runner: Runner) -> None:
    from storage.files import find_file

    me = newcomer(visit).begin("card", (("project", "P003"),))
    some = {name: value for name, value in APPLICATION.items() if name != "words"}
    me.tap(me.screen.options[0].value).answer(**some)
    assert me.asking == "apply.words"
    me.send("photo", b"not a voice")
    assert me.error == "这里收文字，也收语音，不收别的文件。写出来，或者说一段话。"
    me.send("voice", b"OggS a voice").tap("send")
    with runner.desk.store.reading() as session:
        kept = find_file(session, "key-of-file")
        assert kept is not None
        assert kept.body == b"OggS a voice"


@on_both
def test_a_draft_is_kept_for_longer_or_thrown_away(visit: Visit) -> None:
    me = newcomer(visit).begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(start="read", consent_sensitive="yes")
    me.stop().tap("drafts")
    me.tap(me.screen.options[0].value).tap("keep")
    assert me.asking == "draft_kept.told"
    me.tap("read", "drafts")
    me.tap(me.screen.options[0].value).tap("drop")
    assert me.asking == "home.do"
    assert "drafts" not in {option.value for option in me.screen.options}


def test_a_rule_that_does_not_fit_is_said_kindly_and_told_to_staff(visit: Visit, runner: Runner) -> None:
    me = newcomer(visit).begin("card", (("project", "P003"),))
    old = {**APPLICATION, "cert_no": "99000119900307001X43"}  # a category this course does not name
    me.tap(me.screen.options[0].value).answer(**old).tap("send")
    assert "视力" in me.lines["要商量的"]
    assert "不符" not in str(me.lines)
    with runner.desk.store.reading() as session:
        notes = [
            event.note or "" for event in session.exec(select(ApplicationEvent)) if event.kind == "advice"
        ]
    assert "不符" in notes[0]


@pytest.mark.parametrize("said", ["没有", "不想说", "不记得", "没带"])
def test_who_has_no_number_at_hand_says_so_in_their_own_words_and_goes_on(visit: Visit, said: str) -> None:
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(**{k: v for k, v in APPLICATION.items() if k != "cert_no"})
    assert me.asking == "apply.cert_no"
    assert me.say(said).asking == "apply.age"
