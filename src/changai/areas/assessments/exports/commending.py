"""A list to be commended as the annex of its public notice."""

from itertools import count

from changai.areas.assessments.models import Commendation
from changai.areas.organisations.queries import city
from changai.documents.annex import Annex, AnnexCell, AnnexColumn, AnnexTable
from changai.documents.docx.annex import render_annex


def commendation_annex(made: Commendation) -> bytes:
    """Return the list of which notice is given, as .docx.

    :raises ValueError: for a list of which no notice is given
    """
    first, last = made.notice_from, made.notice_until
    if first is None or last is None:
        raise ValueError("no notice of this list is given")
    columns = (
        AnnexColumn("序号", 0.4),
        AnnexColumn("姓名"),
        AnnexColumn("单位", 2.5, "left"),
        AnnexColumn("类别", 1.5),
    )
    rows = tuple(
        tuple(
            AnnexCell(text) for text in (str(number), row["name"], row["employer"], "、".join(row["groups"]))
        )
        for number, row in zip(count(1), made.nominees, strict=False)
    )
    span = f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
    told = (
        f"批准依据：{made.basis}。",
        f"公示时间：{span}。有异议的，请在公示期内向办公室反映，写明事实和联系方式。",
    )
    table = AnnexTable(f"{made.title}名单", columns, rows, f"共 {len(rows)} 人。")
    return render_annex(
        Annex(
            label="附件",
            title=f"{made.title}公示名单",
            paragraphs=told,
            tables=(table,),
            issuer=city().office_name,
            made_on=first,
        )
    )
