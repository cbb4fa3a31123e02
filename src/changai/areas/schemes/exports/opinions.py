"""意见采纳情况表: the comments on a draft and what became of them, as a workbook and as a document."""

from datetime import date, datetime

from changai.areas.organisations.queries import city
from changai.areas.schemes.models import Consultation
from changai.areas.schemes.queries.consulting import Opinion, Tally, opinions, tally
from changai.documents.annex import Annex, AnnexCell, AnnexColumn, AnnexTable
from changai.documents.docx.annex import render_annex
from changai.documents.workbooks import SIGNED, Column, SheetContent, write_workbook

HEADS = ("序号", "所涉内容", "意见建议", "提出单位", "采纳情况", "理由")
WAITING = "待处理"


def opinions_workbook(row: Consultation, *, created: datetime) -> bytes:
    """Return the table of a consultation's comments and decisions, and the list of units, as a workbook."""
    columns = (
        Column(HEADS[0], 5), Column(HEADS[1], 18), Column(HEADS[2], 36), Column(HEADS[3], 18), Column(HEADS[4], 10),
        Column(HEADS[5], 30),
    )  # fmt: skip
    units = [
        [
            str(number),
            answer.unit.name,
            "无意见" if answer.has_no_comment else answer.get_status_display(),
            str(answer.comments.count()) if answer.sent_at else "",
            answer.signed_by_name or (answer.written_by_name if answer.sent_at else ""),
        ]
        for number, answer in enumerate(
            row.answers.select_related("unit").prefetch_related("comments"), start=1
        )
    ]
    sheets = [
        SheetContent(
            name="意见采纳情况", title=f"{_title(row)}意见采纳情况表", columns=columns, rows=_rows(row),
            note=_summary(tally(row)), signature=SIGNED,
        ),
        SheetContent(
            name="反馈单位", title="反馈情况", rows=units,
            columns=(Column("序号", 5), Column("单位", 26), Column("反馈", 12), Column("意见条数", 8),
                     Column("反馈人", 10)),
        ),
    ]  # fmt: skip
    return write_workbook(sheets, created=created, author=city().office_name)


def opinions_document(row: Consultation, *, on: date) -> bytes:
    """Return the same table as a document to print and file."""
    widths = (0.5, 1.6, 3.4, 1.6, 1.0, 2.6)
    columns = tuple(
        AnnexColumn(head, width, "left" if place in {1, 2, 5} else "center")
        for place, (head, width) in enumerate(zip(HEADS, widths, strict=True))
    )
    rows = tuple(tuple(AnnexCell(text) for text in line) for line in _rows(row))
    table = AnnexTable("", columns, rows)
    paper = Annex(
        label="", title=f"《{row.scheme.name}》\n（{row.scheme.version_label} 版征求意见稿）意见采纳情况表",
        paragraphs=(_summary(tally(row)),), tables=(table,), issuer=city().office_name, made_on=on,
    )  # fmt: skip
    return render_annex(paper)


def _title(row: Consultation) -> str:
    return f"{row.scheme.name}（{row.scheme.version_label} 版征求意见稿）"


def _rows(row: Consultation) -> list[list[str]]:
    return [
        [
            str(number),
            opinion.place,
            _said(opinion),
            "、".join(opinion.units),
            str(opinion.lead.get_decision_display()) or WAITING,
            opinion.lead.reason,
        ]
        for number, opinion in enumerate(opinions(row), start=1)
    ]


def _said(opinion: Opinion) -> str:
    told = [
        each.text + (f"（建议修改为：{each.proposed}）" if each.proposed else "") for each in opinion.comments
    ]
    return "\n".join(dict.fromkeys(told))


def _summary(counts: Tally) -> str:
    return (
        f"向 {counts.asked} 个单位征求意见，{counts.answered} 个单位反馈，其中 {counts.without} 个单位无意见；"
        f"共收到意见 {counts.comments} 条，合并为 {counts.open + counts.adopted + counts.partly + counts.refused} 条，"
        f"采纳 {counts.adopted} 条，部分采纳 {counts.partly} 条，不采纳 {counts.refused} 条"
        + (f"，待处理 {counts.open} 条。" if counts.open else "。")
    )
