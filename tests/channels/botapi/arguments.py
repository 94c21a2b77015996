"""What came with a call, read out of JSON, a form or several parts."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import BodyPartReader, MultipartReader, web

from tests.channels.botapi.chats import Json
from tests.channels.botapi.refusing import bad


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came along."""

    name: str
    type: str
    content: bytes


@dataclass(slots=True)
class Arguments:
    """Parameters of a call; forms bring every value as words, so each is read as what it is wanted as."""

    values: Json = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """The names given, less the files other parameters point at."""
        attached = {
            str(value).removeprefix("attach://")
            for value in self.values.values()
            if str(value).startswith("attach://")
        }
        return {*self.values, *self.files} - attached

    def text(self, name: str) -> str:
        """Give words, "" when there are none."""
        value = self.values.get(name, "")
        if isinstance(value, str):
            return value
        return orjson.dumps(value).decode()

    def number(self, name: str) -> int | None:
        """Give a whole number, None when it is not given or none."""
        value = self.values.get(name)
        if isinstance(value, bool) or value is None:
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            return None

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "yes", "1"}

    def structure(self, name: str) -> Any:
        """Give a list or an object, None when it is not given; both as JSON and as JSON inside words.

        Raises:
            Refused: the words are no JSON.

        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from error

    def upload(self, name: str) -> Upload | str:
        """Give the file under this name, or the words that stand for one ("" for none)."""
        given = self.text(name)
        key = given.removeprefix("attach://") if given.startswith("attach://") else name
        return self.files.get(key, "" if given.startswith("attach://") else given)

    def as_json(self) -> Json:
        """Give them for the record, structures unpacked."""
        shown: Json = {name: f"({len(file.content)} bytes)" for name, file in self.files.items()}
        for name, value in self.values.items():
            shown[name] = _unpacked(value)
        return shown


def _unpacked(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


async def read_call(request: web.Request) -> Arguments:
    """Read query and body of a call.

    Raises:
        Refused: the body is no JSON object.

    """
    found = Arguments(dict(request.query))
    if request.content_type == "application/json":
        body = await request.read()
        if body:
            found.values |= read_object(body)
    elif request.content_type == "multipart/form-data":
        await read_parts(await request.multipart(), found)
    elif request.content_type == "application/x-www-form-urlencoded":
        found.values |= {name: str(value) for name, value in (await request.post()).items()}
    return found


def read_object(body: bytes) -> Json:
    """Read a JSON object; what is null is not given."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad("can't parse JSON object") from error
    if not isinstance(given, dict):
        raise bad("can't parse JSON object: object expected")
    return {name: value for name, value in given.items() if value is not None}


async def read_parts(reader: MultipartReader, found: Arguments) -> None:
    """Read a body of several parts."""
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        if part.filename is None:
            found.values[part.name] = await part.text()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            found.files[part.name] = Upload(part.filename, kind, bytes(await part.read()))
