"""Measures the catalogue at 10,000 projects: filter and search against a plain LIKE query on the same rows."""

import csv
import io
import random
import statistics
import sys
import tempfile
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from time import perf_counter, thread_time

from sqlalchemy import text
from sqlmodel import Session

from storage.base import Store
from storage.catalogue.importing import import_projects
from storage.catalogue.shelf import Shelf
from storage.catalogue.snapshot import Snapshot
from storage.keeping.every_table import metadata

PROJECTS = 10_000
QUERIES = 20_000
LIKE_QUERIES = 200
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)

_LIKE = """
SELECT p.project_id FROM project p JOIN intake i ON i.project_id = p.project_id
WHERE (p.title LIKE :w OR p.title_easy LIKE :w OR p.occupation LIKE :w OR p.organiser LIKE :w
       OR i.address LIKE :w OR i.district LIKE :w OR i.services_available LIKE :w)
  AND (:city = '' OR i.city = :city) AND i.services_available LIKE :s AND i.status <> 'withdrawn'
ORDER BY i.start_date LIMIT 4
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a person may ask the catalogue."""

    words: str
    where: Mapping[str, frozenset[str]]
    home: tuple[str, str, str]
    situation: str
    offset: int


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def sheet(projects: int) -> bytes:
    """Make a catalogue by spreading the demo's rows over many towns, each a project of its own."""
    demo = files("bot").joinpath("demo/projects.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(demo)))
    signs = sorted({sign for sign in demo if "\u4e00" <= sign <= "\u9fff"})
    draw = random.Random(1)
    towns = ["".join(draw.sample(signs, 2)) for _ in range(31 + 340 + 2800)]
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    for number in range(projects):
        row = dict(rows[number % len(rows)])
        province, city, district = towns[number % 31], towns[31 + number % 340], towns[371 + number % 2800]
        row |= {"project_id": f"G{number:05}", "intake_no": "1"}
        if row["province"] and number >= len(rows):
            row["address"] = row["address"].replace(row["district"], f"{district}县")
            row |= {"province": f"{province}省", "city": f"{city}市", "district": f"{district}县"}
            row["title"] = f"{row['title'].split('（')[0]}（{city}{district}）"
            row["organiser"] = f"{city}{row['organiser'][2:]}"
        writer.writerow(row)
    return out.getvalue().encode()


def questions(snapshot: Snapshot, count: int) -> list[Question]:
    """Draw questions people ask: words of the trade, towns, half sentences; filters alone and together."""
    draw = random.Random(20261121)
    words = [value for key in ("occupation", "district", "organiser") for value, _ in snapshot.facets(key)]
    words += [
        "按摩",
        "手语",
        "电商 轮椅",
        "我想学按摩",
        "培训班",
        "在家做",
        "大棚",
        "没有这个词",
        "刺绣 周末",
    ]
    offered = {
        key: [value for value, _ in snapshot.facets(key)] for key in ("category", "city", "mode", "supports")
    }
    town = snapshot.find(where={"city": frozenset(offered["city"][5:6])}).cards[0].first
    homes = [("", "", ""), (town.province, town.city, town.district), ("河南省", "郑州市", "金水区")]
    found = []
    for _ in range(count):
        keys = draw.sample(sorted(offered), draw.randint(0, 3))
        where = {key: frozenset(draw.sample(offered[key], 2 if key == "city" else 1)) for key in keys}
        asked = draw.choice(words) if draw.random() < 0.5 else ""
        situation = draw.choice(["", "unemployed", "employed", "student"])
        found.append(Question(asked, where, draw.choice(homes), situation, draw.choice([0, 0, 0, 4, 8])))
    return found


def times(ask: Callable[[Question], object], asked: list[Question]) -> list[float]:
    """Return the processor time of each question in microseconds, sorted."""
    taken = []
    for question in asked:
        start = thread_time()
        ask(question)
        taken.append((thread_time() - start) * 1e6)
    return sorted(taken)


def told(name: str, taken: list[float]) -> float:
    """Print the median and p99 of sorted times; return the p99."""
    p99 = taken[int(len(taken) * 0.99)]
    say(
        f"{name:<34} median {statistics.median(taken):9.1f} µs   p99 {p99:9.1f} µs   worst {taken[-1]:9.1f} µs"
    )
    return p99


def ask_snapshot(snapshot: Snapshot, question: Question) -> object:
    return snapshot.find(
        words=question.words,
        where=question.where,
        home=question.home,
        situation=question.situation,
        offset=question.offset,
    )


def ask_like(session: Session, question: Question) -> object:
    city = next(iter(question.where.get("city", ())), "")
    support = next(iter(question.where.get("supports", ())), "")
    values = {"w": f"%{question.words}%", "city": city, "s": f"%{support}%"}
    return session.connection().execute(text(_LIKE), values).all()


@contextmanager
def filled(projects: int) -> Iterator[Store]:
    """Open a database with that many projects, imported as staff would import them."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        metadata.create_all(store.engine)
        start = perf_counter()
        with store.writing() as session:
            report = import_projects(session, sheet(projects), "bench.csv", now=NOW, who="bench")
        assert report.added == projects, report.problems[:3]
        say(f"import of {projects} projects by CSV: {perf_counter() - start:.1f} s")
        yield store
        store.close()


def main() -> None:
    """Print what filter and search take, alone and while a new snapshot is being built."""
    with filled(PROJECTS) as store, store.reading() as session:
        shelf = Shelf()
        tracemalloc.start()
        shelf.rebuild(session, TODAY)
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        start = perf_counter()
        snapshot = shelf.rebuild(session, TODAY)
        say(f"snapshot: {perf_counter() - start:.2f} s to build, {size / 1e6:.0f} MB")
        asked = questions(snapshot, QUERIES)
        filters = [question for question in asked if not question.words]
        searches = [question for question in asked if question.words]
        ask = partial(ask_snapshot, snapshot)
        filter_p99 = told("filter", times(ask, filters))
        told(
            "search, each word new to it",
            times(partial(ask_snapshot, shelf.rebuild(session, TODAY)), searches),
        )
        search_p99 = told("search", times(ask, searches))
        like = partial(ask_like, session)
        told_filter = told("LIKE, filter", times(like, filters[:LIKE_QUERIES]))
        told_search = told("LIKE, search", times(like, searches[:LIKE_QUERIES]))
        say(
            f"p99 against LIKE: filter 1:{told_filter / filter_p99:.0f}, search 1:{told_search / search_p99:.0f}"
        )
        rebuilding = threading.Thread(target=_rebuild, args=(store, shelf))
        rebuilding.start()
        answered = 0
        start = perf_counter()
        while rebuilding.is_alive():
            ask_snapshot(shelf.current, asked[answered % len(asked)])
            answered += 1
        say(f"while rebuilding: {answered / (perf_counter() - start):.0f} answers a second")


def _rebuild(store: Store, shelf: Shelf) -> None:
    with store.reading() as session:
        shelf.rebuild(session, TODAY)


if __name__ == "__main__":
    main()
