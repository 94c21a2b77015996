"""Methods about the bot itself, its chats and its files."""

import re
from typing import Any

import orjson

from tests.channels.botapi.arguments import Arguments
from tests.channels.botapi.chats import Json
from tests.channels.botapi.exchange import Exchange
from tests.channels.botapi.refusing import bad

DOWNLOAD_BYTES = 20 * 1024 * 1024
SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)


def _language(arguments: Arguments) -> str:
    code = arguments.text("language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def _scope(arguments: Arguments) -> str:
    scope = arguments.structure("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    return orjson.dumps(scope, option=orjson.OPT_SORT_KEYS).decode() if len(scope) > 1 else str(scope["type"])


def set_commands(exchange: Exchange, arguments: Arguments) -> bool:
    commands = arguments.structure("commands")
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict) or command.keys() != {"command", "description"}:
            raise bad("can't parse BotCommand")
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command["command"])):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command["description"])) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = [
        {"command": each["command"].removeprefix("/"), "description": each["description"]}
        for each in commands
    ]
    exchange.profile["commands", _scope(arguments), _language(arguments)] = kept
    return True


def get_commands(exchange: Exchange, arguments: Arguments) -> list[Json]:
    kept: list[Json] = exchange.profile.get(("commands", _scope(arguments), _language(arguments)), [])
    return kept


def delete_commands(exchange: Exchange, arguments: Arguments) -> bool:
    exchange.profile.pop(("commands", _scope(arguments), _language(arguments)), None)
    return True


def setter(what: str, parameter: str, most: int) -> Any:
    """Make the method that sets one text of the bot's, at most so long."""

    def run(exchange: Exchange, arguments: Arguments) -> bool:
        words = arguments.text(parameter)
        if len(words) > most:
            raise bad(f"bot {what} is too long")
        exchange.profile[what, "", _language(arguments)] = words
        return True

    return run


def getter(what: str, parameter: str) -> Any:
    """Make the method that gives one text of the bot's."""

    def run(exchange: Exchange, arguments: Arguments) -> Json:
        own = exchange.profile.get((what, "", _language(arguments)))
        return {parameter: own or exchange.profile.get((what, "", ""), "")}

    return run


def set_menu(exchange: Exchange, arguments: Arguments) -> bool:
    button = arguments.structure("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad("can't parse menu button: MenuButton has unsupported type")
    if button["type"] == "web_app" and not (button.get("text") and button.get("web_app")):
        raise bad("can't parse menu button: MenuButton must have a text and a web_app")
    whose = str(exchange.chat(arguments).id) if "chat_id" in arguments.values else ""
    exchange.profile["menu", whose, ""] = button
    return True


def get_menu(exchange: Exchange, arguments: Arguments) -> Json:
    whose = str(exchange.chat(arguments).id) if "chat_id" in arguments.values else ""
    fallback: Json = exchange.profile.get(("menu", "", ""), {"type": "default"})
    kept: Json = exchange.profile.get(("menu", whose, ""), fallback)
    return kept


def get_chat(exchange: Exchange, arguments: Arguments) -> Json:
    return {**exchange.chat(arguments).as_json(), "accent_color_id": 0, "max_reaction_count": 11}


def leave_chat(exchange: Exchange, arguments: Arguments) -> bool:
    chat = exchange.chat(arguments)
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    chat.known = False
    return True


def get_file(exchange: Exchange, arguments: Arguments) -> Json:
    key = arguments.text("file_id")
    if not key:
        raise bad("file_id not specified")
    file = exchange.files.get(key)
    if file is None:
        raise bad("invalid file_id")
    if file.size > DOWNLOAD_BYTES:
        raise bad("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": f"U{file.id}",
        "file_size": file.size,
        "file_path": file.path,
    }
