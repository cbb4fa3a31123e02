"""A worker killed in the middle of a long import: the next one goes on, nothing comes twice, nothing is missing."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.resilience.test_database import ROOT, environment

ROWS = 6_000
FOUNDING = f"""
import django
django.setup()
from datetime import date
from django.utils import timezone
from changai.areas.facts.actions.history import bring_history
from changai.areas.facts.tests.history_files import csv
from changai.areas.facts.tests.make import actor_of, make_field, make_unit
from changai.core.periods import Month
from changai.foundation.actors import Role
units = [make_unit(f"单位{{n}}") for n in range(30)]
fields = [make_field(f"m{{n}}", name=f"指标{{n}}") for n in range(4)]
months = list(Month(2020, 1).until(Month(2024, 2)))
rows = [
    (u.code, u.name, f.code, f.name, f.unit_of_measure, month, number, "")
    for number, (month, u, f) in enumerate((month, u, f) for month in months for u in units for f in fields)
]
assert len(rows) == {ROWS}
office = actor_of(Role.OFFICE_OFFICER, name="办公室甲")
bring_history(office, name="a.csv", content=csv(rows), expected_rows=len(rows), at=timezone.now())
"""
WORKING = """
import django
django.setup()
from django.utils import timezone
from changai.areas.facts.jobs import work_on_history
print(work_on_history(timezone.now()), flush=True)
"""
ORDERING = """
import django
django.setup()
from django.utils import timezone
from changai.areas.facts.actions.history import order_taking
from changai.areas.facts.models import HistoryImport
from changai.areas.facts.tests.make import actor_of
from changai.foundation.actors import Role
batch = HistoryImport.objects.get()
office = actor_of(Role.OFFICE_OFFICER, name="办公室甲")
order_taking(office, batch.pk, content_digest=batch.content_digest, replacing=False, at=timezone.now())
"""


def run(script: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def asked(folder: Path, sql: str) -> int:
    with closing(sqlite3.connect(folder / "changai.sqlite3", timeout=10)) as database:
        return int(database.execute(sql).fetchone()[0])


def killed_at_work(folder: Path, progress: str) -> int:
    """Start the worker, kill it once `progress` (a query for a number) lies between nothing and all."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKING], cwd=ROOT, env=environment(folder), stdout=subprocess.DEVNULL
    )
    end = time.monotonic() + 60
    reached = 0
    while time.monotonic() < end and not 0 < reached < ROWS and worker.poll() is None:
        reached = asked(folder, progress)
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return reached


@pytest.mark.django_db
def test_f1_f2_killed_while_checking_and_while_taking_over(own_folder: Path) -> None:
    run(FOUNDING, own_folder)
    assert 0 < killed_at_work(own_folder, "SELECT rows FROM history_import") < ROWS
    lines = asked(own_folder, "SELECT count(*) FROM history_row")
    assert lines == asked(own_folder, "SELECT rows FROM history_import")
    assert "已检查 6000 行" in run(WORKING, own_folder)
    assert asked(own_folder, "SELECT count(DISTINCT number) FROM history_row") == ROWS

    run(ORDERING, own_folder)
    assert 0 < killed_at_work(own_folder, "SELECT count(*) FROM fact") < ROWS
    assert (
        asked(own_folder, "SELECT count(*) FROM fact WHERE is_current") == 0
    )  # nothing shows before all is there
    assert "已导入" in run(WORKING, own_folder)
    assert asked(own_folder, "SELECT count(*) FROM fact") == ROWS
    assert asked(own_folder, "SELECT count(*) FROM fact WHERE is_current") == ROWS
    assert (
        asked(own_folder, "SELECT count(DISTINCT unit_id || '/' || field_id || '/' || month) FROM fact")
        == ROWS
    )
    assert asked(own_folder, "SELECT sum(value) FROM fact") == ROWS * (ROWS - 1) // 2
    assert "没有要做的" in run(WORKING, own_folder)
