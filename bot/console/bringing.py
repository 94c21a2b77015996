"""Works on the tables staff brought, beside the pages: reads them, judges them, writes what was confirmed.

One table at a time in a thread of its own, so that pages stay quick. A worker that ends half-way lets its lease
lapse; whoever opens the table's page after that lets another one begin again.
"""

import threading
from dataclasses import dataclass
from functools import partial
from time import monotonic
from uuid import uuid4

from sqlmodel import Session

from bot.commands.wording import warnings
from bot.console.permissions import may_bring, reach_of
from bot.logs import Log
from bot.runner import Runner
from storage.catalogue.judging import Judgement, Sheet, Watch, read_file
from storage.catalogue.report import FileRefused
from storage.desk import DeskClosed
from storage.staff import uploads
from storage.staff.staff import note_access
from storage.staff.upload_tables import Upload
from storage.staff.uploader import Uploader
from storage.tables import Staff, UploadState

TELL_EVERY = 2.0
"""Seconds between two notes of how far a worker is."""

STEPS = ("在打开表", "在一行一行看", "在写")
"""What is being done, in the order it is."""

BROKEN = "我们这里出了问题，没有读完。等一会儿，再传一次。"
NOT_YOURS = "这种表现在不归您传了。"

log = Log("uploads")


@dataclass(slots=True)
class Progress:
    """How far a worker of this process is."""

    step: int = 0
    done: int = 0
    total: int = 0

    @property
    def share(self) -> int:
        """Hundredths of the way: the rows are gone through twice, once for what they say, once for what it does."""
        part = self.done / self.total if self.total else 0.0
        return min(99, round(50 * (min(self.step, 1) + part)))

    @property
    def words(self) -> str:
        rows = f"：第 {self.done} 行，一共 {self.total} 行" if self.total else ""
        return f"{STEPS[self.step]}{rows}"


class Bringing:
    """The workers of this process.

    Args:
        runner: whose desk, shelf and clock they use.

    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._worker = uuid4().hex
        self._turn = threading.Lock()
        self._under_way: dict[int, Progress] = {}

    def begin(self, number: int) -> None:
        """Work on an upload, unless this process does already."""
        if number not in self._under_way:
            self._under_way[number] = Progress()
            # A daemon: the process need not wait for it, for another one goes on where it ended.
            threading.Thread(target=self._work, args=(number,), name=f"upload-{number}", daemon=True).start()

    def progress(self, number: int) -> Progress | None:
        """Say how far an upload is; None when this process is not at it."""
        return self._under_way.get(number)

    def _work(self, number: int) -> None:
        try:
            with self._turn:
                self._work_alone(number, self._under_way[number])
        except DeskClosed:
            log.info("upload_left", number=number)
        except Exception as problem:  # noqa: BLE001 - whatever it is, nobody may wait for ever
            log.warning("upload_failed", number=number, problem=type(problem).__name__)
            self._refuse(number, BROKEN)
        finally:
            self._under_way.pop(number, None)

    def _work_alone(self, number: int, progress: Progress) -> None:
        desk, now = self._runner.desk, self._runner.clock.now()
        if not desk.do_now(lambda session: uploads.claim(session, number, self._worker, now)):
            return
        upload, body = desk.read(lambda session: _open(session, number))
        watch = _Watch(self._runner, self._worker, number, progress)
        try:
            sheet = read_file(body, upload.name, uploads.KINDS[upload.kind], watch.at(0))
        except FileRefused as refused:
            self._refuse(number, str(refused))
            return
        if upload.state is UploadState.READING:
            self._look(upload, sheet, watch)
        else:
            progress.step, progress.done, progress.total = 2, 0, 0
            self._write(upload, sheet)

    def _look(self, upload: Upload, sheet: Sheet, watch: "_Watch") -> None:
        def look(session: Session) -> Judgement | None:
            uploader = self._uploader(session, upload)
            if uploader is None:
                return None
            return uploads.look_at(session, sheet, uploader, check_text=warnings, watch=watch.at(1))

        judged = self._runner.desk.read(look)
        if judged is None:
            self._refuse(upload.id, NOT_YOURS)
        else:
            self._runner.desk.do_now(partial(uploads.show, number=upload.id, sheet=sheet, judged=judged))

    def _write(self, upload: Upload, sheet: Sheet) -> None:
        def write(session: Session) -> None:
            uploader = self._uploader(session, upload)
            if uploader is None:
                uploads.refuse(session, upload.id, NOT_YOURS)
                return
            written = uploads.write(session, upload.id, sheet, uploader, check_text=warnings)
            if written is not None and not written.again:
                counts = " ".join(f"{name}={count}" for name, count in sorted(upload.counts.items()))
                version = f"version={written.version} " if written.version else ""
                detail = f"{upload.kind} {version}{counts} sha256={sheet.sha256}"
                note_access(session, uploader.member, "imported", "upload", upload.id, uploader.now, detail)

        self._runner.desk.do_now(write)
        self._runner.nudge()

    def _uploader(self, session: Session, upload: Upload) -> Uploader | None:
        """Who brought it, as they are now; None when they may not any more."""
        member = session.get(Staff, upload.staff_id)
        if member is None or member.revoked_at is not None or not may_bring(member, upload.kind):
            return None
        reach = reach_of(member, self._runner.shelf.current)
        return Uploader(member, reach.intakes, self._runner.clock.now())

    def _refuse(self, number: int, words: str) -> None:
        try:
            self._runner.desk.do_now(lambda session: uploads.refuse(session, number, words))
        except Exception as problem:  # noqa: BLE001 - its lease lapses, and somebody begins again
            log.warning("upload_left", number=number, problem=type(problem).__name__)


class _Watch:
    """Notes how far a worker is: for this process at every row, for others every two seconds."""

    def __init__(self, runner: Runner, worker: str, number: int, progress: Progress) -> None:
        self._runner = runner
        self._worker = worker
        self._number = number
        self._progress = progress
        self._told = monotonic()

    def at(self, step: int) -> Watch:
        """Give what is told of each row of a step."""

        def watch(done: int, total: int) -> None:
            self._progress.step, self._progress.done, self._progress.total = step, done, total
            if monotonic() - self._told > TELL_EVERY:
                self._told = monotonic()
                now = self._runner.clock.now()
                self._runner.desk.do_now(
                    lambda session: uploads.go_on(session, self._number, self._worker, done, total, now)
                )

        return watch


def _open(session: Session, number: int) -> tuple[Upload, bytes]:
    upload = uploads.find(session, number)
    assert upload is not None, "claimed just now"
    return upload, uploads.body_of(session, number)
