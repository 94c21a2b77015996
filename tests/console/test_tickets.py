"""Staff see to tickets: each sees their own, danger only who is to, every act is kept, nothing is overwritten."""

from collections.abc import Callable

from sqlmodel import Session, select

from storage import people
from storage.files import keep_file
from storage.tables import Outbox, Staff, StaffRole, TicketState
from storage.tickets import handling, tickets
from storage.tickets.tables import Ticket
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.console.test_deciding import told

Sit = Callable[..., Handset]


def raise_ticket(
    office: Office,
    kind: str = "help",
    words: str = "补贴没到",
    *,
    which: int | None = 0,
    anonymous: bool = False,
) -> str:
    """Let somebody who applied say something, about their application unless `which` is None."""
    now = office.service.runner.clock.now()

    def say(session: Session) -> str:
        contact = people.meet(session, "web", f"applicant-{office.intake}-{which or 0}", now)
        [(person, _)] = people.people_of(session, contact.id, now)
        about = None if which is None else office.filed[which]
        made = tickets.make_ticket(
            session,
            kind,
            words,
            now,
            contact_id=contact.id,
            person_id=person.id,
            application_id=about,
            anonymous=anonymous,
        )
        handling.name_keeper(session, made)
        return made.number

    return str(office.service.runner.desk.do_now(say))


def ticket(office: Office, number: str) -> Ticket:
    with office.store.reading() as session:
        return session.exec(select(Ticket).where(Ticket.number == number)).one()


def letters(office: Office) -> list[str]:
    with office.store.reading() as session:
        return [each.kind for each in session.exec(select(Outbox)).all()]


def test_a_clerk_takes_answers_and_closes(office: Office, sit: Sit) -> None:
    number = raise_ticket(office)
    browser = sit()
    assert number in browser.open("/console/tickets").page.html
    path = f"/console/tickets/{number}"
    page = browser.open(path).page
    assert "学员0" in page.html
    assert office.number(office.filed[0]) in page.html
    browser.press(to=path, do="take")
    assert told(browser) == "这件工单归您办了。"
    browser.press(to=path, do="answer", words="明天到账", outcome="")
    assert told(browser) == "话回了。已经告诉本人。"
    browser.press(to=path, do="close", words="", outcome="solved")
    assert told(browser) == "办完了。"
    kept = ticket(office, number)
    assert (kept.state, kept.outcome, kept.answer) == (TicketState.CLOSED, "solved", "明天到账")
    assert letters(office) == ["ticket_answered", "ticket_answered"]
    acts = [action for action, _ in office.audited()]
    assert [each for each in acts if each.startswith("ticket_")] == [
        "ticket_taken",
        "ticket_answered",
        "ticket_closed",
    ]
    assert number in browser.open("/console/tickets?list=closed").page.html
    assert number not in browser.open("/console/tickets?list=open").page.html


def test_what_lacks_is_said_and_what_was_typed_stays(office: Office, sit: Sit) -> None:
    number = raise_ticket(office)
    browser, path = sit(), f"/console/tickets/{number}"
    browser.open(path).press(to=path, do="answer", words=" ", outcome="")
    assert (browser.status, told(browser)) == (409, "没有写字，没有发。")
    browser.press(to=path, do="close", words="写了很久的话", outcome="no such outcome")
    assert (browser.status, told(browser)) == (409, "没有选办成什么样，没有结束。")
    assert browser.page.words("textarea") == "写了很久的话"
    browser.press(to=path, do="hand_over", colleague="999")
    assert (browser.status, told(browser)) == (409, "没有选转给谁，没有转。")
    assert ticket(office, number).state is TicketState.OPEN


def test_what_the_person_said_meanwhile_is_read_before_it_is_answered(office: Office, sit: Sit) -> None:
    number = raise_ticket(office)
    browser, path = sit(), f"/console/tickets/{number}"
    browser.open(path)
    runner = office.service.runner
    runner.desk.do_now(
        lambda session: handling.say_more(session, handling.hold(session, 1), "已经到了", runner.clock.now())
    )
    browser.press(to=path, do="answer", words="明天到账", outcome="")
    assert browser.status == 409
    assert told(browser).startswith("您看的时候，工单上又有了新的话")
    assert "已经到了" in browser.page.html
    assert browser.page.words("textarea") == "明天到账"
    browser.press(to=path, do="answer", words="好的", outcome="")
    assert browser.status == 200
    # Sent twice, it is said once: the second page is older than what the first one said.
    assert letters(office) == ["ticket_answered"]


def test_two_clerks_do_not_take_one_ticket(office: Office, sit: Sit) -> None:
    number = raise_ticket(office)
    first, second, path = sit(), sit(name="李国强"), f"/console/tickets/{number}"
    second.open(path)
    first.open(path).press(to=path, do="take")
    second.press(to=path, do="take")
    assert (second.status, told(second)[:8]) == (409, "已经有人在办这件")
    assert "王芳在办" in second.page.words("p", **{"class": "state"})
    first.press(to=path, do="hand_over", colleague="2")
    assert told(first) == "转好了。"
    assert number in second.open("/console/tickets?list=mine").page.html


def test_a_ticket_of_another_region_does_not_exist_until_it_is_handed_over(office: Office, sit: Sit) -> None:
    now = office.service.runner.clock.now()

    def say(session: Session) -> str:
        return tickets.make_ticket(session, "help", "别处", now, application_id=office.away[0]).number

    number = str(office.service.runner.desk.do_now(say))
    clerk, admin, path = sit(), sit(StaffRole.ADMIN, "陈静"), f"/console/tickets/{number}"
    assert number not in clerk.open("/console/tickets").page.html
    assert clerk.open(path).status == 404
    assert ("refused", f"ticket {number}") in office.audited()
    admin.open(path).press(to=path, do="hand_over", colleague="1")
    assert told(admin) == "转好了。"
    page = clerk.open(path).page
    assert "别处" in page.html
    assert office.number(office.away[0]) not in page.html


def test_danger_is_for_admins_and_its_keeper_and_is_never_answered_in_a_chat(
    office: Office, sit: Sit
) -> None:
    admin = sit(StaffRole.ADMIN, "陈静")
    number, other = raise_ticket(office, "safeguard", "他打我"), raise_ticket(office)
    clerk, path = sit(), f"/console/tickets/{number}"
    assert number not in clerk.open("/console/tickets?list=open").page.html
    assert clerk.open(path).status == 404
    page = admin.open("/console/tickets?list=mine").page
    assert number in page.html
    page = admin.open("/console/tickets").page
    assert page.html.index(number) < page.html.index(other)
    assert "个工单说有危险" in admin.open("/console").page.html
    assert "个工单说有危险" not in clerk.open("/console").page.html
    admin.open(path)
    assert "手机可能在别人手里" in admin.page.html
    admin.press(to=path, do="answer", words="打了电话，人没事", outcome="")
    assert told(admin) == "记下了。没有发消息。"
    assert letters(office) == []
    with office.store.reading() as session:
        [keeper] = session.exec(select(Staff).where(Staff.role == StaffRole.ADMIN)).all()
        assert ticket(office, number).staff_id == keeper.id
    # Given to a colleague, it is theirs to know.
    clerks_number = str(keeper.id + 1)
    admin.press(to=path, do="hand_over", colleague=clerks_number)
    assert clerk.open(path).status == 200


def test_without_a_name_there_is_no_name_and_no_hour(office: Office, sit: Sit) -> None:
    number = raise_ticket(office, "complaint", "老师没来", anonymous=True)
    browser, path = sit(), f"/console/tickets/{number}"
    page = browser.open(path).page
    assert "学员0" not in page.html
    assert "不说名字" in page.html
    assert "00:00" not in page.html
    browser.press(to=path, do="answer", words="换了老师", outcome="")
    assert told(browser) == "记下了。没有发消息。"
    assert letters(office) == []


def test_a_voice_message_is_listened_to_and_that_is_kept(office: Office, sit: Sit) -> None:
    number = raise_ticket(office, words="file:a-voice-key")
    now = office.service.runner.clock.now()
    office.service.runner.desk.do_now(
        lambda session: keep_file(
            session, 1, "a-voice-key", kind="voice", mime="audio/ogg", name="", body=b"OggS", now=now
        )
    )
    browser = sit()
    page = browser.open(f"/console/tickets/{number}").page
    assert f'<audio controls preload="none" src="/console/tickets/{number}/files/1"' in page.html
    answer = browser.client.get(f"/console/tickets/{number}/files/1")
    assert (answer.content, answer.headers["content-type"]) == (b"OggS", "audio/ogg")
    assert "file_opened" in [action for action, _ in office.audited()]
    other = raise_ticket(office, words="别的")
    assert browser.client.get(f"/console/tickets/{other}/files/1").status_code == 404


def test_words_with_signs_are_words(office: Office, sit: Sit) -> None:
    nasty = "<script>alert(1)</script>{{7*7}}"
    number = raise_ticket(office, words=nasty)
    browser, path = sit(), f"/console/tickets/{number}"
    page = browser.open(path).page
    assert "<script>" not in page.html
    browser.press(to=path, do="answer", words=nasty, outcome="")
    assert "<script>" not in browser.page.html
    assert browser.page.html.count("{{7*7}}") == 2


def test_today_says_what_is_overdue_and_leads_there(office: Office, sit: Sit) -> None:
    number = raise_ticket(office, which=None)
    browser = sit()
    assert "个工单过了时间" not in browser.open("/console").page.html
    with office.store.writing() as session:
        late = session.exec(select(Ticket).where(Ticket.number == number)).one()
        late.due_at = late.created_at
    assert "个工单过了时间" in browser.open("/console").page.html
    assert number in browser.open("/console/tickets?list=overdue").page.html


def test_staff_talk_with_a_person_and_the_page_hears_each_line(office: Office, sit: Sit) -> None:
    number = raise_ticket(office)
    browser, other, path = sit(), sit(name="李国强"), f"/console/tickets/{number}"
    browser.open(path).press(to=path, do="talk")
    assert told(browser) == "开始了。已经告诉本人，您在和他说话。"
    assert "正在和本人说话" in browser.page.html
    other.open(path)
    assert "开始说话" not in other.page.html, "one member talks, and the others only read"
    other.press(to=path, do="talk")
    assert (other.status, told(other)[:8]) == (409, "已经有人在办这件")
    browser.open(path).press(to=path, do="answer", words="您好", outcome="")
    assert letters(office) == ["talk_opened", "talk_said"]
    assert browser.client.get(f"{path}/live?seen=0").text == "retry: 500\n\nid: 1\ndata: 1\n\n"
    runner = office.service.runner
    runner.desk.do_now(
        lambda session: handling.say_more(session, handling.hold(session, 1), "在的", runner.clock.now())
    )
    again = browser.client.get(f"{path}/live?seen=0", headers={"Last-Event-ID": "1"})
    assert again.text.endswith("data: 2\n\n")
    assert "在的" in browser.open(path).page.html
    browser.press(to=path, do="stop_talking")
    assert told(browser) == "说完了。本人回到刚才的地方。"
    browser.press(to=path, do="stop_talking")
    assert told(browser) == "没有改动。"
    assert letters(office) == ["talk_opened", "talk_said"], "they did not have it on the screen"
    assert other.client.get("/console/tickets/T2026-0999/live").status_code == 404


def test_who_cannot_be_talked_to_is_not(office: Office, sit: Sit) -> None:
    number = raise_ticket(office, "complaint", "老师没来", anonymous=True)
    browser, path = sit(), f"/console/tickets/{number}"
    assert "开始说话" not in browser.open(path).page.html
    browser.press(to=path, do="talk")
    assert (browser.status, told(browser)) == (409, "这个人没有聊天可以说话，没有开始。")
