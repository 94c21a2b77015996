"""Tables that staff bring, on both databases: one worker at a time, shown before they are written, written once."""

from datetime import timedelta

from sqlmodel import Session, col, select

from storage.base import Store
from storage.catalogue.judging import Sheet, read_file
from storage.catalogue.tables import CatalogueImport, Intake
from storage.keeping.limits import SEEN
from storage.keeping.purge import STEPS
from storage.staff import uploads
from storage.staff.staff import add_staff
from storage.staff.upload_tables import Upload, UploadPage
from storage.staff.uploader import Uploader
from storage.tables import Staff, StaffRole, UploadState

from .catalogue.making import NOW, csv_of, demo_rows, row_of


def words(_column: str, _text: str) -> list[str]:
    return []


def watch(_done: int, _total: int) -> None:
    pass


def brought(session: Session, **changed: str) -> tuple[int, Uploader, Sheet]:
    known = session.exec(select(Staff)).first()
    member = known or add_staff(session, "陈静", StaffRole.ADMIN, NOW, actor="test")
    body = csv_of([row_of("P016", **changed), row_of("P019", capacity="四十")])
    number = uploads.bring(session, member.id, "projects", "目录.csv", body, NOW, strict=False)
    sheet = read_file(uploads.body_of(session, number), "目录.csv", uploads.KINDS["projects"])
    return number, Uploader(member, None, NOW), sheet


def show(session: Session, number: int, uploader: Uploader, sheet: Sheet) -> Upload:
    judged = uploads.look_at(session, sheet, uploader, check_text=words, watch=watch)
    uploads.show(session, number, sheet, judged)
    found = uploads.find(session, number, uploader.member.id)
    assert found is not None
    return found


def seats(session: Session) -> int:
    return session.exec(select(Intake.capacity).where(Intake.project_id == "P016")).one()


def test_a_table_is_worked_on_by_one_shown_and_written_once(stocked: Store) -> None:
    with stocked.writing() as session:
        number, uploader, sheet = brought(session, capacity="33")
        mine = uploader.member.id
        assert uploads.claim(session, number, "first", NOW)
        assert not uploads.claim(session, number, "second", NOW)
        assert uploads.claim(session, number, "second", NOW + uploads.LEASE)
        upload = show(session, number, uploader, sheet)
        assert (upload.state, upload.counts) == (UploadState.SHOWN, {"bad": 1, "changed": 1})
        assert uploads.count_troubled(session, mine) == 1
        row = uploads.page_of(session, number, "changed", 1)[0]
        assert row["changes"] == [["名额", "40", "33"]]
        assert not uploads.claim(session, number, "third", NOW + timedelta(days=1))
        assert uploads.find(session, number, mine + 1) is None
        assert not uploads.confirm(session, number, mine + 1, upload.seen)
        assert not uploads.confirm(session, number, mine, "something else")
        assert seats(session) == 40
        assert uploads.confirm(session, number, mine, upload.seen)
        assert not uploads.confirm(session, number, mine, upload.seen)
        assert not uploads.drop(session, number, mine)
    with stocked.writing() as session:
        first = uploads.write(session, number, sheet, uploader, check_text=words)
        assert first is not None
        assert uploads.write(session, number, sheet, uploader, check_text=words) is None
        assert seats(session) == 33
        newest = session.exec(select(CatalogueImport).order_by(col(CatalogueImport.number).desc())).first()
        assert newest is not None
        assert (newest.number, newest.who, newest.rows_refused) == (first.version, uploader.actor, 1)
        assert uploads.body_of(session, number) == b""
        assert uploads.drop(session, number, mine)
        assert uploads.count_troubled(session, mine) == 0


def test_what_is_not_as_it_was_shown_is_shown_anew_and_goes_after_seven_days(stocked: Store) -> None:
    with stocked.writing() as session:
        number, uploader, sheet = brought(session, capacity="33")
        upload = show(session, number, uploader, sheet)
        assert uploads.confirm(session, number, uploader.member.id, upload.seen)
        intake = session.exec(select(Intake).where(Intake.project_id == "P016")).one()
        intake.capacity = 39
    with stocked.writing() as session:
        written = uploads.write(session, number, sheet, uploader, check_text=words)
        assert written == uploads.Written(None, again=True)
        assert seats(session) == 39
        found = uploads.find(session, number)
        assert found is not None
        assert (found.state, found.changed) == (UploadState.SHOWN, True)
        assert uploads.page_of(session, number, "changed", 1)[0]["changes"] == [["名额", "39", "33"]]
    for step in ("upload_page", "upload"):
        with stocked.writing() as session:
            assert STEPS[step](session, NOW + SEEN) == 0
            while STEPS[step](session, NOW + SEEN + timedelta(seconds=1)):
                pass
    with stocked.reading() as session:
        assert session.exec(select(UploadPage.id)).all() == []
        assert session.exec(select(Upload.id)).all() == []


def judged(session: Session, clerk: Uploader, kind: str, rows: list[dict[str, str]]) -> dict[str, str]:
    """What becomes of each row a clerk brings, by what it is about: how it ends, and what is wrong with it."""
    sheet = read_file(csv_of(rows), "表.csv", uploads.KINDS[kind])
    verdicts = uploads.look_at(session, sheet, clerk, check_text=words, watch=watch).verdicts
    return {
        each.key.split()[0]: each.outcome + "".join(str(one.wrong) for one in each.problems)
        for each in verdicts
    }


def test_a_clerk_brings_the_courses_of_the_own_region_and_no_other(stocked: Store) -> None:
    with stocked.writing() as session:
        member = add_staff(session, "王芳", StaffRole.CLERK, NOW, region="郑州市", actor="test")
        clerk = Uploader(member, frozenset(), NOW)
        here = {
            "commissioned_by": "金水区残疾人联合会",
            "province": "河南省",
            "city": "郑州市",
            "district": "金水区",
        }
        rows = [
            row_of("P027", capacity="31"),
            row_of("P010", capacity="31"),
            row_of("P016", **here),
            row_of("P023", commissioned_by="武侯区残疾人就业服务所"),
            row_of("P001", intake_no="1", **here) | {"project_id": "P777"},
            row_of("P001", intake_no="1") | {"project_id": "P778"},
        ]
        others = "不在您的地区（郑州市）"
        assert judged(session, clerk, "projects", rows) == {
            "P027": "changed",
            "P010": f"bad这个班是江安县残疾人联合会定的，{others}",
            "P016": f"bad这个班是邵阳县残疾人联合会定的，{others}",
            "P023": f"bad这个班是武侯区残疾人就业服务所定的，{others}",
            "P777": "added",
            "P778": f"bad这个班是武侯区残疾人就业服务所定的，{others}",
        }
        lessons = [
            {**next(row for row in demo_rows("sessions.csv") if row["project_id"] == key), "session_no": "90"}
            for key in ("P027", "P010")
        ]
        assert judged(session, clerk, "sessions", lessons) == {
            "P027": "added",
            "P010": f"bad这个班是江安县残疾人联合会定的，{others}",
        }
        number = uploads.bring(session, member.id, "projects", "目录.csv", csv_of(rows), NOW, strict=False)
        sheet = read_file(csv_of(rows), "目录.csv", uploads.KINDS["projects"])
        upload = show(session, number, clerk, sheet)
        assert uploads.confirm(session, number, member.id, upload.seen)
    with stocked.writing() as session:
        assert uploads.write(session, number, sheet, clerk, check_text=words) is not None
        kept = select(Intake.project_id).where(Intake.capacity == 31).order_by(col(Intake.project_id))
        assert session.exec(kept).all() == ["P027"]
        known = select(Intake.project_id).where(col(Intake.project_id).in_(("P777", "P778")))
        assert session.exec(known).all() == ["P777"]
