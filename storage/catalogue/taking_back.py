"""Takes an import back: its columns get their former values, its new rows go."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, tuple_, update
from sqlmodel import Session, SQLModel, col, select

from storage.batching import batches
from storage.catalogue.ledger import MODELS, assign, key_of, one_at_a_time, unpack
from storage.catalogue.tables import CatalogueChange, CatalogueImport, CourseSession, Intake
from storage.catalogue.versions import Change, differences_of
from storage.classes.changes import note_moves
from storage.fairs.following import follow_version
from storage.keeping.every_table import metadata

WITHDRAWN: Mapping[str, Mapping[str, object]] = {
    "intake": {"status": "withdrawn"},
    "position": {"withdrawn": True},
    "project": {},
}
"""What becomes of a new row that others hold on to; a project of such an intake stays as it is."""

REFUSED: Mapping[str, str] = {
    "session": "{} 这次课已经有签到。把它标成取消，再导入一次。",
    "fair": "{} 有人报名，或者有岗位。先撤回岗位的导入，或者取消招聘会。",
}
"""The rest, which cannot be taken back then, and what to do."""

_BESIDE = {
    "synchronize_session": False
}  # comparing every loaded row in Python takes longer than all the rest


class CannotTakeBack(ValueError):
    """An import that cannot be taken back; the text says why and what to do first."""


def take_back(session: Session, number: int, *, now: datetime, who: str) -> list[Change]:
    """Undo one import: its columns get their former values, its new rows go. Returns what it undid.

    A new intake others hold on to (applications, sessions) stays, withdrawn. Raises CannotTakeBack when there is no such
    import, when it was taken back before, or when a later one touched one of its rows. Ten thousand rows take a few
    seconds: everybody else who writes waits for it.
    """
    one_at_a_time(session)
    version = session.get(CatalogueImport, number)
    if version is None:
        raise CannotTakeBack(f"没有第{number}次导入。看一看导入的记录。")
    if version.taken_back_at is not None:
        raise CannotTakeBack(f"第{number}次导入已经撤回了。")
    _refuse_if_touched_later(session, number)
    wanted = select(CatalogueChange).where(CatalogueChange.number == number).order_by(col(CatalogueChange.id))
    done = session.exec(wanted).all()
    of_kind: defaultdict[str, list[CatalogueChange]] = defaultdict(list)
    for change in done:
        of_kind[change.kind].append(change)
    for kind in reversed([*MODELS]):  # sessions before their intakes, intakes before their projects
        _undo(session, kind, of_kind[kind])
    version.taken_back_at, version.taken_back_by = now, who
    session.flush()
    note_moves(session, number, now, undone=True)
    follow_version(session, number, now)
    return [found for row in done for found in differences_of(row.kind, row.key, row.before, row.after)]


def _refuse_if_touched_later(session: Session, number: int) -> None:
    mine = (
        select(CatalogueChange.kind, CatalogueChange.key).where(CatalogueChange.number == number).subquery()
    )
    later = (
        select(CatalogueChange.number, CatalogueChange.key)
        .join(CatalogueImport)
        .join(mine, (mine.c.kind == CatalogueChange.kind) & (mine.c.key == CatalogueChange.key))
        .where(col(CatalogueImport.taken_back_at).is_(None), col(CatalogueChange.number) > number)
        .order_by(col(CatalogueChange.number).desc())
    )
    found = session.exec(later).first()
    if found:
        raise CannotTakeBack(f"第{found[0]}次导入又改了 {found[1]}。先撤回第{found[0]}次导入。")


def _undo(session: Session, kind: str, changes: Sequence[CatalogueChange]) -> None:
    """Undo what was done to the rows of one kind."""
    model = MODELS[kind]
    stored = _stored(session, kind, model, [each.key for each in changes if each.before is not None])
    former: list[tuple[SQLModel, Mapping[str, object]]] = []
    for change in changes:
        if change.before is None or change.key not in stored:
            continue
        was = {name: value for name, value in change.before.items() if change.after.get(name) != value}
        if was.get("called_off") is False:
            raise CannotTakeBack(f"{change.key} 已经取消，报名的人都告诉了。要再办，用新的编号导入。")
        former.append((stored[change.key], unpack(kind, was)))
    assign(session, former)
    own = getattr(model, key_of(model))
    new = _stored(session, kind, own, [each.key for each in changes if each.before is None])
    _remove(session, kind, {known: key for key, known in new.items()})


def _stored(session: Session, kind: str, what: Any, keys: Iterable[str]) -> dict[str, Any]:  # noqa: ANN401 (a row, or its number)
    """Return the rows that changes are about, or one column of them, by the changes' keys.

    They are held, so that nobody takes hold of one meanwhile.
    """
    found: dict[str, Any] = {}
    names = _columns(kind)
    for some in batches(keys):
        wanted = select(what, *names).select_from(MODELS[kind]).where(_among(names, some))
        if kind == "session":
            wanted = wanted.join(Intake)
        held = wanted.order_by(*names).with_for_update(of=MODELS[kind])
        found |= {"/".join(map(str, key)): row for row, *key in session.exec(held)}
    return found


def _columns(kind: str) -> Sequence[Any]:
    """Return what the key of a change is made of: P001, P001/2, P001/2/15, F01 or F01-02."""
    match kind:
        case "session":
            return Intake.project_id, Intake.intake_no, CourseSession.session_no
        case "intake":
            return Intake.project_id, Intake.intake_no
        case _:
            return (getattr(MODELS[kind], key_of(MODELS[kind])),)


def _among(columns: Sequence[Any], keys: Iterable[str]) -> Any:  # noqa: ANN401 (a condition has no narrower type)
    if len(columns) == 1:
        return columns[0].in_(keys)
    parts = [key.split("/") for key in keys]
    return tuple_(*columns).in_([(project, *map(int, rest)) for project, *rest in parts])


def _remove(session: Session, kind: str, new: Mapping[Any, str]) -> None:
    """Delete new rows, known by their own keys; one that others hold on to is withdrawn, or cannot go.

    Raises CannotTakeBack where neither can be.
    """
    model = MODELS[kind]
    own = getattr(model, key_of(model))
    for some in batches(new):
        held = _held(session, model, some)
        if held and kind in REFUSED:
            raise CannotTakeBack(REFUSED[kind].format(min(new[each] for each in held)))
        if held and WITHDRAWN[kind]:
            session.execute(
                update(model).where(own.in_(held)).values(**WITHDRAWN[kind]), execution_options=_BESIDE
            )
        session.execute(delete(model).where(own.in_(set(some) - held)), execution_options=_BESIDE)
    for row in list(session.identity_map.values()):
        if isinstance(row, model):
            session.expire(row)


def _held(session: Session, model: type[SQLModel], some: Collection[Any]) -> set[Any]:
    """Return those of some rows that anything else points to."""
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    pointing = [link.parent for other in metadata.tables.values() for link in _links(other, table)]
    return {
        found
        for column in pointing
        for found in session.execute(select(column).where(column.in_(some)).distinct()).scalars()
    }


def _links(other: Table, table: Table) -> list[Any]:
    return [link for link in other.foreign_keys if link.column.table is table]
