"""`changai demo --out DIR`: the whole loop of one month without a browser, on a database of its own."""

import argparse
import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `demo`."""
    parser = commands.add_parser("demo", help="把一个月从方案到简报走一遍，结果写入目录")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="结果目录")
    parser.add_argument("--months", type=int, default=1, help="演示月数，缺省 1")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Play the month in a temporary database and leave its papers in the directory; return 0."""
    with tempfile.TemporaryDirectory(prefix="changai-demo-") as folder:
        prepare(folder)
        from django.utils import timezone

        from changai.cli.demonstration import load

        load(
            now=timezone.now(),
            months=arguments.months,
            chapters=(),
            say=lambda line: print(line, file=sys.stderr),
        )
        arguments.out.mkdir(parents=True, exist_ok=True)
        for name in _write_papers(arguments.out):
            print(arguments.out / name)
        close()
    return 0


def prepare(folder: str) -> None:
    """Set Django up on a new database in a folder."""
    # A demonstration never touches the office's own database, whatever the surroundings say.
    os.environ.pop("CHANGAI_DATABASE_URL", None)
    os.environ |= {"CHANGAI_DATA": folder, "CHANGAI_DEMONSTRATION": "1"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def close() -> None:
    """Close the database, so that its folder can go."""
    from django.db import connections

    connections.close_all()


def _write_papers(out: Path) -> Iterable[str]:
    from changai.areas.assessments.models import Round
    from changai.areas.briefings.models import Briefing
    from changai.areas.briefings.queries import figure_paths
    from changai.areas.evidence import storage

    issued = Briefing.objects.filter(status=Briefing.Status.ISSUED, wording__isnull=True)
    briefing = issued.exclude(issue_number=None).latest(
        "issued_at"
    )  # no letter of a round, nor their common text
    yield _json(out, "plan.json", _plan())
    yield _csv(
        out, "claims.csv", ("任务编号", "任务内容", "单位编号", "单位", "职责", "状态", "完成时限"), _claims()
    )
    yield _csv(
        out,
        "reports.csv",
        ("月份", "单位编号", "单位", "状态", "报出时间", "应报日期", "退回次数", "摘要"),
        _reports(),
    )
    yield _json(out, "result.json", _result(Round.objects.filter(last_month=briefing.month)))
    for name, file in (("briefing.docx", briefing.docx_file), ("briefing.pdf", briefing.pdf_file)):
        if file is not None:
            (out / name).write_bytes(storage.open_digest(file.digest))
            yield name
    figures = [figure_paths(figure) for figure in briefing.figures.all()]
    yield _json(out, "provenance.json", {"briefing": briefing.content_digest, "figures": figures})


def _plan() -> dict[str, Any]:
    from changai.areas.plans.exports import plan_json
    from changai.areas.plans.models import Plan

    return plan_json(Plan.objects.get(kind=Plan.Kind.YEARLY, status=Plan.Status.ISSUED))


def _claims() -> Iterable[Sequence[object]]:
    from changai.areas.tasks.models import Claim

    for claim in Claim.objects.select_related("measure", "unit"):
        yield (
            claim.measure.code,
            claim.text,
            claim.unit.code,
            claim.unit.name,
            claim.get_part_display(),
            claim.get_status_display(),
            claim.due_on or "",
        )


def _reports() -> Iterable[Sequence[object]]:
    from django.utils import timezone

    from changai.areas.reporting.models import Report

    reports = Report.objects.select_related("obligation__unit", "obligation__period").order_by(
        "obligation__period__month", "obligation__unit__code"
    )
    for report in reports:
        sent, arrived_at = report.submissions.last(), report.first_arrived_at
        yield (
            f"{report.obligation.period.month:%Y-%m}",
            report.obligation.unit.code,
            report.obligation.unit.name,
            report.get_status_display(),
            f"{timezone.localtime(arrived_at):%Y-%m-%d %H:%M}" if arrived_at else "",
            report.obligation.due_on,
            report.times_returned,
            sent.digest if sent else "",
        )


def _result(rounds: Iterable[Any]) -> dict[str, Any]:
    from changai.areas.assessments.queries import result_of
    from changai.areas.schemes.queries import scheme_of
    from changai.core.scoring import ENGINE_VERSION

    scored = list(rounds)
    scheme = scheme_of(scored[0].scheme)
    return {
        "scheme": {"name": scheme.scheme, "version": scheme.version, "digest": scheme.digest},
        "engine_version": ENGINE_VERSION,
        "seed": None,
        "tables": [result_of(round_) for round_ in scored],
    }


def _json(out: Path, name: str, content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    (out / name).write_text(text + "\n", encoding="utf-8")
    return name


def _csv(out: Path, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    # With a byte order mark, so that Excel and WPS read Chinese.
    with (out / name).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)
    return name
