"""The figures of the year before the city took the programme up, brought in from the office's old workbook."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from random import Random

from changai.areas.facts.actions.history import bring_history, order_taking, work_on
from changai.areas.facts.models import HistoryImport
from changai.areas.facts.rules.history import FIELD, MONTH, UNIT, VALUE
from changai.areas.organisations.models import Level, Unit
from changai.cli.demonstration.founding import Town
from changai.core.periods import Month
from changai.foundation.actors import MACHINE

# A month's figure of a county, from and to; an enterprise has half of it.
RANGES = {
    "training_persons": (140, 330),
    "training_certified": (80, 190),
    "competition_jobs": (0, 2),
    "innovation_applied": (0, 3),
    "union_members": (40, 95),
    "stations_new": (0, 1),
}


def bring_earlier_years(
    town: Town, first: Month, last: Month, random: Random, *, at: datetime
) -> HistoryImport:
    """Return the file of old figures, checked and taken over."""
    heads = (UNIT, FIELD, MONTH, VALUE)
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(heads)
    for unit in [*town.of_level(Level.COUNTY), *town.of_level(Level.ENTERPRISE)]:
        for month in first.until(last):
            if unit.founded_on <= month.first_on:
                writer.writerows(
                    (unit.code, code, str(month), value) for code, value in _month_of(unit, random)
                )
    batch = bring_history(
        town.office,
        name=f"{first.label}至{last.label}产改数据.csv",
        content=written.getvalue().encode(),
        expected_rows=None,
        at=at,
    )
    work_on(MACHINE, batch.pk, at=at)
    batch.refresh_from_db()
    order_taking(town.office, batch.pk, content_digest=batch.content_digest, replacing=False, at=at)
    work_on(MACHINE, batch.pk, at=at)
    batch.refresh_from_db()
    return batch


def _month_of(unit: Unit, random: Random) -> Iterator[tuple[str, int]]:
    share = 1 if unit.level == Level.COUNTY else 2
    for code, (least, most) in RANGES.items():
        yield code, random.randint(least, most) // share
    firms = 115 + unit.pk % 7 * 15
    yield "contract_due", firms
    yield "contract_signed", firms * random.randint(76, 93) // 100
