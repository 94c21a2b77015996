"""Manners: a run that keeps them passes, and each slip is named."""

from typing import Any

import pytest

from tests.channels.botapi import BotApi, Message
from tests.channels.botapi.driving import plain
from tests.channels.botapi.manners import check, complaints

TEXT = "<b>您要手语翻译吗？</b>\n1 需要\n2 不需要，我自己能听见老师讲课\n3 我不知道"


def rows(*given: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in given]
    }


QUESTION = rows(
    [("1 需要", "7:1")],
    [("2 不需要，我自己能听见…", "7:2")],
    [("3 我不知道", "7:3")],
    [("下一页", "7:next")],
    [("返回", "7<"), ("找人帮忙", "?")],
)


@pytest.fixture
def known(api: BotApi) -> BotApi:
    api.person(101, known=True)
    return api


def say(api: BotApi, text: str, markup: dict[str, Any] | None = None) -> Message:
    extra = {} if markup is None else {"reply_markup": markup}
    assert plain(api, "sendMessage", chat_id=101, text=text, parse_mode="HTML", **extra).status_code == 200
    return api.person(101).chat[-1]


def handed(api: BotApi, label: str) -> str:
    (query,) = api.person(101).taps(label)
    plain(api, "getUpdates")
    return query.id


def test_a_run_with_manners(known: BotApi) -> None:
    asked = say(known, TEXT, QUESTION)
    number = handed(known, "1 需要")
    plain(known, "answerCallbackQuery", callback_query_id=number)
    say(known, "您选了：需要。\n\n<b>您叫什么？</b>", rows([("返回", "8<"), ("找人帮忙", "?")]))
    plain(known, "editMessageReplyMarkup", chat_id=101, message_id=asked.id)
    link = {"inline_keyboard": [[{"text": "去网页上答", "url": "https://例子.cn/go/a_b*c"}]]}
    say(known, "后面的，去网页上答。\nhttps://例子.cn/go/a_b*c", link)
    say(known, "有消息。看一看。", rows([("看一看", "o:7")]))
    plain(known, "setMyCommands", commands=[{"command": "back", "description": "返回"}])
    check(known)


@pytest.mark.parametrize(
    ("text", "markup", "complaint"),
    [
        ("好 👍", None, "T4: emoji"),
        ("**好**", None, "T7: a sign of Markdown: '*'"),
        ("[看](这里)", None, "T7: a sign of Markdown: ']('"),
        ("# 好", None, "T7: a sign of Markdown: '# '"),
        ("<i>好</i>", None, "T7: italic"),
        ("<strong>好</strong>", None, "T7: <strong>"),
        ("<tg-spoiler>好</tg-spoiler>", None, "T7: spoiler"),
        (TEXT, rows([("1 需要", "1"), ("3 我不知道", "3")], [("返回", "<")]), "T4: 2 buttons in a row"),
        (TEXT, rows([("返回", "<"), ("1 需要", "1")]), "T4: only the ways share the last row"),
        (TEXT, rows([("1 需要", "1")]), "T4: no way to a person"),
        (TEXT, rows([("需要", "1")], [("找人帮忙", "?")]), "T4: '需要' has no number"),
        (TEXT, rows([("4 别的", "4")], [("找人帮忙", "?")]), "T5: '4 别的' stands only on its button"),
        (TEXT, rows([("1 要", "1")], [("找人帮忙", "?")]), "T5: '1 要' stands only on its button"),
        (TEXT, rows([("1 需要", "1")], [("1 需要", "2")], [("找人帮忙", "?")]), "T4: a label twice"),
        ("看这里。", rows([("看一看", "o:7")]), "T5: '看一看' stands only on its button"),
        (
            "2 不需要，我自己能听见老师讲课",
            rows([("2 不需要，我自己能听见老师", "2")], [("找人帮忙", "?")]),
            "T4: '2 不需要，我自己能听见老师' is longer than 12 characters",
        ),
        (
            "\n".join(f"{number} 好" for number in range(1, 7)),
            rows(*([(f"{number} 好", str(number))] for number in range(1, 7)), [("找人帮忙", "?")]),
            "T4: more than 5 answers",
        ),
    ],
)
def test_a_message_without_manners(
    known: BotApi, text: str, markup: dict[str, Any] | None, complaint: str
) -> None:
    say(known, text, markup)
    found = [*complaints(known)]
    assert any(complaint in each for each in found), found
    with pytest.raises(AssertionError, match="message 1 of chat 101"):
        check(known)


def test_a_press_never_answered(known: BotApi) -> None:
    say(known, TEXT, QUESTION)
    handed(known, "1 需要")
    assert any("was never answered" in each for each in complaints(known))


@pytest.mark.parametrize("slip", [{"text": "好的"}, {"show_alert": True}])
def test_a_press_answered_with_words(known: BotApi, slip: dict[str, object]) -> None:
    say(known, TEXT, QUESTION)
    plain(known, "answerCallbackQuery", callback_query_id=handed(known, "1 需要"), **slip)
    assert any("was answered with words" in each for each in complaints(known))


def test_a_press_answered_twice_or_late(known: BotApi) -> None:
    say(known, TEXT, QUESTION)
    number = handed(known, "1 需要")
    for _ in range(2):
        plain(known, "answerCallbackQuery", callback_query_id=number)
    (query,) = known.queries
    assert query.handed_at is not None
    query.handed_at -= 1.5
    found = [*complaints(known)]
    assert any("was answered 2 times" in each for each in found)
    assert any("was answered after 1.5" in each for each in found)


def test_edits_and_polls(known: BotApi) -> None:
    asked = say(known, TEXT, QUESTION)
    plain(known, "editMessageText", chat_id=101, message_id=asked.id, text="好", reply_markup=QUESTION)
    plain(
        known, "editMessageReplyMarkup", chat_id=101, message_id=asked.id, reply_markup=rows([("返回", "<")])
    )
    plain(known, "sendPoll", chat_id=101, question="好吗？", options=["好", "不好"])
    found = [each.split(":")[0] for each in complaints(known)]
    assert found.count("T3") == 2
    assert found.count("T2") == 1


def test_buttons_left_behind(known: BotApi) -> None:
    say(known, TEXT, QUESTION)
    assert [*complaints(known)] == []
    say(known, TEXT, QUESTION)
    assert [*complaints(known)] == ["T3: message 1 of chat 101 is not the newest and has its buttons still"]
    check(known, but={"T3"})


def test_voices_and_pictures_come_after_their_text(known: BotApi) -> None:
    voice = known.person(101).sends_voice().extra["voice"]["file_id"]
    plain(known, "sendVoice", chat_id=101, voice=voice, caption="听")
    found = [each.partition(": ")[2] for each in complaints(known)]
    assert found == [
        "T8, T9: a voice with words, they are read twice",
        "T8, T9: a voice without its text before it",
    ]


def test_a_long_menu(known: BotApi) -> None:
    command = {"command": "back", "description": "返回到前面的那一个问题，再改您写的答案，然后接着答"}
    plain(known, "setMyCommands", commands=[command] * 6)
    found = [*complaints(known)]
    assert found[0] == "T10: 6 commands for language ''"
    assert found[1].startswith("T10: /back is described at length")
