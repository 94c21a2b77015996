"""A file somebody sent, as the console sends it on: looked at or listened to, never a page of ours."""

from sqlmodel import Session
from starlette.responses import Response

from bot.channels.web.door import sent_on
from bot.console.inside import Inside, NotYours
from storage.files import files_in
from storage.staff import staff
from storage.tables import StoredFile


def open_file(session: Session, inside: Inside, number: int, said: object) -> StoredFile:
    """Give a file that these answers refer to, and keep who opened it. Raises NotYours for any other."""
    file = session.get(StoredFile, number)
    if file is None or file.key not in files_in(said):
        raise NotYours("file")
    staff.note_access(session, inside.member, "file_opened", "stored_file", file.id, inside.now)
    return file


def file_answer(file: StoredFile) -> Response:
    """Give a picture or a voice message to look at or listen to, and everything else to keep."""
    return sent_on(file.mime, file.body, is_shown=file.mime.startswith(("image/", "audio/")))
