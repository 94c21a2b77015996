"""From which end a scale is seen: by half of the people from either, and whatever is typed means what is on the screen."""

import pytest

from dialogs.talk import Reading
from dialogs.xform import flow_of
from dialogs.xform.scales import is_turned, turns
from tests.dialogs.xform.sheets import HOME, form_of
from tests.talking import Chat, book_of

FORM = form_of(
    """
    | type | name | label::中文 (zh) | label::易读 (zh) | required | appearance | parameters |
    | select_one sat | life | 您满意吗？ | 好不好？ | yes | likert | |
    | select_one sat | food | 饭菜呢？ | | yes | | |
    | select_one word | learned | 学会了吗？ | | yes | | |
    | select_one mark | grade | 打几分？ | | yes | likert | |
    | range | stars | 几颗星？ | | yes | rating | start=1 end=5 step=1 |
    """,
    """
    | list_name | name | label::中文 (zh) | label::易读 (zh) | score |
    | sat | s5 | 非常满意 | 很好 | 5 |
    | sat | s4 | 满意 | 好 | 4 |
    | sat | s3 | 一般 | 一般 | 3 |
    | sat | s2 | 不满意 | 不好 | 2 |
    | sat | s1 | 非常不满意 | 很不好 | 1 |
    | sat | s0 | 不想说 | 不想说 | |
    | word | yes | 学会了 | | |
    | word | no | 没有 | | |
    | mark | m1 | 1 | | 1 |
    | mark | m2 | 2 | | 2 |
    """,
    "| form_id | version | default_language |\n| trial | 1 | 中文 (zh) |",
)


def begun(*, turned: bool, reading: Reading = "plain") -> Chat:
    flow, book = flow_of(FORM), book_of(HOME)
    book.serve([flow])
    return Chat(book, facts={"record": {}, "turned": turned}, reading=reading).begin(flow.name)


@pytest.mark.parametrize(("turned", "first", "last"), [(False, "s5", "s1"), (True, "s1", "s5")])
def test_a_typed_number_means_the_line_it_stands_at(turned: bool, first: str, last: str) -> None:
    chat = begun(turned=turned)
    values = [option.value for option in chat.screen.options]
    assert (values[0], values[4], values[5]) == (first, last, "s0"), "不想说 stays the last"
    chat.say("1")
    assert chat.asking == "food", "a list with scores is a scale without an appearance, too"
    chat.say("五", "1", "1", "5")
    answers = chat.submitted[0].answers
    assert (answers["life"], answers["food"]) == (first, last)
    # Everything else stands as the sheet has it: other lists, and steps that are called by a number.
    assert (answers["learned"], answers["grade"], answers["stars"]) == ("yes", "m1", "5")


@pytest.mark.parametrize(
    ("turned", "parts"), [(False, ["好", "一般", "不好"]), (True, ["不好", "一般", "好"])]
)
def test_in_easy_words_both_tiers_begin_at_the_same_end(turned: bool, parts: list[str]) -> None:
    chat = begun(turned=turned, reading="easy")
    assert chat.options == [*parts, "不想说"]
    chat.say("1")
    assert chat.options[-1] == "不想说"
    chat.say("1")
    assert chat.asking == "food.part"
    chat.back()
    assert chat.asking == "life"
    chat.tap(chat.options[1]).tap(parts[1])
    assert chat.asking == "learned"
    chat.say("1", "1", "2")
    if chat.asking == "stars":
        chat.say("2")
    kept = chat.submitted[0].answers
    assert (kept["life"], kept["food"]) == ("s2" if turned else "s4", "s3")


def test_half_of_the_people_are_in_either_half_and_nobody_changes() -> None:
    halves = [is_turned(number) for number in range(1, 1001)]
    assert 480 <= sum(halves) <= 520
    assert halves == [is_turned(number) for number in range(1, 1001)]
    assert [node.name for node in FORM.asked if node.control is not None and turns(node.control)] == [
        "life", "food",
    ]  # fmt: skip
