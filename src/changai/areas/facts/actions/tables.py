"""Issuing a table of sums: frozen as it stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from changai.areas.facts import policies
from changai.areas.facts.models import IssuedTable
from changai.areas.facts.queries import field_by_id
from changai.areas.facts.queries.tables import TableSpan, table_content
from changai.areas.facts.rules.tables import digest_of_bytes, digest_of_content, table_sheet
from changai.core.errors import Invalid
from changai.documents.workbooks import write_workbook
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@dataclass(frozen=True)
class TableOrder:
    """Which table to issue, and what it is called."""

    title: str
    field_id: int
    span: TableSpan


@action("table.issue")
def issue_table(actor: Actor, order: TableOrder, *, at: datetime) -> IssuedTable:
    """Freeze a table of sums over all units with its number; nothing changes it any more.

    :raises Invalid: when it has no title, or nothing was reported
    """
    policies.require_issue_tables(actor)
    field = field_by_id(order.field_id)
    title = order.title.strip()
    content = table_content(field, order.span, title)
    if not title or not content["rows"]:
        raise Invalid("请填写表名。" if not title else "所选月份还没有数据，不能定表。")
    workbook = write_workbook([table_sheet(content)], created=at)
    year = at.year
    last = IssuedTable.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    table = IssuedTable.objects.create(
        year=year,
        number=last + 1,
        title=title[:120],
        field=field,
        first_month=order.span.months[0].first_on,
        last_month=order.span.months[-1].first_on,
        content=content,
        digest=digest_of_content(content),
        workbook=workbook,
        workbook_digest=digest_of_bytes(workbook),
        issued_at=at,
        issued_by_name=actor.name,
    )
    record(actor, "table.issue", table, at=at, digest=table.digest, workbook=table.workbook_digest)
    return table
