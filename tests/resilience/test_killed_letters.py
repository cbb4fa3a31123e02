"""A worker killed in the middle of the letters: the next one goes on; no number is lost, none is given twice."""

import signal
import subprocess
import sys
import time
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
from changai.areas.assessments.tests.make import OCTOBER, make_county, make_round, published, report
from changai.areas.briefings.actions import approve_briefing, number_letters, start_briefing, submit_briefing
from changai.areas.briefings.queries import letter_blocks
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
blocks = letter_blocks(officer, round_, as_of=MOMENT)
text = start_briefing(
    officer, title="关于反馈考核结果的函", month=OCTOBER, kind="letters", round_id=round_.pk, blocks=blocks, at=MOMENT
)
text = submit_briefing(officer, text.pk, version=text.version, at=MOMENT)
text = approve_briefing(head, text.pk, version=text.version, at=MOMENT)
number_letters(head, text.pk, version=text.version, at=MOMENT)
"""
WORKING = """
import django
django.setup()
from django.utils import timezone
from changai.areas.briefings.jobs import write_next_letters
print(write_next_letters(timezone.now()), flush=True)
"""
WRITTEN = "SELECT count(*) FROM briefing WHERE wording_id IS NOT NULL AND pdf_file_id IS NOT NULL"
SHOWN = "SELECT count(*) FROM briefing WHERE wording_id IS NOT NULL AND status = 'issued'"


def killed_after(folder: Path, letters: int) -> int:
    """Start the worker, kill it once so many letters are written, and return how many are."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKING], cwd=ROOT, env=environment(folder), stdout=subprocess.DEVNULL
    )
    end = time.monotonic() + 120
    while time.monotonic() < end and asked(folder, WRITTEN) < letters and worker.poll() is None:
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return asked(folder, WRITTEN)


@pytest.mark.django_db
def test_letters_go_on_where_a_killed_worker_stopped(own_folder: Path) -> None:
    try:
        fonts.families(fonts.Role.FANGSONG)
    except fonts.FontsMissing as missing:
        pytest.skip(missing.sentence)
    run(FOUNDING, own_folder)
    written = killed_after(own_folder, 1)
    assert 0 < written < UNITS
    assert asked(own_folder, SHOWN) == 0  # half an issue never shows
    assert asked(own_folder, "SELECT count(*) FROM notice WHERE sentence LIKE '%号已印发%'") == 0
    run(WORKING, own_folder)
    assert asked(own_folder, SHOWN) == asked(own_folder, WRITTEN) == UNITS
    numbers = (
        "SELECT count(DISTINCT issue_number) * 100 + max(issue_number) FROM briefing WHERE wording_id > 0"
    )
    assert asked(own_folder, numbers) == UNITS * 100 + UNITS
    kept = "SELECT count(DISTINCT digest) FROM evidence_file WHERE name LIKE '%号关于%'"
    assert asked(own_folder, kept) == 2 * UNITS
    frozen = "SELECT count(*) FROM audit_event WHERE act = 'briefing.freeze_letter'"
    assert asked(own_folder, frozen) == UNITS
    assert asked(own_folder, "SELECT count(*) FROM audit_event WHERE act = 'briefing.issue_letters'") == 1
    assert asked(own_folder, "SELECT count(*) FROM notice WHERE sentence LIKE '%号已印发%'") == UNITS
    twice = "SELECT count(*) FROM (SELECT 1 FROM frozen_figure GROUP BY briefing_id, key HAVING count(*) > 1) AS two"
    assert asked(own_folder, twice) == 0
