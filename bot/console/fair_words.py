"""What the console calls the things of a job fair."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from storage.catalogue.fair_cards import FairCard, Stage
from storage.fairs import people as fair_people

STAGES: Mapping[Stage, str] = {
    Stage.OPEN: "在报名",
    Stage.CLOSED: "报名截止了",
    Stage.RUNNING: "今天在开",
    Stage.OVER: "开完了",
    Stage.CALLED_OFF: "取消了",
}

LISTS: Mapping[str, str] = {
    "coming": "会来",
    "invited": "要请的，没有回答",
    "not_coming": "说不来",
    "came": "来了",
    "missed": "说来，没有来",
}

INTENTIONS: Mapping[str, str] = {
    "hired": "定下来了",
    "talking": "还在谈",
    "no": "还没有",
    "skip": "不想说",
}
"""What somebody found, as the form fair_after has it."""


def home(card: FairCard) -> str:
    """Give the address of a fair's page, below /console."""
    return f"/fairs/{quote(card.fair_id)}"


def needs_words(needs: Mapping[str, Any]) -> str:
    """Say what somebody needs at a fair, with their own words after it."""
    named = "；".join(fair_people.label_of(code) for code in fair_people.needed(needs))
    return "；".join(each for each in (named, str(needs.get("words") or "")) if each)
