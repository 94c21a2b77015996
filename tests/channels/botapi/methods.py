"""The methods: what each may be given, and who carries it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.channels.botapi import altering, profile, sending
from tests.channels.botapi.arguments import Arguments
from tests.channels.botapi.exchange import BOT, Exchange
from tests.channels.botapi.refusing import bad

Run = Callable[[Exchange, Arguments], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name as Telegram spells it, the parameters it knows, what it does."""

    name: str
    parameters: frozenset[str]
    run: Run


def _me(exchange: Exchange, arguments: Arguments) -> dict[str, Any]:
    del exchange, arguments
    return {
        **BOT,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


SENDING = (
    "chat_id business_connection_id message_thread_id direct_messages_topic_id disable_notification protect_content "
    "allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup "
    "reply_to_message_id allow_sending_without_reply "
)
CAPTION = "caption parse_mode caption_entities "
LINKS = "link_preview_options disable_web_page_preview "
TABLE: tuple[tuple[str, str, Run], ...] = (
    ("getMe", "", _me),
    ("sendMessage", SENDING + LINKS + "text parse_mode entities", sending.send_message),
    ("sendPhoto", SENDING + CAPTION + "photo show_caption_above_media has_spoiler", sending.send_photo),
    ("sendVoice", SENDING + CAPTION + "voice duration", sending.send_voice),
    (
        "sendDocument",
        SENDING + CAPTION + "document thumbnail disable_content_type_detection",
        sending.send_document,
    ),
    ("sendChatAction", "business_connection_id chat_id message_thread_id action", sending.send_chat_action),
    (
        "editMessageText",
        LINKS
        + "business_connection_id chat_id message_id inline_message_id text parse_mode entities reply_markup",
        altering.edit_text,
    ),
    (
        "editMessageReplyMarkup",
        "business_connection_id chat_id message_id inline_message_id reply_markup",
        altering.edit_markup,
    ),
    ("deleteMessage", "chat_id message_id", altering.delete),
    ("deleteMessages", "chat_id message_ids", altering.delete_many),
    (
        "answerCallbackQuery",
        "callback_query_id text show_alert url cache_time",
        altering.answer_query,
    ),
    ("getFile", "file_id", profile.get_file),
    ("getChat", "chat_id", profile.get_chat),
    ("leaveChat", "chat_id", profile.leave_chat),
    ("setMyCommands", "commands scope language_code", profile.set_commands),
    ("getMyCommands", "scope language_code", profile.get_commands),
    ("deleteMyCommands", "scope language_code", profile.delete_commands),
    ("setMyDescription", "description language_code", profile.setter("description", "description", 512)),
    ("getMyDescription", "language_code", profile.getter("description", "description")),
    (
        "setMyShortDescription",
        "short_description language_code",
        profile.setter("short description", "short_description", 120),
    ),
    (
        "getMyShortDescription",
        "language_code",
        profile.getter("short description", "short_description"),
    ),
    ("setMyName", "name language_code", profile.setter("name", "name", 64)),
    ("getMyName", "language_code", profile.getter("name", "name")),
    ("setChatMenuButton", "chat_id menu_button", profile.set_menu),
    ("getChatMenuButton", "chat_id", profile.get_menu),
)
# These need the network, so delivery carries them out.
DELIVERY: dict[str, frozenset[str]] = {
    "getUpdates": frozenset({"offset", "limit", "timeout", "allowed_updates"}),
    "setWebhook": frozenset(
        {
            "url",
            "certificate",
            "ip_address",
            "max_connections",
            "allowed_updates",
            "drop_pending_updates",
            "secret_token",
        }
    ),
    "deleteWebhook": frozenset({"drop_pending_updates"}),
    "getWebhookInfo": frozenset(),
}
METHODS = {name.lower(): Method(name, frozenset(known.split()), run) for name, known, run in TABLE}


def check_names(arguments: Arguments, known: frozenset[str]) -> None:
    """Refuse what Telegram does not know; it would pass over it in silence, and a slip would stay hidden.

    Raises:
        Refused: a parameter nobody knows.

    """
    if strange := sorted(arguments.names - known):
        raise bad(f"unknown parameter {', '.join(strange)}")
