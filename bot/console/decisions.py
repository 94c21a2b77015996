"""What is decided on the page of an application, with its reason: never over what happened meanwhile."""

from collections.abc import Callable

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.applications import deciding as acts
from bot.console.application import OneApplication, filed_at
from bot.console.courses import number_in
from bot.console.inside import Inside, told
from bot.console.words import ANSWERS
from bot.runner import Runner
from storage.applications import assents, deciding, enrolment, ordering
from storage.applications.deciding import Meanwhile, NoSeat, NotPossible
from storage.catalogue import codes
from storage.staff import staff
from storage.tables import AssentAnswer, Channel, NeedAnswer

MOST_WORDS = 1000
"""Characters of a reason, a note or a question."""

REFUSED = frozenset({"no_seat", "not_possible", "no_reason", "no_words", "not_shown"})
"""What is told when nothing was changed."""

ASKED_HIMSELF = "工作人员当面问本人：想不想去？"
"""The wording kept with an assent that staff recorded."""

FOUND = {"yes": True, "no": False}


class Decisions:
    """Everything that is decided there.

    Args:
        runner: the service.
        page: draws the page again where nothing was changed.

    """

    def __init__(self, runner: Runner, page: OneApplication) -> None:
        self._runner = runner
        self._page = page

    async def decide(self, request: Request, inside: Inside) -> Response:
        """Accept, put on the list, decline or ask."""
        form = inside.form
        what, words = form.one("do"), form.one("words").strip()[:MOST_WORDS]
        reason = form.one("reason")
        label = codes.label("decline_reason", reason) if reason in codes.words("decline_reason") else ""
        seen, now, member = number_in(form.one("seen")), inside.now, inside.member
        zone = self._runner.settings.zone

        def act(session: Session) -> str:
            number = filed_at(session, request, inside).id
            if what == "accept":
                acts.accept(session, number, member, seen=seen, now=now, zone=zone, note=words)
                return "accepted"
            if what == "wait":
                acts.put_on_list(session, number, member, seen=seen, now=now, zone=zone, note=words)
                return "waitlisted"
            if what == "decline":
                whole = "。".join(part for part in (label, words) if part)
                if not whole:
                    return "no_reason"
                acts.decline(session, number, member, seen=seen, now=now, zone=zone, reason=whole)
                return "declined"
            if what == "ask":
                if not words:
                    return "no_words"
                acts.ask(session, number, member, seen=seen, now=now, words=words)
                return "asked"
            return "nothing"

        return await self._acted(request, inside, act)

    async def answer_needs(self, request: Request, inside: Inside) -> Response:
        """Promise or decline each support."""
        form = inside.form
        seen = number_in(form.one("seen"))

        def act(session: Session) -> str:
            filed = filed_at(session, request, inside)
            given: dict[int, tuple[NeedAnswer, str]] = {}
            for need in enrolment.needs_of(session, filed.id):
                answer = form.one(f"answer-{need.id}")
                if answer in ANSWERS:
                    note = form.one(f"note-{need.id}").strip()[:MOST_WORDS]
                    given[need.id] = (NeedAnswer(answer), note)
            changed = acts.answer_needs(session, filed.id, inside.member, given, seen=seen, now=inside.now)
            return "needs" if changed else "nothing"

        return await self._acted(request, inside, act)

    async def check_claims(self, request: Request, inside: Inside) -> Response:
        """Keep for each priority claim whether a proof was seen."""
        form, now = inside.form, inside.now

        def act(session: Session) -> str:
            mine = filed_at(session, request, inside)
            filed = deciding.hold(session, mine.id, number_in(form.one("seen")))
            changed = False
            for code in ordering.claims_in(filed.answers):
                found = FOUND.get(form.one(f"found-{code}"))
                note = form.one(f"note-{code}").strip()[:MOST_WORDS]
                member = inside.member.id
                if found is None or not ordering.check_claim(
                    session, filed, code, found=found, note=note, staff_id=member, now=now
                ):
                    continue
                changed = True
                kind = "claim_found" if found else "claim_not_found"
                words = "，".join(part for part in (codes.label("priority", code), note) if part)
                enrolment.log_event(session, filed.id, kind, inside.actor, now, words)
                staff.note_access(session, inside.member, kind, "application", filed.id, now)
            return "claims" if changed else "nothing"

        return await self._acted(request, inside, act)

    async def record_assent(self, request: Request, inside: Inside) -> Response:
        """Keep how the person showed staff whether they want to go (access.md F4)."""
        form = inside.form
        answer, shown = form.one("answer"), form.one("shown").strip()[:MOST_WORDS]

        def act(session: Session) -> str:
            mine = filed_at(session, request, inside)
            filed = deciding.hold(session, mine.id, number_in(form.one("seen")))
            if answer not in AssentAnswer.__members__.values() or not shown:
                return "not_shown"
            assents.record_assent(
                session,
                filed,
                AssentAnswer(answer),
                wording=ASKED_HIMSELF,
                channel=Channel.PHONE,
                actor=inside.actor,
                now=inside.now,
                note=shown,
                shown=shown,
            )
            return "assent"

        return await self._acted(request, inside, act)

    async def _acted(self, request: Request, inside: Inside, act: Callable[[Session], str]) -> Response:
        typed = inside.form.one("words")
        try:
            done = await self._runner.desk.do(act)
        except Meanwhile as meanwhile:
            return await self._page.page(request, inside, meanwhile=meanwhile.events, typed=typed)
        except NoSeat:
            done = "no_seat"
        except NotPossible:
            done = "not_possible"
        if done in REFUSED:
            return await self._page.page(request, inside, told_=done, refused=True, typed=typed)
        self._runner.nudge()
        return told(f"/applications/{request.path_params['number']}", done)
