"""One's own page: the word that links a chat, and letting go of it."""

import re
from collections.abc import Callable

from sqlmodel import Session

from storage import people
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import Staff, StaffRole
from tests.channels.web.handset import Handset
from tests.console.conftest import Office

Sit = Callable[..., Handset]


def test_a_word_is_shown_once_links_a_chat_and_the_chat_can_be_let_go(office: Office, sit: Sit) -> None:
    runner = office.service.runner
    browser = sit()
    browser.open("/console/me")
    assert "还没有连上聊天" in browser.page.words("main")
    browser.press(to="/console/me/chat")
    found = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", browser.page.words("main"))
    assert found
    assert not re.search(found[0], browser.open("/console/me").page.words("main"))
    now = runner.clock.now()

    def link(session: Session) -> None:
        contact = people.meet(session, "web", "a-chat", now)
        assert staff_chats.link_chat(session, found[0], contact.id, now) is not None

    runner.desk.do_now(link)
    assert "已经连上一个聊天" in browser.open("/console/me").page.words("main")
    browser.press(to="/console/me/unlink")
    assert "断开了" in browser.page.words("main")
    assert runner.desk.read(lambda session: session.get_one(Staff, 1).contact_id) is None


def test_on_her_own_phone_the_page_itself_is_linked_by_one_press(office: Office, sit: Sit) -> None:
    phone = sit()
    phone.open("/console/me").press(to="/console/me/here")
    assert phone.asking == "这是今天的事。您想做什么？"
    phone.tap("list")
    assert phone.asking == "3 份报名在等。您想看哪一份？"
    phone.tap(str(office.filed[0])).tap("accept")
    assert phone.asking == "好了，同意了。已经告诉本人。"
    phone.tap("read").tap("today").tap("console")
    link = phone.page.all("a")
    assert any(each["href"].startswith("/console/enter/") for each in link)


def test_what_is_open_elsewhere_is_seen_and_ended_from_here(office: Office, sit: Sit) -> None:
    here = sit()
    runner = office.service.runner
    now = runner.clock.now()

    def come_in_again(session: Session) -> tuple[str, str]:
        member = session.get_one(Staff, 1)
        key = staff.come_in(session, staff.make_link(session, member, now), now)
        assert key is not None
        return key, staff.make_link(session, member, now)

    other, unused = runner.desk.do_now(come_in_again)
    here.open("/console/me")
    assert here.page.words("main").count("进来") == 3, "two browsers, and what ending it means"
    taken = here.client.cookies["xq_staff"]
    here.press(to="/console/me/elsewhere")
    assert "别处都退出了" in here.page.words("main")
    assert "别处没有打开" in here.page.words("main")
    with office.store.reading() as session:
        assert staff.who_is_in(session, other, now) is None
        assert staff.who_is_in(session, taken, now) is None, (
            "a copy of this browser's own key opens nothing either"
        )
        assert staff.link_owner(session, unused, now) is None
    assert ("staff_put_out", "1 browsers") in office.audited()


def test_an_admin_ends_all_of_somebody_who_stays_staff(office: Office, sit: Sit) -> None:
    clerk, admin = sit(), sit(StaffRole.ADMIN, "陈静")
    admin.open("/console/staff")
    assert "全部退出（1 处开着）" in admin.page.words("main")
    admin.press(to="/console/staff/1/out")
    assert "要再进来，给他一个新链接" in admin.page.words("main")
    assert "全部退出" not in admin.page.words("table")
    assert clerk.client.get("/console/me").status_code == 401
    admin.press(to="/console/staff/1/link")
    assert "王芳的链接" in admin.page.words("main")
    assert ("staff_put_out", "1 browsers") in office.audited()
