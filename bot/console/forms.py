"""Forms from sheets: brought, looked at as a phone shows them, put to use, and their answers taken."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import PERSONAL, personal
from bot.console.courses import number_in
from bot.console.form_cards import cards
from bot.console.inside import Inside, Page, told
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.forms.exporting import STYLES, XLSX, ZIP, export
from bot.forms.pictures import MOST_EACH, keys_of, unpack
from bot.forms.sealed_answers import sealed_in
from bot.forms.serving import serve_forms
from bot.forms.surveys import MOST_BYTES
from bot.runner import Runner
from dialogs.flows.apply import flow as apply_flow
from dialogs.sheet_names import EXTENDS
from dialogs.xform import read_form
from dialogs.xform.extending import own_questions
from storage import forms
from storage.catalogue.report import FileRefused
from storage.staff import staff
from storage.tables import FormState, SheetForm

STATES = {FormState.SHOWN: "没有用", FormState.LIVE: "在用", FormState.OVER: "不用了"}


class Forms:
    """The list of forms, and the page of one version."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show every version, and where to bring another."""
        return await self._list(inside, told=request.query_params.get("told", ""))

    async def bring(self, _: Request, inside: Inside) -> Response:
        """Read a sheet; show it, or everything that is wrong with it."""
        from bot.forms.surveys import read_survey
        from bot.forms.taking import keep_form

        body = inside.form.body
        if inside.form.file is None or not body:
            return await self._list(inside, warning="没有选文件。选一个 .xlsx 或者 .zip 文件。")
        try:
            # Beside the loop: a long sheet takes half a second, and people are talking.
            found = await asyncio.to_thread(read_survey, body)
        except FileRefused as refused:
            return await self._list(inside, warning=str(refused))
        taken = await self._runner.desk.do(
            lambda session: keep_form(session, found, body, inside.now, inside.actor, live=False)
        )
        if taken.form is None:
            return await self._list(inside, warning=taken.told, problems=taken.problems)
        return told(f"/forms/{taken.form.id}")

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one version: every question on a phone, and what should be looked at."""
        row = await self._row(request)
        form, _ = await asyncio.to_thread(read_form, row.xform)
        pictures = await asyncio.to_thread(keys_of, row, form)
        values = {
            "inside": inside,
            "row": row,
            "state": STATES[row.state],
            "cards": cards(form, self._runner.book, inside.now, pictures),
            "given": [node.name for node in form.given],
            "added": own_questions(apply_flow, form) if form.name in EXTENDS else None,
            "styles": STYLES,
            "seals": bool(sealed_in(form)),
        }
        return personal(self._pages.render("form.html", values, request.query_params.get("told", "")))

    async def use(self, request: Request, inside: Inside) -> Response:
        """Ask this version from now on."""
        row = await self._row(request)

        def act(session: Session) -> bool:
            done = forms.go_live(session, session.get_one(SheetForm, row.id), inside.now)
            staff.note_access(session, inside.member, "form_live", "form", row.id, inside.now, row.name)
            return done

        done = await self._runner.desk.do(act)
        await self._serve()
        return told(f"/forms/{row.id}", "form_live" if done else "nothing")

    async def stop(self, request: Request, inside: Inside) -> Response:
        """Ask it no more."""
        row = await self._row(request)

        def act(session: Session) -> None:
            forms.stop(session, session.get_one(SheetForm, row.id))
            staff.note_access(session, inside.member, "form_over", "form", row.id, inside.now, row.name)

        await self._runner.desk.do(act)
        await self._serve()
        return told(f"/forms/{row.id}", "form_over")

    async def sheet(self, request: Request, _: Inside) -> Response:
        """Give the file back as it was brought."""
        row = await self._row(request)
        is_alone = unpack(row.sheet).workbook == row.sheet
        suffix, mime = (".xlsx", XLSX) if is_alone else (".zip", ZIP)
        return _file(row.sheet, f"{row.name}_{row.version}{suffix}", mime)

    async def answers(self, request: Request, inside: Inside) -> Response:
        """Give all answers to a form in one of the ways other tools read; who took them is kept."""
        row = await self._row(request)
        whole = bool(inside.form.one("whole")) and inside.may(Act.SECRET)
        style = STYLES.get(inside.form.one("whole" if whole else "style"), STYLES["kobo"])

        def note(session: Session) -> None:
            detail = f"{row.name} {style.name}{' whole' if whole else ''}"
            staff.note_access(session, inside.member, "export", "form", row.id, inside.now, detail)

        await self._runner.desk.do(note)
        body = await self._runner.desk.look(lambda session: export(session, row, style, whole=whole))
        return _file(body, style.file(row.name), style.mime)

    async def _list(
        self, inside: Inside, *, warning: str = "", problems: Sequence[Any] = (), told: str = ""
    ) -> Response:
        values = {
            "inside": inside,
            "rows": await self._runner.desk.look(forms.all_forms),
            "states_of": STATES,
            "warning": warning,
            "problems": problems,
            "most": MOST_BYTES // 2**20,
            "most_picture": MOST_EACH // 1024,
        }
        return personal(self._pages.render("forms.html", values, told))

    async def _serve(self) -> None:
        """Ask what is live now, from now on; other machines look every few seconds."""
        await self._runner.desk.look(partial(serve_forms, book=self._runner.book))

    async def _row(self, request: Request) -> SheetForm:
        number = number_in(str(request.path_params["form"]))
        row = await self._runner.desk.look(lambda session: session.get(SheetForm, number))
        if row is None:
            raise HTTPException(404)
        return row


def _file(body: bytes, name: str, mime: str) -> Response:
    headers = {**PERSONAL, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=mime, headers=headers)


def form_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """Give the pages of forms."""
    made = Forms(runner, pages)
    return (
        Page("/forms", Act.FORMS, made.show_all),
        Page("/forms", Act.FORMS, made.bring, "POST", file=True),
        Page("/forms/{form}", Act.FORMS, made.show),
        Page("/forms/{form}/use", Act.FORMS, made.use, "POST"),
        Page("/forms/{form}/stop", Act.FORMS, made.stop, "POST"),
        Page("/forms/{form}/sheet", Act.FORMS, made.sheet),
        Page("/forms/{form}/answers", Act.FORMS, made.answers, "POST"),
    )
