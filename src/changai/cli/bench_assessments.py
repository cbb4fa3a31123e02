"""`changai bench assessments`: a corrected figure re-scores a whole round, from the order to the kept rows."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_BUDGET_SECONDS = 2.0
_MIDDLE = 500  # figures run from 1 to 999: a corrected one goes to the far end
_SHOWN = 5
_COMPARED = "a5"  # a figure of RankPoints: one unit's new figure shifts the points of the units it passes


def register(names: Any) -> None:
    """Add `assessments` to the measurements."""
    parser = names.add_parser("assessments", help="更正一个数据后全部重新计分并写明变动")
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--indicators", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=5)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure on a database of its own; return 0 when the slowest correction keeps within two seconds
    and every correction moved somebody.
    """
    from changai.cli.demo import close, prepare

    with tempfile.TemporaryDirectory(prefix="changai-bench-") as folder:
        prepare(folder)
        city = City(arguments.units, arguments.indicators)
        opened, spent = _timed(city.open_round)
        print(f"{'open and freeze':<48}{spent}")
        round_, spent = _timed(lambda: city.score(opened))
        print(f"{'first score, every sentence in both languages':<48}{spent}")
        taken = [city.correct(round_, number) for number in range(arguments.rounds)]
        close()
    slowest = max(spent.clock for spent, _moves in taken)
    print(
        f"{arguments.units} x {arguments.indicators}, figure {_COMPARED} of one unit corrected, all scored again:"
    )
    for spent, moves in taken:
        print(f"  {len(moves):4d} moved{'':<36}{spent}")
    for move in taken[-1][1][:_SHOWN]:
        total, rank = move["total"], move["rank"]
        print(f"  {move['unit']}: {total[0]} -> {total[1]}, place {rank[0]} -> {rank[1]}")
    print(f"most {slowest:.2f} s; aim: {_BUDGET_SECONDS} s")
    return int(slowest > _BUDGET_SECONDS or not all(moves for _spent, moves in taken))


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock, which the state of the machine lengthens, and of the processor."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:6.2f} s, {self.processor:6.2f} s of processor"


def _timed(work: Callable[[], Any]) -> tuple[Any, Spent]:
    clock, processor = time.perf_counter(), time.process_time()
    outcome = work()
    return outcome, Spent(time.perf_counter() - clock, time.process_time() - processor)


class City:
    """Units with figures for every field of the measured table, and an issued scheme."""

    def __init__(self, units: int, indicators: int) -> None:
        from datetime import date

        from django.utils import timezone

        from changai.areas.organisations.models import Level, Unit
        from changai.areas.schemes.models import SchemeVersion
        from changai.cli.bench_scoring import facts, table
        from changai.core.periods import Month
        from changai.foundation.actors import Actor, Role

        self.now, self.month = timezone.now(), Month(2026, 10)
        office = self._unit("OFFICE", Level.OFFICE, 0)
        self.actor = Actor(None, "测量", Role.OFFICE_HEAD, office.pk, office.path)
        self.units = [self._unit(f"u{number}", Level.ENTERPRISE, number) for number in range(units)]
        scheme = table(indicators)
        self.scheme = SchemeVersion.objects.create(
            name="测量", year=2026, version_label="1.0", status="issued", content=scheme.to_dict(),
            digest=scheme.digest, loaded_at=self.now, loaded_by_name="测量", issued_at=self.now,
        )  # fmt: skip
        figures = facts(units, indicators)
        self.compared = list(figures.columns[_COMPARED].values)
        self._enter(figures, date(2020, 1, 1))
        assert Unit.objects.count() == units + 1  # noqa: S101 - the measurement stands on it

    def _unit(self, code: str, level: Any, position: int) -> Any:
        from datetime import date

        from changai.areas.organisations.models import Unit

        unit = Unit(code=code, name=code, short_name=code, level=level, position=position)
        unit.founded_on = date(2020, 1, 1)
        unit.save()
        unit.path = f"{unit.pk}."
        unit.save(update_fields=["path"])
        return unit

    def _enter(self, figures: Any, valid_from: Any) -> None:
        from changai.areas.facts.models import Fact, Field

        office = Field.Source.OFFICE
        fields = {
            name: Field(
                code=name,
                name=name,
                unit_of_measure="个",
                definition=name,
                source=office,
                valid_from=valid_from,
            )
            for name in figures.columns
        }
        Field.objects.bulk_create(fields.values())
        ids = dict(Field.objects.values_list("code", "pk"))
        rows = (
            Fact(
                unit=unit, field_id=ids[name], month=self.month.first_on, value=column.values[place],
                status="REPORTED", origin_type="facts.office", origin_id="1", origin_label="测量",
                accepted_by_name="测量", accepted_at=self.now,
            )
            for name, column in figures.columns.items()
            for place, unit in enumerate(self.units)
        )  # fmt: skip
        Fact.objects.bulk_create(rows, batch_size=2000)

    def open_round(self) -> Any:
        """Return a round with frozen facts."""
        from changai.areas.assessments.actions import freeze_round, open_round

        round_ = open_round(
            self.actor, self.scheme.pk, category="企业", name="", first=self.month, last=self.month,
            course="full", at=self.now,
        )  # fmt: skip
        return freeze_round(self.actor, round_.pk, version=round_.version, at=self.now)

    def score(self, round_: Any) -> Any:
        """Return the round scored for the first time."""
        from changai.areas.assessments.actions import score_round

        return score_round(self.actor, round_.pk, version=round_.version, at=self.now)

    def correct(self, round_: Any, number: int) -> tuple[Spent, list[Any]]:
        """Return how long correcting one figure of one unit took, all kept, and who moved."""
        from changai.areas.assessments.actions import correct_figures

        round_.refresh_from_db(fields=["version"])
        place = number * 7 % len(self.units)
        unit, value = self.units[place], "1" if self.compared[place] > _MIDDLE else "999"
        _kept, spent = _timed(
            lambda: correct_figures(
                self.actor, round_.pk, unit.pk, values={_COMPARED: value}, reason="按核实数更正",
                version=round_.version, at=self.now,
            )
        )  # fmt: skip
        return spent, round_.facts_versions.latest("number").moves
