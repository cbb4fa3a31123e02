"""A worker killed in the middle of the letters: the next one goes on; no letter is lost, none is written twice."""

import io
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from changai.documents import fonts
from tests.resilience.test_database import ROOT, environment
from tests.resilience.test_killed_import import asked, run

UNITS = 4
FOUNDING = f"""
import django
django.setup()
from changai.areas.accounts.tests.make import MOMENT, actor_for, make_unit
from changai.areas.assessments.actions import ask_letters
from changai.areas.assessments.tests.make import OCTOBER, make_county, make_round, published, report
from changai.areas.organisations.models import Level
from changai.areas.schemes.tests.make import make_dictionary, make_issued
from changai.foundation.actors import Role
city = make_unit("示范市", level=Level.CITY)
office = make_unit("办公室", level=Level.OFFICE, parent=city)
officer, head = actor_for(Role.OFFICE_OFFICER, office), actor_for(Role.OFFICE_HEAD, office)
make_dictionary()
version = make_issued(officer, head)
for number in range({UNITS}):
    report(officer, make_county(f"第{{number}}县", city), OCTOBER, trained=60 * number, target=600, late=0)
round_ = published(officer, head, make_round(officer, version))
ask_letters(officer, round_.pk, at=MOMENT)
"""
WORKING = """
import django
django.setup()
from django.utils import timezone
from changai.areas.assessments.jobs import work_on_results
print(work_on_results(timezone.now()), flush=True)
"""


def written(folder: Path) -> list[Path]:
    return sorted((folder / "exports").glob("letters-*/*.pdf"))


def killed_after(folder: Path, letters: int) -> int:
    """Start the worker, kill it once so many letters lie there, and return how many do."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKING], cwd=ROOT, env=environment(folder), stdout=subprocess.DEVNULL
    )
    end = time.monotonic() + 120
    while time.monotonic() < end and len(written(folder)) < letters and worker.poll() is None:
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return len(written(folder))


@pytest.mark.django_db
def test_letters_go_on_where_a_killed_worker_stopped(own_folder: Path) -> None:
    try:
        fonts.families(fonts.Role.FANGSONG)
    except fonts.FontsMissing as missing:
        pytest.skip(missing.sentence)
    run(FOUNDING, own_folder)
    assert 0 < killed_after(own_folder, 1) < UNITS
    kept = {place: place.stat().st_mtime_ns for place in written(own_folder)}
    assert asked(own_folder, "SELECT count(*) FROM assessment_letter_batch WHERE done_at IS NULL") == 1
    run(WORKING, own_folder)
    assert {place: place.stat().st_mtime_ns for place in kept} == kept
    (packed,) = (own_folder / "exports").glob("letters-*.zip")
    with zipfile.ZipFile(io.BytesIO(packed.read_bytes())) as letters:
        assert letters.testzip() is None
        names = letters.namelist()
        whose = [re.search("第.县", name).group() for name in names if name.endswith(".pdf")]  # type: ignore[union-attr]
        assert all(letters.read(name)[:4] in {b"%PDF", b"PK\x03\x04"} for name in names)
    assert sorted(whose) == [f"第{number}县" for number in range(UNITS)]
    assert len(names) == len(set(names)) == 2 * UNITS
    done = "SELECT count(*) FROM assessment_letter_batch WHERE done_at IS NOT NULL AND written = letters"
    assert asked(own_folder, done) == 1
    assert asked(own_folder, "SELECT count(*) FROM audit_event WHERE act = 'assessment.write_letters'") == 1
