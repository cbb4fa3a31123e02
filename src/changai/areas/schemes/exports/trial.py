"""The figures of a trial as a workbook to type assumed ones over."""

from collections.abc import Sequence
from datetime import datetime

from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries.trial import Terms, figure_sheet
from changai.core import scoring
from changai.documents.workbooks import Column, SheetContent, write_workbook


def trial_figures(table: scoring.Table, terms: Terms, units: Sequence[Unit], *, created: datetime) -> bytes:
    """Return a row for each unit with the figures of the period."""
    heads, rows = figure_sheet(table, terms, units)
    columns = (Column("单位编码", 8), Column("单位", 16), *(Column(name, 10) for _code, name in heads))
    note = f"{terms.first.label}至{terms.last.label}数据；改成假设的数字后上传试算，空白按未报送。试算不保存任何数据。"
    sheet = SheetContent(
        name="假设数据", title=f"{table.category}假设数据表", columns=columns, rows=rows, note=note
    )
    return write_workbook([sheet], created=created)
