"""A question's name is for ever: answers are kept under it."""

import pytest

from dialogs.kinds import Text, YesNo
from dialogs.model import Flow
from tests.dialogs.walking import whole_book
from tests.flows_lock import broken, locked, questions_of


def test_no_name_that_answers_are_kept_under_is_lost() -> None:
    assert broken(whole_book().flows, locked()) == [], "taken away for good? then run `make lock-flows`"


def test_every_question_is_in_the_lock() -> None:
    new = [name for name in questions_of(whole_book().flows) if name not in locked()]
    assert new == [], "run `make lock-flows` and look at what changed"


LOCK = {"shop.colour": "text", "shop.bag": "yesno"}


@pytest.mark.parametrize(
    ("flow", "problems"),
    [
        (Flow("shop", Text("colour", "?"), YesNo("bag", "?")), 0),
        (Flow("shop", Text("colour", "?")), 1),
        (Flow("shop", Text("colour", "?"), Text("bag", "?")), 1),
        (Flow("shop", Text("paint", "?", was=("colour",)), YesNo("bag", "?")), 0),
        (Flow("stall", Text("colour", "?"), YesNo("bag", "?"), was=("shop",)), 0),
        (Flow("stall", Text("colour", "?"), YesNo("bag", "?")), 2),
    ],
)
def test_a_name_may_only_change_with_its_old_one_beside_it(flow: Flow, problems: int) -> None:
    assert len(broken([flow], LOCK)) == problems
