"""The month without change (零报告、本月无变化): what would be filled in, and what of it can still be undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from changai.areas.reporting.models import CellChange, FigureLine, FigurePart, NarrativeLine, Report, TaskLine
from changai.areas.reporting.queries.changes import latest_changes
from changai.areas.reporting.queries.sheets import last_lines, register_figures
from changai.areas.reporting.rules.cells import FIGURE_COLUMNS, TASK_COLUMNS, WORDS_COLUMNS, Value, written


@dataclass(frozen=True)
class Proposal:
    """An empty cell and what a month without change puts into it."""

    line: TaskLine | FigureLine | FigurePart | NarrativeLine
    column: str
    value: Value

    @property
    def ref(self) -> str:
        return f"{_line_ref(self.line)}:{self.column}"

    @property
    def name(self) -> str:
        return _name(self.line)

    @property
    def label(self) -> str:
        return (TASK_COLUMNS | FIGURE_COLUMNS | WORDS_COLUMNS)[self.column]

    @property
    def is_taken(self) -> bool:
        """Whether the line is accepted already and stays as it is."""
        return (self.line.line if isinstance(self.line, FigurePart) else self.line).taken_at is not None

    @property
    def before(self) -> str:
        return written(getattr(self.line, self.column))

    @property
    def written(self) -> str:
        return written(self.value)


def _line_ref(line: TaskLine | FigureLine | FigurePart | NarrativeLine) -> str:
    if isinstance(line, TaskLine):
        return f"task:{line.claim_id}"
    if isinstance(line, FigureLine):
        return f"figure:{line.field_id}"
    return f"part:{line.pk}" if isinstance(line, FigurePart) else f"words:{line.pk}"


def _name(line: TaskLine | FigureLine | FigurePart | NarrativeLine) -> str:
    if isinstance(line, TaskLine):
        return line.claim.text
    if isinstance(line, FigureLine):
        return line.field.name
    if isinstance(line, FigurePart):
        return f"{line.line.field.name}：{line.category.name}"
    return line.item.title


def no_change_proposals(report: Report) -> list[Proposal]:
    """Return what a month without change fills in: items and stocks as last month, flows zero, registers as they stand.

    What was typed stays. Reading the proposal changes nothing.
    """
    tasks = list(report.task_lines.select_related("claim"))
    figures = list(report.figure_lines.select_related("field"))
    proposals = [
        *_of_tasks(report, tasks),
        *_of_figures(report, figures),
        *_of_parts(report),
        *_of_words(report),
    ]
    return [one for one in proposals if one.written != one.before and not one.is_taken]


def _of_tasks(report: Report, lines: list[TaskLine]) -> list[Proposal]:
    last = last_lines([line.claim_id for line in lines], before=report.obligation.period.month)
    return [
        Proposal(line, column, last[line.claim_id][column])
        for line in lines
        if line.claim_id in last
        for column in TASK_COLUMNS
        if getattr(line, column) in {None, ""}
    ]


def _of_figures(report: Report, lines: list[FigureLine]) -> list[Proposal]:
    known = register_figures(report, lines)
    proposals = []
    for line in lines:
        if line.field_id in known:
            proposals.append(Proposal(line, "value", known[line.field_id].value))
        elif line.value is None and not line.remark:
            stays = line.field.gathering == "last"
            proposals.append(Proposal(line, "value", line.last_value if stays else Decimal(0)))
    return proposals


def _of_parts(report: Report) -> list[Proposal]:
    """Return the items of stocks as last month; the items of a flow of zero stay empty, which is zero."""
    parts = FigurePart.objects.filter(line__report=report, value=None, line__field__gathering="last")
    return [
        Proposal(part, "value", part.last_value) for part in parts.select_related("line__field", "category")
    ]


def _of_words(report: Report) -> list[Proposal]:
    words = report.narrative_lines.filter(text="").select_related("item")
    return [Proposal(line, "text", line.last_text) for line in words]


def undoable_no_change(report: Report, changes: Mapping[str, CellChange] | None = None) -> list[CellChange]:
    """Return the cells the latest press of 本月无变化 filled that nobody has changed since; none that was sent.

    `changes` are the newest of the report's cells, when the caller knows them.
    """
    newest = latest_changes(report) if changes is None else changes
    been_out = [
        moment for moment in (report.first_arrived_at, report.reviewed_at, report.reopened_at) if moment
    ]
    filled = [
        change
        for change in newest.values()
        if change.origin == CellChange.Origin.NO_CHANGE and all(change.at > moment for moment in been_out)
    ]
    last_at = max((change.at for change in filled), default=None)
    return sorted((change for change in filled if change.at == last_at), key=lambda change: change.pk)
