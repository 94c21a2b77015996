"""Tables brought in the browser: chosen, read with a progress bar, shown row by row, and only then written."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import PurePath

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.door import PERSONAL, personal
from bot.console.bringing import Bringing, Progress
from bot.console.courses import number_in
from bot.console.exports import exports_for
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.console.paging import turning
from bot.console.permissions import BRINGS, may_bring
from bot.runner import Runner
from storage.catalogue.sheets import FILE_BYTES
from storage.staff import uploads
from storage.staff.upload_tables import Upload
from storage.staff.uploads import A_PAGE, KINDS, WORKED_ON
from storage.tables import UploadState

NAMES: Mapping[str, str] = {
    "projects": "目录",
    "sessions": "课次",
    "fairs": "招聘会",
    "positions": "岗位",
    "staff": "工作人员",
    "results": "结业结果",
}
"""Kind of table -> how it is called."""

OUTCOMES: Mapping[str, str] = {"bad": "不对", "changed": "改的", "added": "新的", "unchanged": "没变"}
"""What becomes of a row -> how it is called; bad ones first."""

STATES: Mapping[UploadState, str] = {
    UploadState.READING: "在看",
    UploadState.SHOWN: "等您确认",
    UploadState.WRITING: "在写",
    UploadState.DONE: "写好了",
    UploadState.REFUSED: "没有读",
    UploadState.DROPPED: "没有写",
}

MOST_LISTED = 20


class Imports:
    """The page of all tables, and the page of one.

    Args:
        runner: the service.
        pages: draws them.
        bringing: works on what was brought.

    """

    def __init__(self, runner: Runner, pages: ConsolePages, bringing: Bringing) -> None:
        self._runner = runner
        self._pages = pages
        self._bringing = bringing

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show the form, what one brought, and what one may take."""
        return await self._list(inside, request.query_params.get("told", ""))

    async def bring(self, _: Request, inside: Inside) -> Response:
        """Keep a table and begin to read it."""
        form = inside.form
        kind = form.one("kind")
        if kind in BRINGS and not may_bring(inside.member, kind):
            raise NotYours("import")
        if kind not in KINDS:
            return await self._list(inside, warning="没有选是哪一种表。选一种，再传一次。")
        if form.file is None:
            return await self._list(inside, warning="没有选文件。选一个 .xlsx 或者 CSV 文件。", kind=kind)
        name, body, strict = form.file.name or "", form.body, form.one("strict") == "yes"
        number = await self._runner.desk.do(
            lambda session: uploads.bring(
                session, inside.member.id, kind, name, body, inside.now, strict=strict
            )
        )
        self._bringing.begin(number)
        return told(f"/imports/{number}")

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show how far one is; when it is read, every row, bad ones first."""
        upload = await self._mine(request, inside)
        self._go_on(upload, inside)
        asked = request.query_params
        kinds = [(name, words, upload.counts.get(name, 0)) for name, words in OUTCOMES.items()]
        first = next((name for name, _, count in kinds if count), "bad")
        kind = asked.get("list", "")
        kind = kind if kind in OUTCOMES else first
        pages = max(1, -(-upload.counts.get(kind, 0) // A_PAGE))
        page = min(max(1, number_in(asked.get("page", ""))), pages)
        rows = await self._runner.desk.look(lambda session: uploads.page_of(session, upload.id, kind, page))
        values = {
            "inside": inside,
            "it": upload,
            "what": NAMES[upload.kind],
            "stem": PurePath(upload.name).stem,
            "working": upload.state in WORKED_ON,
            "progress": self._progress(upload),
            "state": STATES[upload.state],
            "kinds": kinds,
            "kind": kind,
            "rows": rows,
            "page": page,
            "pages": pages,
            "turn": turning(page, {"list": kind}),
            "writable": uploads.writable(upload),
        }
        return personal(self._pages.render("import.html", values, asked.get("told", "")))

    async def progress(self, request: Request, inside: Inside) -> Response:
        """Say how far one is, for the page's own script."""
        upload = await self._mine(request, inside)
        self._go_on(upload, inside)
        found = self._progress(upload)
        known = {"working": upload.state in WORKED_ON, "share": found.share, "words": found.words}
        return JSONResponse(known, headers=PERSONAL)

    async def confirm(self, request: Request, inside: Inside) -> Response:
        """Let one be written as it was shown; pressed twice, it is written once."""
        upload = await self._mine(request, inside)
        if not may_bring(inside.member, upload.kind):
            raise NotYours("import")
        seen = inside.form.one("seen")
        if uploads.writable(upload) and await self._runner.desk.do(
            lambda session: uploads.confirm(session, upload.id, inside.member.id, seen)
        ):
            self._bringing.begin(upload.id)
        return told(f"/imports/{upload.id}")

    async def drop(self, request: Request, inside: Inside) -> Response:
        """Let one go unwritten, or say that its bad rows are known."""
        upload = await self._mine(request, inside)
        done = await self._runner.desk.do(lambda session: uploads.drop(session, upload.id, inside.member.id))
        return told("/imports", "settled" if done else "")

    async def _mine(self, request: Request, inside: Inside) -> Upload:
        """Give what an address names; another's does not exist."""
        number = number_in(request.path_params["upload"])
        found = await self._runner.desk.look(lambda session: uploads.find(session, number, inside.member.id))
        if found is None:
            raise NotYours("upload")
        return found

    def _go_on(self, upload: Upload, inside: Inside) -> None:
        """Begin again what a process left that was restarted."""
        if uploads.is_left(upload, inside.now):
            self._bringing.begin(upload.id)

    def _progress(self, upload: Upload) -> Progress:
        """How far one is: in this process at every row, of another as it last wrote down."""
        step = 2 if upload.state is UploadState.WRITING else 0
        return self._bringing.progress(upload.id) or Progress(step, upload.done, upload.total)

    async def _list(self, inside: Inside, told_: str = "", *, warning: str = "", kind: str = "") -> Response:
        def look(session: Session) -> list[Upload]:
            return [*uploads.recent(session, inside.member.id, MOST_LISTED)]

        values = {
            "inside": inside,
            "kinds": [(name, NAMES[name]) for name in KINDS if may_bring(inside.member, name)],
            "chosen": kind,
            "uploads": await self._runner.desk.look(look),
            "names": NAMES,
            "states_of": STATES,
            "exports": exports_for(inside),
            "most": FILE_BYTES // 1024 // 1024,
            "warning": warning,
        }
        html = self._pages.render("imports.html", values, told_)
        return personal(html, HTTPStatus.CONFLICT if warning else HTTPStatus.OK)
