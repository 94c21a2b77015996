"""One line of what `doctor` found."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it stands, and what to do when it is not well."""

    check: str
    state: State
    text: str
    do: str = ""


def ok(check: str, text: str) -> Finding:
    return Finding(check, "ok", text)


def warn(check: str, text: str, do: str) -> Finding:
    return Finding(check, "warn", text, do)


def fail(check: str, text: str, do: str) -> Finding:
    return Finding(check, "fail", text, do)
