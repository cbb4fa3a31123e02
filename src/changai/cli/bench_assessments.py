"""`changai bench assessments`: a corrected figure re-scores a whole round, from the order to the kept rows."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from typing import Any

_BUDGET_SECONDS = 2.0
_SHOWN = 5


def register(names: Any) -> None:
    """Add `assessments` to the measurements."""
    parser = names.add_parser("assessments", help="更正一个数据后全部重新计分并写明变动")
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--indicators", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=5)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure on a database of its own; return 0 when the slowest correction keeps within two seconds."""
    from changai.cli.demo import close, prepare

    with tempfile.TemporaryDirectory(prefix="changai-bench-") as folder:
        prepare(folder)
        city = _City(arguments.units, arguments.indicators)
        opened, seconds = _timed(city.open_round)
        print(f"{'open and freeze':<44}{seconds:8.2f} s")
        round_, seconds = _timed(lambda: city.score(opened))
        print(f"{'first score, every sentence in both languages':<44}{seconds:8.2f} s")
        taken = [city.correct(round_, number) for number in range(arguments.rounds)]
        close()
    times = [seconds for seconds, _moves in taken]
    size = f"{arguments.units} x {arguments.indicators}"
    print(
        f"{size} after a corrected figure: median {sorted(times)[len(times) // 2]:.2f} s, most {max(times):.2f} s"
    )
    for move in taken[-1][1][:_SHOWN]:
        total, rank = move["total"], move["rank"]
        print(f"  {move['unit']}: {total[0]} -> {total[1]}, place {rank[0]} -> {rank[1]}")
    print(f"  moved: {len(taken[-1][1])}; aim: {_BUDGET_SECONDS} s")
    return int(max(times) > _BUDGET_SECONDS)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    outcome = work()
    return outcome, time.perf_counter() - start


class _City:
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
        self._enter(facts(units, indicators), date(2020, 1, 1))
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

    def correct(self, round_: Any, number: int) -> tuple[float, list[Any]]:
        """Return how long correcting one figure of one unit took, all kept, and who moved."""
        from changai.areas.assessments.actions import correct_figures

        round_.refresh_from_db(fields=["version"])
        unit, value = self.units[number * 7 % len(self.units)], str(900 + number)
        _kept, seconds = _timed(
            lambda: correct_figures(
                self.actor, round_.pk, unit.pk, values={"a0": value}, reason="按核实数更正",
                version=round_.version, at=self.now,
            )
        )  # fmt: skip
        return seconds, round_.facts_versions.latest("number").moves
