"""Whose consent counts where private things are shown in a chat: that of the person they are about."""

from bot.heard import Address, Heard
from bot.runner import Runner
from dialogs.talk import Begin, Event, Tapped
from storage.base import Store
from storage.consents import agreed
from storage.tables import Purpose
from tests.bot.conftest import Phone
from tests.bot.test_applying import apply_for, filed

SHOWN = {"报名号", "谁去"}


def test_what_is_private_of_one_person_is_not_shown_because_another_agreed(
    runner: Runner, store: Store, intake: int
) -> None:
    mother = Phone(store, "77", channel="telegram")
    mother.finish("newcomer", role="family", relative="小明")
    son = mother.current
    apply_for(mother, intake, applicant_role="family")
    mother.finish("whose", person="self")
    mother.finish("abroad", {"person": mother.current}, consent_abroad="yes")
    opened = Begin("application", (("application", filed(mother)[0].id),))

    def shown() -> set[str]:
        with store.writing() as session:
            screen = runner.hear_in(session, Address("telegram", "77"), opened).screen
        return {line.label for line in screen.lines} & SHOWN

    assert shown() == {"报名号"}
    mother.finish("abroad", {"person": son}, consent_abroad="yes")
    assert shown() == SHOWN


def test_whoever_an_application_is_of_is_asked_whether_it_may_be_read_in_the_chat(
    runner: Runner, store: Store, intake: int
) -> None:
    mother = Phone(store, "77", channel="telegram")
    mother.finish("newcomer", role="family", relative="小明")
    son = mother.current
    apply_for(mother, intake, applicant_role="family")
    mother.finish("whose", person="self")
    assert mother.current != son, "she talks for herself now"
    here = Address("telegram", "77")
    his = filed(mother)[0].id

    def hear(event: Event) -> Heard:
        with store.writing() as session:
            return runner.hear_in(session, here, event)

    heard = hear(Begin("written", (("application", his),)))
    assert (heard.screen.flow, heard.screen.asking_for) == ("abroad", "小明")
    heard = hear(Tapped(heard.screen.prompt, "yes"))
    assert (heard.screen.flow, heard.screen.form) == ("written", "note")
    with store.reading() as session:
        assert agreed(session, son, Purpose.ABROAD)
        assert not agreed(session, mother.current, Purpose.ABROAD)
