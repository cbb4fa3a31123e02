"""What rows of the areas below become in papers: figures, items of plans, and records to open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from changai.areas.briefings.queries.records import Record, address, decimal_words
from changai.areas.plans.models import Clause
from changai.areas.reporting import queries as reporting
from changai.areas.reporting.models import TaskLine
from changai.areas.reporting.rules.standings import mean
from changai.core.periods import Month


class Counted(NamedTuple):
    """An accepted figure of a unit for a month."""

    pk: int
    unit_id: int
    unit: str
    month: Month
    value: Decimal


@dataclass(frozen=True)
class Part:
    """A part of a plan: mean and scheduled progress in percent, and the items they are made of."""

    name: str
    progress: Decimal | None
    scheduled: Decimal | None
    items: tuple[reporting.ItemProgress, ...]

    @property
    def records(self) -> tuple[Record, ...]:
        return item_records(self.items)

    @property
    def progress_records(self) -> tuple[Record, ...]:
        return tuple(line_record(item.line, f"{item.percent}%") for item in self.items)

    @property
    def scheduled_records(self) -> tuple[Record, ...]:
        return tuple(line_record(item.line, f"{item.scheduled}%") for item in self.items)


ItemProgress = reporting.ItemProgress


def item_records(items: Iterable[ItemProgress]) -> tuple[Record, ...]:
    """Return items as records with their progress and schedule."""
    return tuple(
        line_record(item.line, f"进度 {item.percent}%，序时进度 {item.scheduled}%") for item in items
    )


def part_of(clause: Clause, items: list[ItemProgress]) -> Part:
    """Return a part of a plan with its items and their means."""
    return Part(
        name=(clause.heading or clause.label).strip(),
        progress=mean(item.percent for item in items),
        scheduled=mean(item.scheduled for item in items),
        items=tuple(items),
    )


def _percent_of(line: TaskLine) -> Decimal:
    return line.percent or Decimal(0)


def day_words(day: date) -> str:
    """Return 2026年10月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def short(text: str) -> str:
    """Return a text as labels hold it, cut where it is long."""
    return text if len(text) <= 40 else f"{text[:39]}…"


def fact_record(fact: Counted) -> Record:
    """Return an accepted figure as a record."""
    label = f"{fact.unit} {fact.month.label}"
    return Record(
        "facts.fact", fact.pk, label, decimal_words(fact.value), address("facts:fact", fact.pk), fact.unit
    )


def line_record(line: TaskLine, value: str = "") -> Record:
    """Return a line of a report as a record, with its progress unless `value` says otherwise."""
    unit = line.report.obligation.unit.name
    return Record(
        "reporting.report",
        line.report_id,
        f"{unit}：{line.claim.measure.code} {short(line.claim.text)}",
        value or f"进度 {_percent_of(line)}%，序时进度 {line.scheduled_percent}%",
        address("reporting:report", line.report_id),
        unit,
    )
