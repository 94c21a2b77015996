"""What is known of people that matters for fairs and positions: where they live, what they learned and wish, what they need.

What people said is sealed, so it is looked at one row after the other; the statements are few, however many people.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, exists, false
from sqlalchemy import select as columns
from sqlmodel import Session, col, func

from storage.among import among
from storage.catalogue.tables import Fair, Intake, Project
from storage.notices.audience import Own, address_in, lives_in, needs_in
from storage.rules.fitting import Someone
from storage.tables import AnswerSet, Application, ApplicationState, Person, Wish, WishState

AFTER_CLASS, LATER = "survey_t7", "followup_t30_t90"
"""The forms that ask whether somebody wants to hear of fairs, and whether they look for work."""

LOOKS = frozenset({"unemployed", "new_entrant"})
"""Work situations (codes.csv, employment_status) of who may look for work."""

WANT_NOTHING = (ApplicationState.WITHDRAWN, ApplicationState.DECLINED)
"""States of an application that tells nothing of what somebody would like."""

CERTIFICATE, CATEGORY, LEVEL = 20, 18, 19
"""Length of a certificate number; where in it the category and the level stand."""

Place = tuple[str, str, str]


def known_of(session: Session, person_id: int) -> Someone:
    """Give what is known of somebody that matters here; nothing of who is not there."""
    found = people_known(session, col(Person.id) == person_id, None, {person_id})
    return next((each for _, _, each in found), Someone())


def people_known(
    session: Session, which: ColumnElement[bool], reach: Own | None, ids: Collection[int] | None
) -> Iterable[tuple[int, str, Someone]]:
    """Give everybody meant with what is known of them; `ids` says who that is where they are few."""
    applied: ColumnElement[bool] = false()
    if reach is not None:
        mine = among(col(Application.intake_id), reach.intakes)
        applied = exists().where(col(Application.person_id) == col(Person.id), mine)
    person = (col(Person.id), col(Person.name), col(Person.cert_no), col(Person.profile))
    wanted = columns(*person, applied.label("applied")).where(which, col(Person.erased_at).is_(None))
    courses, wishes, said, places = (
        _courses(session, ids),
        _wishes(session, ids),
        _answers(session, ids),
        _places(session),
    )
    for number, name, certificate, profile, is_theirs in session.execute(wanted).all():
        if reach is None or is_theirs or lives_in(profile, reach.region):
            known = _someone(
                profile, certificate or "", courses.get(number, []), wishes.get(number, []), said[number]
            )
            yield number, name or "", _placed(known, places)


def _someone(
    profile: Mapping[str, Any],
    certificate: str,
    courses: Iterable[tuple[ApplicationState, str]],
    wishes: Iterable[str],
    said: Mapping[str, Mapping[str, Any]],
) -> Someone:
    trained, wanted = set(), list(wishes)
    for state, occupation in courses:
        if state is ApplicationState.FINISHED:
            trained.add(occupation)
        else:
            wanted.append(occupation)
    whole = len(certificate) == CERTIFICATE
    return Someone(
        place=(_part(profile, "province"), _part(profile, "city"), _part(profile, "district")),
        address=address_in(profile),
        trained=frozenset(trained),
        wishes=tuple(wanted),
        needs=frozenset(needs_in(profile)),
        looks=_looks(profile, said.get(LATER, {})),
        told_of_fairs=said.get(AFTER_CLASS, {}).get("fair_ok") != "no",
        category=certificate[CATEGORY] if whole else "",
        level=certificate[LEVEL] if whole else "",
    )


def _looks(profile: Mapping[str, Any], later: Mapping[str, Any]) -> bool | None:
    """Whether somebody looks for work: what they said last of it, else their situation when they applied."""
    if later.get("want_job") in ("yes", "no"):
        return bool(later["want_job"] == "yes")
    if later.get("employed") == "yes":
        return None
    return True if profile.get("employment_status") in LOOKS else None


def _part(profile: Mapping[str, Any], name: str) -> str:
    return str(profile.get(name) or "")


def _placed(someone: Someone, places: Collection[Place]) -> Someone:
    """Give somebody who only said an address the place it names, where there is one place of that name."""
    if someone.place[1] or not someone.address:
        return someone
    named = {place for place in places if place[2] and place[2] in someone.address}
    told = {place for place in named if place[1] in someone.address} or named
    if len(told) != 1:
        return someone
    return replace(someone, place=told.pop())


def _courses(
    session: Session, ids: Collection[int] | None
) -> Mapping[int, list[tuple[ApplicationState, str]]]:
    """Give what people learned, or applied to learn, by person."""
    wanted = (
        columns(col(Application.person_id), col(Application.state), col(Project.occupation))
        .join(Intake, col(Intake.id) == col(Application.intake_id))
        .join(Project, col(Project.project_id) == col(Intake.project_id))
        .where(col(Application.state).not_in(WANT_NOTHING), col(Project.occupation) != "")
    )
    if ids is not None:
        wanted = wanted.where(among(col(Application.person_id), ids))
    found: defaultdict[int, list[tuple[ApplicationState, str]]] = defaultdict(list)
    for number, state, occupation in session.execute(wanted).all():
        found[number].append((state, occupation))
    return found


def _wishes(session: Session, ids: Collection[int] | None) -> Mapping[int, list[str]]:
    wanted = columns(col(Wish.person_id), col(Wish.wish)).where(
        col(Wish.state) != WishState.CLOSED, col(Wish.person_id).is_not(None)
    )
    if ids is not None:
        wanted = wanted.where(col(Wish.person_id).in_(ids))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, words in session.execute(wanted).all():
        found[number].append(words)
    return found


def _answers(session: Session, ids: Collection[int] | None) -> Mapping[int, Mapping[str, Mapping[str, Any]]]:
    """Give what people answered last after class and later on, by person and form."""
    last = columns(func.max(col(AnswerSet.id))).where(
        col(AnswerSet.form).in_((AFTER_CLASS, LATER)), col(AnswerSet.person_id).is_not(None)
    )
    if ids is not None:
        last = last.where(col(AnswerSet.person_id).in_(ids))
    last = last.group_by(col(AnswerSet.person_id), col(AnswerSet.form))
    told = (col(AnswerSet.person_id), col(AnswerSet.form), col(AnswerSet.answers))
    found: defaultdict[int, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for number, form, answers in session.execute(columns(*told).where(col(AnswerSet.id).in_(last))).all():
        found[number][form] = answers
    return found


def _places(session: Session) -> frozenset[Place]:
    """Give the places we know of: those of the classes and the fairs."""
    found: set[Place] = set()
    for kind in (Intake, Fair):
        place = (col(kind.province), col(kind.city), col(kind.district))
        found.update(
            (province, city, quarter)
            for province, city, quarter in session.execute(columns(*place).distinct())
        )
    return frozenset(found)
