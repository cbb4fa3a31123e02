"""A machine stopped while a paper is issued or a year is packed: no number is lost, the files come, once."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from changai.documents import fonts
from changai.documents.packages import check
from tests.resilience.test_database import ROOT, environment
from tests.resilience.test_killed_import import asked, run

KILLED = -9
FOUNDING = """
import django
django.setup()
from changai.areas.accounts.tests.make import actor_for, make_unit
from changai.areas.briefings.tests.make import make_approved, make_frozen, make_month
from changai.areas.organisations.models import Level
from changai.foundation.actors import Role
city = make_unit("示范市", level=Level.CITY)
office = make_unit("办公室", level=Level.OFFICE, parent=city)
officer, head = actor_for(Role.OFFICE_OFFICER, office), actor_for(Role.OFFICE_HEAD, office)
make_month(city)
"""
DYING = """
import os, signal
def die(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)
"""
ISSUING = (
    FOUNDING
    + DYING
    + """
from django.utils import timezone
from changai.areas.briefings.actions import deciding
paper = make_approved(officer, head)
deciding.attach_drawn = die
deciding.issue_briefing(head, paper.pk, version=paper.version, at=timezone.now())
"""
)
DRAWING = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from changai.areas.briefings.jobs import draw_missing_files
print(draw_missing_files(timezone.now() + timedelta(minutes=5)), flush=True)
"""
ORDERING = (
    FOUNDING
    + """
from changai.areas.briefings.actions import ask_archive
from changai.areas.briefings.tests.make import WRITTEN
for _ in range(2):
    make_frozen(officer, head)
ask_archive(officer, year=2026, at=WRITTEN)
"""
)
PACKING = """
import django
django.setup()
from django.utils import timezone
from changai.areas.briefings import exports, jobs
"""
PACKING_ON = PACKING + "print(jobs.make_packages(timezone.now()), flush=True)"
# The worker dies before its second paper, its successor while it closes the package.
DYING_PACKING = (
    PACKING
    + DYING
    + """
whole, done = exports.paper_package, []
def second(paper):
    if done:
        die()
    done.append(paper)
    return whole(paper)
exports.paper_package = second
jobs.make_packages(timezone.now())
"""
)
DYING_CLOSING = PACKING + DYING + "exports.archive_workbook = die\njobs.make_packages(timezone.now())"


@pytest.fixture(autouse=True)
def prints() -> None:
    try:
        fonts.families(fonts.Role.FANGSONG)
    except fonts.FontsMissing as missing:
        pytest.skip(missing.sentence)


def dies(script: str, folder: Path) -> None:
    """Run a script that kills itself."""
    command = [sys.executable, "-c", script]
    died = subprocess.run(
        command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False, timeout=120
    )
    assert died.returncode == KILLED, died.stderr[-2000:]


@pytest.mark.django_db
def test_a_paper_issued_by_a_killed_machine_gets_its_files_once(own_folder: Path) -> None:
    dies(ISSUING, own_folder)
    without = "SELECT count(*) FROM briefing WHERE status = 'issued' AND docx_file_id IS NULL"
    assert asked(own_folder, without) == 1
    assert "补存文件的公文 1 件" in run(DRAWING, own_folder)
    assert "补存文件的公文 0 件" in run(DRAWING, own_folder)
    assert asked(own_folder, without) == 0
    assert asked(own_folder, "SELECT max(issue_number) FROM briefing") == 1
    assert asked(own_folder, "SELECT count(*) FROM evidence_file WHERE name LIKE '%第1期%'") == 2
    assert asked(own_folder, "SELECT count(*) FROM audit_event WHERE act = 'briefing.attach'") == 1


@pytest.mark.django_db
def test_a_year_is_packed_on_where_a_killed_worker_stopped(own_folder: Path) -> None:
    run(ORDERING, own_folder)
    folder = own_folder / "exports" / "archive-1"
    for script in (DYING_PACKING, DYING_CLOSING):
        dies(script, own_folder)
        assert asked(own_folder, "SELECT count(*) FROM archive_order WHERE done_at IS NULL") == 1
        assert not folder.with_suffix(".zip").exists()
    assert len(list(folder.glob("*.zip"))) == 2
    run(PACKING_ON, own_folder)
    assert asked(own_folder, "SELECT count(*) FROM archive_order WHERE done_at IS NULL") == 0
    with folder.with_suffix(".zip").open("rb") as package:
        assert check(package).faults == ()
    with zipfile.ZipFile(folder.with_suffix(".zip")) as packed:
        assert len({name.split("/")[1] for name in packed.namelist() if name.count("/") == 2}) == 2
    assert asked(own_folder, "SELECT count(*) FROM audit_event WHERE act = 'briefing.write_archive'") == 1
