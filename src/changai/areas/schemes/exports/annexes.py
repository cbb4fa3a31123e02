"""An indicator system as the annex of an issued paper: every table with its merged cells."""

from datetime import date
from pathlib import Path

from django.conf import settings

from changai.areas.organisations.queries import city
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import Extra, Sheet, scheme_of, sheet_of
from changai.documents.annex import Annex, AnnexCell, AnnexColumn, AnnexTable
from changai.documents.annex_pdf import render_annex_pdf
from changai.documents.docx.annex import render_annex

LEVELS = ("一级指标", "二级指标", "三级指标")
KINDS = {"bonus": "加分", "penalty": "减分", "veto": "一票否决"}


def scheme_annex(version: SchemeVersion, kind: str, *, on: date) -> bytes:
    """Return a version as `docx` or `pdf`, with all its tables.

    :raises FontsMissing: when a .pdf is asked for and no Chinese font is installed
    """
    paper = annex_of(version, on=on)
    if kind == "docx":
        return render_annex(paper)
    return render_annex_pdf(paper, font_paths=tuple(map(Path, settings.FONT_FOLDERS)))


def annex_of(version: SchemeVersion, *, on: date) -> Annex:
    """Return the annex of a version; a draft says that it is one."""
    scheme = scheme_of(version)
    tables: list[AnnexTable] = []
    for category in scheme.tables:
        sheet = sheet_of(scheme, category)
        if sheet.lines:
            tables.append(_table(sheet))
        if sheet.extras:
            tables.append(_extras(category, sheet.extras))
    mark = "（征求意见稿）" if version.is_draft else ""
    return Annex(
        label="附件", title=f"{version.name}{mark}\n（{version.year} 年度 {version.version_label} 版）", paragraphs=(),
        tables=tuple(tables), issuer=city().office_name, made_on=version.effective_from or on,
    )  # fmt: skip


# What a column of the printed table says of a line; columns nobody filled in are left out.
TEXTS = (
    (AnnexColumn("评分标准", 3.2, "left"), "wording"), (AnnexColumn("数据来源", 1.2), "data_owner"),
    (AnnexColumn("核验方式", 1.0), "verification"), (AnnexColumn("佐证材料", 1.4, "left"), "evidence"),
)  # fmt: skip


def _table(sheet: Sheet) -> AnnexTable:
    levels = tuple(AnnexColumn(f"{name}（分值）", 1.3) for name in LEVELS[: sheet.depth])
    told = [
        (column, name)
        for column, name in TEXTS
        if name == "wording" or any(getattr(line, name) for line in sheet.lines)
    ]
    rows = tuple(
        (
            *(
                AnnexCell(f"{cell.name}\n（{cell.points} 分）", cell.rows, cell.columns)
                for cell in line.cells
            ),
            *(AnnexCell(getattr(line, name)) for _column, name in told),
        )
        for line in sheet.lines
    )
    grades = f"等次：{'；'.join(sheet.grades)}。" if sheet.grades else ""
    title = f"{sheet.category}指标表（满分 {sheet.full} 分）"
    return AnnexTable(title, (*levels, *(column for column, _name in told)), rows, grades)


def _extras(category: str, extras: tuple[Extra, ...]) -> AnnexTable:
    columns = (
        AnnexColumn("类型", 0.8), AnnexColumn("项目", 2.0), AnnexColumn("最高分值", 0.8),
        AnnexColumn("评分标准", 3.4, "left"), AnnexColumn("数据来源", 1.4),
    )  # fmt: skip
    rows = tuple(
        tuple(AnnexCell(text) for text in (KINDS[e.kind], e.name, e.points, e.wording, e.data_owner))
        for e in extras
    )
    return AnnexTable(f"{category}加分、减分和一票否决", columns, rows)
