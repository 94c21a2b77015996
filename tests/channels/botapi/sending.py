"""Methods that put something new into a chat."""

from collections.abc import Mapping
from typing import Any

from tests.channels.botapi.arguments import Arguments, Upload
from tests.channels.botapi.chats import Chat, Json, Message
from tests.channels.botapi.exchange import BOT, Exchange, File
from tests.channels.botapi.keyboards import read_markup
from tests.channels.botapi.markup import Entity, parse_html, trim, units
from tests.channels.botapi.refusing import bad

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
PHOTO_BYTES = 10 * 1024 * 1024
FILE_BYTES = 50 * 1024 * 1024


def read_words(arguments: Arguments, words: str, marks: str) -> tuple[str, tuple[Entity, ...]]:
    """Read a text or caption with its marks.

    Raises:
        Refused: marks that can't be read.

    """
    text = arguments.text(words)
    mode = arguments.text("parse_mode").lower()
    if mode == "html":
        return trim(*parse_html(text))
    if mode:  # the service writes HTML only, so the other two languages are not spoken here
        raise bad("unsupported parse_mode")
    given = arguments.structure(marks) or []
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise bad("can't parse entities: expected an Array of MessageEntity")
    entities = tuple(
        Entity(str(each.get("type")), int(each["offset"]), int(each["length"]), str(each.get("url", "")))
        for each in given
    )
    for entity in entities:
        _check_entity(entity, units(text))
    return trim(text, entities)


def _check_entity(entity: Entity, whole: int) -> None:
    end = entity.offset + entity.length
    if entity.offset < 0:
        raise bad(f"receive an entity with incorrect offset {entity.offset}")
    if entity.offset > whole:
        raise bad(f"entity begins after the end of the text at UTF-16 offset {entity.offset}")
    if end > whole:
        raise bad(
            f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text "
            f"at UTF-16 offset {end}"
        )


def check_text(text: str) -> None:
    if not text:
        raise bad("message text is empty")
    if units(text) > 4096:
        raise bad("message is too long")


def send_message(exchange: Exchange, arguments: Arguments) -> Json:
    text, entities = read_words(arguments, "text", "entities")
    check_text(text)
    return _send(exchange, arguments, "text", text, entities, {})


def send_photo(exchange: Exchange, arguments: Arguments) -> Json:
    def size(file: File) -> list[Json]:
        return [_described(file, width=640, height=480)]

    return _send_file(exchange, arguments, "photo", ".jpg", PHOTO_BYTES, size)


def send_voice(exchange: Exchange, arguments: Arguments) -> Json:
    def voice(file: File) -> Json:
        return _described(file, duration=arguments.number("duration") or 1, mime_type="audio/ogg")

    return _send_file(exchange, arguments, "voice", ".oga", FILE_BYTES, voice)


def send_document(exchange: Exchange, arguments: Arguments) -> Json:
    given = arguments.upload("document")

    def document(file: File) -> Json:
        if isinstance(given, str):
            return _described(file)
        return _described(file, file_name=given.name, mime_type=given.type)

    return _send_file(exchange, arguments, "document", "", FILE_BYTES, document)


def send_chat_action(exchange: Exchange, arguments: Arguments) -> bool:
    if arguments.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    exchange.chat(arguments)
    return True


def _described(file: File, **more: Any) -> Json:
    return {"file_id": file.id, "file_unique_id": f"U{file.id}", "file_size": file.size, **more}


def _send_file(
    exchange: Exchange, arguments: Arguments, kind: str, ending: str, most: int, describe: Any
) -> Json:
    caption, entities = read_words(arguments, "caption", "caption_entities")
    if units(caption) > 1024:
        raise bad("message caption is too long")
    given = arguments.upload(kind)
    if not given:
        raise bad(f"there is no {kind} in the request")
    if isinstance(given, Upload):
        if not given.content:
            raise bad("file must be non-empty")
        if len(given.content) > most:
            raise bad(f"file of size {len(given.content)} bytes is too big for a {kind}")
    elif given not in exchange.files:
        raise bad("wrong file identifier/HTTP URL specified")

    def extra() -> Mapping[str, Any]:
        file = (
            exchange.keep(given.content, f"{kind}s", ending)
            if isinstance(given, Upload)
            else exchange.files[given]
        )
        return {kind: describe(file)}

    return _send(exchange, arguments, kind, caption, entities, extra)


def _send(
    exchange: Exchange,
    arguments: Arguments,
    kind: str,
    text: str,
    entities: tuple[Entity, ...],
    extra: Any,
) -> Json:
    markup = read_markup(arguments.structure("reply_markup"))
    chat = exchange.chat(arguments)
    _check_extras(arguments)
    body: Json = {}
    if reply := _replied(arguments, chat):
        body["reply_to_message"] = {
            name: value for name, value in reply.as_json().items() if name != "reply_to_message"
        }
    exchange.admit(chat)
    body |= extra() if callable(extra) else extra
    message = exchange.post(
        chat,
        kind,
        text,
        BOT,
        entities=entities,
        extra=body,
        source=arguments.text("text" if kind == "text" else "caption"),
        markup=markup,
    )
    return message.as_json()


def _check_extras(arguments: Arguments) -> None:
    """Refuse what this bot has no right to, or what does not exist here."""
    if arguments.text("business_connection_id"):
        raise bad("business connection not found")
    if arguments.text("message_thread_id"):
        raise bad("message thread not found")
    if arguments.text("message_effect_id"):
        raise bad("EFFECT_ID_INVALID")
    if arguments.flag("allow_paid_broadcast"):
        raise bad("FLOODSKIP_NOT_ALLOWED")


def _replied(arguments: Arguments, chat: Chat) -> Message | None:
    given = arguments.structure("reply_parameters") or {}
    number = given.get("message_id") if isinstance(given, dict) else None
    number = number or arguments.number("reply_to_message_id")
    if not number:
        return None
    found = chat.message(int(number))
    missing_is_fine = arguments.flag("allow_sending_without_reply") or given.get(
        "allow_sending_without_reply"
    )
    if found is None and not missing_is_fine:
        raise bad("message to be replied not found")
    return found
