from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from changai.foundation.actors import MACHINE
from changai.foundation.audit.anchors import drop_anchor, misfit
from changai.foundation.audit.jobs import verify_nightly
from changai.foundation.audit.verifier import verify_chain
from changai.foundation.audit.writer import record
from changai.foundation.notices.models import Notice

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def chain(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path
    with transaction.atomic():
        for number in range(5):
            record(MACHINE, "test.act", "test", at=NOW + timedelta(seconds=number), number=number)


def tamper(statement: str) -> None:
    """Change the table as its owner could: without the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER audit_event_no_update")
            cursor.execute("DROP TRIGGER audit_event_no_delete")
        cursor.execute(statement)


def test_a_whole_chain_is_found_whole() -> None:
    verdict = verify_chain()
    assert (verdict.is_whole, verdict.lines, len(verdict.head)) == (True, 5, 64)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE audit_event SET act = 'other.act' WHERE sequence = 3", 3),
        ("DELETE FROM audit_event WHERE sequence = 2", 3),
        ("UPDATE audit_event SET mac = previous_mac WHERE sequence = 4", 4),
    ],
)
def test_the_first_line_that_does_not_fit_is_named(statement: str, first_bad: int) -> None:
    tamper(statement)
    assert verify_chain().first_bad == first_bad


def test_a_chain_that_was_rolled_back_does_not_meet_its_anchors() -> None:
    drop_anchor(verify_chain(), at=NOW)
    assert misfit() == ""
    tamper("DELETE FROM audit_event WHERE sequence > 3")
    assert verify_chain().is_whole
    assert "第 5 条" in misfit()


def test_every_night_it_is_marked_or_told() -> None:
    assert verify_nightly(NOW) == "校验通过，共 5 条"
    assert not Notice.objects.exists()
    tamper("UPDATE audit_event SET actor_name = '别人' WHERE sequence = 2")
    assert "第 2 条" in verify_nightly(NOW)
    assert set(Notice.objects.values_list("role", flat=True)) == {
        "audit_administrator",
        "system_administrator",
    }
