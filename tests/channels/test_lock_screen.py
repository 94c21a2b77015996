import pytest

from bot.channels.messenger.drawing import Card, tells


@pytest.mark.parametrize(
    "text", ["有残疾人证吗？", "<b>Disability certificate</b>", "Room for a wheelchair", "盲人按摩班"]
)
def test_words_that_name_a_disability_are_known_in_every_language(text: str) -> None:
    assert tells(Card(("3 / 25", text), ()))


@pytest.mark.parametrize("text", ["您的电话是多少？", "What is your name?"])
def test_other_words_tell_nothing(text: str) -> None:
    assert not tells(Card((text,), ()))
