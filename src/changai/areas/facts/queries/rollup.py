"""Figures summed over the tree of units: as the tree was on any day, or recast to the units of a day.

Where the figures of a field include those below (上级数已含下级), of a unit and one below it that both reported only
the one above counts.

One question to the database. A unit that was merged into another counts with the one it went into; one that is no
more without an heir, or not yet there, stands where it last (or first) stood, so that no figure is ever lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from changai.areas.facts.models import Fact, Field
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Unit
from changai.core.periods import Month

_SCALE = 10_000  # figures hold four decimals; whole numbers add up exactly on every database

# `up`: every unit with every unit it counts for on the day: its heir, and all above.
_TREE = """
WITH RECURSIVE
heir (unit_id, heir_id) AS (
    SELECT id, id FROM unit
    UNION
    SELECT heir.unit_id, line.target_id
    FROM heir JOIN unit_lineage line ON line.source_id = heir.heir_id
    WHERE line.kind = 'merged' AND line.happened_on <= %(day)s
),
present (unit_id, heir_id) AS (
    SELECT unit_id, heir_id FROM heir
    WHERE NOT EXISTS (
        SELECT 1 FROM unit_lineage line
        WHERE line.source_id = heir.heir_id AND line.kind = 'merged' AND line.happened_on <= %(day)s
    )
),
ranked (unit_id, parent_id, place) AS (
    SELECT unit_id, parent_id, ROW_NUMBER() OVER (
        PARTITION BY unit_id
        ORDER BY
            CASE WHEN valid_from > %(day)s THEN 2 WHEN valid_to IS NULL OR valid_to > %(day)s THEN 0 ELSE 1 END,
            CASE WHEN valid_from <= %(day)s THEN valid_from END DESC,
            valid_from,
            id DESC
    )
    FROM unit_version
),
up (unit_id, above_id) AS (
    SELECT unit_id, heir_id FROM present
    UNION
    SELECT up.unit_id, present.heir_id
    FROM up
    JOIN ranked ON ranked.unit_id = up.above_id AND ranked.place = 1
    JOIN present ON present.unit_id = ranked.parent_id
)
"""
_FACTS = """
, taken (unit_id, month, value) AS (
    SELECT unit_id, month, value
    FROM fact
    WHERE is_current AND status = 'REPORTED' AND field_id = %(field)s
        AND month >= %(first)s AND month <= %(last)s
)
"""
# Of several months only the last one each unit reported; numbering all facts would cost the usual question a third.
_LATEST_FACTS = """
, taken (unit_id, month, value) AS (
    SELECT unit_id, month, value FROM (
        SELECT unit_id, month, value, ROW_NUMBER() OVER (PARTITION BY unit_id ORDER BY month DESC) AS place
        FROM fact
        WHERE is_current AND status = 'REPORTED' AND field_id = %(field)s
            AND month >= %(first)s AND month <= %(last)s
    ) latest
    WHERE place = 1
)
"""
_SUMS = """
SELECT up.above_id, {month}, SUM(CAST(ROUND(taken.value * 10000) AS BIGINT)), COUNT(*)
FROM taken JOIN up ON up.unit_id = taken.unit_id
GROUP BY up.above_id{group}
"""
# A figure that one further up includes: counted for the units below that one only, not for it and those above.
_COVERED = """
, covered (unit_id, month, above_id) AS (
    SELECT DISTINCT low.unit_id, low.month, above.above_id
    FROM taken low
    JOIN present own ON own.unit_id = low.unit_id
    JOIN up ON up.unit_id = low.unit_id AND up.above_id <> own.heir_id
    JOIN present other ON other.heir_id = up.above_id
    JOIN taken high ON high.unit_id = other.unit_id {same_month}
    JOIN up above ON above.unit_id = other.unit_id
)
"""
_TOPMOST = """
SELECT up.above_id, {month}, SUM(CAST(ROUND(taken.value * 10000) AS BIGINT)), COUNT(*)
FROM taken JOIN up ON up.unit_id = taken.unit_id
LEFT JOIN covered ON covered.unit_id = taken.unit_id AND covered.month = taken.month
    AND covered.above_id = up.above_id
WHERE covered.unit_id IS NULL
GROUP BY up.above_id{group}
"""
_OVER = """
SELECT DISTINCT low.unit_id, high.unit_id
FROM up low
JOIN present own ON own.unit_id = low.unit_id AND own.heir_id <> low.above_id
JOIN present high ON high.heir_id = low.above_id
JOIN up within ON within.unit_id = high.unit_id AND within.above_id = %(unit)s
"""
_BELOW = "SELECT unit_id FROM up WHERE above_id = %(unit)s"


@dataclass(frozen=True)
class Rolled:
    """What was reported by a unit and all below it: the sum, and of how many figures."""

    total: Decimal
    count: int

    @property
    def mean(self) -> Decimal:
        return self.total / self.count


def by_month(field: Field, first: Month, last: Month, day: date) -> dict[tuple[int, Month], Rolled]:
    """Return the sums of each month `first` to `last` over the tree of a day: (unit, month) -> sum."""
    rows = _ask(field, first, last, day, month="taken.month", every=True)
    return {(unit_id, Month.of(_day(month))): _rolled(total, count) for unit_id, month, total, count in rows}


def whole(field: Field, first: Month, last: Month, day: date) -> dict[int, Rolled]:
    """Return the sums of the months `first` to `last` together over the tree of a day: unit -> sum.

    A field that is gathered by its last month counts with the last month each unit reported.
    """
    every = field.gathering != Field.Gathering.LAST
    rows = _ask(field, first, last, day, month="NULL", every=every)
    return {unit_id: _rolled(total, count) for unit_id, _month, total, count in rows}


def then_by_month(field: Field, first: Month, last: Month) -> dict[tuple[int, Month], Rolled]:
    """Return the sums as units then were (原口径): each month over the tree of its own last day."""
    found: dict[tuple[int, Month], Rolled] = {}
    for month in first.until(last):
        found |= by_month(field, month, month, month.last_on)
    return found


def facts_below(unit_id: int, field: Field, months: Iterable[Month], day: date) -> QuerySet[Fact]:
    """Return the figures in force that a sum is made of, in the order of units and months."""
    with connection.cursor() as cursor:
        cursor.execute(_TREE + _BELOW, {"day": day, "unit": unit_id})
        below = [row[0] for row in cursor.fetchall()]
    return (
        Fact.objects.filter(
            is_current=True, field=field, unit__in=below, month__in=[month.first_on for month in months]
        )
        .select_related("unit", "field")
        .order_by("unit__position", "unit__code", "month", "pk")
    )


def included_in(unit_id: int, facts: Sequence[Fact], day: date) -> dict[int, Unit]:
    """Return the figures that do not count for a unit: by key, the unit whose figure includes it.

    A figure that includes those below it stands for them in every month it was reported in.
    """
    if not facts or not facts[0].field.includes_below:
        return {}
    field, months = facts[0].field, {fact.month for fact in facts}
    reported = {
        (fact.unit_id, fact.month): fact.unit
        for fact in facts_below(unit_id, field, map(Month.of, months), day).filter(
            status=Fact.Status.REPORTED
        )
    }
    over = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_TREE + _OVER, {"day": day, "unit": unit_id})
        for low, high in cursor.fetchall():
            over[low].append(high)
    found = {}
    for fact in facts:
        above = [reported[high, fact.month] for high in over[fact.unit_id] if (high, fact.month) in reported]
        if above and fact.status == Fact.Status.REPORTED:
            found[fact.pk] = min(above, key=lambda unit: (len(unit.path), unit.pk))
    return found


@dataclass(frozen=True)
class RollupRow:
    """One unit of the table units × months: its sum of every month, and of all together."""

    unit_id: int
    name: str
    depth: int
    cells: tuple[Rolled | None, ...]
    whole: Rolled | None


def rollup_table(
    field: Field, months: Sequence[Month], *, day: date, is_recast: bool, top_id: int | None = None
) -> list[RollupRow]:
    """Return the units of a day with their sums, those below `top_id` only when it is given.

    Recast (新口径) all months count by the tree of the day; else (原口径) each month by the tree of its own end,
    so that a unit that is no more has a row as long as it had figures.
    """
    first, last = months[0], months[-1]
    cells = by_month(field, first, last, day) if is_recast else then_by_month(field, first, last)
    together = whole(field, first, last, day) if is_recast else _together(field, months, cells)
    named = {unit_id for unit_id, _month in cells}
    rows = []
    for unit_id, name, depth in _units(months, day, is_recast=is_recast, top_id=top_id):
        if unit_id in named:
            found = tuple(cells.get((unit_id, month)) for month in months)
            rows.append(RollupRow(unit_id, name, depth, found, together.get(unit_id)))
    return rows


def _units(
    months: Sequence[Month], day: date, *, is_recast: bool, top_id: int | None
) -> Iterable[tuple[int, str, int]]:
    """Yield units in the order of the tree; of earlier months too when each month counts by its own tree."""
    below = None if top_id is None else organisations.branch_on(top_id, day)
    seen = set()
    for branch in organisations.flat_tree(day):
        seen.add(branch.unit.pk)
        if below is None or branch.unit.pk in below:
            yield branch.unit.pk, branch.name, branch.depth
    if is_recast or top_id is not None:
        return
    for month in reversed(months):
        for branch in organisations.flat_tree(month.last_on):
            if branch.unit.pk not in seen:
                seen.add(branch.unit.pk)
                yield branch.unit.pk, branch.name, branch.depth


def _together(
    field: Field, months: Sequence[Month], cells: dict[tuple[int, Month], Rolled]
) -> dict[int, Rolled]:
    """Return the months of each unit added up, or its latest month when the field is gathered so."""
    found: dict[int, Rolled] = {}
    for month in months:
        for unit_id in {unit_id for unit_id, one in cells if one == month}:
            new, old = cells[unit_id, month], found.get(unit_id)
            if old is None or field.gathering == Field.Gathering.LAST:
                found[unit_id] = new
            else:
                found[unit_id] = Rolled(old.total + new.total, old.count + new.count)
    return found


def _ask(
    field: Field, first: Month, last: Month, day: date, *, month: str, every: bool
) -> list[tuple[int, object, int, int]]:
    group = ", taken.month" if month != "NULL" else ""
    sums = _SUMS.format(month=month, group=group)
    named: dict[str, date | int] = {
        "day": day, "field": field.pk, "first": first.first_on, "last": last.first_on,
    }  # fmt: skip
    facts = _FACTS if every else _LATEST_FACTS
    if field.includes_below:
        same_month = "AND high.month = low.month" if every else ""
        facts += _COVERED.format(same_month=same_month)
        sums = _TOPMOST.format(month=month, group=group)
    with connection.cursor() as cursor:
        cursor.execute(_TREE + facts + sums, named)
        rows: list[tuple[int, object, int, int]] = cursor.fetchall()
        return rows


def _rolled(total: int, count: int) -> Rolled:
    return Rolled(Decimal(total) / _SCALE, count)


def _day(written: object) -> date:
    """Return a day as the database gives it: SQLite writes it as text."""
    return written if isinstance(written, date) else date.fromisoformat(str(written))
