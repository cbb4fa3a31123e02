"""折算: a result as the comprehensive assessment takes it in."""

from decimal import Decimal
from fractions import Fraction

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import Line, Standings
from changai.areas.assessments.rules import converted
from changai.areas.organisations.queries import city
from changai.areas.schemes.queries import scheme_of
from changai.core.errors import Invalid
from changai.documents.workbooks import Cell, Column, SheetContent, write_workbook

_AMENDED = (
    Column("更正后总分", kind="number", decimals=2),
    Column("更正后折算得分", kind="number", decimals=2),
    Column("更正后名次", kind="serial"),
    Column("更正后等次", 6),
)


def conversion_workbook(round_: Round, shown: Standings, to_full: int | None) -> bytes:
    """Return unit, converted points, rank, grade and digest of a published result, and those of it as corrected.

    :param to_full: the full mark to convert to, in hundredths; None for the conversion the indicator system states
    :raises Invalid: when neither states one
    """
    columns = (
        Column("单位", 14),
        Column("总分", kind="number", decimals=2),
        Column("折算得分", kind="number", decimals=2),
        Column("名次", kind="serial"),
        Column("等次", 6),
        Column("结果摘要值", 18),
        *(_AMENDED if shown.is_amended else ()),
    )
    full = scheme_of(round_.scheme).tables[round_.category].full
    rows: list[list[Cell]] = []
    for row in shown.sheets:
        score = row.score
        points = score.converted_hundredths
        if to_full is not None:
            points = converted(score.total_hundredths, int(full * 100), to_full)
        if points is None:
            raise Invalid("指标体系没有规定折算办法，请填写折算后的满分，例如 5 分。")
        rows.append(
            [
                row.name,
                score.total_hundredths / 100,
                points / 100,
                score.rank,
                score.grade,
                round_.result_digest,
                *(_amended(row.after, full, to_full) if shown.is_amended else ()),
            ]
        )
    told = (
        "按指标体系规定的办法折算"
        if to_full is None
        else f"按满分 {to_full / 100:g} 分折算，四舍五入到 0.01 分"
    )
    note = f"{round_.scheme.name} {round_.scheme.version_label} 版，满分 {float(full):g} 分；{told}。"
    sheet = SheetContent(
        name="折算结果", title=f"{round_.name}折算得分", columns=columns, rows=rows, note=note
    )
    return write_workbook([sheet], created=round_.published_at or round_.opened_at, author=city().office_name)


def _amended(after: Line | None, full: Fraction, to_full: int | None) -> list[Cell]:
    if after is None:
        return ["", "", "", ""]
    total = Decimal(after.total)
    if to_full is not None:
        points = Decimal(converted(int(total * 100), int(full * 100), to_full)) / 100
    else:
        points = Decimal(after.converted or 0)
    return [float(total), float(points), after.rank, after.grade]
