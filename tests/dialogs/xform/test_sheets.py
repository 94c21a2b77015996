"""What a sheet may ask, and how it is asked; what it may not, and where that is said to be."""

import pytest

from dialogs.talk import FileRef
from dialogs.xform import SheetRefused, read_form
from tests.dialogs.xform.sheets import chat_of, form_of, xml_of

CHILDREN = """
| type | name | label | relevant | repeat_count | calculation |
| integer | n | 有几个孩子 | | | |
| begin_repeat | kids | 孩子 | | ${n} | |
| text | called | 叫什么 | | | |
| integer | age | ${called}几岁 | | | |
| text | school | 在哪上学 | ${age} > 6 | | |
| calculate | place | | | | position(..) |
| end_repeat | | | | | |
| calculate | total | | | | sum(${age}) |
| note | sum | 一共${total}岁，${n}个，第一个叫${first} | | | |
"""


def test_a_repeat_asks_each_row_and_adds_them_up() -> None:
    table = CHILDREN.replace(
        "| note |", "| calculate | first | | | | indexed-repeat(${called}, ${kids}, 1) |\n| note |"
    )
    table += "| text | more | 还有话说吗 | | | |\n"
    chat = chat_of(form_of(table)).say("2")
    assert (chat.asking, chat.text) == ("kids[1]/called", "孩子 1：叫什么")
    chat.say("小红", "5")
    assert (chat.asking, chat.text) == ("kids[2]/called", "孩子 2：叫什么")
    chat.say("小明")
    assert chat.text == "孩子 2：小明几岁"
    assert chat.say("8").asking == "kids[2]/school"
    assert chat.back().asking == "kids[2]/age"
    assert chat.say("3").text == "一共8岁，2个，第一个叫小红"
    chat.change("n").say("1")
    assert chat.text == "一共5岁，1个，第一个叫小红"
    chat.tap("知道了").say("没有了")
    kept = chat.submitted[0].answers
    assert (kept["kids[1]/age"], "kids[2]/age" in kept) == (5, False)


def test_every_kind_of_question_is_read_as_people_say_it() -> None:
    form = form_of(
        """
        | type | name | label | required | appearance | parameters | default |
        | integer | whole | 几个 | yes | | | |
        | decimal | part | 多高 | yes | | | |
        | date | day | 哪天 | yes | | | |
        | time | hour | 几点 | yes | | | |
        | acknowledge | ok | 好吗 | yes | | | |
        | range | stars | 几分 | yes | rating | start=1 end=5 step=1 | |
        | range | long | 多少 | yes | | start=0 end=50 step=1 | |
        | select_multiple yn | several | 哪些 | yes | | | |
        | select_one yn | one | 哪个 | yes | minimal | | b |
        | image | photo | 照片 | yes | | | |
        | audio | sound | 声音 | | | | |
        | geopoint | place | 哪里 | yes | | | |
        | text | words | 说说 | | multiline | | |
        """,
        "| list_name | name | label |\n| yn | a | 甲 |\n| yn | b | 乙 |\n| yn | c | 丙 |",
    )
    chat = chat_of(form).say("不知道")
    assert chat.error == "这里要一个整的数，比如 3。"
    chat.say("三个", "一点七五", "去年3月7日", "下午三点半")
    assert chat.options == ["好的"]
    chat.say("好的")
    assert (chat.asking, chat.options) == ("stars", ["1", "2", "3", "4", "5"])
    chat.say("4", "35").tick("甲", "丙")
    assert chat.screen.current == "乙"
    chat.tap("乙").send(FileRef("k1", "photo", 100))
    assert (chat.asking, chat.options) == ("sound", ["跳过"])
    chat.say("跳过", "东街 5 号").send(FileRef("k2", "voice", 100))
    assert dict(chat.submitted[0].answers) == {
        "whole": 3, "part": 1.75, "day": "2025-03-07", "hour": "15:30", "ok": "OK", "stars": "4", "long": 35,
        "several": ["a", "c"], "one": "b", "photo": "file:k1", "sound": "@skip", "place": "东街 5 号", "words": "file:k2",
    }  # fmt: skip


def test_a_constraint_says_its_own_sentence_and_a_filter_offers_what_is_left() -> None:
    form = form_of(
        """
        | type | name | label | required | constraint | constraint_message | choice_filter |
        | select_multiple area | areas | 哪些地方 | yes | not(selected(., 'none') and count-selected(.) > 1) | 不选别的。 | |
        | select_one spot | spot | 哪个点 | yes | | | selected(${areas}, area) |
        | integer | age | 几岁 | yes | . >= 16 and . < 100 | 写 16 到 99。 | |
        """,
        """
        | list_name | name | label | area |
        | area | n | 北边 | |
        | area | s | 南边 | |
        | area | none | 没有 | |
        | spot | hill | 山上 | n |
        | spot | river | 河边 | n |
        | spot | field | 田里 | s |
        """,
    )
    chat = chat_of(form).tick("北边", "没有")
    assert chat.error == "选了“没有”，就不用选别的。再选一次。"
    assert chat.tick("北边").options == ["山上", "河边"]
    chat.tap("山上").say("七岁")
    assert chat.error == "写 16 到 99。"
    chat.change("areas").tick("南边")
    # What is not offered any more is asked anew.
    assert (chat.asking, chat.options) == ("spot", ["田里"])
    chat.tap("田里").say("40")
    assert chat.submitted[0].answers["spot"] == "field"


SCALE = (
    """
    | type | name | label::中文 (zh) | label::易读 (zh) | required | appearance |
    | select_one sat | life | 您满意吗？ | 好不好？ | yes | likert |
    | select_one sat | food | 饭菜呢？ | | yes | likert |
    """,
    """
    | list_name | name | label::中文 (zh) | label::易读 (zh) | score |
    | sat | s5 | 非常满意 | 很好 | 5 |
    | sat | s4 | 满意 | 好 | 4 |
    | sat | s3 | 一般 | 一般 | 3 |
    | sat | s2 | 不满意 | 不好 | 2 |
    | sat | s1 | 非常不满意 | 很不好 | 1 |
    | sat | s0 | 不想说 | 不想说 | |
    """,
    "| form_id | version | default_language |\n| trial | 1 | 中文 (zh) |",
)


def test_a_scale_stands_on_one_page_and_in_two_tiers_for_easy_readers() -> None:
    form = form_of(*SCALE)
    plain = chat_of(form)
    assert (plain.screen.pages, len(plain.options)) == (1, 6)
    easy = chat_of(form, reading="easy")
    assert (easy.text, easy.options) == ("好不好？", ["好", "一般", "不好", "不想说"])
    assert easy.tap("不好").options == ["不好", "很不好", "不想说"]
    assert easy.tap("很不好").text == "饭菜呢？"
    assert easy.back().options[:2] == ["不好", "很不好"]
    easy.back().tap("好").tap("很好")
    easy.tap("一般")
    assert {name: easy.submitted[0].answers[name] for name in ("life", "food")} == {
        "life": "s5",
        "food": "s3",
    }


def test_a_hidden_field_takes_what_the_record_says_and_an_empty_one_is_blank() -> None:
    form = form_of(
        """
        | type | name | label | relevant | choice_filter | required |
        | hidden | course | | | | |
        | hidden | promised | | | | |
        | select_multiple svc | missing | 哪些没有做到？ | string-length(${promised}) > 0 | selected(${promised}, name) | yes |
        | note | bye | 谢谢来上${course}。 | | | |
        """,
        "| list_name | name | label |\n| svc | cart | 打字 |\n| svc | care | 有人帮 |\n| svc | diet | 忌口 |",
    )
    chat = chat_of(form, {"course": "面点", "promised": ("cart", "diet"), "other": "x"})
    assert chat.options == ["打字", "忌口"]
    assert chat.tick("忌口").said[-1] == "谢谢来上面点。"
    assert chat_of(form, {"course": "面点"}).asking == "bye"


def test_help_for_helpers_is_shown_to_helpers_and_a_gap_in_a_language_is_filled() -> None:
    table = """
    | type | name | label::中文 (zh) | label::易读 (zh) | label::English (en) | hint::中文 (zh) | guidance_hint::中文 (zh) |
    | text | a | 您叫什么名字？ | | What is your name? | 写全名。 | 慢慢念给他听。 |
    """
    form = form_of(table, settings="| form_id | version | default_language |\n| trial | 1 | 中文 (zh) |")
    assert chat_of(form, reading="easy").text == "您叫什么名字？"
    assert chat_of(form, reading="en").text == "What is your name?"
    chat = chat_of(form)
    assert chat.screen.hint == "写全名。"
    chat.facts = {**chat.facts, "helping": True}
    assert chat.again().screen.hint == "写全名。\n慢慢念给他听。"


NOT_TAKEN = {
    "geotrace": ("| type | name | label |\n| geotrace | a | 走一圈 |", "a", "type"),
    "no count": (
        "| type | name | label |\n| begin_repeat | r | 组 |\n| text | a | 好 |\n| end_repeat | | |",
        "r",
        "repeat_count",
    ),
    "circle": (
        "| type | name | label | calculation |\n| note | q | 好 | |\n| calculate | a | | ${b} |\n| calculate | b | | ${a} |",
        "a",
        "calculation",
    ),
    "signature": (
        "| type | name | label | appearance |\n| image | a | 签名 | signature |",
        "a",
        "appearance",
    ),
    "another file": ("| type | name | label |\n| select_one_from_file x.csv | a | 选 |", "a", "type"),
    "a repeat that comes later": (
        (
            "| type | name | label | calculation | repeat_count |\n| calculate | sum | | sum(${age}) | |\n"
            "| text | a | 好 | | |\n| begin_repeat | r | 组 | | 2 |\n| integer | age | 几岁 | | |\n"
            "| end_repeat | | | | |"
        ),
        "sum",
        "calculation",
    ),
    "unknown function": (
        "| type | name | label | relevant |\n| text | a | 好 | |\n| text | b | 好 | area(${a}) > 1 |",
        "b",
        "relevant",
    ),
    "trigger": (
        "| type | name | label | trigger | calculation |\n| text | a | 好 | | |\n| text | b | 好 | ${a} | today() |",
        "b",
        "trigger",
    ),
    "slashes": (
        "| type | name | label | relevant |\n| text | a | 好 | |\n| text | b | 好 | //a = 'x' |",
        "b",
        "relevant",
    ),
}


@pytest.mark.parametrize("what", NOT_TAKEN)
def test_what_a_chat_cannot_ask_is_refused_where_it_stands(what: str) -> None:
    table, name, column = NOT_TAKEN[what]
    with pytest.raises(SheetRefused) as refused:
        form_of(table)
    found = {(trouble.name, trouble.column) for trouble in refused.value.troubles}
    assert (name, column) in found
    assert all(trouble.wrong and trouble.right for trouble in refused.value.troubles)


def test_a_form_too_long_too_deep_or_hostile_is_refused() -> None:
    with pytest.raises(SheetRefused, match="401 个题"):
        form_of("| type | name | label |\n" + "\n".join(f"| note | n{n} | 好 |" for n in range(401)))
    with pytest.raises(SheetRefused, match="太长"):
        form_of(
            "| type | name | label | calculation |\n| text | a | 好 | |\n| calculate | c0 | | ${a} |\n"
            + "\n".join(f"| calculate | c{n} | | ${{c{n - 1}}} |" for n in range(1, 90))
        )
    good = xml_of("| type | name | label |\n| text | a | 好 |")
    with pytest.raises(SheetRefused, match="不能读"):
        read_form(good.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1))
    with pytest.raises(SheetRefused, match="不完整"):
        read_form(good[:-20])


def test_what_works_but_should_be_looked_at_is_remarked() -> None:
    _, remarks = read_form(
        xml_of(
            """
            | type | name | label | constraint | appearance | relevant |
            | integer | a | 几岁 | . > 5 | spaceship | ${b} = 'x' |
            | text | b | 好 | | | |
            """
        )
    )
    assert [(each.name, each.column) for each in remarks] == [
        ("a", "constraint_message"), ("a", "appearance"), ("a", "relevant"),
    ]  # fmt: skip
