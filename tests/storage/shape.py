"""The whole shape of a database, as the database itself tells it: for comparing two of them."""

import re

from sqlalchemy import Connection

from storage.base import Store

POSTGRES = {
    "column": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
               || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || a.attidentity::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraint": """
        SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0""",
    "index": """
        SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'i'""",
    "trigger": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}


def shape(store: Store) -> dict[str, str]:
    """Give everything that stands in the catalogue of the database, by name; alembic's own table left out."""
    with store.engine.connect() as connection:
        found = _sqlite(connection) if store.is_sqlite else _postgres(connection)
    return {name: text for name, text in found.items() if "alembic_version" not in name}


def _postgres(connection: Connection) -> dict[str, str]:
    return {
        f"{kind} {name}": text
        for kind, ask in POSTGRES.items()
        for name, text in connection.exec_driver_sql(ask)
    }


def _sqlite(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    )
    return {
        f"{kind} {name}": "\n".join(sorted(_clauses(sql))) if kind == "table" else _plain(sql)
        for kind, name, sql in rows
    }


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).replace('"', "").strip()


def _clauses(sql: str) -> list[str]:
    """Split what stands between the outer brackets at its commas: their order means nothing."""
    inside, depth, clauses = _plain(sql).partition("(")[2].rpartition(")")[0], 0, [""]
    for sign in inside:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            clauses.append("")
        else:
            clauses[-1] += sign
    return [clause.strip() for clause in clauses]
