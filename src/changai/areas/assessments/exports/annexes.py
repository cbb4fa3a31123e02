"""The result of a round as the annex of a circular: 考核结果一览表, points by indicator, points lost."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings

from changai.areas.assessments.models import LeafScore, Round
from changai.areas.assessments.queries import Standing, Standings, heat_map, leaves_of
from changai.areas.organisations.queries import city
from changai.core.periods import Month
from changai.documents.annex import Annex, AnnexCell, AnnexColumn, AnnexTable
from changai.documents.annex_pdf import render_annex_pdf
from changai.documents.docx.annex import render_annex

_MOST_COLUMNS = 10  # indicators side by side that can still be read on one sheet
_MOST_LOST = 10  # indicators of one unit in the table of points lost, the dearest


def result_annex(round_: Round, shown: Standings, kind: str, *, on: date) -> bytes:
    """Return the result as far as it is shown, as `docx` or `pdf`; indicators of the units whose sheets are open.

    :raises FontsMissing: when a .pdf is asked for and no Chinese font is installed
    """
    paper = annex_of(round_, shown, on=on)
    if kind == "docx":
        return render_annex(paper)
    return render_annex_pdf(paper, font_paths=tuple(map(Path, settings.FONT_FOLDERS)))


def annex_of(round_: Round, shown: Standings, *, on: date) -> Annex:
    """Return the annex; one with sheets in it says that it is not for publication."""
    is_whole = bool(shown.sheets)
    tables = [_ranking(round_, shown)]
    if is_whole:
        tables += _by_indicator(shown)
        tables += _lost(shown)
    return Annex(
        label="内部资料，不对外公布" if is_whole else "附件",
        title=f"{round_.name}结果一览表" if not is_whole else f"{round_.name}结果",
        paragraphs=(),
        tables=tuple(tables),
        issuer=city().office_name,
        made_on=on,
    )


def _ranking(round_: Round, shown: Standings) -> AnnexTable:
    columns = [AnnexColumn("单位", 1.8, "left"), AnnexColumn("等次", 0.8)]
    if shown.has_points:
        heads = [AnnexColumn(f"{head.name}（{head.full / 100:g}）", 1.0) for head in shown.heads]
        extra = [AnnexColumn("加减分", 0.8)] if shown.has_extras else []
        columns = [
            AnnexColumn("名次", 0.7), columns[0], *heads, *extra, AnnexColumn("总分", 0.9), columns[1],
        ]  # fmt: skip
    if shown.is_amended:
        columns.append(AnnexColumn("更正后", 1.5))
    rows = tuple(tuple(AnnexCell(text) for text in _ranked(row, shown)) for row in shown.rows)
    return AnnexTable("考核结果一览表", tuple(columns), rows, _note(round_))


def _ranked(row: Standing, shown: Standings) -> Iterator[str]:
    if shown.has_points:
        yield "—" if row.rank is None else f"{row.rank}{'（并列）' if row.is_tied else ''}"
    yield row.name
    if shown.has_points:
        yield from map(_points, row.tops)
        if shown.has_extras:
            yield _points(row.extra)
        yield _points(row.total)
    yield row.grade or "—"
    if shown.is_amended:
        yield _after(row)


def _after(row: Standing) -> str:
    if row.after is None:
        return ""
    place = f"第 {row.after.rank} 名" if row.after.rank else ""
    points = f"{row.after.total} 分" if row.after.total else ""
    return "，".join(filter(None, (points, place, row.after.grade))) or "有更正"


def _note(round_: Round) -> str:
    first, last = Month.of(round_.first_month).label, Month.of(round_.last_month).label
    span = first if first == last else f"{first}至{last}"
    told = f"公布范围：{round_.announcement.words()}。" if round_.announcement.scope else ""
    return f"注：考核时段{span}。{told}结果摘要值：{round_.result_digest[:16]}。"


def _by_indicator(shown: Standings) -> Iterator[AnnexTable]:
    heat = heat_map(shown)
    numbers = range(len(heat.heads))
    parts = [numbers[start : start + _MOST_COLUMNS] for start in numbers[::_MOST_COLUMNS]]
    for number, places in enumerate(parts, start=1):
        heads = [heat.heads[place] for place in places]
        columns = (
            AnnexColumn("单位", 1.8, "left"),
            *(AnnexColumn(f"{head.code} {head.name}（{head.full / 100:g}）") for head in heads),
        )
        rows = tuple(
            (AnnexCell(row.name), *(AnnexCell(_own(cells[place].leaf)) for place in places))
            for row, cells in heat.rows
        )
        part = f"（{number}）" if len(parts) > 1 else ""
        yield AnnexTable(f"逐项得分表{part}", columns, rows)


def _lost(shown: Standings) -> Iterator[AnnexTable]:
    by_score = leaves_of(shown)
    rows = [line for row in shown.sheets for line in _lost_by(row, by_score[row.score.pk])]
    if rows:
        columns = (
            AnnexColumn("单位（失分）", 1.6, "left"), AnnexColumn("指标", 2.0, "left"), AnnexColumn("失分", 0.7),
            AnnexColumn("理由", 4.5, "left"),
        )  # fmt: skip
        note = f"注：每个单位列失分最多的 {_MOST_LOST} 项以内，括号内是失分合计；全部指标见导出的工作簿。"
        yield AnnexTable("失分情况表", columns, tuple(rows), note)


def _lost_by(row: Standing, leaves: Sequence[LeafScore]) -> Iterator[tuple[AnnexCell, ...]]:
    lost = sorted(
        (leaf for leaf in leaves if leaf.lost_hundredths > 0),
        key=lambda leaf: (-leaf.lost_hundredths, leaf.position),
    )
    whole = sum(leaf.lost_hundredths for leaf in lost)
    told = min(len(lost), _MOST_LOST)
    for number, leaf in enumerate(lost[:_MOST_LOST]):
        own = (
            AnnexCell(f"{leaf.code} {leaf.name}"), AnnexCell(_points(leaf.lost_hundredths)), AnnexCell(leaf.sentence),
        )  # fmt: skip
        yield own if number else (AnnexCell(f"{row.name}\n（{_points(whole)}）", rows=told), *own)


def _own(leaf: LeafScore) -> str:
    if leaf.is_open:
        return "待核"
    return "—" if leaf.is_left_out else _points(leaf.points_hundredths)


def _points(hundredths: int | None) -> str:
    return "" if hundredths is None else f"{hundredths / 100:.2f}"
