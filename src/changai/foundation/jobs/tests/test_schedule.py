"""Jobs run when due, once, and come back after a failure."""

from datetime import UTC, datetime, timedelta

import pytest

from changai.foundation.jobs import schedule
from changai.foundation.jobs.models import JobRun

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    moments: list[datetime] = []

    def work(now: datetime) -> str:
        moments.append(now)
        return "done"

    job = schedule.Job("test.count", timedelta(hours=1), work)
    monkeypatch.setattr(schedule, "jobs", lambda: {job.name: job})
    return moments


@pytest.mark.django_db
def test_a_job_runs_when_due_and_not_before(ran: list[datetime]) -> None:
    assert schedule.run_due(NOW) == ["test.count"]
    assert schedule.run_due(NOW + timedelta(minutes=59)) == []
    assert schedule.run_due(NOW + timedelta(hours=1)) == ["test.count"]
    assert ran == [NOW, NOW + timedelta(hours=1)]
    assert JobRun.objects.get().last_outcome == "done"


@pytest.mark.django_db
def test_a_leased_job_is_left_alone_until_the_lease_ends(ran: list[datetime]) -> None:
    JobRun.objects.create(name="test.count", due_at=NOW, leased_until=NOW + timedelta(minutes=5))
    assert schedule.run_due(NOW) == []
    assert schedule.run_due(NOW + timedelta(minutes=5)) == ["test.count"]


@pytest.mark.django_db
def test_a_failed_job_is_tried_again_later_and_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(now: datetime) -> str:
        raise RuntimeError("no")

    job = schedule.Job("test.fail", timedelta(hours=1), work)
    monkeypatch.setattr(schedule, "jobs", lambda: {job.name: job})
    schedule.run_due(NOW)
    first = JobRun.objects.get()
    assert (first.failures, first.due_at) == (1, NOW + schedule.FIRST_RETRY)
    assert first.last_outcome == "RuntimeError: no"
    schedule.run_due(first.due_at)
    second = JobRun.objects.get()
    assert second.due_at - first.due_at == 2 * schedule.FIRST_RETRY


def test_every_area_declares_its_jobs() -> None:
    assert {"audit.verify", "reporting.open_month"} <= set(schedule.jobs())
