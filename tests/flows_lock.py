"""Writes tests/flows.lock, the list of every question's name and kind: `make lock-flows`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from dialogs.model import Flow, Question

LOCK = Path(__file__).with_name("flows.lock")

HEADER = (
    "# Every flow.question and its kind. Answers are kept under these names for ever: rename with was=.\n"
)


def questions_of(flows: Iterable[Flow]) -> Mapping[str, Question]:
    """Every question of the flows whose questions do not depend on answers, by flow.question."""
    return {f"{flow.name}.{question.name}": question for flow in flows for question in flow.literal or ()}


def locked() -> Mapping[str, str]:
    """Name -> kind, as the lock has it."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def renew(flows: Iterable[Flow]) -> None:
    in_order = sorted(flows, key=lambda flow: flow.name)
    lines = [f"{name} {question.kind}\n" for name, question in questions_of(in_order).items()]
    LOCK.write_text(HEADER + "".join(lines), encoding="utf-8")


def broken(flows: Iterable[Flow], lock: Mapping[str, str]) -> list[str]:
    """What answers that are already kept would lose: one sentence for each name."""
    flows = tuple(flows)
    now = questions_of(flows)
    kinds = {name: question.kind for name, question in now.items()}
    for flow in flows:
        for question in flow.literal or ():
            for name in (question.name, *question.was):
                for owner in (flow.name, *flow.was):
                    kinds.setdefault(f"{owner}.{name}", question.kind)
    found: list[str] = []
    for name, kind in lock.items():
        if name not in kinds:
            found.append(f"{name} is gone: give the new name was=({name.partition('.')[2]!r},)")
        elif kinds[name] != kind:
            found.append(f"{name} was {kind} and is {kinds[name]}: give the new kind a new name")
    return found


def main() -> None:
    from dialogs import flows
    from dialogs.book import flows_in

    renew(flows_in(flows))


if __name__ == "__main__":
    main()
