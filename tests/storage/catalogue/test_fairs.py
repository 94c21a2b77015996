"""Sheets of job fairs and of positions: taken in, told cell by cell, updated by their numbers, taken back."""

from datetime import date, time

import pytest
from sqlmodel import Session, select

from storage.base import Store
from storage.catalogue import taking_back
from storage.catalogue.fair_cards import Stage
from storage.catalogue.importing import import_fairs, import_positions
from storage.catalogue.report import Report
from storage.catalogue.showing import shown
from storage.catalogue.tables import Fair, Position
from storage.fairs import fairs
from storage.fairs.tables import FairSignup
from storage.people import add_person, meet
from storage.tables import Role

from .making import NOW, Book, Cell, csv_of, demo_rows, put_fairs, table_of

FAIR, POSITION = demo_rows("job_fairs.csv")[0], demo_rows("job_fair_positions.csv")[0]


def take(session: Session, *rows: dict[str, str], strict: bool = False) -> Report:
    return import_fairs(session, csv_of(rows), "招聘会.csv", now=NOW, who="王芳", strict=strict)


def take_positions(session: Session, *rows: dict[str, str]) -> Report:
    return import_positions(session, csv_of(rows), "岗位.csv", now=NOW, who="王芳")


@pytest.fixture
def fair_store(store: Store) -> Store:
    with store.writing() as session:
        put_fairs(session)
    return store


def test_the_sample_goes_in_whole_is_updated_by_its_numbers_and_taken_back(fair_store: Store) -> None:
    with fair_store.reading() as session:
        first, second, *_ = fairs.all_fairs(session, NOW)
        assert (first.fair_id, first.stage, len(first.positions)) == ("F01", Stage.OPEN, 6)
        assert first.documents_to_bring == ("身份证", "残疾人证", "简历2份（没有简历可现场帮写）")
        assert first.filled("{{ when }}见。{{when_short}}") == "12月3日，星期四，上午9点见。12月3日上午9点"
        assert second.when == "1月13日，星期三，上午9点半"
        assert first.positions[1].home_based
        assert first.positions[1].tags == ("home_work",)
        online = fairs.find_fair(session, "F04", NOW)
        assert online is not None
        assert (online.online, online.end_date) == (True, date(2027, 3, 23))
        last = fairs.find_position(session, "F04-04")
        assert last is not None
        assert last.internship
        assert shown("position", "kind", "intern") == "实习"
    with fair_store.writing() as session:
        report = take(session, FAIR | {"address": "中原区建设路100号", "end_date": ""})
        assert (report.number, report.added, report.changed) == (3, 0, 1)
        kept = session.get_one(Fair, "F01")
        assert (kept.address, kept.end_date) == ("中原区建设路100号", date(2026, 12, 3))
        moved = take_positions(session, POSITION | {"fair_id": "", "open_until": "2026.12.31"})
        assert moved.changed == 1
        (free,) = fairs.free_positions(session, NOW)
        assert (free.position_id, free.open_until) == ("F01-01", date(2026, 12, 31))
    with fair_store.writing() as session:
        taking_back.take_back(session, 3, now=NOW, who="王芳")
        assert session.get_one(Fair, "F01").address == FAIR["address"]
        with pytest.raises(taking_back.CannotTakeBack, match="先撤回岗位的导入"):
            taking_back.take_back(session, 1, now=NOW, who="王芳")


def test_every_bad_row_is_told_with_what_would_be_right(fair_store: Store) -> None:
    with fair_store.writing() as session:
        report = take(
            session,
            FAIR | {"fair_id": "F11", "signup_deadline": "2026-12-09"},
            FAIR | {"fair_id": "F12", "services_available": "手语", "end_time": "8点"},
            FAIR | {"fair_id": "F13", "address": "", "notice": "{{ name }}，来吧。"},
            FAIR | {"fair_id": "F14", "sms": "{{ when }}" * 6},
            FAIR | {"fair_id": "F15"},
            FAIR | {"fair_id": "F15"},
        )
        assert [str(each) for each in report.problems] == [
            "招聘会!2,signup_deadline: 报名截止2026-12-09，晚于招聘会2026-12-03; 写2026-12-03，或者更早的日期",
            "招聘会!3,services_available: 代码表里没有“手语”; 可以写“手语翻译”（sign_interp）",
            "招聘会!3,end_time: 08:00结束，不晚于09:00开始; 写比开始晚的时间",
            "招聘会!4,address: 要到现场去，没有写地点; 写上地点",
            "招聘会!4,notice: 里面有填不了的空; 能用的空只有 {{ when }} 和 {{ when_short }}",
            "招聘会!5,sms: 短信填好后有84个字; 最多写70个字",
            "招聘会!7,fair_id: 和第6行是同一个招聘会编号; 留一行，或者改编号",
        ]
        assert (report.added, report.refused) == (1, 5)
        told = take_positions(
            session, POSITION | {"position_id": "F99-1", "fair_id": "F99"}, POSITION | {"headcount": "十"}
        )
        assert [str(each) for each in told.problems] == [
            "岗位!2,fair_id: 没有招聘会 F99; 先导入这个招聘会，或者空着不写",
            "岗位!3,headcount: “十”不是数字; 写成 10",
        ]
        assert take(session, FAIR | {"fair_id": "F16"}, FAIR | {"title": ""}, strict=True).number is None
        assert session.get(Fair, "F16") is None


def test_a_clerks_own_sheet_has_chinese_headings_and_real_dates(store: Store) -> None:
    mine: dict[str, Cell] = {
        "招聘会编号": "G1",
        "招聘会名称": "金水区招聘会",
        "方式": "线下",
        "日期": date(2026, 12, 9),
        "开始时间": time(14, 30),
        "结束时间": "17点",
        "报名截止": "2026年12月7日",
        "主办单位": "金水区残联",
        "省": "河南省",
        "市": "郑州市",
        "区县": "金水区",
        "地点": "经三路1号",
        "提供的支持": "手语翻译；轮椅可通行（坡道、电梯、宽门）",
    }
    post: dict[str, Cell] = {
        "岗位编号": "G1-1",
        "招聘会": "G1",
        "用人单位": "郑州某公司",
        "岗位": "库管",
        "人数": 2,
        "居家": "否",
    }
    with store.writing() as session:
        book = Book().sheet("报表", [["金水区残疾人招聘会一览表"], *table_of(mine)]).done()
        assert import_fairs(session, book, "报表.xlsx", now=NOW, who="王芳").problems == ()
        posts = Book().sheet("岗位", table_of(post)).done()
        assert import_positions(session, posts, "岗位.xlsx", now=NOW, who="王芳").added == 1
        card = fairs.find_fair(session, "G1", NOW)
        assert card is not None
        assert card.when == "12月9日，星期三，下午2点半"
        assert card.services == ("sign_interp", "wheelchair")
        assert [each.position for each in card.positions] == ["库管"]


def test_a_fair_somebody_signed_up_for_is_not_taken_back(store: Store) -> None:
    with store.writing() as session:
        take(session, FAIR)
    with store.writing() as session:
        person = add_person(session, meet(session, "web", "who", NOW).id, Role.SELF, "小明", NOW)
        fairs.invite(session, "F01", [person.id], NOW)
        with pytest.raises(taking_back.CannotTakeBack, match="有人报名"):
            taking_back.take_back(session, 1, now=NOW, who="王芳")
    with store.reading() as session:
        assert session.exec(select(FairSignup)).one().number == 101
        assert session.exec(select(Position)).all() == []
