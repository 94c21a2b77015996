"""Getting in: by a link of one use, in one browser, and out again."""

from collections.abc import Callable
from contextlib import closing

from storage.staff import staff
from storage.tables import Staff
from tests.channels.web.handset import Handset
from tests.console.conftest import Office

Sit = Callable[..., Handset]


def test_looking_at_a_link_does_not_use_it_and_pressing_does(office: Office) -> None:
    link = office.link()
    with closing(Handset(office.service.url)) as browser:
        for _ in range(2):
            assert browser.open(link).asking == "进入工作台"
        assert browser.press(to=link).asking == "今天"
    with closing(Handset(office.service.url)) as other:
        assert other.open(link).status == 404
        assert other.press(to=link).status == 404
        assert other.open("/console").status == 401


def test_without_a_link_nothing_is_shown(office: Office) -> None:
    with closing(Handset(office.service.url)) as browser:
        for path in (
            "/console",
            "/console/applications",
            f"/console/applications/{office.number(office.filed[0])}",
        ):
            browser.open(path)
            assert (browser.status, browser.asking) == (401, "还没有进来")


def test_a_forged_link_is_no_link(office: Office) -> None:
    with closing(Handset(office.service.url)) as browser:
        for secret in ("x", "a" * 43, "'; DROP TABLE staff; --"):
            assert browser.open(f"/console/enter/{secret}").status == 404


def test_a_link_from_an_application_leads_there_and_nowhere_else(office: Office) -> None:
    number = office.number(office.filed[0])
    for at, there in ((number, f"/console/applications/{number}"), ("//evil.example", "/console")):
        link = f"{office.link()}?at={at}"
        with closing(Handset(office.service.url)) as browser:
            browser.client.follow_redirects = False
            browser.open(link).press(to=link)
            assert browser.response is not None
            assert browser.response.headers["location"] == there


def test_a_key_somebody_planted_before_is_worth_nothing(office: Office) -> None:
    """Session fixation: coming in makes a new key, and never takes one that is there."""
    planted, link = "p" * 43, office.link()
    with closing(Handset(office.service.url)) as browser:
        browser.client.cookies.set("xq_staff", planted, path="/console")
        browser.open(link).press(to=link)
    with closing(Handset(office.service.url)) as thief:
        thief.client.cookies.set("xq_staff", planted, path="/console")
        assert thief.open("/console").status == 401


def test_the_cookie_is_for_the_console_alone_and_no_script_reads_it(office: Office) -> None:
    link = office.link()
    with closing(Handset(office.service.url)) as browser:
        browser.client.follow_redirects = False
        browser.open(link).press(to=link)
        assert browser.response is not None
        cookie = browser.response.headers["set-cookie"]
    assert {"HttpOnly", "Path=/console", "SameSite=lax"} <= set(cookie.split("; "))


def test_who_goes_out_is_out(sit: Sit) -> None:
    browser = sit()
    browser.open("/console").press(to="/console/out")
    assert browser.status == 401


def test_who_is_revoked_is_out_at_the_next_press(office: Office, sit: Sit) -> None:
    browser = sit()
    now = office.service.runner.clock.now()
    office.service.runner.desk.do_now(
        lambda session: staff.revoke_staff(session, session.get_one(Staff, 1), now, actor="test")
    )
    assert browser.open("/console").status == 401


def test_a_form_of_another_site_or_without_our_token_does_nothing(office: Office, sit: Sit) -> None:
    browser = sit()
    path = f"/console/applications/{office.number(office.filed[0])}"
    browser.open(path)
    answer = browser.client.post(f"{path}/decide", data={**browser.page.hidden, "csrf": "x", "do": "accept"})
    assert answer.status_code == 403
    answer = browser.client.post(
        f"{path}/decide",
        data={**browser.page.hidden, "do": "accept"},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert "新报名" in browser.open(path).page.words("p", **{"class": "state"})
