"""A Bot API server of the tests' own: it plays Telegram, strictly, and the people in it."""

from tests.channels.botapi.api import BotApi
from tests.channels.botapi.chats import Chat, Message
from tests.channels.botapi.keyboards import Button
from tests.channels.botapi.people import Group, Person
from tests.channels.botapi.records import Call, Query

__all__ = ["BotApi", "Button", "Call", "Chat", "Group", "Message", "Person", "Query"]
