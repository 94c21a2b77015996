"""One-time links that are followed into a chat (`/start …`): going on here, or being asked here."""

from datetime import datetime

from sqlmodel import Session

from bot.applications.asked_elsewhere import PURPOSES, Link, Phone, Place, look_at, open_link
from bot.channels.messenger.drawing import JOIN, Button
from bot.channels.messenger.meaning import Meaning
from bot.heard import Address
from bot.linking import CHOOSE, GOES_ON, JOINS, SHOWS_LINK, bring_here, is_somebody_else, left_for_link
from bot.naming import called
from bot.runner import Runner
from dialogs.talk import Again, Back, Begin
from storage import gotokens, joining
from storage.staff.chats import chat_word_owner
from storage.tables import Contact, ContactRole, GoToken

LINKED = "接上了，在这里接着说。"
LINK_OVER = "这个地址用过了，或者过了时间。"
NOT_HIS_CHAT = "这个地址给{{ name }}用。在他自己的手机上打开，才能用。这里什么都没有变。"
NOT_PARENTS_CHAT = "这个地址给{{ name }}的家长用。在家长自己的手机上打开，才能用。这里什么都没有变。"
CHAT_IS_THEIRS = "这个聊天现在给{{ name }}用。原来说的话，15 分钟内在这里打开：{{ link }}"


ASK_TO_JOIN = "这里有您说过的话。合到一起，那边也看得到。是同一个人，就按“合到一起”。"
JOIN_LABEL = "合到一起"
TWO_PEOPLE = "那边是另一个人，不能合到一起。这里什么都没有变。"


def follow(
    session: Session, runner: Runner, address: Address, secret: str, *, agreed: bool = False
) -> Meaning:
    """Follow a link into a chat. One person's two places become one; who is asked for an answer is asked here.

    A chat that somebody has talked in is joined only when they agreed: whoever made the link sees it all then.
    """
    now = runner.clock.now()
    token = gotokens.find_token(session, secret, now)
    if token is None and chat_word_owner(session, secret, now) is not None:
        return Meaning(Begin("staff_join", given={"word": secret}))
    if token is not None and token.purpose in PURPOSES:
        return _ask(session, runner, address, token, secret, now)
    if token is not None and token.purpose in JOINS:
        there = is_somebody_else(session, token.contact_id, address.channel, address.key)
        if there is not None and joining.are_two(session, session.get_one(Contact, token.contact_id), there):
            return Meaning(Again(), TWO_PEOPLE)
        if there is not None and not agreed:
            label = runner.book.voice(there.reading.value).say(JOIN_LABEL)
            return Meaning(Again(), ASK_TO_JOIN, offer=Button(label, f"{JOIN}{secret}"))
    if token is None or token.purpose not in JOINS or gotokens.use_token(session, secret, now) is None:
        return Meaning(Again(), LINK_OVER)
    if bring_here(session, runner.book, token.contact_id, address.channel, address.key, now):
        return Meaning(CHOOSE, LINKED)
    if (begin := left_for_link(session, runner.book, token.contact_id, now)) is not None:
        return Meaning(begin, LINKED)
    screen = runner.look_in(session, address).screen
    return Meaning(Back(screen.prompt) if screen.flow in SHOWS_LINK else Again(), LINKED)


def _ask(
    session: Session, runner: Runner, address: Address, token: GoToken, secret: str, now: datetime
) -> Meaning:
    """Ask somebody on their own phone, which this chat becomes; the chat of who helps stays as it is."""
    place = Place(address.channel, address.key, fresh=address.key)
    link = look_at(session, token, place, now)
    if link is not None and link.phone is Phone.HELPERS:
        is_parents = token.purpose == "parent_link"
        return Meaning(
            Again(), NOT_PARENTS_CHAT if is_parents else NOT_HIS_CHAT, values={"name": called(link.name)}
        )
    asked = None if link is None else open_link(session, token, secret, place, "", now)
    if link is None or asked is None:
        return Meaning(Again(), LINK_OVER)
    way_back = _way_back(session, runner, link, token, now)
    if not way_back:
        return Meaning(asked.begin)
    return Meaning(asked.begin, CHAT_IS_THEIRS, values={"name": called(link.name), "link": way_back})


def _way_back(session: Session, runner: Runner, link: Link, token: GoToken, now: datetime) -> str:
    """A link to what was said in this chat before it became somebody else's; "" where nothing was."""
    before = link.before
    if before is None or before.id == token.contact_id or before.role is ContactRole.UNKNOWN:
        return ""
    if link.phone is not Phone.OTHERS:
        return ""
    return f"{runner.settings.address}/go/{gotokens.make_token(session, before.id, GOES_ON, now)}"
