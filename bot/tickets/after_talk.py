"""A talk with a member of staff that is over leaves the screen: whoever was in it is back where they were."""

from bot.visit import Visit
from dialogs.book import universal
from dialogs.facts.tickets import TALK
from dialogs.facts.tickets import ticket as told
from dialogs.spoken.tidy import tidy
from dialogs.state import State
from dialogs.talk import Again, Begin, Drop, Event, Said


def step_back(visit: Visit, state: State, event: Event) -> tuple[State, Event]:
    """Leave a talk that is over, by its end or by itself: the question before it is on the screen again.

    What was written under it meanwhile is not lost: it becomes one more line of the ticket.
    """
    top = state.top
    if top is None or top.flow != TALK or told(visit.world(state, Again())).talker:
        return state, event
    before = visit.converse(state, Drop(top.flow, top.about)).state
    if not isinstance(event, Said) or event.prompt not in (None, state.prompt):
        return before, event
    if universal(event.text, tidy):
        return before, Said(event.text)
    return before, Begin("ticket", top.about, {"do": "more", "words": event.text})
