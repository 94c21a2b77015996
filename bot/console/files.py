"""A file somebody sent, as the console sends it on: looked at or listened to, never a page of ours."""

from starlette.responses import Response

from bot.channels.web.door import PERSONAL
from storage.tables import StoredFile


def file_answer(file: StoredFile) -> Response:
    """Give a picture or a voice message to look at or listen to, and everything else to keep."""
    kind = file.mime if file.mime.startswith(("image/", "audio/")) else "application/octet-stream"
    shown = "inline" if kind == file.mime else "attachment"
    headers = {**PERSONAL, "Content-Disposition": shown, "Content-Security-Policy": "sandbox"}
    return Response(file.body, media_type=kind, headers=headers)
