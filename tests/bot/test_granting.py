"""A wish is answered once, by a course that came after it and is within reach."""

from datetime import timedelta
from importlib.resources import files

import pytest
from sqlmodel import select

from bot.granting import grant_wishes
from storage.base import Store
from storage.catalogue.importing import import_projects
from storage.catalogue.shelf import Shelf
from storage.tables import Outbox, Wish, WishState
from tests.bot.conftest import NOW, Phone
from tests.databases import on_both

pytestmark = on_both

CATALOGUE = (files("bot") / "demo" / "projects.csv").read_bytes()


@pytest.fixture
def phone(store: Store) -> Phone:
    phone = Phone(store)
    phone.finish("newcomer", role="self")
    return phone


def publish(store: Store, later: timedelta) -> Shelf:
    shelf = Shelf()
    with store.writing() as session:
        import_projects(session, CATALOGUE, "projects.csv", now=NOW + later, who="test")
        shelf.rebuild(session, NOW.date())
    return shelf


def granted(store: Store, shelf: Shelf) -> int:
    with store.writing() as session:
        return grant_wishes(session, shelf, NOW + timedelta(days=2))


def test_a_course_that_came_later_answers_a_wish_once(store: Store, phone: Phone) -> None:
    phone.finish("wish", wish="按摩", how_far="any", free_time="any")
    shelf = publish(store, timedelta(days=1))
    assert granted(store, shelf) == 1
    assert granted(store, shelf) == 0
    with store.reading() as session:
        assert session.exec(select(Wish)).one().state is WishState.ANSWERED
        assert session.exec(select(Outbox)).one().kind == "wish_granted"


@pytest.mark.parametrize(
    ("wish", "how_far", "days"),
    [("修手表", "any", 1), ("按摩", "any", -1), ("按摩", "home", 1)],
    ids=["nothing of the kind", "it was there before", "too far"],
)
def test_a_wish_stays_open_while_nothing_answers_it(
    store: Store, phone: Phone, wish: str, how_far: str, days: int
) -> None:
    phone.finish("wish", wish=wish, how_far=how_far, free_time="any")
    assert granted(store, publish(store, timedelta(days=days))) == 0
    with store.reading() as session:
        assert session.exec(select(Wish)).one().state is WishState.OPEN
