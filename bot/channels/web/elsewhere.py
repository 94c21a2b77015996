"""One-time links: opening one shows what it does, pressing its button does it, once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.applications import asked_elsewhere, invited
from bot.applications.asked_elsewhere import Place
from bot.channels.web import visitors
from bot.channels.web.door import PERSONAL, Door, Refused, address_of, personal, see
from bot.channels.web.link_words import (
    ANEW,
    BOTH,
    COPY,
    HERE,
    INVITED,
    NOT_WANTED,
    SENT_ANEW,
    Words,
    words_for,
)
from bot.channels.web.saving import as_json, as_text
from bot.linking import CHOOSE, GOES_ON, SHOWS_LINK, bring_here, left_for_link
from bot.notices import links as notice_links
from dialogs.talk import About, Back, Begin
from storage import gotokens, joining, people
from storage.applications.listed import PURPOSE as ON_A_LIST
from storage.keeping.copying import copy_person
from storage.tables import Contact, GoToken, Person

SECRET = re.compile(r"^[A-Za-z0-9_-]{16,100}$")
EXPORT = "export"

NEWS = "/#news"
"""Where a notice stands: who opens its link reads it first, and not the question that waits above."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was used up: the data it gives, the visitor it makes and what to begin, or what is said instead.

    Args:
        whither: the place of our page it leads to.

    """

    visitor: str = ""
    whither: str = "/"
    begin: Begin | None = None
    copy: Mapping[str, Any] | None = None
    said: tuple[str, tuple[str, ...]] | None = None


class Elsewhere:
    """The pages of one-time links."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def show(self, request: Request) -> Response:
        """Say what the link does; looking does not use it up."""
        self._door.gate.pass_link(request)
        secret = _secret(request)
        known = visitors.visitor_of(request)
        words = await self._door.runner.desk.look(lambda session: self._words(session, secret, known))
        if words is None:
            raise Refused(404, "used_link")
        return personal(
            self._door.pages.render(
                "link.html", {"link": words}, reading=words.reading, size=visitors.size_of(request)
            )
        )

    async def use(self, request: Request) -> Response:
        """Use the link up: go on here, or save the copy it is for."""
        self._door.gate.pass_link(request)
        self._door.check_origin(request)
        posted = await self._door.receiver.read(request)
        secret = _secret(request)
        known = visitors.visitor_of(request)
        opened = await self._door.runner.desk.do(
            lambda session: self._open(session, secret, known, posted.one("as"))
        )
        if opened is None:
            raise Refused(404, "used_link")
        if opened.said is not None:
            self._door.runner.nudge()
            heading, lines = opened.said
            values = {"heading": heading, "lines": lines, "ways": (("/catalogue", "所有的课"),), "seconds": 0}
            return personal(self._door.pages.render("message.html", values))
        if opened.copy is not None:
            return _download(opened.copy, posted.one("as"))
        if opened.begin is not None:
            await self._door.runner.hear(address_of(opened.visitor), opened.begin)
        else:
            await self._leave_link(opened.visitor)
        response = see(opened.whither)
        if opened.visitor != known:
            visitors.remember(response, opened.visitor, secure=self._door.secure)
        return response

    async def _leave_link(self, visitor: str) -> None:
        """Go on where the other device was, not at the link that was just used."""
        screen = (await self._door.runner.look(address_of(visitor))).screen
        if screen.flow in SHOWS_LINK:
            await self._door.runner.hear(address_of(visitor), Back(screen.prompt))

    def _words(self, session: Session, secret: str, known: str | None) -> Words | None:
        now = self._door.runner.clock.now()
        token = _usable(session, secret, now)
        if token is None:
            return None
        if notice_links.is_over(token, now):
            return ANEW
        if token.purpose == EXPORT:
            return COPY
        if token.purpose in asked_elsewhere.PURPOSES:
            link = asked_elsewhere.look_at(session, token, _place(known), now)
            return None if link is None else words_for(link, token.purpose)
        if token.purpose == ON_A_LIST:
            who = invited.look_at(session, token, self._door.runner.shelf)
            return None if who is None else replace(INVITED, values={"name": who.name, "title": who.title})
        contact = people.find_contact(session, "web", known) if known else None
        if contact is None or contact.id == token.contact_id or self._two(session, token, contact):
            return HERE
        return BOTH

    def _open(self, session: Session, secret: str, known: str | None, chosen: str) -> Opened | None:
        now = self._door.runner.clock.now()
        token = _usable(session, secret, now)
        if token is not None and notice_links.is_over(token, now):
            notice_links.send_anew(session, token, now)
            return Opened(said=SENT_ANEW)
        if token is not None and token.purpose in asked_elsewhere.PURPOSES:
            asked = asked_elsewhere.open_link(session, token, secret, _place(known), chosen, now)
            return None if asked is None else Opened(asked.key, begin=asked.begin)
        if token is not None and token.purpose == ON_A_LIST:
            visitor = visitors.new_visitor()
            begin = invited.open_link(session, token, secret, visitor, chosen, now)
            is_no = begin is None and chosen == invited.NO
            return Opened(said=NOT_WANTED) if is_no else Opened(visitor, begin=begin) if begin else None
        token = gotokens.use_token(session, secret, now)
        if token is None:
            return None
        if token.purpose == EXPORT:
            copied = self._copy(session, token)
            return None if copied is None else Opened(copy=copied)
        begin = _begin(token.payload)
        whither = NEWS if token.purpose == notice_links.NOTICE else "/"
        contact = people.find_contact(session, "web", known) if known else None
        if known and contact is not None and contact.id == token.contact_id:
            return Opened(known, whither, begin)
        if known and contact is not None and chosen == "both" and not self._two(session, token, contact):
            drafts = bring_here(session, self._door.runner.book, token.contact_id, "web", known, now)
            if drafts and token.purpose == GOES_ON:
                return Opened(known, whither, CHOOSE)
            return Opened(known, whither, begin or self._left(session, token, now))
        # A secret of its own, so that what this device said before stays where it was.
        visitor = visitors.new_visitor()
        people.add_account(session, token.contact_id, "web", visitor, now)
        return Opened(visitor, whither, begin or self._left(session, token, now))

    def _left(self, session: Session, token: GoToken, now: datetime) -> Begin | None:
        """What was left on the way to a link to go on with."""
        if token.purpose != GOES_ON:
            return None
        return left_for_link(session, self._door.runner.book, token.contact_id, now)

    def _two(self, session: Session, token: GoToken, there: Contact) -> bool:
        """Whether who made the link and who is known here are two humans, one helping the other."""
        return joining.are_two(session, session.get_one(Contact, token.contact_id), there)

    def _copy(self, session: Session, token: GoToken) -> Mapping[str, Any] | None:
        """The person's data, where the contact may still have it."""
        now = self._door.runner.clock.now()
        number = token.payload.get("person")
        person = session.get(Person, number) if isinstance(number, int) else None
        if person is None or person.erased_at is not None:
            return None
        relation = people.relation_of(session, token.contact_id, person.id, now)
        if relation is None or not people.may(session, relation, "copy", now):
            return None
        return copy_person(session, person, relation, now)


def _usable(session: Session, secret: str, now: datetime) -> GoToken | None:
    """Give what a link opens, or None; of a link to a notice also one that is over: its page sends a new one."""
    token = gotokens.made_token(session, secret)
    if token is not None and notice_links.is_over(token, now):
        return token
    return gotokens.find_token(session, secret, now)


def _secret(request: Request) -> str:
    secret: str = request.path_params["token"]
    if not SECRET.match(secret):
        raise Refused(404, "used_link")
    return secret


def _place(known: str | None) -> Place:
    return Place("web", known or "", visitors.new_visitor())


def _begin(payload: Mapping[str, object]) -> Begin | None:
    """What to open after the link: `{"flow": "apply", "about": {"intake": 12}}`, or nothing."""
    flow, about = payload.get("flow"), payload.get("about", {})
    if not isinstance(flow, str) or not isinstance(about, dict):
        return None
    parts: About = tuple((str(name), value) for name, value in about.items() if isinstance(value, int | str))
    return Begin(flow, parts)


def _download(copy: Mapping[str, Any], kind: str) -> Response:
    if kind == "json":
        body, media, ending = as_json(copy), "application/json", "json"
    else:
        body, media, ending = as_text(copy), "text/plain; charset=utf-8", "txt"
    headers = {**PERSONAL, "Content-Disposition": f'attachment; filename="my-data.{ending}"'}
    return Response(body, media_type=media, headers=headers)
