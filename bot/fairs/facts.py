"""Job fairs and positions as flows may know them: as they suit the person, with what that person said to them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlmodel import select

from bot.asking import Asking
from bot.classes.coming import MYSELF
from dialogs.facts.fairs import AtFair, JobFair, Post, Promised, Suits
from storage.catalogue.fair_cards import FairCard, PositionCard
from storage.classes.attending import EARLY
from storage.fairs import fairs, interests
from storage.fairs import known as fair_known
from storage.fairs import matching as fair_matching
from storage.fairs.matching import Suited
from storage.fairs.tables import FairArrangement, FairSignup
from storage.rules.fitting import Fit
from storage.tables import NeedAnswer, Role, SignupState
from storage.tickets.tables import Interest

NO_DAY = date(2000, 1, 1)
NOTHING = JobFair("", "", "", "", NO_DAY, NO_DAY, time(), time(), NO_DAY)
"""What is shown of a fair there is not."""

TRANSPORT = {"transport": "shuttle"}
"""What staff arrange -> the support it is."""

MOST = 60
"""How many are listed at the most."""


def all_of(asking: Asking) -> tuple[JobFair, ...]:
    """Give the fairs to come, the nearest first."""
    number = _person(asking)
    found = fair_matching.for_person(asking.session, number, asking.now).fairs
    said = {row.fair_id: row for row in fairs.signups_of(asking.session, [number])}
    return tuple(_fair(each.card, each.fit, said.get(each.card.fair_id)) for each in found[:MOST])


def one(asking: Asking) -> JobFair:
    """Give the fair a flow is about, or at which the position is that it is about."""
    fair_id = str(asking.about.get("fair", ""))
    if not fair_id and (at := _position(asking)) is not None:
        fair_id = at.fair_id or ""
    card = fairs.find_fair(asking.session, fair_id, asking.now) if fair_id else None
    if card is None:
        return NOTHING
    number = _person(asking)
    someone = fair_known.known_of(asking.session, number)
    wanted = _wanted(asking)
    posts = [
        _post(each, fair_matching.fit_of_position(someone, each, card), wanted.get(each.position_id), asking)
        for each in card.positions
    ]
    said = fairs.signup_of(asking.session, fair_id, number)
    shown = _fair(
        card,
        fair_matching.fit_of_fair(someone, card),
        said,
        tuple(sorted(posts, key=lambda each: not each.fits)),
        _arranged(asking, fair_id),
    )
    return shown if said is None or _may_read_needs(asking, said) else replace(shown, needs_told=False)


def posts_of(asking: Asking) -> tuple[Post, ...]:
    """Give the positions that are open, what fits best first; of one fair where the flow is about one."""
    found: list[Suited[PositionCard]] = list(
        fair_matching.for_person(asking.session, _person(asking), asking.now).positions
    )
    fair_id = asking.about.get("fair")
    wanted = _wanted(asking)
    return tuple(
        _post(each.card, each.fit, wanted.get(each.card.position_id), asking)
        for each in found
        if fair_id is None or each.card.fair_id == fair_id
    )[:MOST]


def post(asking: Asking) -> Post:
    """Give the position a flow is about."""
    card = _position(asking)
    if card is None:
        return Post("", "", "")
    at = None if card.fair_id is None else fairs.find_fair(asking.session, card.fair_id, asking.now)
    someone = fair_known.known_of(asking.session, _person(asking))
    fit = fair_matching.fit_of_position(someone, card, at)
    return _post(card, fit, _wanted(asking).get(card.position_id), asking)


def expected(asking: Asking) -> tuple[AtFair, ...]:
    """Give who may say now that they are at a job fair, of everybody this contact speaks for."""
    found = []
    for signup in reversed(fairs.signups_of(asking.session, list(asking.people))):
        card = fairs.find_fair(asking.session, signup.fair_id, asking.now)
        if card is not None and is_held(card, asking.now):
            person, relation = asking.people[signup.person_id]
            name = person.name or (MYSELF if relation.role is Role.SELF else "")
            begins = datetime.combine(asking.now.date(), card.start_time, asking.now.tzinfo)
            found.append(AtFair(signup.id, name, card.title, card.title_easy, begins))
    return tuple(found)


def is_held(card: FairCard, now: datetime) -> bool:
    """Whether somebody may be at a fair just now: on each of its days, from a little before the doors open."""
    zone, today = now.tzinfo or UTC, now.date()
    if not card.to_come or not card.start_date <= today <= card.end_date:
        return False
    opens = datetime.combine(today, card.start_time, zone) - EARLY
    return opens <= now <= datetime.combine(today, card.end_time, zone)


def _person(asking: Asking) -> int:
    """Give whom it is about; 0 for who only looks."""
    return 0 if asking.whom is None else asking.whom[0].id


def _position(asking: Asking) -> PositionCard | None:
    number = str(asking.about.get("position", ""))
    return fairs.find_position(asking.session, number) if number else None


def _may_read_needs(asking: Asking, signup: FairSignup) -> bool:
    """Whether a contact reads which support was asked for: who may see the person's, and who signed them up."""
    known = asking.people.get(signup.person_id)
    return known is not None and (signup.contact_id == asking.contact_id or asking.may(known[1], "see"))


def _wanted(asking: Asking) -> Mapping[str, Interest]:
    return {row.position_id: row for row in interests.interests_of(asking.session, [_person(asking)])}


def _fair(
    card: FairCard,
    fit: Fit,
    said: FairSignup | None,
    posts: tuple[Post, ...] = (),
    arranged: Mapping[str, FairArrangement] | None = None,
) -> JobFair:
    needs = said.needs if said is not None else {}
    return JobFair(
        card.fair_id,
        card.title,
        card.title_easy,
        card.stage.value,
        card.start_date,
        card.end_date,
        card.start_time,
        card.end_time,
        card.signup_deadline,
        online=card.online,
        town=card.city,
        place=card.address,
        way=card.how_to_get_there,
        supports=card.services,
        travel=card.travel_support,
        bring=card.documents_to_bring,
        on_site=card.on_site_services,
        employers=card.employer_count or 0,
        jobs=card.job_count or 0,
        phone=card.contact_phone,
        posts=posts,
        reasons=_reasons(fit),
        said="" if said is None else said.state.value,
        number=said.number if said is not None and said.state is SignupState.COMING else 0,
        needs=tuple(_promised(code, card, (arranged or {}).get(code)) for code in codes_of(needs)),
        words=str(needs.get("words", "")),
        chosen=tuple(said.positions) if said is not None else (),
    )


def codes_of(needs: Mapping[str, object]) -> tuple[str, ...]:
    """Give the supports a sign-up asks for as one list; transport and company are kept apart."""
    listed = needs.get("supports")
    codes = [str(each) for each in listed] if isinstance(listed, list) else []
    if needs.get("transport"):
        codes.append("shuttle")
    if needs.get("companion"):
        codes.append("companion")
    return tuple(dict.fromkeys(codes))


def _arranged(asking: Asking, fair_id: str) -> Mapping[str, FairArrangement]:
    """Give what staff answered to what people need there, by code."""
    rows = asking.session.exec(select(FairArrangement).where(FairArrangement.fair_id == fair_id)).all()
    return {TRANSPORT.get(row.code, row.code): row for row in rows}


def _promised(code: str, card: FairCard, arranged: FairArrangement | None) -> Promised:
    """Say what becomes of a support somebody asked for: what staff answered, else whether the fair has it."""
    if arranged is not None and arranged.answer is not NeedAnswer.OPEN:
        return Promised(code, arranged.answer.value, arranged.note)
    return Promised(code, "there" if code in card.services else "")


def _post(card: PositionCard, fit: Fit, wanted: Interest | None, asking: Asking) -> Post:
    return Post(
        card.position_id,
        card.position,
        card.employer,
        card.fair_id or "",
        headcount=card.headcount,
        asks=card.requirements,
        pay=card.monthly_salary_yuan,
        hours=card.working_hours,
        place=card.work_location,
        home=card.home_based,
        dormitory=card.dormitory,
        insurance=card.social_insurance,
        adjusted=card.workplace_adjustments,
        internship=card.internship,
        open_until=card.open_until,
        is_open=card.is_open(asking.now.date()),
        reasons=_reasons(fit),
        fits=bool(fit.reasons),
        wanted=wanted is not None,
        told_employer=wanted is not None and wanted.to_employer_at is not None,
    )


def _reasons(fit: Fit) -> tuple[Suits, ...]:
    return tuple(Suits(each.why.value, each.what) for each in fit.reasons)
