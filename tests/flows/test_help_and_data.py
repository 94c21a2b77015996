"""A person one action away, complaints, one's own data, another device, and several people on one phone."""

from collections.abc import Callable
from datetime import time
from functools import partial

from sqlmodel import select

from bot.runner import Runner
from dialogs.talk import Said
from storage.tables import Application, Consent, Inbox, Person, Wish
from storage.tickets.tables import Ticket
from tests.databases import on_both
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]


def applied(visit: Visit) -> Visitor:
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(**APPLICATION)
    return me.tap("send", "read")


@on_both
def test_help_is_one_word_away_in_the_middle_of_a_question_and_leads_back_to_it(
    visit: Visit, runner: Runner
) -> None:
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).tap("read")
    asked = me.asking
    me.say("找人帮忙")
    assert me.asking == "help.how"
    assert me.lines["打电话"] == "0371-00001100"
    me.tap("call_me").say("我不会写字").tap("chat")
    assert me.asking == "ticket_made.told"
    assert "T2026-0001" in me.screen.text
    me.tap("read")
    assert me.asking == asked
    with runner.desk.store.reading() as session:
        assert session.exec(select(Ticket)).one().words == "我不会写字"


def test_looking_up_a_number_makes_no_ticket(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "self").say("人工").tap("self", "read")
    assert me.asking == "home.do"
    with runner.desk.store.reading() as session:
        assert not session.exec(select(Ticket)).all()


def test_a_complaint_may_be_without_a_name(visit: Visit, runner: Runner) -> None:
    visit().tap("plain", "self").say("投诉").say("老师没来").tap("no")
    with runner.desk.store.reading() as session:
        ticket = session.exec(select(Ticket)).one()
    assert ticket.kind == "complaint"
    assert ticket.contact_id is None
    assert ticket.person_id is None


def test_words_of_danger_reach_a_person(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "self").say("投诉").say("他打我")
    assert any("110" in words for words in me.heard.said)
    with runner.desk.store.reading() as session:
        assert session.exec(select(Ticket)).one().kind == "safeguard"


def test_what_was_left_open_is_read_back_in_words(visit: Visit) -> None:
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(**{**APPLICATION, "hukou": "unsaid", "live_addr": "same"})
    me.tap("send", "read").begin("mydata")
    assert "户口" not in me.lines
    assert me.lines["住处"] == "和户口一样"


def test_danger_is_heard_where_other_words_were_asked_for(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "self")
    for asked in ("home.do", "apply.needs_area"):
        if asked == "apply.needs_area":
            me.begin("card", (("project", "P003"),))
            me.tap(me.screen.options[0].value).tap("read", "yes", "yes", "yes")
        assert me.asking == asked
        me.say("我不想活了")
        assert (me.asking, me.screen.error) == (asked, "")
        assert any("110" in words for words in me.heard.said)
    with runner.desk.store.reading() as session:
        assert {ticket.kind for ticket in session.exec(select(Ticket)).all()} == {"safeguard"}


@on_both
def test_a_wish_is_kept_when_nothing_fits(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "self", "browse", "unemployed").tick("words").say("修手表")
    assert me.screen.total_options == 1
    me.tap("@wish").say("修手表").tap("city").tick("evening")
    assert me.asking == "wish_kept.told"
    with runner.desk.store.reading() as session:
        assert session.exec(select(Wish)).one().wish == "修手表"


@on_both
def test_she_sees_corrects_and_erases_her_data(visit: Visit, runner: Runner) -> None:
    me = applied(visit).begin("mydata")
    assert me.lines["名字"] == "李小梅"
    me.tap("correct", "name").say("李晓梅").tap("read")
    assert me.lines["名字"] == "李晓梅"
    me.tap("erase", "yes")
    assert me.asking == "erased.told"
    with runner.desk.store.reading() as session:
        person = session.exec(select(Person)).one()
        filed = session.exec(select(Application)).one()
    assert person.name is None
    assert person.cert_no is None
    assert filed.state == "withdrawn"
    assert "李小梅" not in str(filed.answers)


@on_both
def test_a_consent_is_taken_back_as_easily_as_it_was_given(visit: Visit, runner: Runner) -> None:
    me = applied(visit).say("撤回同意").tap("school", "no")
    assert me.asking == "consent_done.told"
    with runner.desk.store.reading() as session:
        rows = session.exec(select(Consent).where(Consent.purpose == "school").order_by("id")).all()
    assert rows[-1].given is False or rows[-1].withdrawn_at is not None


@on_both
def test_she_goes_on_with_another_device(visit: Visit) -> None:
    me = visit().tap("plain", "self").begin("continue")
    assert me.asking == "continue_ready.told"
    assert me.lines["地址"].startswith("/go/")


def test_three_people_on_one_phone_each_have_their_own_draft(visit: Visit) -> None:
    me = visit().tap("plain", "family").say("小明").begin("whose").tap("new").say("小红").tap("family")
    me.begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value)
    names = [option.label for option in me.screen.options]
    assert "小明" in names
    assert "小红" in names
    me.tap(me.screen.options[names.index("小明")].value).tap("read", "yes").stop()
    me.begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value)
    me.tap(me.screen.options[names.index("小红")].value)
    assert me.asking == "apply.start"
    assert me.screen.asking_for == "小红"


def test_what_makes_an_act_count_once_tells_nothing_of_the_act_or_of_whose_it_was(
    visit: Visit, runner: Runner
) -> None:
    me = visit().tap("plain", "self").say("投诉")
    said = Said("老师没来", me.screen.prompt)
    runner.desk.do_now(lambda session: runner.hear_in(session, me.address, said, once="page-1.老师没来"))
    me.look()
    me.tap("no")
    with runner.desk.store.reading() as session:
        heard = session.exec(select(Inbox)).one()
        ticket = session.exec(select(Ticket)).one()
    assert "page-1" not in heard.key
    assert heard.contact_id is None
    assert ticket.created_at.astimezone(runner.settings.zone).time() == time(0), "only the day is kept"


def test_told_twice_under_one_name_it_counts_once(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "self").begin("help").tap("call_me")
    prompt = me.screen.prompt
    for words in ("我要帮忙", "又说一遍"):
        runner.desk.do_now(
            partial(runner.hear_in, address=me.address, event=Said(words, prompt), once="page-2")
        )
    me.look()
    assert me.asking == "help.reach"
    assert me.heard.history[-1].value == "我要帮忙"
