import re
from datetime import date

import pytest

from storage.base import Store
from storage.catalogue import codes
from storage.catalogue.cards import ProjectCard, Status
from storage.catalogue.snapshot import Page, Snapshot
from storage.catalogue.traits import LISTS

from .making import TODAY, csv_of, data, row_of, take

CHANGSHA = ("湖南省", "长沙市", "雨花区")


def ids(page: Page) -> list[str]:
    return [card.project_id for card in page.cards]


def built(store: Store, today: date = TODAY, taken: dict[int, int] | None = None) -> Snapshot:
    with store.reading() as session:
        return Snapshot.build(session, today=today, taken=taken or {})


def only(*values: str) -> frozenset[str]:
    return frozenset(values)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("按摩", {"P003", "P014"}),
        ("盲人按摩", {"P003", "P014"}),
        ("武侯", {"P001"}),
        ("手语 成都", {"P001", "P005", "P009"}),
        ("手语、成都", {"P001", "P005", "P009"}),
        ("　按摩，眉山 ", {"P003"}),
        ("我想学按摩", {"P003", "P014"}),
        ("绣", {"P007", "P015"}),
        ("我想学 竹编", {"P010"}),
        ("永州心桥残疾人职业康复中心", {"P020"}),
        ("有人打手语 苗绣", {"P015"}),
        ("１＋ｘ", {"P005"}),
        ("没有这样的课", set()),
        ("按摩 面点", set()),
    ],
)
def test_words_are_found_in_titles_places_trades_and_services(
    snapshot: Snapshot, words: str, expected: set[str]
) -> None:
    page = snapshot.find(words=words, limit=40)
    assert set(ids(page)) == expected
    assert page.total == len(expected)


def test_nothing_asked_is_the_whole_list_page_by_page(snapshot: Snapshot) -> None:
    pages = [snapshot.find(offset=offset) for offset in range(0, 40, 4)]
    assert {page.total for page in pages} == {34}
    seen = [number for page in pages for number in ids(page)]
    assert len(seen) == len(set(seen)) == 34
    assert ids(snapshot.find(limit=34)) == seen


def test_values_of_a_filter_are_alternatives_and_filters_narrow(snapshot: Snapshot) -> None:
    both = snapshot.find(where={"category": only("massage", "startup")}, limit=40)
    assert set(ids(both)) == {"P003", "P014", "P009", "P013"}
    narrowed = snapshot.find(where={"category": only("massage", "startup"), "time_slot": only("weekend")})
    assert set(ids(narrowed)) == {"P009", "P014"}
    assert snapshot.find(where={"category": frozenset()}).total == 34


def test_all_supports_asked_for_must_be_offered(snapshot: Snapshot) -> None:
    assert ids(snapshot.find(where={"supports": only("sign_interp", "braille")})) == ["P031"]


def test_filters_hold_for_one_and_the_same_intake(store: Store) -> None:
    rows = [
        row_of("P018", time_slot="evening"),
        row_of("P018", intake_no="2", city="岳阳市", district="岳阳楼区"),
    ]
    with store.writing() as session:
        take(session, csv_of(rows))
    snapshot = built(store)
    assert snapshot.find(where={"time_slot": only("evening"), "city": only("常德市")}).total == 1
    assert snapshot.find(where={"time_slot": only("weekday_day"), "city": only("岳阳市")}).total == 1
    assert snapshot.find(where={"time_slot": only("evening"), "city": only("岳阳市")}).total == 0
    assert snapshot.find(where={"category": only("urban_skill")}).total == 1  # two intakes, one project


def test_a_filter_or_facet_that_does_not_exist_is_an_error(snapshot: Snapshot) -> None:
    with pytest.raises(ValueError, match="colour"):
        snapshot.find(where={"colour": only("red")})
    with pytest.raises(ValueError, match="colour"):
        snapshot.facets("colour")


def test_near_is_measured_from_home(snapshot: Snapshot) -> None:
    def near(value: str) -> set[str]:
        return set(ids(snapshot.find(where={"near": only(value)}, home=CHANGSHA, limit=40)))

    assert near("county") == {"P012"}
    assert near("county") < near("city") < near("province")
    assert near("online") == {"P011", "P030", "P033", "P034"}
    assert snapshot.find(where={"near": only("county")}).total == 0  # nobody knows where home is


def test_counties_of_one_name_in_two_cities_are_not_mixed_up(store: Store) -> None:
    rows = [
        row_of("P018", district="鼓楼区"),
        row_of("P016", district="鼓楼区", city="开封市", province="河南省"),
    ]
    with store.writing() as session:
        take(session, csv_of(rows))
    page = built(store).find(where={"near": only("county")}, home=("河南省", "开封市", "鼓楼区"))
    assert ids(page) == ["P016"]


def test_the_nearest_come_first(snapshot: Snapshot) -> None:
    cards = snapshot.find(home=CHANGSHA, limit=40).cards
    ranks = [rank(card) for card in cards if "disabled" in card.audience or "family" in card.audience]
    assert cards[0].project_id == "P012"
    assert ranks == sorted(ranks)


def rank(card: ProjectCard) -> int:
    place = (card.first.province, card.first.city, card.first.district)
    own = next((at for at, depth in enumerate((3, 2, 1)) if place[:depth] == CHANGSHA[:depth]), None)
    return own if own is not None else 3 if card.first.mode == "online" else 4


@pytest.mark.parametrize("situation", list(codes.words("situation")))
def test_what_suits_the_situation_comes_first_and_nothing_is_hidden(
    snapshot: Snapshot, situation: str
) -> None:
    page = snapshot.find(situation=situation, limit=40)
    kinds = codes.words("situation")[situation].default_for
    suits = [card.category in kinds or situation in card.employment_status for card in page.cards]
    assert any(suits)
    assert suits == sorted(suits, reverse=True)
    assert page.total == 34


def test_courses_for_employers_and_staff_come_last_for_trainees(snapshot: Snapshot) -> None:
    assert set(ids(snapshot.find(limit=40))[-2:]) == {"P021", "P034"}


def test_open_comes_before_full_and_full_before_closed(store: Store) -> None:
    rows = [
        row_of("P018", status="closed", start_date="2026-12-14"),
        row_of("P016", status="full", start_date="2026-12-20", end_date="2026-12-31", registration_deadline="2026-12-10"),
        row_of("P025"),
    ]  # fmt: skip
    with store.writing() as session:
        assert take(session, csv_of(rows)).added == 3
    assert ids(built(store).find()) == ["P025", "P016", "P018"]


def test_subsidised_comes_first_and_then_the_earliest(store: Store) -> None:
    rows = [
        row_of("P018") | {"project_id": "A", "subsidy_types": "none", "living_subsidy_per_day_yuan": "0"},
        row_of("P018") | {"project_id": "B", "start_date": "2026-12-15"},
        row_of("P018") | {"project_id": "C"},
    ]
    with store.writing() as session:
        assert take(session, csv_of(rows)).added == 3
    assert ids(built(store).find()) == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("home", "situation", "order", "order_en"),
    [
        (
            ("", "", ""),
            "",
            "先看能报名的课。再看开课早的课。",
            "Courses you can apply for come first. Then courses that start soon.",
        ),
        (
            CHANGSHA,
            "",
            "先看能报名的课。再看离您近的课。",
            "Courses you can apply for come first. Then courses near you.",
        ),
        (
            CHANGSHA,
            "unemployed",
            "先看给没有工作的人的课。再看离您近的课。",
            "Courses that suit you come first. Then courses near you.",
        ),
        (
            ("", "", ""),
            "startup",
            "先看给想自己干的人的课。再看开课早的课。",
            "Courses that suit you come first. Then courses that start soon.",
        ),
    ],
)
def test_the_order_is_said_in_short_sentences(
    snapshot: Snapshot, home: tuple[str, str, str], situation: str, order: str, order_en: str
) -> None:
    page = snapshot.find(home=home, situation=situation)
    assert (page.order, page.order_en) == (order, order_en)
    assert all(len(sentence) <= 15 for sentence in order.split("。"))


@pytest.mark.parametrize("key", sorted(LISTS))
def test_every_value_of_a_filter_can_be_said_in_english(snapshot: Snapshot, key: str) -> None:
    said = [snapshot.named(key, code)[2] for code, _ in snapshot.facets(key)]
    assert said
    assert all(word and not re.search("[\u3400-\u9fff]", word) for word in said)


def test_a_place_has_no_other_name(snapshot: Snapshot) -> None:
    assert snapshot.named("city", "长沙市") == ("长沙市", "", "")


def test_facets_count_what_each_value_leaves_under_the_other_filters(snapshot: Snapshot) -> None:
    where = {"category": only("urban_skill"), "province": only("湖南省")}
    for key in ("category", "mode", "tags", "supports", "organiser", "status", "subsidised"):
        for value, size in snapshot.facets(key, where):
            others = {name: values for name, values in where.items() if name != key}
            assert snapshot.find(where=others | {key: only(value)}).total == size
    assert ("massage", 1) in snapshot.facets("category", where)
    assert [code for code, _ in snapshot.facets("mode")] == ["offline", "online", "hybrid"]
    assert dict(snapshot.facets("near", home=CHANGSHA))["county"] == 1


def test_facets_of_supports_count_together_with_those_already_asked_for(snapshot: Snapshot) -> None:
    with_braille = {"supports": only("braille")}
    assert dict(snapshot.facets("supports", with_braille))["sign_interp"] == 1


def test_a_card_says_all_that_is_shown_but_not_the_link(store: Store) -> None:
    with store.writing() as session:
        take(session, csv_of([row_of("P030", link="https://example.invalid/class")]))
    snapshot = built(store)
    [card] = snapshot.find().cards
    assert card.living_subsidy_per_day_yuan == 0
    assert card.documents_to_bring == ("身份证", "残疾人证")
    assert card.first.services[0] == "cart"
    assert card.first.contact_sms == "15400009030"
    assert card.first.platform == "灵山直播教室"
    assert card.first.has_link
    assert "example.invalid" not in repr(card)
    assert snapshot.link(card.first.id) == "https://example.invalid/class"
    assert snapshot.link(99) == ""


def test_withdrawn_drafts_and_what_is_not_yet_or_no_longer_listed_are_not_found(stocked: Store) -> None:
    with stocked.writing() as session:
        take(session, data("projects_update.csv"))
        take(
            session,
            csv_of(
                [
                    row_of("P018", status="draft"),
                    row_of("P016", list_from="2026-11-22"),
                    row_of("P020", list_from="2026-10-01", list_until="2026-11-20"),
                    row_of("P025", list_from="", list_until=""),
                ]
            ),
        )
    snapshot = built(stocked)
    listed = set(ids(snapshot.find(limit=40)))
    assert not listed & {"P029", "P018", "P016", "P020"}
    assert "P025" in listed
    withdrawn = snapshot.project("P029")
    assert withdrawn is not None
    assert withdrawn.first.status is Status.WITHDRAWN
    assert withdrawn.listed == ()
    assert snapshot.intake(withdrawn.first.id) == withdrawn.first
    assert "P016" in ids(built(stocked, date(2026, 11, 22)).find(limit=40))


def test_status_follows_the_calendar(stocked: Store) -> None:
    def status(today: date) -> str:
        card = built(stocked, today).project("P018")
        assert card is not None
        return card.first.status

    assert status(date(2026, 12, 7)) == "open"
    assert status(date(2026, 12, 8)) == "closed"
    assert status(date(2026, 12, 14)) == "running"
    assert status(date(2027, 1, 7)) == "running"
    assert status(date(2027, 1, 8)) == "finished"


def test_an_intake_without_seats_left_is_full_and_the_next_one_is_shown_first(stocked: Store) -> None:
    card = built(stocked).project("P012")
    assert card is not None
    first, second = card.intakes
    full = built(stocked, taken={first.id: 32, second.id: 5}).project("P012")
    assert full is not None
    assert [(one.intake_no, one.status, one.seats_left) for one in full.intakes] == [
        (2, "open", 27),
        (1, "full", 0),
    ]


def test_projects_are_listed_by_organiser(snapshot: Snapshot) -> None:
    listed = snapshot.projects_by_organiser()
    assert [card.project_id for card in listed["启程残疾人远程教育中心"]] == ["P033", "P034"]
    assert sum(map(len, listed.values())) == 34


def test_an_empty_catalogue_answers_too(store: Store) -> None:
    snapshot = built(store)
    assert snapshot.find(words="按摩", home=CHANGSHA, situation="student") == Page(
        0,
        (),
        "先看给上学的人的课。再看离您近的课。",
        "Courses that suit you come first. Then courses near you.",
    )
    assert snapshot.facets("category") == ()
    assert snapshot.project("P001") is None
    assert snapshot.intake(1) is None
