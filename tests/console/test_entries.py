"""Written down by staff: asked like everybody, filed only with how the person agreed, and told to the person."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from bot import alerting
from bot.classes import offering
from storage import people
from storage.applications import ordering
from storage.files import files_in
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import (
    Application,
    ApplicationState,
    Assent,
    AssentHow,
    Basis,
    Channel,
    Consent,
    FileKind,
    Outbox,
    Person,
    Purpose,
    Relation,
    Role,
    Staff,
    StaffRole,
    StoredFile,
)
from storage.tickets.tables import Call
from tests.channels.web.handset import Handset
from tests.console.conftest import Office

Sit = Callable[..., Handset]

OPEN_ENDED = ("none", "unsaid", "later", "no")
"""Options that lead on without a further question."""

SHOWN = {"way": "here", "shown": "他说：想学，你们帮我报。", "present": "他的姐姐"}


def begin(browser: Handset, office: Office, name: str = "周小川", phone: str = "15400000077") -> str:
    """Begin with somebody new; give the address of the questions."""
    browser.open("/console/entries")
    intake = str(office.intake)
    browser.press(to="/console/entries", who="new", name=name, phone=phone, intake=intake)
    assert browser.response is not None
    return browser.response.url.path


def answer(browser: Handset, path: str, **wanted: str) -> None:
    """Answer the question on the page: as wanted, else what leads on soonest."""
    taps = [each["value"] for each in browser.page.all("button") if each.get("name") == "tap"]
    chosen = next((wanted[each] for each in wanted if wanted[each] in taps), None)
    chosen = chosen or next((each for each in OPEN_ENDED if each in taps), None)
    asked = browser.page.words("legend")
    if "yes" in taps and any(word in asked for word in ("同意", "可以")):
        chosen = wanted.get("consent", "yes")
    if chosen is None and taps:
        chosen = taps[0]
    if chosen is not None:
        browser.press(to=path, tap=chosen)
    else:
        browser.press(to=path, say="周小川", act="send")


def to_the_end(browser: Handset, path: str) -> int:
    """Answer until the answers are there to be checked; give how many questions there were."""
    for many in range(60):
        if any(each.get("name") == "way" for each in browser.page.all("input")):
            return many
        before = browser.page.hidden["prompt"]
        answer(browser, path)
        assert browser.page.hidden.get("prompt") != before, browser.page.words("legend")
    raise AssertionError(browser.page.words("legend"))


def newest(session: Session) -> Application:
    return session.exec(select(Application).order_by(col(Application.id).desc()).limit(1)).one()


def test_what_staff_write_down_is_filed_with_how_the_person_agreed(office: Office, sit: Sit) -> None:
    browser = sit()
    path = begin(browser, office)
    assert to_the_end(browser, path) > 10
    with office.store.reading() as session:
        before = newest(session).id
    browser.press(to=path, tap="send")
    assert browser.status == 409
    assert "还没有发出去" in browser.page.html
    with office.store.reading() as session:
        assert newest(session).id == before
    browser.press(to=path, tap="send", **SHOWN)
    assert "代录好了" in browser.page.html
    assert "他说：想学，你们帮我报。" in browser.page.html
    with office.store.reading() as session:
        filed = newest(session)
        assert filed.id > before
        assert filed.state is ApplicationState.SUBMITTED
        assert filed.applicant_role is Role.STAFF
        assert filed.staff_id == 1
        assert filed.channel is Channel.DESK
        assent = session.exec(select(Assent).where(Assent.application_id == filed.id)).one()
        assert assent.how is AssentHow.STAFF_RECORDED
        assert assent.words == "本人当面说：他说：想学，你们帮我报。在场：他的姐姐。"
        consents = session.exec(select(Consent).where(Consent.person_id == filed.person_id)).all()
        assert {each.basis for each in consents} == {Basis.ENTERED}
        assert all(each.given for each in consents)
        call = session.exec(select(Call).where(Call.application_id == filed.id)).one()
        assert call.why == "entered"
        relation = session.exec(select(Relation).where(Relation.person_id == filed.person_id)).one()
        assert relation.revoked_at is not None


def test_an_answer_changed_at_the_end_does_not_empty_how_he_agreed(office: Office, sit: Sit) -> None:
    browser = sit()
    path = begin(browser, office)
    to_the_end(browser, path)
    change = next(each["value"] for each in browser.page.all("button") if each.get("name") == "change")
    browser.press(to=path, change=change, **SHOWN)
    kept = {each["name"]: each["value"] for each in browser.page.all("input") if each["name"] in SHOWN}
    assert kept == SHOWN
    assert "他是怎么同意的" not in browser.page.html
    answer(browser, path)
    assert "他是怎么同意的" in browser.page.html
    assert SHOWN["shown"] in browser.page.html
    assert "checked" in browser.page.html
    browser.press(to=path, tap="send", **SHOWN)
    assert "代录好了" in browser.page.html


def test_a_voice_message_at_the_desk_is_kept_with_the_answers(office: Office, sit: Sit) -> None:
    browser = sit()
    path = begin(browser, office)
    for _ in range(60):
        files = [each for each in browser.page.all("input") if each.get("type") == "file"]
        if files:
            break
        answer(browser, path)
    assert next(each["accept"] for each in files).startswith("audio/")
    browser.send(b"OggS what he said", "话.ogg", to=path, act="send", say="")
    to_the_end(browser, path)
    browser.press(to=path, tap="send", **SHOWN)
    assert "代录好了" in browser.page.html
    with office.store.reading() as session:
        [key] = files_in(newest(session).answers)
        kept = session.exec(select(StoredFile).where(StoredFile.key == key)).one()
        assert (kept.kind, kept.body) == (FileKind.VOICE, b"OggS what he said")


def test_who_wrote_it_down_is_not_told_of_it_in_a_chat_and_others_are(office: Office, sit: Sit) -> None:
    browser, _ = sit(), sit(name="李国强")

    def link(session: Session) -> None:
        for number, member in enumerate(staff.all_staff(session)):
            now = office.service.runner.clock.now()
            chat = people.meet(session, Channel.TELEGRAM, str(number), now).id
            staff_chats.link_chat(session, staff_chats.make_chat_word(session, member, now), chat, now)

    office.service.runner.desk.do_now(link)
    path = begin(browser, office)
    to_the_end(browser, path)
    browser.press(to=path, tap="send", **SHOWN)
    assert "代录好了" in browser.page.html
    with office.store.reading() as session:
        [told] = session.exec(select(Outbox).where(Outbox.kind == alerting.KIND)).all()
        assert session.get_one(Staff, told.payload["staff"]).name == "李国强"


def test_it_is_left_and_gone_on_with_by_who_began_it_and_by_nobody_else(office: Office, sit: Sit) -> None:
    browser, other = sit(), sit(StaffRole.CLERK, "刘秀英")
    path = begin(browser, office)
    answer(browser, path)
    browser.press(to=path, act="stop")
    assert "停在这里了" in browser.page.html
    assert "周小川" in browser.open("/console/entries").page.html
    assert "周小川" not in other.open("/console/entries").page.html
    assert other.open(path).status == 404
    browser.open(path)
    assert "停在这里了" in browser.page.html
    browser.press(to=path)
    assert "记下残疾情况和电话" in browser.page.words("legend")
    # A button of another flow, pressed on an old page, opens the questions again and does nothing else.
    browser.press(to=path, act="stop")
    browser.press(to=path, tap="erase")
    assert "记下残疾情况和电话" in browser.page.words("legend")


def test_a_no_to_keeping_it_files_nothing(office: Office, sit: Sit) -> None:
    browser = sit()
    path = begin(browser, office)
    answer(browser, path)
    answer(browser, path, consent="no")
    answer(browser, path)
    assert "没有报名" in browser.page.html
    with office.store.reading() as session:
        assert newest(session).id == office.away[-1]
        said = session.exec(select(Consent)).one()
        assert (said.purpose, said.given, said.basis) == (Purpose.SENSITIVE, False, Basis.ENTERED)


def test_who_is_known_is_found_and_told_where_they_talk_and_can_withdraw(office: Office, sit: Sit) -> None:
    """By a name only those of this region are found; by a whole number whoever it belongs to."""
    with office.store.writing() as session:
        stranger = session.get_one(Person, 4)
        people.update_person(session, stranger, name="韩冬梅", phone="15400000088")
    browser = sit()
    assert "没有找到" in browser.open("/console/entries?words=韩冬梅").page.html
    page = browser.open("/console/entries?words=154 0000 0088").page
    assert "韩冬梅" in page.html
    assert "15400000088" not in page.html.replace('value="154 0000 0088"', "")
    fields = {"who": "4", "intake": str(office.intake)}
    browser.press(to="/console/entries", **fields | {"words": "别的名字"})
    assert "没有开始" in browser.page.html
    browser.open("/console/entries?words=15400000088").press(to="/console/entries", **fields)
    assert browser.response is not None
    path = browser.response.url.path
    to_the_end(browser, path)
    browser.press(to=path, tap="send", **SHOWN)
    with office.store.reading() as session:
        filed = newest(session)
        own = people.own_contacts(session, 4, office.service.runner.clock.now())
        told = session.exec(select(Outbox).where(Outbox.kind == "told")).one()
        assert (filed.person_id, told.contact_id, told.payload["act"]) == (4, own[0], "entered")
        assert session.exec(select(Call)).all() == []
    browser.open("/console/entries?words=15400000088").press(to="/console/entries", **fields)
    assert "就是这一份" in browser.page.html

    def withdraw(session: Session) -> None:
        mine = session.get_one(Application, filed.id)
        offering.withdraw(session, mine, f"contact:{own[0]}", office.service.runner.clock.now())

    office.service.runner.desk.do_now(withdraw)
    assert "本人退出" in browser.open(f"/console/applications/{filed.number}").page.html


def test_who_was_looked_for_and_not_found_need_not_be_typed_again(sit: Sit) -> None:
    browser = sit()
    assert 'name="name" value="周小川"' in browser.open("/console/entries?words=周小川").page.html
    assert 'name="name" value=""' in browser.open("/console/entries?words=154 0000 0001").page.html
    assert 'name="name" value=""' in browser.open("/console/entries?words=学员0").page.html


def test_bad_input_is_said_and_nothing_begins(office: Office, sit: Sit) -> None:
    browser = sit()
    for fields, said in (
        ({"who": "new", "name": "", "intake": str(office.intake)}, "没有开始"),
        ({"who": "new", "name": "99000119850612002912", "intake": str(office.intake)}, "好像是号码"),
        ({"who": "new", "name": "周小川", "phone": "154", "intake": str(office.intake)}, "电话看不懂"),
        ({"who": "new", "name": "周小川", "intake": str(office.elsewhere)}, "没有开始"),
        ({"who": "1", "intake": str(office.intake)}, "没有开始"),
    ):
        browser.open("/console/entries").press(to="/console/entries", **fields)
        assert said in browser.page.html
    with office.store.reading() as session:
        assert session.exec(select(Relation).where(Relation.role == Role.STAFF)).all() == []


def test_a_claim_counts_until_nothing_is_found(office: Office, sit: Sit) -> None:
    browser, path = sit(), f"/console/applications/{office.number(office.filed[0])}"
    listed = "/console/applications"
    assert "1 分：低保家庭<" in browser.open(listed).page.html
    assert browser.page.html.count("是本人说的") == 1
    assert "是本人说的，先算分" in browser.open(path).page.html
    browser.press(to=f"{path}/claims", **{"found-dibao": "yes", "note-dibao": "看了低保证"})
    assert "查到的情况记下了" in browser.page.html
    assert "低保家庭（查实）" in browser.open(listed).page.html
    old = browser.open(path).page.hidden
    browser.press(to=f"{path}/claims", **{"found-dibao": "no", "note-dibao": "证过期了"})
    with office.store.reading() as session:
        assert [session.get_one(Application, each).rank for each in office.filed] == [0, -1, -1]
    first = browser.open("/console/applications").page
    assert first.html.index(office.number(office.filed[1])) < first.html.index(office.number(office.filed[0]))
    answered = browser.client.post(f"{path}/claims", data={**old, "found-dibao": "yes"})
    assert answered.status_code == 409
    assert ("claim_not_found", "") in office.audited()


def test_points_set_anew_leave_out_what_was_not_found(office: Office) -> None:
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        member = staff.add_staff(session, "王芳", StaffRole.CLERK, now, actor="test")
        filed = session.get_one(Application, office.filed[0])
        assert ordering.check_claim(
            session, filed, "dibao", found=False, note="", staff_id=member.id, now=now
        )
        with pytest.raises(LookupError):
            ordering.check_claim(session, filed, "women", found=True, note="", staff_id=member.id, now=now)
        ordering.set_weights(session, {"dibao": 7}, "staff:1", now)
        assert [session.get_one(Application, each).rank for each in office.filed] == [0, -7, -7]
