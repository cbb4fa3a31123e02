"""The result of a round as a workbook."""

from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.queries import Standing, Standings, leaves_of
from changai.areas.organisations.queries import city
from changai.core.periods import Month
from changai.documents.workbooks import SIGNED, Cell, Column, SheetContent, write_workbook

STATUS_WORDS = {
    "REPORTED": "已报送",
    "VOID": "无法计算",
    "PENDING": "待核",
    "NOT_REPORTED": "未报送",
    "REJECTED": "审核未通过",
    "NOT_APPLICABLE": "不适用",
}


def result_workbook(round_: Round, shown: Standings) -> bytes:
    """Return the ranked table as far as the reader is told of it, and every indicator of the sheets open to him."""
    created = round_.published_at or round_.scored_at or round_.opened_at
    return write_workbook(
        [_ranking(round_, shown), _details(round_, shown)], created=created, author=city().office_name
    )


def _ranking(round_: Round, shown: Standings) -> SheetContent:
    heads = [
        Column(f"{head.name}\n（{head.full / 100:g}分）", kind="number", decimals=2) for head in shown.heads
    ]
    columns = (
        Column("名次", 4),
        Column("单位", 12),
        *heads,
        Column("加分", kind="number", decimals=2),
        Column("减分", kind="number", decimals=2),
        Column("总分", kind="number", decimals=2),
        Column("等次", 5),
        Column("说明", 24),
    )
    rows = [
        [
            _place(row),
            row.name,
            *map(_points, row.tops),
            *((None, None) if row.sheet is None else map(_points, _extras(row.sheet))),
            _points(row.total),
            row.grade,
            (row.sheet.grade_reason or row.sheet.unranked_reason) if row.sheet else "",
        ]
        for row in shown.rows
    ]
    return SheetContent(
        name="考核结果",
        title=f"{round_.name}结果",
        named=2,
        columns=columns,
        rows=rows,
        note=_note(round_),
        signature=SIGNED,
    )


def _place(row: Standing) -> str:
    if row.rank is None:
        return "" if row.total is None else "未排名"
    return f"{row.rank}{'（并列）' if row.is_tied else ''}"


def _extras(score: Score) -> tuple[int, int]:
    return score.bonus_hundredths, score.penalty_hundredths


def _details(round_: Round, shown: Standings) -> SheetContent:
    columns = (
        Column("单位", 12),
        Column("编号", 4),
        Column("指标", 12),
        Column("满分", kind="number", decimals=2),
        Column("得分", kind="number", decimals=2),
        Column("状态", 5),
        Column("得分说明", 40),
    )
    by_score = leaves_of(shown)
    rows: list[list[Cell]] = [
        [
            row.name,
            leaf.code,
            leaf.name,
            _points(leaf.full_hundredths),
            _points(leaf.points_hundredths),
            STATUS_WORDS.get(leaf.status, leaf.status),
            leaf.sentence,
        ]
        for row in shown.sheets
        for leaf in by_score.get(row.score.pk, ())
    ]
    return SheetContent(name="得分说明", title=f"{round_.name}得分说明", columns=columns, rows=rows)


def _note(round_: Round) -> str:
    first, last = Month.of(round_.first_month), Month.of(round_.last_month)
    state = "" if round_.published_at else "（未公布，仅供核对）"
    if round_.announcement.scope:
        state = f"　公布范围：{round_.announcement.words()}"
    return (
        f"指标体系：{round_.scheme.name} {round_.scheme.version_label} 版　时段：{first.label}至{last.label}{state}\n"
        f"结果摘要值：{round_.result_digest}"
    )


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100
