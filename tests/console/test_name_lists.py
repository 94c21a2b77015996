"""Names from a village: on a list nobody applies, and each goes on by that person's own word alone."""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

from sqlmodel import Session, select

from bot.console.namelists import read_lines
from storage.applications import listed
from storage.applications.tables import ListedName
from storage.staff import staff
from storage.tables import Application, Contact, Person, Relation, Role, StaffRole
from tests.channels.web.handset import Handset
from tests.console.conftest import Office
from tests.console.test_entries import SHOWN, newest, to_the_end
from tests.storage.lives import purge_at

Sit = Callable[..., Handset]


def list_name(office: Office, name: str = "王小明", intake: int | None = None) -> int:
    """Put somebody on the list of the class and give the number of the name."""
    now = office.service.runner.clock.now()

    def bring(session: Session) -> int:
        member = staff.add_staff(session, "村干部", StaffRole.CLERK, now, region="郑州市", actor="test")
        intake_id = intake or office.intake
        listed.add_name(
            session, staff_id=member.id, intake_id=intake_id, name=name, phone="", village="东村", now=now
        )
        return session.exec(select(ListedName.id)).all()[-1]

    return office.service.runner.desk.do_now(bring)


def names(office: Office) -> list[str]:
    with office.store.reading() as session:
        return [each.name for each in session.exec(select(ListedName)).all()]


def link_in(browser: Handset) -> str:
    return browser.page.words("code").removeprefix(browser.page.words("code").split("/go/")[0])


def bring(browser: Handset, office: Office, lines: str) -> Handset:
    browser.open("/console/lists")
    return browser.press(to="/console/lists", intake=str(office.intake), lines=lines)


def count(office: Office, table: type[Application | Person | Relation | Contact]) -> int:
    with office.store.reading() as session:
        return len(session.exec(select(table)).all())


def test_a_list_is_no_application_and_lines_that_cannot_be_read_come_back(office: Office, sit: Sit) -> None:
    browser, before = sit(), (count(office, Application), count(office, Person))
    bring(browser, office, "王小明\t154 0000 00\n李秀兰，15400000079，西村\n王小明 154\n12345\n\n赵大力")
    assert names(office) == ["李秀兰", "赵大力"]
    assert "154 0000 00" in browser.page.words("textarea", id="lines")
    assert "王小明 154" in browser.page.words("textarea", id="lines")
    bring(browser, office, "李秀兰 15400000079 西村")
    assert names(office) == ["李秀兰", "赵大力"]
    assert "待本人同意" in browser.page.html
    assert (count(office, Application), count(office, Person)) == before
    browser.press(to="/console/lists", lines="周小川")
    assert "没有写上" in browser.page.html


def test_a_sheet_is_read_like_lines(office: Office, sit: Sit) -> None:
    browser = sit()
    token = {"csrf": browser.open("/console/lists").page.hidden["csrf"], "intake": str(office.intake)}

    def send(body: bytes) -> str:
        files = {"file": ("名单.csv", body, "text/csv")}
        return browser.client.post("/console/lists", data=token, files=files).text

    assert "写上名单了" in send("姓名,电话,村\n王小明,15400000078,东村\n李秀兰,,西村\n".encode("gb18030"))
    assert names(office) == ["王小明", "李秀兰"]
    assert "没有写上" in send(b"\x00\x01\x02")
    assert names(office) == ["王小明", "李秀兰"]


def test_a_persons_own_yes_begins_their_own_application_and_only_once(office: Office, sit: Sit) -> None:
    browser = sit()
    bring(browser, office, "王小明 15400000078 东村")
    browser.press(to="/console/lists/1/link")
    old = link_in(browser)
    browser.press(to="/console/lists/1/link")
    link = link_in(browser)
    with closing(Handset(office.service.url)) as phone:
        assert phone.open(old).status == 404
        assert phone.open(link).asking == "您想报名上课吗？"
        assert "王小明您好" in phone.page.html
        filed = count(office, Application)
        phone.press(to=link, **{"as": "yes"})
        assert phone.asking.startswith("第 1 题") or "报名：" in phone.asking
        assert count(office, Application) == filed
        assert phone.open(link).status == 404
    with office.store.reading() as session:
        name = session.exec(select(ListedName)).one()
        person = session.get_one(Person, name.person_id)
        relation = session.exec(select(Relation).where(Relation.person_id == person.id)).one()
        assert (person.name, person.phone, relation.role) == ("王小明", "15400000078", Role.SELF)
    assert "同意了，还没写完" in browser.open("/console/lists").page.html


def test_a_persons_own_no_forgets_the_name(office: Office, sit: Sit) -> None:
    browser = sit()
    bring(browser, office, "王小明 东村")
    browser.press(to="/console/lists/1/link")
    link = link_in(browser)
    with closing(Handset(office.service.url)) as phone:
        phone.open(link).press(to=link, **{"as": "no"})
        assert phone.asking == "好的，不报名。"
    assert names(office) == []
    assert count(office, Person) == len([*office.filed, *office.away])
    with closing(Handset(office.service.url)) as phone:
        assert phone.open(link).status == 404


def test_who_says_it_to_staff_is_written_down_and_leaves_the_list(office: Office, sit: Sit) -> None:
    browser = sit()
    bring(browser, office, "王小明 15400000078 东村\n李秀兰")
    browser.press(to="/console/lists/1/link")
    link = link_in(browser)
    browser.press(to="/console/lists/1/enter")
    assert browser.response is not None
    path = browser.response.url.path
    assert re.fullmatch(r"/console/entries/\d+/\d+", path)
    with closing(Handset(office.service.url)) as phone:
        assert phone.open(link).status == 404
    to_the_end(browser, path)
    browser.press(to=path, tap="send", **{**SHOWN, "way": "phone"})
    assert names(office) == ["李秀兰"]
    with office.store.reading() as session:
        assert newest(session).staff_id is not None
    browser.open("/console/lists").press(to="/console/lists/2/drop")
    assert names(office) == []


def test_who_says_nothing_is_forgotten_after_thirty_days(office: Office, sit: Sit) -> None:
    browser, now = sit(), office.service.runner.clock.now()
    bring(browser, office, "王小明 15400000078 东村\n李秀兰")
    browser.press(to="/console/lists/1/enter")
    purge_at(office.store, now + timedelta(days=29))
    assert len(names(office)) == 2
    done = purge_at(office.store, now + timedelta(days=32))
    assert (done["listed_name"], done["entries_erased"]) == (2, 1)
    with office.store.reading() as session:
        assert "王小明" not in [each.name for each in session.exec(select(Person)).all()]


def test_a_list_for_a_class_of_another_region_is_not_there(office: Office, sit: Sit) -> None:
    browser, number = sit(), list_name(office, intake=office.elsewhere)
    assert "王小明" not in browser.open("/console/lists").page.html
    for act in ("enter", "link", "drop"):
        assert browser.press(to=f"/console/lists/{number}/{act}").status == 404
        browser.open("/console/lists")
    bring(browser, office, "李秀兰")
    browser.press(to="/console/lists", intake=str(office.elsewhere), lines="赵大力")
    assert names(office) == ["王小明", "李秀兰"]


def test_a_telephone_number_may_be_written_in_groups() -> None:
    good, bad = read_lines(["张小妮 154 0000 8801 李村", "赵五，15400008803，3 组", "钱四", "孙六 12 村"])
    assert [(each.name, each.phone, each.village) for each in good] == [
        ("张小妮", "15400008801", "李村"),
        ("赵五", "15400008803", "3 组"),
        ("钱四", "", ""),
    ]
    assert bad == ["孙六 12 村"]
