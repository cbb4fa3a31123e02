"""A plan as a workbook (任务分解表) and as the parser's JSON."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from changai.areas.plans import queries
from changai.areas.plans.models import Measure, Plan
from changai.documents.workbooks import SIGNED, Cell, Column, SheetContent, write_workbook


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return the corrected plan in the shape `changai plan` prints a proposal in."""
    return {
        "title": plan.title,
        "preamble": plan.preamble,
        "clauses": [_clause_json(branch) for branch in queries.tree_of(plan)],
        "closing": plan.closing,
    }


def _clause_json(branch: queries.Branch) -> dict[str, Any]:
    return {
        "label": branch.clause.label,
        "heading": branch.clause.heading,
        "text": branch.clause.text,
        "measures": [
            {"text": measure.text, "quantities": measure.quantities, "dates": measure.dates}
            for measure in branch.measures
        ],
        "children": [_clause_json(child) for child in branch.children],
    }


def breakdown(plan: Plan, *, at: datetime, by: str) -> bytes:
    """Return the plan's measures as a workbook made by an office, one row each."""
    columns = (
        Column(_("序号"), kind="serial"),
        Column(_("任务编号")),
        Column(_("所属部分"), width=12),
        Column(_("条目"), width=12),
        Column(_("任务内容"), width=32),
        Column(_("目标值"), kind="number"),
        Column(_("目标单位")),
        Column(_("完成标志"), width=14),
        Column(_("牵头单位"), width=12),
        Column(_("配合单位"), width=16),
        Column(_("完成时限"), kind="date"),
        Column(_("上级依据"), width=16),
    )
    parts = queries.parts_of(plan)
    rows = [
        _breakdown_row(number, measure, str(parts[measure.pk]))
        for number, measure in enumerate(queries.measures_of(plan), start=1)
    ]
    title = _("任务分解表")
    note = plan.document_number
    return write_workbook(
        [
            SheetContent(
                title,
                f"{plan.name}{title}",
                columns,
                rows,
                note=note,
                signature=SIGNED,
            )
        ],
        created=at,
        author=by,
    )


def _breakdown_row(number: int, measure: Measure, part: str) -> list[Cell]:
    return [
        number,
        measure.code,
        part,
        str(measure.clause),
        measure.text,
        measure.target_value,
        measure.target_unit,
        measure.completion_mark,
        "、".join(unit.name for unit in queries.units_meant(measure, queries.LEAD)),
        "、".join(unit.name for unit in queries.units_meant(measure, queries.SUPPORT)),
        measure.due_on,
        "；".join(f"{clause.plan.name}{clause}" for clause in measure.higher_clauses.all()),
    ]
