"""An indicator system as the office's workbook."""

from datetime import datetime

from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring
from changai.core.scoring import tabular
from changai.documents.workbooks import Column, SheetContent, write_workbook


def scheme_workbook(version: SchemeVersion) -> bytes:
    """Return the version as a workbook that loads back as the same scheme."""
    created: datetime = version.issued_at or version.loaded_at
    return workbook_of(scheme_of(version), created=created)


def workbook_of(scheme: scoring.Scheme, *, created: datetime) -> bytes:
    """Return a scheme as a workbook with the sheets 指标表, 等次, 设置 and 数据项."""
    sheets = [
        SheetContent(
            name=name,
            title=f"{scheme.scheme} {name}",
            columns=tuple(Column(str(head)) for head in rows[0]),
            rows=rows[1:],
        )
        for name, rows in tabular.scheme_to_sheets(scheme).items()
    ]
    return write_workbook(sheets, created=created)
