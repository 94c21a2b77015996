"""Who is let in, how much, and what is said to who is not."""

import httpx
import pytest

from bot.channels.web.door import network_of
from bot.channels.web.receiving import FORM_LIMIT
from storage.tables import FILE_LIMIT
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset, Page


def test_a_form_of_another_site_is_not_taken(service: Service, handset: Handset) -> None:
    handset.open()
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        form = {**handset.page.hidden, "tap": "plain"}
        response = handset.client.post("/answer", data=form, headers=headers)
        assert response.status_code == 403, headers
        assert "不是从我们这里来的" in Page(response.text).words("h1")
    assert service.contacts == 0


def test_our_own_form_is_taken_with_whatever_a_browser_says_of_it(service: Service) -> None:
    host = service.url.removeprefix("http://")
    for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": f"http://{host}"}):
        handset = Handset(service.url, **headers)
        assert handset.open().tap("plain").status == 200
        handset.close()


@pytest.mark.parametrize("token", ["", "x" * 32, "é" * 32])
def test_a_form_without_our_proof_is_not_taken(service: Service, handset: Handset, token: str) -> None:
    handset.open().press(tap="plain", csrf=token)
    assert handset.status == 403
    assert handset.asking == "这一页是旧的。"
    assert service.contacts == 0


def test_the_proof_of_one_visitor_is_none_for_another(service: Service, handset: Handset) -> None:
    other = Handset(service.url)
    other.open()
    handset.open().press(tap="plain", csrf=other.page.hidden["csrf"])
    assert handset.status == 403
    other.close()


def test_a_browser_without_cookies_is_told_so_kindly(service: Service, handset: Handset) -> None:
    handset.open()
    handset.client.cookies.clear()
    handset.press(tap="plain")
    assert handset.status == 400
    assert handset.asking == "这台手机没有记住您。"
    assert "tel:02800001100" in [attrs["href"] for attrs in handset.page.all("a")]
    assert service.contacts == 0


def test_a_form_that_is_too_large_is_refused_before_it_is_read(handset: Handset) -> None:
    handset.open().press(say="x" * (FORM_LIMIT + 1))
    assert handset.status == 413
    assert "太大" in handset.asking


def test_a_form_whose_length_is_not_said_is_refused_while_it_comes(handset: Handset) -> None:
    handset.open()
    chunks = (b"x" * 1024 for _ in range(FORM_LIMIT // 1024 + 2))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    response = handset.client.post("/answer", content=chunks, headers=kind)
    assert response.status_code == 413


@pytest.mark.parametrize("more", [1, FORM_LIMIT])
def test_a_file_that_is_too_large_is_refused_with_a_page(handset: Handset, more: int) -> None:
    handset.open().tap("plain").tap("self").press(act="help").tap("call_me")
    files = {"file": ("a.ogg", b"OggS".ljust(FILE_LIMIT + more, b"\0"), "audio/ogg")}
    response = handset.client.post("/answer", data=handset.page.hidden, files=files)
    assert response.status_code == 413
    assert "太大" in Page(response.text).words("h1")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"tap": "plain"}'),
        ("text/plain", b"tap=plain"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("application/x-www-form-urlencoded", b"a=1&" * 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused(
    service: Service, handset: Handset, kind: str, body: bytes
) -> None:
    handset.open()
    response = handset.client.post("/answer", content=body, headers={"Content-Type": kind})
    assert response.status_code in (400, 403)
    assert service.contacts == 0


def test_pressing_too_fast_is_answered_with_how_long_to_wait(service: Service, handset: Handset) -> None:
    service.gate._clock = lambda: 0.0  # on a busy machine nobody presses fast
    handset.open().tap("plain")
    for _ in range(40):
        handset.open() if handset.status == 200 else None
        handset.press(act="again")
        if handset.status == 429:
            break
    assert handset.status == 429
    assert handset.response is not None
    assert int(handset.response.headers["retry-after"]) >= 1
    assert f"等 {handset.response.headers['retry-after']} 秒" in handset.page.html


def test_a_customer_with_many_addresses_is_one_customer() -> None:
    assert (
        network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1") != network_of("2001:db8:1:3::4")
    )
    assert network_of("192.0.2.1") == "192.0.2.1" != network_of("192.0.2.2")
    assert network_of("testclient") == "testclient"


def test_guessing_links_is_slow(service: Service, handset: Handset) -> None:
    service.gate._clock = lambda: 0.0
    found = [handset.client.post(f"/go/{'x' * 32}").status_code for _ in range(15)]
    assert found[0] == 404
    assert found[-1] == 429


@pytest.mark.parametrize(
    "path", ["/nothing", "/go/short", "/catalogue/none", "/organisers/nobody", "/static/none.css"]
)
def test_a_page_that_is_not_there_says_so_in_chinese(handset: Handset, path: str) -> None:
    handset.open(path)
    assert handset.status == 404
    assert handset.asking.startswith(("没有找到", "这个地址不能用"))
    assert "/" in [attrs["href"] for attrs in handset.page.all("a")]


def test_a_page_that_only_takes_answers_is_not_looked_at(handset: Handset) -> None:
    handset.open("/answer")
    assert handset.status == 405
    assert handset.asking == "这一页不能这样打开。"


def test_what_breaks_inside_is_said_calmly_and_not_told(service: Service, handset: Handset) -> None:
    handset.open().tap("plain")
    service.runner.desk.store.close()
    object.__setattr__(service.runner, "book", None)
    handset.open()
    assert handset.status == 500
    assert handset.asking == "我们这里出了问题。"
    assert "Traceback" not in handset.page.html
    assert "NoneType" not in handset.page.html


def test_while_we_are_being_restarted_an_answer_is_refused_and_not_lost_in_silence(
    service: Service, handset: Handset
) -> None:
    handset.open()
    service.runner.desk.close()
    handset.press(tap="plain")
    assert handset.status == 503
    assert "没有记下" in handset.page.html


def test_every_answer_carries_the_headers_that_keep_others_out(handset: Handset) -> None:
    for path in ("/", "/catalogue", "/nothing", "/healthz", "/static/base.css"):
        headers = handset.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_the_cookie_is_for_this_site_only_and_out_of_reach_of_scripts(handset: Handset) -> None:
    handset.open()
    assert handset.response is not None
    cookie = handset.response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_style_and_script_may_be_kept_for_as_long_as_they_do_not_change(handset: Handset) -> None:
    handset.open()
    sheet = next(attrs["href"] for attrs in handset.page.all("link") if attrs["rel"] == "stylesheet")
    assert "immutable" in handset.client.get(sheet).headers["cache-control"]
    assert "immutable" not in handset.client.get("/static/base.css?v=old").headers["cache-control"]
    packed = handset.client.get(sheet)
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == httpx.get(str(packed.url), headers={"Accept-Encoding": "identity"}).content
