"""What leaves the house about ratings: a spreadsheet and one printed page, without names and without a number below five."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import PERSONAL, personal
from bot.console.courses import course_words
from bot.console.inside import Inside
from bot.console.pages import ConsolePages
from bot.console.rating_detail import WAVES, Figure, figures_of, questions_in
from bot.console.rating_figures import OVERALL, Line, Mean, Scope, find, lines_of
from bot.console.sheets import XLSX
from bot.runner import Runner
from storage.rules.few import FEWEST, Share
from storage.staff.staff import note_access

Cell = str | int | float

ON_PAPER = 12
"""Lines of each table on the printed page; all of them stand in the spreadsheet."""

FEW = f"少于 {FEWEST} 人"
"""Stands where a number may not be told, also where there is none."""

METHOD: Sequence[tuple[str, str]] = (
    ("问了谁", "录取上课的人。结业后第 7 天问满不满意，第 30 天和第 90 天问有没有工作。"),
    ("怎么问", "先在聊天里问，提醒两次。没有回答的，工作日打电话，或者发文字。文字回答也算。"),
    ("回答率", "（答完的人 + 答了一部分的人）÷ 问到时间的人。还没到时间的、不用再问的，不算在里面。"),
    ("平均分", "非常满意 5 分，满意 4 分，一般 3 分，不满意 2 分，非常不满意 1 分。全部分数 ÷ 打分的人数。"),
    ("不想说", "不想说、不清楚、没有答的，不算在平均分和比例里。"),
    ("谁回答的", "本人答的、有人帮着本人答的，算本人。家里人、监护人替答的，另外算，不和本人的合在一起。"),
    ("说好的帮助", "说都做到了的人 ÷（都做到了 + 做到了一部分 + 都没有做到）。只算本人的回答。"),
    ("有工作", "说有工作的人 ÷ 回答了的人。打零工、在家做活也算。只算本人的回答。"),
    ("答两次的", "同一次回访里又答了一次，只算后一次。"),
    ("人少的", f"不到 {FEWEST} 个人的回答不写。一个班人太少，就和同一个项目、同一个单位的合在一起算。"),
    (
        "减不出来",
        f"合计里只有整组的回答，每组至少 {FEWEST} 人。合计减去列出的，剩下的也不会少于 {FEWEST} 人。",
    ),
    ("至少、至多", f"有一边不到 {FEWEST} 个人，就只写至少多少、至多多少，或者在哪两个数中间。"),
    ("删了信息的人", "本人删了信息，他的回答也删了。没有名字的人数留着。"),
)
"""How it was asked and worked out, as it stands on the pack."""

HEADS = (
    *("问了多少人", "回答率", "本人打分", "本人人数", "家里人打分", "家里人人数"),
    *("说好的帮助都做到", "30 天有工作", "90 天有工作"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What leaves of every class: lines of classes, of organisers, and of all."""

    classes: Sequence[tuple[str, Line]]
    organisers: Sequence[tuple[str, Line]]
    whole: Line


class RatingPack:
    """The evaluator's pack; whoever takes it gets the same, for it goes to people who may know no names."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_print(self, _: Request, inside: Inside) -> Response:
        """Show one page to be printed: the first lines, and the one question about everything."""

        def look(session: Session) -> tuple[Report, Figure | None]:
            scope, wave = self._scope(session, inside), WAVES["t7"]
            asked = [each for each in questions_in(scope, wave) if each.closed.name == OVERALL.item]
            return _report(scope), next(figures_of(scope, wave, asked), None)

        report, overall = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "report": report,
            "most": ON_PAPER,
            "method": METHOD,
            "few": FEW,
            "overall": overall,
        }
        return personal(self._pages.render("rating_print.html", values))

    async def send_pack(self, _: Request, inside: Inside) -> Response:
        """Send the spreadsheet, after it was kept who took it."""
        body = await self._runner.desk.look(lambda session: as_xlsx(self._scope(session, inside), inside))
        await self._runner.desk.do(
            lambda session: note_access(
                session, inside.member, "exported", "list", None, inside.now, "ratings anonymous xlsx"
            )
        )
        headers = {**PERSONAL, "Content-Disposition": 'attachment; filename="ratings.xlsx"'}
        return Response(body, media_type=XLSX, headers=headers)

    def _scope(self, session: Session, inside: Inside) -> Scope:
        return Scope(session, self._runner.shelf.current, inside.reach.intakes, strict=True)


def _report(scope: Scope) -> Report:
    found = find(scope)
    classes = [(course_words(scope.catalogue, int(str(each.key))), each) for each in lines_of(found, "class")]
    return Report(
        sorted(classes, key=lambda each: (each[1].own is None, each[0])),
        [(str(each.key), each) for each in lines_of(found, "organiser")],
        next(iter(lines_of(found, "all")), Line("")),
    )


def as_xlsx(scope: Scope, inside: Inside) -> bytes:
    """Write the pack as a spreadsheet: how it was done, classes, organisers, questions."""
    import xlsxwriter  # slow to import, and no page needs it

    report = _report(scope)
    out = io.BytesIO()
    words_only = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **words_only}) as book:
        book.set_properties({"created": inside.now.replace(tzinfo=None)})
        whole = ("所有的班", report.whole)
        day = inside.now.date().isoformat()
        sheets: Sequence[tuple[str, Sequence[str], Iterator[Sequence[Cell]]]] = (
            (
                "怎么算的",
                ("事情", "说明"),
                iter((("哪天", day), ("哪里", inside.member.region or "全部"), *METHOD)),
            ),
            ("各班", ("班", *HEADS), (_cells(*each) for each in (*report.classes, whole))),
            ("各培训单位", ("培训单位", *HEADS), (_cells(*each) for each in (*report.organisers, whole))),
            ("各题", ("哪一次", "题", "谁答的", "回答", "人数", "比例 %", "平均分"), _questions(scope)),
        )
        bold = book.add_format({"bold": True})
        for title, heads, lines in sheets:
            page = book.add_worksheet(title)
            page.freeze_panes(1, 1)
            page.set_column(0, 1, 30)
            page.set_column(2, len(heads), 14)
            page.write_row(0, 0, heads, bold)
            for number, line in enumerate(lines, start=1):
                page.write_row(number, 0, line)
    return out.getvalue()


def _cells(name: str, line: Line) -> Sequence[Cell]:
    return (
        name,
        FEW if line.asked is None else line.asked,
        said(line.rate),
        *_mean(line.own),
        *_mean(line.family),
        *map(said, (line.kept, line.works_30, line.works_90)),
    )


def _mean(mean: Mean | None) -> tuple[Cell, Cell]:
    return (FEW, FEW) if mean is None else (mean.points, mean.n)


def said(share: Share | None) -> str:
    """Say a share: 63%, 至少 80%, 至多 20%, 60%～80%; nothing where it could be any."""
    if share is None or share.most - share.least == 100:
        return FEW
    if share.least == share.most:
        return f"{share.most}%"
    if share.most == 100:
        return f"至少 {share.least}%"
    return f"{share.least}%～{share.most}%" if share.least else f"至多 {share.most}%"


def _questions(scope: Scope) -> Iterator[Sequence[Cell]]:
    for wave in WAVES.values():
        for figure in figures_of(scope, wave, questions_in(scope, wave)):
            for who, side in (("本人", figure.own), ("家里人替答", figure.family)):
                if side is None:
                    continue
                mean = side.mean.points if side.mean else ""
                yield wave.words, figure.words, who, "一共", side.n, 100, mean
                for part in side.parts:
                    if part.count:
                        yield wave.words, figure.words, who, part.words, part.count, part.percent, ""
