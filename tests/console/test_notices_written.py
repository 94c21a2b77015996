"""Writing a notice: by the rules, in both languages, with its buttons and its picture."""

from collections.abc import Callable

from sqlmodel import select

from bot.console.notice_elsewhere import article
from dialogs.talk import Begin
from storage.notices import files as notice_files
from storage.notices import notices
from storage.notices.tables import NoticeText
from storage.tables import Night, Notice
from tests.channels.web.handset import Handset
from tests.console.conftest import PROJECT, Office
from tests.console.noticing import GOOD, HOME, introduce, list_them, newest
from tests.console.test_deciding import told
from tests.visiting import Visitor

Sit = Callable[..., Handset]


def test_words_are_kept_until_they_are_right_and_the_hard_sentence_is_shown(office: Office, sit: Sit) -> None:
    browser = sit()
    write = f"{HOME}/write"
    wrong = GOOD | {"plain": "{{ phone }}，您好。{% for a in b %}", "sms": "长" * 71}
    page = browser.open(write).press(to=write, **wrong, join="yes").page
    assert browser.status == 409
    assert [page.words("mark"), page.words("textarea", id="plain")] == ["{{ phone }}", wrong["plain"]]
    assert "有 71 个字，最多 70 个" in page.html
    assert "能用的只有 {{ name }}" in page.html
    assert "checked" in next(each for each in page.all("input") if each.get("name") == "join")
    browser.press(to=write, **(GOOD | {"plain": "{{ name.__class__ }}有招聘会。"}))
    assert browser.status == 409, "nothing but a name is ever run"
    browser.press(to=write, **(GOOD | {"title": " "}))
    assert "没有写标题" in browser.page.html
    hard = GOOD | {"plain": "12 月 3 日有招聘会。逾期未提交上述材料的，须予以补正。", "easy": "有招聘会。"}
    page = browser.press(to=write, **hard).page
    assert browser.status == 409
    assert page.words("mark") == "逾期未提交上述材料的，须予以补正。"
    assert page.words("div", id="plain-marks").startswith(f"12 月 3 日有招聘会。{page.words('mark')} ")
    assert "不说“逾期”" in page.words("em"), "why stands beside it"
    assert page.words("div", id="easy-marks") == ""
    (told_by,) = [each["aria-describedby"] for each in page.all("textarea") if each["id"] == "plain"]
    assert "plain-marks" in told_by.split()
    assert "普通的话 ：1 处" in page.words("div", role="alert").replace("：", " ：")
    changed = hard | {"plain": hard["plain"] + "须补正。"}
    assert browser.press(to=write, **changed).status == 409, "other hard words are shown again"
    with office.store.reading() as session:
        assert session.exec(select(NoticeText)).all() == []
    browser.press(to=write, **changed)
    assert told(browser).startswith("话存好了")
    with office.store.reading() as session:
        assert [each.plain for each in session.exec(select(NoticeText))] == [changed["plain"]]


def test_words_are_marked_while_they_are_written_and_nothing_is_kept(office: Office, sit: Sit) -> None:
    browser = sit()
    browser.open(f"{HOME}/write")
    words = {
        "plain": "{{ name }}，逾期不候。\n有事，{{ phone }} 联系 https://example.org/a 须知。\n好。\n好。"
    }
    page = browser.press(to=f"{HOME}/check", **words, sms="<b>" + "长" * 70).page
    assert browser.status == 200
    assert page.words("div", id="plain-marks").count("不说") == 2
    assert "有 4 句，最多 3 句" in page.words("div", id="plain-marks")
    assert "有事，{{ phone }} 联系 https://example.org/a 须知。" in page.html, (
        "a gap within hard words is in their mark"
    )
    assert "&lt;b&gt;" in page.html
    assert page.words("p", id="marks-told") == "可以改的：普通的话 3 处，短信 1 处。"
    assert page.words("div", id="title-marks") == "", "nothing is missing while it is written"
    browser.open(f"{HOME}/write").press(to=f"{HOME}/check", plain="您好。")
    assert browser.page.words("p", id="marks-told") == "没有要改的了。"
    with office.store.reading() as session:
        assert session.exec(select(Notice)).all() == []


def test_english_words_are_seen_before_they_are_sent_and_are_optional(office: Office, sit: Sit) -> None:
    browser = sit()
    write = f"{HOME}/write"
    browser.open(write).press(to=write, **GOOD, en="{{ nome }}, there is a job fair.")
    assert browser.status == 409
    assert "没有这个空" in browser.page.words("div", id="en-marks")
    browser.press(to=write, **GOOD, en="{{ name }}, there is a job fair on 3 December.")
    assert told(browser).startswith("话存好了")
    with office.store.reading() as session:
        number = session.exec(select(Notice.id)).one()
    shown = browser.open(f"{HOME}/{number}").page.html
    assert '<div class="card said">小明, there is a job fair on 3 December.' in shown, "no title in Chinese"
    moved = GOOD | {"plain": "{{ name }}，12 月 5 日有招聘会。您想去吗？", "sms": "12月5日来。"}
    old = {"easy": "12 月 3 日有招聘会。", "en": "There is a job fair on December 3. Come by 5 December."}
    browser.open(f"{HOME}/{number}/write").press(to=f"{HOME}/{number}/write", **moved, **old)
    assert browser.status == 409, "only the plain words were corrected"
    for field, day in (("easy", "12 月 3 日"), ("en", "December 3")):
        assert f"“普通的话”里没有“{day}”。看看改了没有。" in browser.page.words("div", id=f"{field}-marks")
    assert "里没有" not in browser.page.words("div", id="sms-marks")
    browser.open(f"{HOME}/{number}/write").press(to=f"{HOME}/{number}/write", **GOOD, en="")
    html = browser.open(f"{HOME}/{number}").page.html
    assert "there is" not in html
    assert "This notice was written in Chinese only." in html
    assert html.count("小明，12 月 3 日有招聘会。") == 6, (
        "else everybody has the plain words, on our page and in chats"
    )


def test_each_button_begins_what_it_says(office: Office, sit: Sit) -> None:
    browser = sit()
    introduce(office)
    browser.open(f"{HOME}/write").press(to=f"{HOME}/write", **GOOD, card=PROJECT, join="yes")
    with office.store.reading() as session:
        words = notices.words_of(notices.text_of(session, newest(office).id))
    assert [each.label for each in words.buttons] == ["报名", "我要参加"]
    page = browser.open(f"{HOME}/{newest(office).id}/write").page
    assert "join" in {each.get("name") for each in page.all("input") if "checked" in each}
    me = Visitor(office.service.runner, f"applicant-{office.intake}-0")
    asked = []
    for button in words.buttons:
        me.do(Begin(button.flow, tuple(button.about.items()), dict(button.given)))
        asked.append(me.asking)
        me.say("停下来")
    assert asked == ["card.do", "help.reach"]


def test_an_article_runs_nothing_of_what_is_written() -> None:
    text = NoticeText(notice_id=1, version=1, title="<script>", plain="", staff_id=1)
    assert article(text, ["a < b"], ["c & d"]) == (
        "<h2>&lt;script&gt;</h2>\n<p>a &lt; b</p>\n<h3>简单的话</h3>\n<p>c &amp; d</p>"
    )


def test_only_what_is_about_ones_own_application_may_ring_at_night(office: Office, sit: Sit) -> None:
    browser = sit()
    for topic, night in (("jobs", Night.WAITS), ("own", Night.RINGS)):
        introduce(office)
        browser.open(f"{HOME}/write").press(to=f"{HOME}/write", **GOOD | {"topic": topic})
        one = f"{HOME}/{newest(office).id}"
        browser.open(f"{one}/people").press(to=f"{one}/people")
        list_them(office)
        assert ("夜里也发" in browser.open(one).page.html) is (topic == "own")
        browser.press(to=f"{one}/send", when="now", night="rings")
        assert newest(office).night is night


def test_a_picture_needs_words_and_stays_while_they_are_mended(office: Office, sit: Sit) -> None:
    browser, write = sit(), f"{HOME}/write"

    def bring(body: bytes, name: str, **more: str) -> None:
        data = browser.page.hidden | GOOD | more
        browser._took(browser.client.post(write, data=data, files={"file": (name, body)}))

    browser.open(write)
    bring(b"OggS" + bytes(60), "声.ogg")
    assert (browser.status, "是声音" in browser.page.html) == (409, True)
    bring(b"\xff\xd8" + bytes(6_000_000), "大.jpg")
    assert (browser.status, "太大了，最多 5 MB" in browser.page.html) == (409, True)
    bring(b"\xff\xd8\xffway", "路.jpg", plain="长。" * 401)
    assert browser.status == 409
    assert "最多 800 个字" in browser.page.html
    assert "要靠这句话知道是什么" in browser.page.html
    browser.press(to=write, **GOOD, file_words="从地铁口到会场的路")
    assert told(browser).startswith("话存好了")
    with office.store.reading() as session:
        words = notices.words_of(notices.text_of(session, newest(office).id))
        file = notice_files.find_file(session, words.file_id)
    assert file is not None
    assert (file.is_photo, file.mime, file.body) == (True, "image/jpeg", b"\xff\xd8\xffway")
    one = f"{HOME}/{newest(office).id}"
    assert "附了：从地铁口到会场的路" in browser.open(one).page.html
    assert browser.client.get(f"{one}/file").content == file.body
    assert [each["alt"] for each in browser.open(f"{one}/print").page.all("img")] == ["从地铁口到会场的路"]
    browser.open(f"{one}/write").press(to=f"{one}/write", **GOOD, no_file="yes")
    assert told(browser).startswith("新的话存好了")
    assert "附了" not in browser.open(one).page.html
    assert browser.client.get(f"{one}/file").status_code == 404
