"""Staff come in by a link of one use, and are out after twelve idle hours, or at once when they leave."""

from datetime import timedelta

from sqlmodel import Session, select

from storage import people
from storage.base import Store
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import Audit, Staff, StaffRole
from tests.storage.filed import NOW

HOUR = timedelta(hours=1)


def hire(session: Session) -> Staff:
    return staff.add_staff(session, "王芳", StaffRole.CLERK, NOW, region="郑州市", actor="operator")


def test_a_link_opens_one_browser_once(store: Store) -> None:
    with store.writing() as session:
        secret = staff.make_link(session, hire(session), NOW)
    with store.writing() as session:
        owner = staff.link_owner(session, secret, NOW)
        assert owner is not None
        assert owner.name == "王芳"
        key = staff.come_in(session, secret, NOW)
        assert key is not None
        assert staff.come_in(session, secret, NOW) is None
        assert staff.link_owner(session, secret, NOW) is None
        found = staff.who_is_in(session, key, NOW)
        assert found is not None
        assert found[0].id == owner.id


def test_a_link_is_good_for_a_quarter_of_an_hour(store: Store) -> None:
    with store.writing() as session:
        secret = staff.make_link(session, hire(session), NOW)
        assert staff.come_in(session, secret, NOW + HOUR / 4) is None
        assert staff.come_in(session, "x" * 43, NOW) is None


def test_twelve_idle_hours_end_a_visit_and_use_prolongs_it(store: Store) -> None:
    with store.writing() as session:
        key = staff.come_in(session, staff.make_link(session, hire(session), NOW), NOW)
        assert key is not None
        found = staff.who_is_in(session, key, NOW + 11 * HOUR)
        assert found is not None
        assert staff.is_stale(found[1], NOW + 11 * HOUR)
        staff.touch(session, found[1].id, NOW + 11 * HOUR)
        session.expire_all()
        assert staff.who_is_in(session, key, NOW + 22 * HOUR) is not None
        assert staff.who_is_in(session, key, NOW + 23 * HOUR) is None


def test_who_leaves_is_out_at_once_and_their_links_open_nothing(store: Store) -> None:
    with store.writing() as session:
        member = hire(session)
        key = staff.come_in(session, staff.make_link(session, member, NOW), NOW)
        left = staff.make_link(session, member, NOW)
        staff.revoke_staff(session, member, NOW, actor="operator")
        assert key is not None
        assert staff.who_is_in(session, key, NOW) is None
        assert staff.come_in(session, left, NOW) is None
        assert staff.find_staff(session, "王芳") == []
        actions = session.exec(select(Audit.action)).all()
    assert actions == ["staff_added", "came_in", "staff_revoked"]


def test_a_browser_that_goes_out_is_out(store: Store) -> None:
    with store.writing() as session:
        key = staff.come_in(session, staff.make_link(session, hire(session), NOW), NOW)
        assert key is not None
        staff.go_out(session, key)
        assert staff.who_is_in(session, key, NOW) is None


def test_a_changed_role_counts_at_the_next_press(store: Store) -> None:
    with store.writing() as session:
        member = hire(session)
        key = staff.come_in(session, staff.make_link(session, member, NOW), NOW)
        staff.change_staff(session, member, NOW, role=StaffRole.TEACHER, region="", actor="staff:9")
        assert key is not None
        found = staff.who_is_in(session, key, NOW)
        assert found is not None
        assert (found[0].role, found[0].region) == (StaffRole.TEACHER, "")


def test_a_word_makes_a_chat_a_members_once_and_however_it_is_written(store: Store) -> None:
    with store.writing() as session:
        one, two = hire(session), hire(session)
        chats = [people.meet(session, "telegram", str(number), NOW).id for number in (1, 2)]
        word = staff_chats.make_chat_word(session, one, NOW)
        assert staff.link_owner(session, word, NOW) is None, "it opens no console"
        assert staff_chats.chat_word_owner(session, word, NOW + HOUR / 4) is None
        assert staff_chats.link_chat(session, f" {word.upper().replace('-', ' ')}", chats[0], NOW) is one
        assert staff_chats.link_chat(session, word, chats[1], NOW) is None
        assert staff.staff_of_contact(session, chats[0]) is one
        assert (
            staff_chats.link_chat(session, staff_chats.make_chat_word(session, two, NOW), chats[0], NOW)
            is two
        )
        assert (one.contact_id, two.contact_id) == (None, chats[0])
        assert list(staff_chats.told_in_chats(session)) == [two]
        left = staff_chats.make_chat_word(session, two, NOW)
        staff.revoke_staff(session, two, NOW, actor="operator")
        assert staff.staff_of_contact(session, chats[0]) is None
        assert staff_chats.link_chat(session, left, chats[0], NOW) is None
        assert staff_chats.told_in_chats(session) == []
