"""Methods that change what is there: edits, deletions, answers to presses."""

import time

from tests.channels.botapi.arguments import Arguments
from tests.channels.botapi.chats import Chat, Json, Message
from tests.channels.botapi.exchange import Exchange
from tests.channels.botapi.keyboards import read_markup
from tests.channels.botapi.refusing import NOT_MODIFIED, TOO_LATE, TOO_OLD, bad
from tests.channels.botapi.sending import check_text, read_words

TWO_DAYS = 48 * 3600


def _editable(exchange: Exchange, arguments: Arguments) -> Message:
    chat = exchange.chat(arguments)
    number = arguments.number("message_id")
    if number is None:
        raise bad("message identifier is not specified")
    message = chat.message(number)
    if message is None:
        raise bad("message to edit not found")
    if not message.mine:
        raise bad("message can't be edited")
    return message


def edit_text(exchange: Exchange, arguments: Arguments) -> Json:
    text, entities = read_words(arguments, "text", "entities")
    check_text(text)
    rows = read_markup(arguments.structure("reply_markup")).inline
    message = _editable(exchange, arguments)
    if message.kind != "text":
        raise bad("there is no text in the message to edit")
    if (text, entities, rows) == (message.text, message.entities, message.keyboard):
        raise NOT_MODIFIED
    message.text, message.entities, message.source = text, entities, arguments.text("text")
    message.edited = exchange.now()
    message.keyboards.append(rows)
    exchange.changed.notify_all()
    return message.as_json()


def edit_markup(exchange: Exchange, arguments: Arguments) -> Json:
    rows = read_markup(arguments.structure("reply_markup")).inline
    message = _editable(exchange, arguments)
    if rows == message.keyboard:
        raise NOT_MODIFIED
    message.keyboards.append(rows)
    exchange.changed.notify_all()
    return message.as_json()


def _delete(exchange: Exchange, chat: Chat, number: int | None) -> None:
    if number is None:
        raise bad("message identifier is not specified")
    message = chat.message(number)
    if message is None:
        raise bad("message to delete not found")
    if chat.type != "private" and not message.mine:
        raise bad("message can't be deleted")
    if exchange.now() - message.date > TWO_DAYS:
        raise bad("message can't be deleted for everyone")
    message.deleted = True
    exchange.changed.notify_all()


def delete(exchange: Exchange, arguments: Arguments) -> bool:
    _delete(exchange, exchange.chat(arguments), arguments.number("message_id"))
    return True


def delete_many(exchange: Exchange, arguments: Arguments) -> bool:
    """Delete those that can be; Telegram passes over the others in silence."""
    chat = exchange.chat(arguments)
    numbers = arguments.structure("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise bad("message identifiers are not specified")
    for number in numbers:
        if chat.message(int(number)) is not None:
            _delete(exchange, chat, int(number))
    return True


def answer_query(exchange: Exchange, arguments: Arguments) -> bool:
    query = exchange.queries.get(arguments.text("callback_query_id"))
    if query is None:
        raise TOO_OLD
    query.answers += 1
    if query.expired:
        raise TOO_LATE
    if query.answered_at is not None:
        raise TOO_OLD
    text = arguments.text("text")
    if len(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query.answered_at = time.monotonic()
    query.toast, query.alert = text, arguments.flag("show_alert")
    exchange.changed.notify_all()
    return True
