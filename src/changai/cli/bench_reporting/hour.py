"""The deadline hour itself; run as a module, in a process with a database of its own."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django

from changai.cli.bench_reporting.timing import HEAD, Times, best_of, counted

ROUNDS = 5
LIVE_EVERY = 100  # submissions between two looks at the dashboard
GOAL_SUBMISSION_MS = 300.0
GOAL_ROLL_UP = 3.0
UNITS_TAKEN_OVER = 200


def main(units: int, items: int, over_http: int, threads: int, sample: int) -> int:
    """Make an empty database ready and measure it."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return measure(units, items, over_http, threads, sample=sample)


def measure(units: int, items: int, over_http: int, threads: int, *, sample: int = 0) -> int:
    """Measure a database without units and print the tables; with `sample` only so many units send their report."""
    from django.db import connection

    print(f"\n{connection.vendor}: {units} units x {items} items", flush=True)
    bare_units = max(5, min(200, units // 10))
    city = _founded(units, items)
    _print_opening(city)
    reports = _reports()
    by_bare, by_web, by_actions = _split(reports, bare_units, over_http)
    if sample:
        by_bare, by_web, by_actions = by_bare[:sample], by_web[:sample], by_actions[:sample]
    steps = _submit_all(by_actions)
    _print_steps(steps, _bare_steps(by_bare))
    if by_web:
        from changai.cli.bench_reporting.web import submit_over_http

        print()
        for line in submit_over_http(by_web, threads=threads, a_second=units / 3600, filled=_typed):
            print(line, flush=True)
    _take_back(by_bare)
    _print_review()
    if sample:
        _print_taking_over()
    is_met = _print_roll_up()
    submitting = steps[1].percentile(95)
    verdict = "met" if submitting < GOAL_SUBMISSION_MS else "MISSED"
    print(f"\ngoal: submission p95 under {GOAL_SUBMISSION_MS:.0f} ms: {verdict} ({submitting:.1f} ms)")
    print(
        f"goal: roll-up within {GOAL_ROLL_UP:.0f}x of the bare SQL: {'met' if is_met else 'MISSED'}",
        flush=True,
    )
    return 0


def _founded(units: int, items: int) -> Any:
    from changai.cli.bench_reporting.city import found_city

    return found_city(units, items)


def _print_opening(city: Any) -> None:
    """Open the month as the worker does, and print how long others have to wait for the longest transaction."""
    from changai.areas.reporting.actions import lay_out_next, open_period
    from changai.cli.bench_reporting.city import MONTH, OFFICE, OPENED

    pieces, work = Times("opening: one transaction"), time.process_time()
    with counted() as statements:
        with pieces.step():
            period = open_period(OFFICE, city.form_id, month=MONTH, at=OPENED)
        while period.opened_at is None:
            with pieces.step():
                period = lay_out_next(OFFICE, period.pk, at=OPENED)
    _print_pieces("opening the month", pieces, time.process_time() - work, statements[0])


def _reports() -> list[Any]:
    from changai.areas.reporting.models import Report

    return list(Report.objects.select_related("obligation__unit", "obligation__period__form").order_by("pk"))


def _split(reports: list[Any], bare: int, over_http: int) -> tuple[list[Any], list[Any], list[Any]]:
    return reports[:bare], reports[bare : bare + over_http], reports[bare + over_http :]


def _typed(report: Any) -> list[tuple[str, str]]:
    """Return every cell of a sheet as a person types it."""
    typed = []
    for line in report.task_lines.all():
        ref = f"task:{line.claim_id}"
        typed += [
            (f"{ref}:percent", "70"),
            (f"{ref}:progress", "已办班三期。"),
            (f"{ref}:problems", "师资不足。"),
        ]
    return typed + [(f"figure:{line.field_id}:value", "5") for line in report.figure_lines.all()]


def _submit_all(reports: list[Any]) -> list[Times]:
    from changai.areas.reporting import queries
    from changai.areas.reporting.actions import CellEdit, save_cells, sign_report, submit_report
    from changai.cli.bench_reporting.city import DEADLINE, MONTH, head_of, liaison_of

    saving, submitting, signing = Times("fill all cells at once"), Times("submit"), Times("sign and send")
    live = Times("dashboard figures while they arrive")
    start = time.perf_counter()
    for place, report in enumerate(reports):
        unit = report.obligation.unit
        liaison, head = liaison_of(unit.pk, unit.path), head_of(unit.pk, unit.path)
        cells = [CellEdit(ref, value) for ref, value in _typed(report)]
        with saving.step():
            saved = save_cells(liaison, report.pk, cells=cells, at=DEADLINE)
        with submitting.step():
            submitted = submit_report(liaison, report.pk, version=saved.version, at=DEADLINE)
        with signing.step():
            sign_report(head, report.pk, version=submitted.version, at=DEADLINE)
        if place % LIVE_EVERY == 0:
            with live.step():
                queries.rates(MONTH)
    seconds = time.perf_counter() - start
    print(
        f"{len(reports)} submissions in {seconds:.1f} s: {len(reports) / seconds:.1f} a second, one after the other"
    )
    return [saving, submitting, signing, live]


def _bare_steps(reports: list[Any]) -> list[Times]:
    from changai.areas.reporting.queries import content_of
    from changai.cli.bench_reporting import bare
    from changai.cli.bench_reporting.city import DEADLINE

    saving, submitting, signing = Times("bare: the same cells"), Times("bare: submit"), Times("bare: sign")
    for report in reports:
        with saving.step():
            bare.write_sheet(report, DEADLINE)
        with submitting.step():
            bare.write_submission(report, DEADLINE)
        content = content_of(report)
        with signing.step():
            bare.write_signature(report, content, DEADLINE)
    return [saving, submitting, signing]


def _print_steps(steps: list[Times], bare: list[Times]) -> None:
    from changai.cli.bench_reporting.bare import read_rates
    from changai.cli.bench_reporting.city import MONTH

    print(HEAD)
    for ours, limit in zip(steps, bare, strict=False):
        print(ours.line(limit))
        print(limit.line())
    best, _rows = best_of(ROUNDS, lambda: read_rates(MONTH.first_on))
    print(steps[3].line())
    print(f"{'bare: one SQL count of the same rows':<46}{ROUNDS:>7}{best:>10.1f}", flush=True)
    _print_board()


def _print_board() -> None:
    """Print what the page costs with everything around it."""
    from django.test import Client
    from django.urls import reverse

    from changai.cli.bench_reporting.people import signed_in

    client: Client = signed_in("office_officer", None)
    for name in ("reporting:board", "reporting:reports"):
        best, answer = best_of(3, lambda name=name: client.get(reverse(name)))  # type: ignore[misc]
        if answer.status_code != 200:
            raise RuntimeError(f"{name}: {answer.status_code}")
        print(f"{f'page {name}':<46}{3:>7}{best:>10.1f}", flush=True)


def _take_back(by_bare: list[Any]) -> None:
    """Let what only the bare writes sent count as never sent: it has no reviewers."""
    from changai.areas.reporting.models import Report

    pks = [report.pk for report in by_bare]
    Report.objects.filter(pk__in=pks).update(status="draft", first_arrived_at=None, signed_at=None)


def _print_review() -> None:
    from changai.areas.reporting.actions import accept_report
    from changai.areas.reporting.models import Report
    from changai.cli.bench_reporting.city import DEADLINE, OFFICE

    accepting = Times("accept: figures become facts")
    versions = dict(Report.objects.filter(status="signed").values_list("pk", "version"))
    for report_id, version in versions.items():
        with accepting.step():
            accept_report(OFFICE, report_id, version=version, at=DEADLINE + timedelta(hours=1))
    print(f"\n{HEAD}\n{accepting.line()}", flush=True)
    _print_closing()


def _print_closing() -> None:
    """Close the month and count it as the worker does, and print how long others wait for the longest transaction."""
    from changai.areas.reporting.actions import close_period, count_next
    from changai.areas.reporting.models import Period
    from changai.cli.bench_reporting.city import DEADLINE, OFFICE

    at = DEADLINE + timedelta(days=10)
    pieces, work = Times("closing: one transaction"), time.process_time()
    with counted() as statements:
        with pieces.step():
            period = close_period(OFFICE, Period.objects.get(opened_at__isnull=False).pk, at=at)
        while period.counted_at is None:
            with pieces.step():
                period = count_next(OFFICE, period.pk, at=at)
    _print_pieces("closing the month", pieces, time.process_time() - work, statements[0])


def _print_pieces(name: str, pieces: Times, cpu_seconds: float, statements: int) -> None:
    seconds, longest = sum(pieces.taken) / 1000, max(pieces.taken) / 1000
    print(
        f"{name}: {seconds:.1f} s ({cpu_seconds:.1f} s of CPU), {statements} statements, "
        f"{len(pieces.taken)} transactions, the longest {longest:.2f} s",
        flush=True,
    )


def _print_taking_over() -> None:
    """Give every unit that sent nothing its figures, so that the roll-up sums a whole city."""
    from changai.areas.facts.actions import UnitFigures, accept_month
    from changai.areas.facts.models import Field
    from changai.areas.facts.rules import FactInput
    from changai.areas.reporting.models import Report
    from changai.cli.bench_reporting.city import DEADLINE, MONTH, OFFICE

    figures = [FactInput(pk, Decimal(5)) for pk in Field.objects.order_by("pk").values_list("pk", flat=True)]
    silent = Report.objects.exclude(status="accepted").values_list("obligation__unit_id", "pk")
    given = [UnitFigures(unit_id, figures, pk, "月报") for unit_id, pk in silent]
    start, work = time.perf_counter(), time.process_time()
    for first in range(0, len(given), UNITS_TAKEN_OVER):
        part = given[first : first + UNITS_TAKEN_OVER]
        accept_month(
            OFFICE, part, month=MONTH, origin_type="reporting.report", at=DEADLINE + timedelta(days=11)
        )
    print(
        f"taking over {len(given) * len(figures)} figures, {UNITS_TAKEN_OVER} units a transaction: "
        f"{time.perf_counter() - start:.1f} s ({time.process_time() - work:.1f} s of CPU)"
    )


def _print_roll_up() -> bool:
    """Sum one field over the whole tree as it stood on the month's last day, and compare with the bare sums."""
    from changai.areas.facts.models import Field
    from changai.areas.facts.queries import rollup
    from changai.cli.bench_reporting.bare import read_roll_up
    from changai.cli.bench_reporting.city import MONTH

    field = Field.objects.order_by("pk")[0]
    limit, rows = best_of(ROUNDS, lambda: read_roll_up(MONTH.first_on, field.pk))
    ours, sums = best_of(ROUNDS, lambda: rollup.by_month(field, MONTH, MONTH, MONTH.last_on))
    for unit_id, total, _count in rows:
        if abs(float(sums[unit_id, MONTH].total) - float(total)) > 0.001:
            raise RuntimeError(f"the roll-up of unit {unit_id} differs from the bare sum")
    facts = max(count for _unit, _total, count in rows)
    print(
        f"\n{'one field over the whole tree, as of a day':<46}{facts:>7}{ours:>10.1f}{ours / limit:>29.1f}x"
    )
    print(f"{'bare: one SQL sum of the same facts':<46}{facts:>7}{limit:>10.1f}", flush=True)
    return ours <= GOAL_ROLL_UP * limit


if __name__ == "__main__":
    django.setup()
    sys.exit(main(*map(int, sys.argv[1:6])))
