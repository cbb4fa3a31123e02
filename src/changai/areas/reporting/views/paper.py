"""A signed or drafted sheet as a page shows it: rows of cells with what changed, what was marked, what to look at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_noop

from changai.areas.reporting.rules.cells import FIGURE_COLUMNS, TASK_COLUMNS, WORDS_COLUMNS
from changai.areas.reporting.rules.sheets import Fault, LineState, line_state
from changai.areas.reporting.rules.snapshots import Difference
from changai.core.periods import Month


@dataclass(frozen=True)
class ReadCell:
    """One cell to read. `before` is what it said before the change, None without one; `asked` what a return asked."""

    ref: str
    column: str
    label: str
    value: str
    before: str | None
    mark: str
    asked: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ReadRow:
    """One line to read: the frozen values and its cells."""

    line: dict[str, Any]
    cells: tuple[ReadCell, ...]
    state: LineState | None
    parts: tuple[tuple[str, ReadCell], ...] = ()

    @property
    def name(self) -> str:
        return str(self.line.get("text") or self.line.get("name"))

    @property
    def evidence_ref(self) -> str:
        return self.cells[0].ref.rpartition(":")[0] + ":evidence"


@dataclass(frozen=True)
class Paper:
    """A whole sheet to read."""

    tasks: tuple[ReadRow, ...]
    figures: tuple[ReadRow, ...]
    words: tuple[tuple[str, ReadCell], ...] = ()


def paper_of(
    content: Mapping[str, Any],
    *,
    changes: Iterable[Difference] = (),
    marks: Mapping[str, str] | None = None,
    asked: Mapping[str, str] | None = None,
    notes: Iterable[Fault] = (),
) -> Paper:
    """Return the content ready to be read."""
    told: dict[str, list[str]] = defaultdict(list)
    for note in notes:
        told[note.cell].append(note.brief or note.sentence)
    before = {change.cell: change.before for change in changes}

    def cell(ref: str, column: str, label: str, value: str) -> ReadCell:
        mark, wish = (marks or {}).get(ref, ""), (asked or {}).get(ref, "")
        return ReadCell(ref, column, gettext(label), value, before.get(ref), mark, wish, tuple(told[ref]))

    def row(kind: str, line: dict[str, Any], key: str, columns: Mapping[str, str]) -> ReadRow:
        cells = tuple(
            cell(f"{kind}:{line[key]}:{column}", column, label, line[column])
            for column, label in columns.items()
        )
        parts = tuple(
            (part["name"], cell(f"part:{part['part_id']}:value", "value", part["name"], part["value"]))
            for part in line.get("parts", ())
        )
        return ReadRow(line, cells, _state(line, content["month"]) if kind == "task" else None, parts)

    return Paper(
        tuple(row("task", line, "claim_id", TASK_COLUMNS) for line in content["tasks"]),
        tuple(row("figure", line, "field_id", FIGURE_COLUMNS) for line in content["figures"]),
        tuple(
            (
                line["title"],
                cell(f"words:{line['line_id']}:text", "text", WORDS_COLUMNS["text"], line["text"]),
            )
            for line in content.get("words", ())
        ),
    )


# The rules' words for a line, for those who translate.
STATE_WORDS = (
    gettext_noop("已完成"),
    gettext_noop("已逾期"),
    gettext_noop("滞后"),
    gettext_noop("临近到期"),
    gettext_noop("正常推进"),
)


def told(state: LineState) -> LineState:
    """Return the state in the reader's language."""
    return LineState(state.light, gettext(state.label))


def _state(line: Mapping[str, Any], month: str) -> LineState:
    percent = Decimal(line["percent"]) if line["percent"] else None
    due_on = date.fromisoformat(line["due_on"]) if line["due_on"] else None
    return told(line_state(percent, Decimal(line["scheduled"] or 0), due_on, Month.parse(month).last_on))
