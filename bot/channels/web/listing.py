"""The catalogue as a spreadsheet for publication: text cells only, so that nothing in it is a formula."""

import io

from dialogs.dating import period
from storage.catalogue import codes
from storage.catalogue.cards import IntakeCard, ProjectCard
from storage.catalogue.snapshot import Snapshot

COLUMNS: tuple[tuple[str, int], ...] = (
    ("序号", 6),
    ("承担机构", 28),
    ("机构性质", 22),
    ("委托单位", 24),
    ("培训项目", 36),
    ("类别", 18),
    ("工种", 18),
    ("班次", 6),
    ("培训日期", 28),
    ("报名截止", 14),
    ("地点", 40),
    ("授课方式", 14),
    ("名额", 8),
    ("支持服务", 40),
    ("证书", 30),
    ("补贴", 34),
    ("联系部门", 24),
    ("联系电话", 18),
    ("短信", 18),
    ("监督电话", 18),
)
"""Column heading and width in characters."""


def listing(shelf: Snapshot) -> bytes:
    """Write every listed intake as one row.

    Args:
        shelf: the catalogue on one day; the day stands in the sheet's name.

    """
    import xlsxwriter  # slow to import, and the first page does not need it

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(f"培训项目目录{shelf.today.isoformat()}")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for at, (name, width) in enumerate(COLUMNS):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, name, head)
        row = 0
        for cards in shelf.projects_by_organiser().values():
            for card in cards:
                for intake in card.listed:
                    row += 1
                    for at, text in enumerate((str(row), *_cells(card, intake))):
                        sheet.write_string(row, at, text, cell)
    return out.getvalue()


def _cells(card: ProjectCard, intake: IntakeCard) -> tuple[str, ...]:
    return (
        card.organiser,
        codes.label("organiser_type", card.organiser_type),
        card.commissioned_by,
        card.title,
        codes.label("category", card.category),
        card.occupation,
        str(intake.intake_no),
        f"{intake.start_date.year} 年 {period(intake.start_date, intake.end_date)}",
        intake.registration_deadline.isoformat(),
        intake.address or intake.place or "线上",
        codes.label("mode", intake.mode),
        str(intake.capacity),
        "、".join(codes.label("service", code) for code in intake.services),
        card.certificate_name,
        "、".join(codes.label("subsidy_type", code) for code in card.subsidy_types),
        intake.contact_dept,
        intake.contact_phone,
        intake.contact_sms,
        intake.supervision_phone,
    )
