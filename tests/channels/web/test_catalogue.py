"""The public catalogue: found without a conversation or a cookie, printed, downloaded."""

import io
import zipfile
from urllib.parse import quote, urljoin, urlsplit

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from storage.catalogue.tables import Fair, Project
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset
from tests.storage.catalogue.making import put_fairs


def titles(handset: Handset) -> list[str]:
    links = [attrs["href"] for attrs in handset.page.all("a")]
    return [link for link in links if link.startswith("/catalogue/")]


@pytest.mark.parametrize("path", ["/catalogue", "/catalogue/P001", "/organisers", "/catalogue.xlsx"])
def test_reading_the_catalogue_leaves_no_trace(service: Service, handset: Handset, path: str) -> None:
    response = handset.client.get(path)
    assert response.status_code == 200
    assert "set-cookie" not in response.headers
    assert "public" in response.headers["cache-control"]
    assert service.contacts == 0


def test_every_listed_course_is_found_by_turning_pages(service: Service, handset: Handset) -> None:
    found: list[str] = []
    for page in range(1, 10):
        handset.open(f"/catalogue?page={page}")
        found += titles(handset)
    assert len(found) == len(set(found)) == service.runner.shelf.current.find(limit=1).total


def test_words_and_filters_narrow_the_list(service: Service, handset: Handset) -> None:
    everything = service.runner.shelf.current.find(limit=1).total
    handset.open("/catalogue?words=按摩")
    assert 0 < len(titles(handset)) < everything
    city = next(iter(service.runner.shelf.current.facets("city")))[0]
    handset.open(f"/catalogue?city={quote(city)}&supports=sign_interp")
    assert handset.page.words("h2", id="found").startswith("找到")
    assert {attrs["name"] for attrs in handset.page.all("select")} == {
        "city",
        "category",
        "mode",
        "time_slot",
        "supports",
    }
    chosen = [attrs["value"] for attrs in handset.page.all("option") if "selected" in attrs]
    assert chosen == [city, "sign_interp"]


def test_the_next_page_keeps_what_was_asked(handset: Handset) -> None:
    handset.open("/catalogue?mode=offline")
    turned = [attrs["href"] for attrs in handset.page.all("a") if "page=2" in attrs["href"]]
    assert turned == ["?mode=offline&page=2"]


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=x",
        "page=99999",
        "page=" + "9" * 40,
        "city=nowhere",
        "mode=%00",
        "words=" + "x" * 3000,
    ],
)
def test_nonsense_in_the_address_does_no_harm(handset: Handset, query: str) -> None:
    assert handset.open(f"/catalogue?{query}").status == 200


def test_nothing_found_says_what_to_do(handset: Handset) -> None:
    handset.open("/catalogue?words=没有这种课的")
    assert "没有找到合适的课" in handset.page.html
    assert "少选几样" in handset.page.html


def test_a_course_page_says_all_of_its_card(service: Service, handset: Handset) -> None:
    card = service.runner.shelf.current.project("P001")
    assert card is not None
    handset.open("/catalogue/P001")
    html = handset.page.html
    run = card.first
    for wanted in (card.title, card.title_easy, card.occupation, card.organiser, card.certificate_name, run.address,
                   run.how_to_get_there, run.contact_phone, run.supervision_phone, card.subsidy_note, "手语翻译",
                   "不收钱", "16 岁到 59 岁", *card.documents_to_bring):  # fmt: skip
        assert wanted in html, wanted
    assert "tel:02800001101" in [attrs["href"] for attrs in handset.page.all("a")]


def test_from_a_course_page_one_press_leads_into_the_conversation(service: Service, handset: Handset) -> None:
    handset.open("/catalogue/P001")
    assert handset.page.words("button") == "报这个班"
    handset.press(to="/begin")
    assert handset.status == 200
    assert "学做网店客服" in handset.page.html or "电商客服" in handset.page.html
    assert service.contacts == 1
    assert len(handset.cookie) == 43


def test_who_has_talked_to_us_goes_on_with_the_course(handset: Handset) -> None:
    handset.open().tap("plain").tap("self")
    handset.open("/catalogue/P003").press(to="/begin")
    assert "按摩" in handset.asking


@pytest.mark.parametrize("project", ["P999", "../etc", "", "x" * 300])
def test_a_course_there_is_not_begins_nothing(service: Service, handset: Handset, project: str) -> None:
    response = handset.client.post("/begin", data={"flow": "card", "project": project})
    assert response.status_code == 404
    assert service.contacts == 0


def test_every_organiser_has_a_page_with_what_it_has_to_publish(service: Service, handset: Handset) -> None:
    handset.open("/organisers")
    organisers = service.runner.shelf.current.projects_by_organiser()
    links = [attrs["href"] for attrs in handset.page.all("a") if attrs["href"].startswith("/organisers/")]
    assert len(links) == len(organisers)
    handset.open("/organisers/" + quote("成都云栈职业技能培训学校"))
    html = handset.page.html
    for wanted in ("社会民办培训机构", "电子商务客服", "手语翻译", "028-00001190", "/catalogue/P001"):
        assert wanted in html


@pytest.mark.parametrize("name", ["..", ".", "a/../b", "甲/乙", "%2e%2e", "a?b=c&d#e", "\\..", "/x", " ."])
def test_an_organiser_of_any_name_has_an_address_that_leads_there(
    service: Service, handset: Handset, name: str
) -> None:
    rename_organiser(service, "成都云栈职业技能培训学校", name)
    handset.open("/organisers")
    links = [
        attrs["href"] for attrs in handset.page.all("a") if handset.page.words("a", **attrs) == name.strip()
    ]
    # As a browser follows it: steps up are taken before anything is asked for.
    handset.open(
        urlsplit(urljoin(f"{service.url}/organisers", links[0]))._replace(scheme="", netloc="").geturl()
    )
    assert handset.asking == name.strip()
    assert "电子商务客服" in handset.page.html


def rename_organiser(service: Service, old: str, new: str) -> None:
    def rename(session: Session) -> None:
        for project in session.exec(select(Project).where(Project.organiser == old)).all():
            project.organiser = new
            session.add(project)
        session.flush()
        service.runner.shelf.rebuild(session, service.runner.clock.now().date())

    service.runner.desk.do_now(rename)


def test_the_spreadsheet_lists_every_dated_run_as_text(service: Service, handset: Handset) -> None:
    body = handset.client.get("/catalogue.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    cards = service.runner.shelf.current.projects_by_organiser().values()
    assert len(rows) - 1 == sum(len(card.listed) for each in cards for card in each)
    assert all(isinstance(cell, str) for row in rows for cell in row)
    assert rows[0][:3] == ["序号", "承担机构", "机构性质"]
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_job_fairs_are_read_by_anybody_and_begun_from_their_page(service: Service, handset: Handset) -> None:
    assert "现在没有招聘会" in handset.open("/fairs").page.html
    with service.runner.desk.store.writing() as session:
        put_fairs(session, service.runner.clock.now())
        session.get_one(Fair, "F04").called_off = True
    handset.open("/fairs")
    assert [each["href"] for each in handset.page.all("a") if each["href"].startswith("/fairs/")] == [
        "/fairs/F01",
        "/fairs/F02",
        "/fairs/F03",
    ]
    handset.open("/fairs/F01")
    assert handset.response is not None
    assert "set-cookie" not in handset.response.headers
    assert "public" in handset.response.headers["cache-control"]
    assert "烘焙助理" in handset.page.html
    assert service.contacts == 0
    assert "这个招聘会不办了。" in handset.open("/fairs/F04").page.html
    assert handset.open("/fairs/F99").status == 404
    assert handset.open("/fairs/F01").press(to="/begin", fair="F99").status == 404
    handset.open("/fairs/F01").press(to="/begin")
    assert "郑州" in handset.asking
