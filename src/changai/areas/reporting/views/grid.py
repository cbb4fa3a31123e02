"""The grid of a sheet as a page shows it: lines of cells, each with its version, its state and the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from changai.areas.reporting import queries
from changai.areas.reporting.actions import CellOutcome
from changai.areas.reporting.models import CellChange, FigureLine, NarrativeLine, Report, TaskLine
from changai.areas.reporting.rules.cells import (
    FIGURE_COLUMNS,
    GUIDANCE,
    LIMITS,
    TASK_COLUMNS,
    WORDS_COLUMNS,
    Value,
    written,
)
from changai.areas.reporting.rules.sheets import Fault, LineState, line_state
from changai.areas.reporting.views.paper import told
from changai.core.periods import Month


@dataclass(frozen=True)
class GridCell:
    """One cell of the grid as it is first shown."""

    ref: str
    column: str
    value: str
    version: int
    comments: int
    last: str
    state: str
    remark: str

    @property
    def length(self) -> tuple[int, int, int]:
        """How long the words of the column should be: at least, at best at most, at most; in characters."""
        most = LIMITS.get(self.column, 0)
        least, good = GUIDANCE.get(self.column, (0, most))
        return least, good, most


# What was refused of a posted form, and what had been typed.
Refused = Sequence[tuple[CellOutcome, str]]


@dataclass(frozen=True)
class Told:
    """What is told beside the cells: state and remark of those that have one, last changes, open comments."""

    remarks: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    changes: Mapping[str, CellChange] = field(default_factory=dict)
    comments: Mapping[str, int] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    last: Mapping[str, str] = field(default_factory=dict)

    def version_of(self, ref: str) -> int:
        return self.changes[ref].version if ref in self.changes else 0

    def remark_of(self, ref: str) -> tuple[str, str]:
        return self.remarks.get(ref, ("", ""))


@dataclass(frozen=True)
class GridLine:
    """One line of the grid."""

    line: TaskLine | FigureLine
    ref: str
    cells: tuple[GridCell, ...]
    state: LineState | None = None
    register: Any = None
    evidence_remark: str = ""
    parts: tuple["PartLine", ...] = ()

    @property
    def name(self) -> str:
        return self.line.claim.text if isinstance(self.line, TaskLine) else self.line.field.name


@dataclass(frozen=True)
class PartLine:
    """One item of a figure asked item by item."""

    name: str
    last_value: Decimal | None
    cell: GridCell


@dataclass(frozen=True)
class WordsLine:
    """One narrative item of the sheet."""

    line: NarrativeLine
    cell: GridCell


def marks_shown(
    report: Report, lines: Iterable[GridLine], words: Iterable[WordsLine] = ()
) -> list[tuple[str, str, str, str]]:
    """Return the marked cells while they are to be mended: cell, line, column, what to mend."""
    if report.status != "returned":
        return []
    marks = queries.marks_of(report)
    labels = {**TASK_COLUMNS, **FIGURE_COLUMNS, "evidence": _("佐证材料")}
    named = [
        (f"{line.ref}:{column}", line.name, _(label)) for line in lines for column, label in labels.items()
    ]
    named += [(part.cell.ref, line.name, part.name) for line in lines for part in line.parts]
    named += [(item.cell.ref, item.line.item.title, _(WORDS_COLUMNS["text"])) for item in words]
    return [(ref, name, column, marks[ref]) for ref, name, column in named if ref in marks]


def told_of(
    report: Report, faults: Iterable[Fault], refused: Refused = (), last: Mapping[str, str] | None = None
) -> Told:
    """Return what is told beside the cells: what was returned, over it what is missing, over it what was refused."""
    marks = queries.marks_of(report) if report.status == "returned" else {}
    returned = {cell: ("returned", remark) for cell, remark in marks.items()}
    missing = {fault.target: ("warning", fault.sentence) for fault in faults}
    not_saved = {cell.ref: _told_refused(cell) for cell, _typed in refused}
    return Told(
        returned | missing | not_saved,
        queries.latest_changes(report),
        queries.open_threads(report),
        {cell.ref: typed for cell, typed in refused},
        last or {},
    )


def _told_refused(cell: CellOutcome) -> tuple[str, str]:
    if cell.state != "conflict":
        return "refused", cell.sentence
    now = _("现有内容：%(now)s。再次保存即保留您的。") % {"now": cell.value or _("（空）")}
    return "conflict", f"{cell.sentence}{now}"


def _cells(
    line: TaskLine | FigureLine, ref: str, columns: Iterable[str], beside: Told
) -> tuple[GridCell, ...]:
    return tuple(_cell(f"{ref}:{column}", getattr(line, column), beside) for column in columns)


def _cell(ref: str, value: Value, beside: Told) -> GridCell:
    column = ref.rpartition(":")[2]
    version, comments = beside.version_of(ref), beside.comments.get(ref, 0)
    text = beside.typed.get(ref, written(value))
    return GridCell(ref, column, text, version, comments, beside.last.get(ref, ""), *beside.remark_of(ref))


def _state(line: TaskLine, as_of: date) -> LineState:
    if line.percent is None:
        return LineState("none", _("待填报"))
    return told(line_state(line.percent, line.scheduled_percent, line.claim.due_on, as_of))


def task_lines(report: Report, beside: Told) -> list[GridLine]:
    """Return the lines of the claimed items."""
    as_of = Month.of(report.obligation.period.month).last_on
    lines = report.task_lines.select_related("claim__measure").prefetch_related("evidence")
    return [
        GridLine(
            line,
            ref,
            _cells(line, ref, TASK_COLUMNS, beside),
            _state(line, as_of),
            evidence_remark=beside.remark_of(f"{ref}:evidence")[1],
        )
        for line in lines
        for ref in [f"task:{line.claim_id}"]
    ]


def figure_lines(report: Report, beside: Told) -> list[GridLine]:
    """Return the lines of the figures, with the registers as they stand now."""
    lines = list(report.figure_lines.select_related("field").prefetch_related("evidence"))
    known, parts = queries.register_figures(report, lines), queries.parts_in(report)
    return [
        GridLine(
            line,
            ref,
            _cells(line, ref, FIGURE_COLUMNS, beside),
            register=known.get(line.field_id),
            evidence_remark=beside.remark_of(f"{ref}:evidence")[1],
            parts=tuple(
                PartLine(
                    part.category.name, part.last_value, _cell(f"part:{part.pk}:value", part.value, beside)
                )
                for part in parts[line.pk]
            ),
        )
        for line in lines
        for ref in [f"figure:{line.field_id}"]
    ]


def words_lines(report: Report, beside: Told) -> list[WordsLine]:
    """Return the narrative items."""
    lines = report.narrative_lines.select_related("item")
    return [WordsLine(line, _cell(f"words:{line.pk}:text", line.text, beside)) for line in lines]
