"""The words of a notice as staff write them on a page: read from the form, and put back into it."""

from collections.abc import Mapping

from bot.channels.web.posted import Posted
from bot.notices.buttons import NO_MORE, SEE_FAIR, TAKE_PART
from bot.notices.checks import FIELDS, MOST_TITLE
from storage.catalogue.cards import ProjectCard
from storage.catalogue.fair_cards import FairCard
from storage.catalogue.snapshot import Snapshot
from storage.notices.notices import Button, Words
from storage.tables import Topic

TOPICS: Mapping[Topic, str] = {
    Topic.TRAINING: "培训",
    Topic.JOBS: "工作、招聘会",
    Topic.POLICY: "政策、补贴",
    Topic.OWN: "自己报名的事（不能退订）",
}

MOST_ID = 32
"""Characters of what a fair is called by."""

JOIN, CARD, STOP, FAIR = "join", "card", "stop", "fair"


def words_in(form: Posted, catalogue: Snapshot, file_id: int | None = None) -> Words:
    """Read the words from a form; what is too long is kept, so that it can be seen and cut.

    Args:
        form: what was posted.
        catalogue: the courses a button may lead to.
        file_id: the picture or the paper that goes with them.

    """
    typed = {name: form.one(name).replace("\r\n", "\n").strip() for name in FIELDS}
    return Words(
        **typed,
        file_id=file_id,
        private=form.one("private") == "yes",
        buttons=tuple(_buttons(form, typed["title"], catalogue)),
    )


def _buttons(form: Posted, title: str, catalogue: Snapshot) -> list[Button]:
    chosen: list[Button] = []
    card = catalogue.project(form.one(CARD))
    if card is not None:
        chosen.append(Button("报名", "card", {"project": card.project_id}))
    if fair_id := form.one(FAIR)[:MOST_ID]:
        chosen.append(Button(SEE_FAIR, FAIR, {FAIR: fair_id}))
    if form.one(JOIN) == "yes":
        # It begins a request for staff that says what they want to come to; only how to reach them is asked.
        given = {"how": "call_me", "words": f"{TAKE_PART}：{title}"}
        chosen.append(Button(TAKE_PART, "help", given=given))
    if form.one(STOP) == "yes":
        chosen.append(Button(NO_MORE, "notices"))
    return chosen


def ticked(words: Words) -> Mapping[str, str]:
    """Give which buttons are chosen, as the form has them."""
    flows = {each.flow: each for each in words.buttons}
    card = str(flows["card"].about.get("project", "")) if "card" in flows else ""
    return {
        CARD: card,
        FAIR: str(flows[FAIR].about.get(FAIR, "")) if FAIR in flows else "",
        JOIN: "yes" if "help" in flows else "",
        STOP: "yes" if "notices" in flows else "",
    }


def of_fair(card: FairCard) -> Words:
    """Give a job fair's own texts as the first words of a notice about it."""
    return Words(
        card.title[:MOST_TITLE],
        card.filled(card.notice),
        card.filled(card.easy),
        sms=card.filled(card.sms),
        buttons=(Button(SEE_FAIR, FAIR, {FAIR: card.fair_id}), Button(NO_MORE, "notices")),
    )


def projects(catalogue: Snapshot, inside_intakes: frozenset[int] | None) -> list[ProjectCard]:
    """Give the courses a button may lead to, each once."""
    found = {
        card.project_id: card
        for card, run in catalogue.courses()
        if inside_intakes is None or run.id in inside_intakes
    }
    return sorted(found.values(), key=lambda card: card.title)
