"""Wishes that come true: somebody who wished for a course is told when a matching one appears."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage import outbox
from storage.catalogue.cards import ProjectCard
from storage.catalogue.shelf import Shelf
from storage.catalogue.tables import CatalogueChange, CatalogueImport
from storage.tables import Person, Wish, WishState

LIMIT = 60
"""How many courses are looked at for one wish."""

REACH = {"district": 3, "city": 2, "province": 1}
"""How far somebody would go -> how many of province, city and district must be their own."""


def grant_wishes(session: Session, shelf: Shelf, now: datetime) -> int:
    """Promise a message to everybody whose wish a course answers that came after it; give how many."""
    granted = 0
    for wish in session.exec(select(Wish).where(Wish.state == WishState.OPEN)).all():
        found = _answer_to(session, shelf, wish)
        if found is None:
            continue
        wish.state, wish.answered_with = WishState.ANSWERED, found.first.id
        session.add(wish)
        outbox.promise(
            session, wish.contact_id, "wish_granted", {"wish": wish.id}, now=now, key=f"wish:{wish.id}"
        )
        granted += 1
    return granted


def _answer_to(session: Session, shelf: Shelf, wish: Wish) -> ProjectCard | None:
    fresh = _came_after(session, wish.created_at)
    page = shelf.current.find(words=wish.wish, limit=LIMIT) if fresh else None
    home = _home_of(session, wish.person_id)
    return next(
        (
            card
            for card in (page.cards if page else ())
            if any(f"{card.project_id}/{run.intake_no}" in fresh for run in card.listed)
            and _near_enough(card, wish, home)
            and _fits_time(card, wish)
        ),
        None,
    )


def _came_after(session: Session, moment: datetime) -> set[str]:
    """Keys of intakes that are in the catalogue since then."""
    wanted = (
        select(CatalogueChange.key)
        .join(CatalogueImport)
        .where(CatalogueChange.kind == "intake", CatalogueImport.at > moment)
        .where(col(CatalogueImport.taken_back_at).is_(None))
    )
    return set(session.exec(wanted).all())


def _home_of(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id is not None else None
    profile = person.profile if person else {}
    lives = profile.get("live_addr")
    return str(profile.get("hukou") or "") + ("" if lives in {None, "same"} else str(lives))


def _near_enough(card: ProjectCard, wish: Wish, home: str) -> bool:
    """Whether it is within reach; what cannot be told from an address does not stand in the way."""
    if any(run.mode == "online" for run in card.listed) or wish.how_far in {"", "any"}:
        return True
    if wish.how_far == "home":
        return False
    places = [(run.province, run.city, run.district)[: REACH.get(wish.how_far, 0)] for run in card.listed]
    return not home or any(place[-1] in home for place in places if place and place[-1])


def _fits_time(card: ProjectCard, wish: Wish) -> bool:
    free = set(wish.free_time)
    return (
        not free
        or bool(free & {run.time_slot for run in card.listed})
        or ("slack" in free and "slack" in card.tags)
    )
