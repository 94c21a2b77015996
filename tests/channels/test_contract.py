"""One contract for all channels: the same conversation asks the same and keeps the same, wherever it is held.

Here at a terminal and on our page; on Telegram in tests/channels/test_walks.py.
"""

from collections.abc import Callable
from contextlib import closing

import pytest

from bot.channels.web.app import create_app
from storage.base import Store
from tests.channels.conversations import CONVERSATIONS
from tests.channels.devices.page import OnWeb, patient
from tests.channels.off_air import a_runner
from tests.channels.walking import Told, hold
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_on_the_page_the_same_is_asked_and_the_same_is_kept(
    stocked: Store, at_terminal: Callable[[str], Told], name: str
) -> None:
    wanted = at_terminal(name)
    with (
        a_runner(stocked) as runner,
        serving(lambda stopping: create_app(runner, stopping=stopping, gate=patient())) as url,
        closing(Handset(url)) as handset,
    ):
        told = hold(OnWeb(runner, handset), name)
    assert told.asked == wanted.asked
    assert told.stored == wanted.stored
