"""Which classes somebody is expected at just now, and which one comes next."""

from datetime import datetime, time

from bot.asking import Asking
from dialogs.facts.classes import AtClass, Coming
from storage.classes import attending
from storage.classes.attending import Expected
from storage.tables import Role

MYSELF = "您自己"
"""How somebody is named who has not told us their name."""


def at_class(asking: Asking) -> AtClass:
    """Give who may say now that they are there, of everybody this contact speaks for; and the next class."""
    expected = attending.expected(asking.session, list(asking.people), asking.now)
    after = attending.next_after(asking.session, list(asking.people), asking.now)
    return AtClass(
        tuple(_told(asking, each) for each in expected), None if after is None else _told(asking, after)
    )


def _told(asking: Asking, each: Expected) -> Coming:
    person, relation = asking.people[each.application.person_id]
    at = each.begins or time.min
    return Coming(
        application_id=each.application.id,
        person_name=person.name or (MYSELF if relation.role is Role.SELF else ""),
        title=each.project.title,
        title_easy=each.project.title_easy,
        begins=datetime.combine(each.day, at, asking.now.tzinfo),
        has_hour=each.begins is not None,
        place=each.place,
    )
