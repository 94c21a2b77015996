"""A clerk reviews, promises, decides; nothing is decided over what somebody else did meanwhile."""

from collections.abc import Callable

from sqlmodel import select

from storage.afterwards import calls
from storage.applications import deciding, enrolment
from storage.catalogue.tables import Intake
from storage.files import keep_file
from storage.tables import (
    Application,
    ApplicationState,
    Assent,
    AssentHow,
    NeedAnswer,
    Outbox,
    Person,
    Role,
    StaffRole,
)
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.storage.filed import state_of

Sit = Callable[..., Handset]


def state(browser: Handset) -> str:
    return browser.page.words("p", **{"class": "state"})


def told(browser: Handset) -> str:
    return browser.page.words("p", **{"class": "told"})


def open_one(office: Office, browser: Handset, which: int = 0) -> str:
    path = f"/console/applications/{office.number(office.filed[which])}"
    browser.open(path)
    return path


def test_the_list_is_in_order_with_the_reasons(office: Office, sit: Sit) -> None:
    page = sit().open("/console/applications").page
    assert "1 分：低保家庭" in page.html
    order = [page.html.index(office.number(each)) for each in office.filed]
    assert order == sorted(order)


def test_a_need_is_promised_with_a_word_to_the_person(office: Office, sit: Sit) -> None:
    browser = sit()
    path = open_one(office, browser)
    with office.store.reading() as session:
        [need] = enrolment.needs_of(session, office.filed[0])
    browser.press(to=f"{path}/needs", **{f"answer-{need.id}": "can", f"note-{need.id}": "每次课都有人打字"})
    assert told(browser) == "需要的答复记下了。一小时内告诉本人，和您定的一起。"
    with office.store.reading() as session:
        [need] = enrolment.needs_of(session, office.filed[0])
        assert (need.answer, need.answer_note) == (NeedAnswer.CAN, "每次课都有人打字")


def test_an_accepted_person_is_told_and_the_seat_is_gone(office: Office, sit: Sit) -> None:
    browser = sit()
    path = open_one(office, browser)
    browser.press(to=f"{path}/decide", do="accept", words="欢迎您来")
    assert told(browser) == "录取了。已经告诉本人。"
    assert state(browser) == "录取：欢迎您来"
    with office.store.reading() as session:
        assert enrolment.seats_taken(session) == {office.intake: 1}
        assert [each.kind for each in session.exec(select(Outbox)).all()] == ["decided"]


def test_declining_without_a_reason_changes_nothing_and_says_so(office: Office, sit: Sit) -> None:
    browser = sit()
    path = open_one(office, browser)
    browser.press(to=f"{path}/decide", do="decline", words=" ")
    assert browser.status == 409
    assert told(browser).startswith("没有写原因")
    browser.press(to=f"{path}/decide", do="decline", reason="age", words="您可以看看别的班")
    assert state(browser) == "没有录取：年龄不符合这个班。您可以看看别的班"


def test_the_second_clerk_is_told_what_the_first_did_and_keeps_what_she_wrote(
    office: Office, sit: Sit
) -> None:
    first, second = sit(), sit(name="李国强")
    path = open_one(office, first)
    second.open(path)
    first.press(to=f"{path}/decide", do="wait")
    second.press(to=f"{path}/decide", do="decline", words="写了很久的原因")
    assert second.status == 409
    assert "王芳：排队" in second.page.words("section", role="alert")
    assert "写了很久的原因" in second.page.words("textarea")
    assert state_of(office.store, office.filed[0]) == "waitlisted"
    # Having read it, she may decide.
    second.press(to=f"{path}/decide", do="decline", words="写了很久的原因")
    assert state_of(office.store, office.filed[0]) == "declined"


def test_what_was_chosen_and_written_for_the_needs_is_kept_when_somebody_was_first(
    office: Office, sit: Sit
) -> None:
    first, second = sit(), sit(name="李国强")
    path = open_one(office, first)
    second.open(path)
    with office.store.reading() as session:
        [need] = enrolment.needs_of(session, office.filed[0])
    first.press(to=f"{path}/needs", **{f"answer-{need.id}": "can"})
    second.press(
        to=f"{path}/needs", **{f"answer-{need.id}": "discuss", f"note-{need.id}": "先问问速录的人有没有空"}
    )
    assert second.status == 409
    assert "先问问速录的人有没有空" in second.page.html
    assert "没有记下。现在记的是：可提供。" in second.page.html
    assert 'value="discuss" checked' in second.page.html
    with office.store.reading() as session:
        assert enrolment.needs_of(session, office.filed[0])[0].answer is NeedAnswer.CAN


def test_looking_at_sealed_fields_is_kept_and_does_not_stop_a_decision(office: Office, sit: Sit) -> None:
    first, second = sit(), sit(name="李国强")
    path = open_one(office, first)
    second.open(path)
    first.press(to=f"{path}/secrets")
    assert told(first) == "证号和电话在下面。看过的事记下了。"
    assert ("secret_shown", "") in office.audited()
    assert second.press(to=f"{path}/decide", do="wait").status == 200


def test_what_the_person_withdrew_meanwhile_is_not_decided(office: Office, sit: Sit) -> None:
    browser = sit()
    path = open_one(office, browser)
    runner = office.service.runner
    runner.desk.do_now(
        lambda session: enrolment.withdraw(
            session, deciding.hold(session, office.filed[0]), "contact:1", runner.clock.now()
        )
    )
    browser.press(to=f"{path}/decide", do="accept")
    assert browser.status == 409
    assert "报名的人：退出" in browser.page.words("section", role="alert")
    assert state_of(office.store, office.filed[0]) == "withdrawn"


def test_when_the_seats_are_gone_she_is_told_and_nothing_changes(office: Office, sit: Sit) -> None:
    with office.store.writing() as session:
        session.get_one(Intake, office.intake).capacity = 0
    browser = sit()
    path = open_one(office, browser)
    browser.press(to=f"{path}/decide", do="accept")
    assert browser.status == 409
    assert told(browser).startswith("名额满了")
    assert state_of(office.store, office.filed[0]) == "submitted"


def test_a_question_goes_out_and_the_application_waits(office: Office, sit: Sit) -> None:
    browser = sit()
    path = open_one(office, browser)
    browser.press(to=f"{path}/decide", do="ask", words="您能自己坐车来吗？")
    assert told(browser).startswith("问题发出去了")
    assert state(browser).startswith("等本人回答")
    assert "您能自己坐车来吗？" in browser.page.html


def test_free_seats_go_to_who_waits(office: Office, sit: Sit) -> None:
    browser = sit()
    for which in range(2):
        path = open_one(office, browser, which)
        browser.press(to=f"{path}/decide", do="wait")
    with office.store.writing() as session:
        session.get_one(Intake, office.intake).capacity = 1
    browser.open(f"/console/intakes/{office.intake}").press(to=f"/console/intakes/{office.intake}/offer")
    assert told(browser).startswith("空出来的名额")
    assert [state_of(office.store, each) for each in office.filed] == ["offered", "waitlisted", "submitted"]
    browser.press(to=f"/console/intakes/{office.intake}/offer")
    assert told(browser).startswith("现在没有空的名额")


def test_words_with_signs_are_words(office: Office, sit: Sit) -> None:
    browser = sit()
    path = open_one(office, browser)
    nasty = "<script>alert(1)</script>{{7*7}}'; DROP TABLE staff; --"
    browser.press(to=f"{path}/decide", do="decline", words=nasty)
    assert "<script>" not in browser.page.html
    assert nasty in state(browser)


def test_people_are_found_by_whole_name_and_number(office: Office, sit: Sit) -> None:
    browser = sit()
    number = office.number(office.filed[1])
    for words in ("学员1", number, f" {number} "):
        assert (
            f"/console/applications/{number}"
            in browser.open(f"/console/applications?words={words}").page.html
        )
    assert "没有找到" in browser.open("/console/applications?words=学员").page.html


def test_who_asked_for_text_is_written_to_and_not_phoned(office: Office, sit: Sit) -> None:
    with office.store.writing() as session:
        filed = session.get_one(Application, office.filed[0])
        person = session.get_one(Person, filed.person_id)
        person.phone, person.profile = "15400000001", {"need_hear": ["text_contact"]}
        session.add(person)
        now = office.service.runner.clock.now()
        calls.ask_for(session, filed.id, "decided", None, now, now)
    page = sit().open("/console/calls").page
    assert "他要文字联系，不打电话。" in page.html
    assert 'href="sms:15400000001"' in page.html
    assert 'href="tel:15400000001"' not in page.html


def test_points_put_the_list_in_another_order(office: Office, sit: Sit) -> None:
    admin = sit(StaffRole.ADMIN, "陈静")
    page = admin.open("/console/weights").page
    fields = {each["name"]: each["value"] for each in page.all("input") if each.get("type") == "number"}
    assert set(fields.values()) == {"1"}
    admin.press(to="/console/weights", **{**fields, "points-dibao": "7"})
    assert told(admin).startswith("分数改好了")
    assert "7 分：低保家庭" in admin.open("/console/applications").page.html
    admin.open("/console/weights").press(to="/console/weights", **{**fields, "points-dibao": "101"})
    assert told(admin).startswith("分数是 0 到 100")
    assert ("weight_set", "7") in office.audited()


def test_staff_are_added_with_a_link_shown_once_and_let_go(office: Office, sit: Sit) -> None:
    admin = sit(StaffRole.ADMIN, "陈静")
    admin.open("/console/staff").press(
        to="/console/staff", name="周敏", role="teacher", projects="P025，P026", region=""
    )
    link = admin.page.words("code")
    assert link.startswith(office.service.runner.settings.address)
    assert link not in admin.open("/console/staff").page.html
    # Without a place or a project they would see nothing, and the list would say 全部.
    for role, said in (("clerk", "没有加。经办"), ("evaluator", "没有加。经办"), ("teacher", "没有加。老师")):
        admin.open("/console/staff").press(
            to="/console/staff", name="赵新", role=role, projects=" ", region=" "
        )
        assert told(admin).startswith(said)
        assert "赵新" not in admin.page.html
    # A place no course lies in may be meant so, and may be a slip: then she sees nothing.
    admin.press(to="/console/staff", name="赵新", role="clerk", region="不存在市")
    assert told(admin).startswith("加好了，可是目录里现在没有归他管的课")
    admin.press(to="/console/staff", name="孙丽", role="clerk", region="长沙市")
    assert told(admin).startswith("加好了。")
    admin.press(to="/console/staff/2/revoke")
    assert told(admin).startswith("已经停用")
    admin.press(to="/console/staff/1/revoke")
    assert told(admin) == "不能停用自己。"


def test_what_a_person_showed_staff_counts_and_what_nobody_saw_does_not(office: Office, sit: Sit) -> None:
    with office.store.writing() as session:
        filed = session.get_one(Application, office.filed[0])
        filed.state, filed.applicant_role = ApplicationState.AWAITING_ASSENT, Role.FAMILY
    browser = sit()
    path = open_one(office, browser)
    assert state(browser) == "等本人答应（还等本人的一句话）"
    browser.press(to=f"{path}/assent", answer="yes")
    assert (browser.status, state_of(office.store, office.filed[0])) == (409, "awaiting_assent")
    browser.press(to=f"{path}/assent", answer="yes", shown="在家里，指着面包的图，说要去")
    assert told(browser) == "本人怎么表示的，记下了。"
    assert state(browser) == "新报名"
    with office.store.reading() as session:
        [assent] = session.exec(select(Assent)).all()
        assert (assent.how, assent.words) == (AssentHow.STAFF_RECORDED, "在家里，指着面包的图，说要去")


def test_a_spoken_answer_can_be_listened_to_and_a_file_of_somebody_else_cannot(
    office: Office, sit: Sit
) -> None:
    browser = sit()
    path = open_one(office, browser)
    browser.press(to=f"{path}/decide", do="ask", words="您能自己坐车来吗？")
    now = office.service.runner.clock.now()
    with office.store.writing() as session:
        contact = session.get_one(Application, office.filed[0]).contact_id
        assert contact is not None
        for key in ("spoken", "another"):
            keep_file(session, contact, key, kind="voice", mime="audio/ogg", name="", body=b"OggS", now=now)
        [asked] = deciding.open_questions(session, office.filed[0])
        deciding.take_answer(session, asked, "file:spoken", f"contact:{contact}", now)
    page = browser.open(path).page
    assert "file:spoken" not in page.html
    assert page.html.count("（语音，在这一页听）") == 2, "the answer, and what happened"
    links = [attrs["href"] for attrs in page.all("a") if "/files/" in attrs.get("href", "")]
    assert [browser.client.get(link).content for link in links] == [b"OggS"]
    assert browser.client.get(f"{path}/files/2").status_code == 404
