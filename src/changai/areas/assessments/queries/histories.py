"""Checks of each unit's own months up to the round's end: jumps, repeats, sheets sent again, last digits, one file
handed in by several. They ask for a look, as those of `flags` do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from changai.areas.assessments.models import Round, SelfScore
from changai.areas.facts.models import Field
from changai.areas.facts.queries import values_at
from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries import scheme_of
from changai.core.periods import Month
from changai.core.scoring.checks import (
    Flag,
    copied_blocks,
    jumps,
    last_digits,
    records,
    repeats,
    shared_files,
)
from changai.core.scoring.fixedpoint import Floats

# A month is compared with the unit's own months of two years.
MONTHS = 24
# Figures below repeat honestly: two courses a month are two courses a month.
LEAST_REPEATED = 10
LEAST_RUN = 3
# A unit whose months hardly differ would stand out by a tenth more; only half as much again is worth a look.
LEAST_RATIO = 1.5
# What people type; what a register counts by itself cannot be copied from the month before.
TYPED = frozenset({Field.Source.REPORT, Field.Source.OFFICE})


@dataclass(frozen=True)
class Noted:
    """One test of one unit, and what the figure it is about is called; without that it counts as a test only."""

    flag: Flag
    label: str


def notes_of_months(round_: Round, units: Sequence[Unit], codes: Sequence[str]) -> list[list[Noted]]:
    """Return the tests of the figures of one indicator, those weighed together in one list.

    Sheets sent again and last digits speak of all typed figures of a unit; they are told where one of them counts.
    """
    fields = {
        field.code: field for field in Field.objects.filter(code__in=_codes_of(round_)).order_by("code")
    }
    here = [fields[code] for code in codes if code in fields]
    typed = [field for field in fields.values() if _is_typed(field)]
    last = Month.of(round_.last_month)
    months = list(last.plus(1 - MONTHS).until(last))
    inside = max(
        (last.year - round_.first_month.year) * 12 + last.number - round_.first_month.month + 1, LEAST_RUN
    )
    tests = [_tests_of_field(round_, units, field, months, inside) for field in here]
    if any(field in typed for field in here):
        tests.append(list(_tests_of_sheets(round_, units, typed, months[-min(inside + 1, MONTHS) :])))
    return tests


def notes_of_files(round_: Round, code: str) -> list[Noted]:
    """Return which units proved an indicator with a file that another unit handed in as well."""
    scores = SelfScore.objects.filter(participant__round=round_, evidence__isnull=False).order_by("pk")
    units = dict(scores.values_list("participant__unit__name", "participant__unit__code"))
    files = list(scores.values_list("participant__unit__name", "code", "evidence__digest"))
    shared = [flag for flag in shared_files(files) if flag.indicator == code]
    return [Noted(replace(flag, unit=units[flag.unit]), "自评") for flag in shared]


def _codes_of(round_: Round) -> Sequence[str]:
    return scheme_of(round_.scheme).tables[round_.category].fields()


def _is_typed(field: Field) -> bool:
    return field.gathering == Field.Gathering.SUM and field.source in TYPED


def _table(
    round_: Round, units: Sequence[Unit], fields: Sequence[Field], months: Sequence[Month]
) -> dict[str, Floats]:
    """Return figures by code of the field, units x months as they stood when the facts were frozen; NaN is none."""
    tables = {field.code: np.full((len(units), len(months)), np.nan) for field in fields}
    rows = {unit.pk: place for place, unit in enumerate(units)}
    columns = {month.first_on: place for place, month in enumerate(months)}
    for unit_id, code, month, value in values_at(
        rows, tables, months[0], months[-1], at=round_.frozen_at or round_.opened_at
    ):
        tables[code][rows[unit_id], columns[month]] = float(value)
    return tables


def _tests_of_field(
    round_: Round, units: Sequence[Unit], field: Field, months: Sequence[Month], inside: int
) -> list[Noted]:
    table = _table(round_, units, [field], months)[field.code]
    jumped = chain.from_iterable(
        _jumps(unit, field, place, table, months, inside) for place, unit in enumerate(units)
    )
    found = list(jumped)
    if not _is_typed(field):
        return found
    for place, unit in enumerate(units):
        written = [
            repr(value) if value >= LEAST_REPEATED else f"{number}"
            for number, value in enumerate(table[place, -inside:].tolist())
        ]
        found += [
            Noted(flag, field.name) for flag in repeats(unit.code, field.code, written, least=LEAST_RUN)
        ]
    return found


def _jumps(
    unit: Unit, field: Field, place: int, table: Floats, months: Sequence[Month], inside: int
) -> Iterator[Noted]:
    """Yield the tests of the round's months against the unit's months since the last one without a figure."""
    missing = np.flatnonzero(~(table[place] > 0))
    start = int(missing.max()) + 1 if len(missing) else 0
    told: set[int] = set()
    if field.direction != Field.Direction.LESS:
        for number, flag in records(unit.code, field.code, table[place, start:]):
            if start + number >= len(months) - inside and table[place, start + number] >= LEAST_REPEATED:
                told.add(start + number)
                yield Noted(flag, f"{field.name}（{months[start + number].label}）")
    tests = jumps(unit.code, field.code, table[place, start:], peers=table[:, start:])
    for number, flag in enumerate(tests, start=start + 1):
        if number >= len(months) - inside:
            ratio = table[place, number] / table[place, number - 1]
            is_news = number not in told and _is_worth_a_look(field, ratio)
            yield Noted(flag, f"{field.name}（{months[number].label}）" if is_news else "")


def _is_worth_a_look(field: Field, ratio: float) -> bool:
    """Return whether a change is large, and to the unit's advantage as far as the dictionary says which way that is."""
    falls, rises = ratio <= 1 / LEAST_RATIO, ratio >= LEAST_RATIO
    if field.direction == Field.Direction.NEITHER:
        return falls or rises
    return rises if field.direction == Field.Direction.MORE else falls


def _tests_of_sheets(
    round_: Round, units: Sequence[Unit], fields: Sequence[Field], months: Sequence[Month]
) -> Iterator[Noted]:
    tables = _table(round_, units, fields, months)
    figures = np.stack(list(tables.values()))
    for place, column in _same_sheets(figures):
        pair = {
            months[each].label: {
                code: f"{figures[row, place, each]:.4f}"
                for row, code in enumerate(tables)
                if not np.isnan(figures[row, place, each])
            }
            for each in (column - 1, column)
        }
        for flag in copied_blocks(units[place].code, pair):
            yield Noted(flag, flag.indicator)
    whole = figures[[row for row, field in enumerate(fields) if field.decimals == 0]]
    for place, unit in enumerate(units):
        counts = whole[:, place][~np.isnan(whole[:, place])].astype(int).tolist()
        for flag in last_digits(unit.code, "各月数据", counts):
            yield Noted(flag, flag.indicator)


def _same_sheets(figures: Floats) -> list[tuple[int, int]]:
    """Return the unit and the month, by their places, whose figures all equal those of the month before.

    :param figures: fields x units x months
    """
    before, after = figures[..., :-1], figures[..., 1:]
    known = ~np.isnan(before) & ~np.isnan(after)
    same = ((before == after) | ~known).all(axis=0) & known.any(axis=0)
    return [(int(place), int(column) + 1) for place, column in np.argwhere(same)]
