"""Talking to the real service in a real browser: without scripts, by keyboard, and with what scripts add."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from storage.messages import put_message
from storage.outbox import promise
from tests.channels.web.conftest import Service
from tests.e2e.looking import axe_problems, measured_problems

FOCUS = "() => document.activeElement && (document.activeElement.id || document.activeElement.tagName)"

LISTEN = """
() => {
  window.spoken = [];
  const live = document.getElementById("live");
  new MutationObserver(() => { if (live.textContent) window.spoken.push([live.textContent, performance.now()]); else window.spoken.push(["", performance.now()]); })
    .observe(live, { childList: true, characterData: true, subtree: true });
}
"""  # noqa: E501 - a script, not prose

VOICE = """
(() => {
  const said = window.saidAloud = [];
  const voice = { lang: "zh-CN", name: "a voice" };
  const speech = { paused: false, getVoices: () => [voice], speak: (u) => said.push(u.text), cancel: () => { said.length = 0; },
                   pause() { this.paused = true; }, resume() { this.paused = false; }, addEventListener() {} };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
})()
"""


@pytest.fixture
def plain_phone(browser: Browser) -> Iterator[Page]:
    """A phone on which scripts do not run."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def press(page: Page, name: str) -> None:
    """Press a button that leads to the next page, and wait for that."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def arrive(page: Page, service: Service) -> None:
    page.goto(service.url)
    press(page, "一般的字")
    press(page, "给我自己")


def put(service: Service, text: str, number: int = 1) -> None:
    now = service.runner.clock.now()
    service.runner.desk.do_now(lambda session: put_message(session, 1, text, number, now))


def test_without_scripts_a_conversation_goes_on_by_buttons_boxes_and_fields(
    plain_phone: Page, service: Service
) -> None:
    page = plain_phone
    arrive(page, service)
    press(page, "找课，报名")
    press(page, "没有工作")
    page.get_by_role("checkbox", name="说想学什么").check()
    press(page, "选好了")
    page.get_by_role("textbox", name="写在这里").fill("按摩")
    with page.expect_navigation():
        page.get_by_role("textbox", name="写在这里").press("Enter")
    assert "找到" in page.locator("h1").inner_text()
    press(page, "停下来")
    assert page.locator("h1").inner_text() == "您想做什么？"


def test_enter_beside_options_sends_what_was_written_and_never_the_first_option(
    plain_phone: Page, service: Service
) -> None:
    page = plain_phone
    page.goto(service.url)
    field = page.get_by_role("textbox", name="也可以写下来")
    with page.expect_navigation():
        field.press("Enter")
    assert page.get_by_text("选一个，或者写下来。").first.is_visible()
    field.fill("一般")
    with page.expect_navigation():
        field.press("Enter")
    assert page.locator("h1").inner_text() == "您给谁找课？"


def test_without_scripts_what_only_scripts_do_is_not_offered(plain_phone: Page, service: Service) -> None:
    arrive(plain_phone, service)
    assert not plain_phone.get_by_role("button", name="读给我听").is_visible()


def test_by_keyboard_alone_a_question_is_answered(phone: Page, service: Service) -> None:
    phone.goto(service.url)
    for _ in range(30):
        phone.keyboard.press("Tab")
        if "一般的字" in (phone.evaluate("() => document.activeElement.textContent") or ""):
            break
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert phone.locator("h1").inner_text() == "您给谁找课？"


def test_after_ones_own_act_the_focus_is_on_the_question(phone: Page, service: Service) -> None:
    phone.goto(service.url)
    assert phone.evaluate(FOCUS) == "BODY", "nobody acted yet"
    press(phone, "一般的字")
    assert phone.evaluate(FOCUS) == "question"
    assert "您选了：一般的字" in phone.locator("#said").inner_text()
    phone.reload()
    assert phone.evaluate(FOCUS) == "BODY"


def test_what_has_to_be_changed_gets_the_focus_and_leads_to_the_field(phone: Page, service: Service) -> None:
    arrive(phone, service)
    press(phone, "找人帮忙")
    press(phone, "让工作人员找我")
    press(phone, "写好了")
    assert phone.title().startswith("错误：")
    assert phone.evaluate(FOCUS) == "summary"
    assert axe_problems(phone) == []
    phone.locator("#summary a").click()
    assert phone.evaluate(FOCUS) == "answer"


def test_a_message_is_shown_and_said_once_while_the_focus_stays(phone: Page, service: Service) -> None:
    arrive(phone, service)
    phone.evaluate(LISTEN)
    before = phone.evaluate("() => document.querySelector('.bar').getBoundingClientRect().top")
    focused = phone.evaluate(FOCUS)
    with phone.expect_response("**/seen"):
        put(service, "上课的时间改了。\n改到 12 月 8 日。")
    phone.wait_for_selector("#news-list li")
    phone.wait_for_function("() => window.spoken.some(([text]) => text === '')")
    spoken = phone.evaluate("() => window.spoken")
    assert [text for text, _ in spoken] == ["上课的时间改了。\n改到 12 月 8 日。", ""]
    assert spoken[1][1] - spoken[0][1] >= 1000
    assert phone.evaluate(FOCUS) == focused
    assert phone.evaluate("() => document.querySelector('.bar').getBoundingClientRect().top") == before
    assert phone.locator("#news-link").inner_text().split() == ["新消息", "1"]
    assert phone.locator("#news-list li").count() == 1
    assert measured_problems(phone) == []
    phone.reload()
    assert "没看过" not in phone.locator("#news").inner_text()


def test_the_button_of_a_message_that_came_by_itself_leads_on(phone: Page, service: Service) -> None:
    arrive(phone, service)
    now = service.runner.clock.now()
    service.runner.desk.do_now(lambda session: promise(session, 1, "wish_granted", {"wish": 1}, now=now))
    put(service, "您想学的课有了。", 1)
    phone.wait_for_selector("#news-list button")
    assert measured_problems(phone) == []
    assert axe_problems(phone) == []
    press(phone, "看一看")
    assert "现在做什么" in phone.locator("h1").inner_text()


def test_two_messages_at_once_are_said_one_after_the_other(phone: Page, service: Service) -> None:
    arrive(phone, service)
    phone.evaluate(LISTEN)
    put(service, "第一条。", 1)
    put(service, "第二条。", 2)
    phone.wait_for_function("() => window.spoken.filter(([text]) => text === '').length === 2")
    assert [text for text, _ in phone.evaluate("() => window.spoken")] == ["第一条。", "", "第二条。", ""]


def test_a_question_is_read_aloud_and_can_be_held(browser: Browser, service: Service) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_init_script(VOICE)
    page = context.new_page()
    page.goto(service.url)
    page.get_by_role("button", name="读给我听").click()
    said = page.evaluate("() => window.saidAloud")
    assert said[0] == "您好，这里是训桥，是自动回话的机器。"
    assert "一般的字，说 1。" in said
    page.get_by_role("button", name="停一下").click()
    assert page.evaluate("() => speechSynthesis.paused") is True
    page.get_by_role("button", name="接着读").click()
    assert page.evaluate("() => speechSynthesis.paused") is False
    assert measured_problems(page) == []
    context.close()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(phone: Page, service: Service) -> None:
    arrive(phone, service)
    press(phone, "找人帮忙")
    press(phone, "让工作人员找我")
    phone.evaluate(
        "() => { const d = new DataTransfer(); d.items.add(new File([new Uint8Array(21 * 1024 * 1024)], 'a.ogg'));"
        " document.querySelector('input[type=file]').files = d.files; }"
    )
    phone.get_by_role("button", name="发出去").click()
    assert phone.get_by_text("这个文件太大了").is_visible()
    assert phone.evaluate(FOCUS) == "toolarge"


def test_without_scripts_a_file_that_is_too_large_is_answered_with_a_page(
    plain_phone: Page, service: Service, tmp_path: Path
) -> None:
    page = plain_phone
    file = tmp_path / "a.ogg"
    file.write_bytes(b"OggS" + bytes(21 * 1024 * 1024))
    arrive(page, service)
    press(page, "找人帮忙")
    press(page, "让工作人员找我")
    page.locator("input[type=file]").set_input_files(file)
    press(page, "发出去")
    assert page.locator("h1").inner_text() == "发来的内容太大了。"


def test_the_size_of_letters_is_changed_by_a_button(plain_phone: Page, service: Service) -> None:
    arrive(plain_phone, service)
    press(plain_phone, "特大")
    assert plain_phone.locator("html").get_attribute("class") == "size-huge"
    assert plain_phone.url.endswith("/#tools")


def test_before_the_only_device_is_left_the_page_says_so_and_nothing_stands_in_the_way(
    phone: Page, service: Service
) -> None:
    arrive(phone, service)
    press(phone, "这台手机上不再打开")
    assert phone.locator("h1").inner_text() == "这台手机上不再打开吗？"
    assert measured_problems(phone) == []
    assert axe_problems(phone) == []
    press(phone, "不再打开")
    assert phone.locator("h1").inner_text() == "这台手机上不再打开了。"
    assert phone.context.cookies() == []


def test_nothing_on_a_page_comes_from_elsewhere(phone: Page, service: Service) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    arrive(phone, service)
    phone.goto(f"{service.url}/catalogue/P001")
    assert [url for url in asked if not url.startswith(service.url)] == []
