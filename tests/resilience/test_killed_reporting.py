"""A programme killed at any moment while units submit, sign and are returned: what was acknowledged is there, once."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.resilience.test_database import ROOT, environment
from tests.resilience.test_killed_import import asked, run

REPORTS = 30
FOUNDING = f"""
import django
django.setup()
from changai.areas.reporting.tests.make import fill, make_claim, make_field, make_form, make_report, make_unit
form = make_form(make_field("trained"))
units = [make_unit(name=f"单位{{number}}") for number in range({REPORTS})]
for unit in units:
    make_claim(unit)
for unit in units:
    fill(make_report(unit, form))
"""
WORKING = """
import sys
import django
django.setup()
from changai.areas.reporting.actions import return_report, sign_report, submit_report
from changai.areas.reporting.models import Report
from changai.areas.reporting.tests.make import IN_TIME, OFFICER, head_of, liaison_of
from changai.core.errors import AlreadyDone

def press(name, act, actor, report, **named):
    try:
        act(actor, report.pk, at=IN_TIME, once=f"{name}-{report.pk}", **named)
    except AlreadyDone:
        pass
    print(f"{name} {report.pk}", flush=True)

for report in Report.objects.select_related("obligation__unit").order_by("pk"):
    unit, version = report.obligation.unit, int(sys.argv[1])
    moves = [
        ("submit", submit_report, liaison_of(unit), {}),
        ("sign", sign_report, head_of(unit), {}),
        ("return", return_report, OFFICER, {"reason": "请补充具体举措", "marks": {}, "due_on": IN_TIME.date()}),
    ]
    for step, (name, act, actor, named) in enumerate(moves):
        press(name, act, actor, report, version=version + step, **named)
"""
VERIFYING = """
import django
django.setup()
from changai.foundation.audit.verifier import verify_chain
print("whole" if verify_chain().is_whole else "broken")
"""


KEPT = {
    "submit": "SELECT count(*) FROM report WHERE submitted_at IS NOT NULL",
    "sign": "SELECT count(*) FROM report_submission",
    "return": "SELECT count(*) FROM report WHERE times_returned = 1 AND status = 'returned'",
}


def work(folder: Path, version: int, *, seconds: float | None) -> list[str]:
    """Let the programme work, or kill it so long after its first acknowledgement; return what it acknowledged."""
    command = [sys.executable, "-c", WORKING, str(version)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        first = worker.stdout.readline()
        if seconds is not None:
            time.sleep(seconds)
            worker.send_signal(signal.SIGKILL)
        told = [first, *worker.stdout]
    assert worker.returncode == (0 if seconds is None else -signal.SIGKILL)
    return [line for line in told if line.endswith("\n")]


@pytest.mark.django_db
def test_f1_what_was_submitted_signed_and_returned_before_the_kill_is_there_once(own_folder: Path) -> None:
    run(FOUNDING, own_folder)
    version = asked(own_folder, "SELECT max(version) FROM report")
    assert version == asked(own_folder, "SELECT min(version) FROM report")
    for seconds in (0.05, 0.2):
        told = work(own_folder, version, seconds=seconds)
        assert told
        for name, kept in KEPT.items():
            assert asked(own_folder, kept) >= sum(line.startswith(name) for line in told)
    assert asked(own_folder, KEPT["return"]) < REPORTS  # the kills fell in the middle
    assert len(work(own_folder, version, seconds=None)) == REPORTS * 3
    for kept in KEPT.values():
        assert asked(own_folder, kept) == REPORTS
    assert run(VERIFYING, own_folder).strip() == "whole"
