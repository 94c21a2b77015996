"""Reads the sample's tables and moves their dates to the present by whole weeks."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from importlib.resources import files

SAMPLE_DAY = date(2026, 11, 21)
"""The sample's own today, a Saturday."""

DATED = frozenset(
    {
        "start_date",
        "end_date",
        "registration_deadline",
        "signup_deadline",
        "open_until",
        "list_from",
        "list_until",
        "closed_dates",
        "date",
    }
)
"""Columns that hold days: one, or `first/last` several times with | between."""

Row = Mapping[str, str]


def shift_for(today: date) -> timedelta:
    """How far the sample moves: the whole weeks since its own today, never back."""
    return timedelta(weeks=max(0, (today - SAMPLE_DAY).days // 7))


def rows(name: str) -> list[dict[str, str]]:
    """One table of the sample as it is."""
    text = (files("bot") / "demo" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def shifted_sheet(name: str, shift: timedelta) -> bytes:
    """One table of the sample as a CSV file with its days moved."""
    table = rows(name)
    out = io.StringIO()
    writer = csv.DictWriter(out, table[0].keys())
    writer.writeheader()
    writer.writerows({key: _moved(key, value, shift) for key, value in row.items()} for row in table)
    return out.getvalue().encode()


def moment(text: str, shift: timedelta, zone: tzinfo | None) -> datetime:
    """A moved `2026-11-02 10:48`, in the service's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone) + shift


def parts(text: str) -> list[str]:
    """The values of a cell that holds several."""
    return [part for part in text.split("|") if part]


def _moved(column: str, text: str, shift: timedelta) -> str:
    if column not in DATED or not text:
        return text
    return "|".join("/".join(_days(part.split("/"), shift)) for part in text.split("|"))


def _days(days: Iterable[str], shift: timedelta) -> Iterable[str]:
    return ((date.fromisoformat(day) + shift).isoformat() for day in days)
