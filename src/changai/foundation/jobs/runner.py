"""Runs the jobs that are due. Any number of workers may call it at once.

The race: two workers see one job due. Each tries to write its own lease with a condition on the row as it saw
it; the database lets one of the two updates match. The lease's end is also the token: a worker that was away
longer than its lease finds another end there and writes nothing.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from changai.foundation.actors import Role
from changai.foundation.jobs.models import JobRun
from changai.foundation.jobs.registry import Job
from changai.foundation.notices.outbox import notify

logger = logging.getLogger("changai.jobs")

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
TELL_AFTER = 3  # failures in a row


def run_due(jobs: Mapping[str, Job], *, now: datetime) -> list[str]:
    """Run every job that is due at `now` and return the names of those this worker ran."""
    _enrol(jobs, now)
    due = JobRun.objects.filter(_is_free(now), due_at__lte=now, name__in=jobs).order_by("due_at", "name")
    return [run.name for run in due if _run(jobs[run.name], now)]


def wait_after(failures: int) -> timedelta:
    """Return how long a job rests after so many failures in a row: 1, 2, 4 … minutes, at most an hour."""
    return min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)


def _enrol(jobs: Mapping[str, Job], now: datetime) -> None:
    known = set(JobRun.objects.values_list("name", flat=True))
    JobRun.objects.bulk_create(
        (
            JobRun(name=name, due_at=job.next_due(now) if job.daily_at else now)
            for name, job in jobs.items()
            if name not in known
        ),
        ignore_conflicts=True,  # another worker may enrol the same
    )


def _is_free(now: datetime) -> Q:
    return Q(leased_until__isnull=True) | Q(leased_until__lte=now)


def _run(job: Job, now: datetime) -> bool:
    """Take the job's lease and run it; return False when another worker was first."""
    until = now + job.longest
    mine = JobRun.objects.filter(name=job.name)
    if not mine.filter(_is_free(now), due_at__lte=now).update(leased_until=until):
        return False
    mine = mine.filter(leased_until=until)
    try:
        outcome = job.work(now)
    except Exception as fault:
        logger.exception("job %s failed", job.name)
        _note_failure(job, mine, fault)
        return True
    end = timezone.now()
    mine.update(
        leased_until=None,
        last_finished_at=end,
        last_outcome=outcome[:300],
        failures=0,
        due_at=job.next_due(end),
    )
    return True


def _note_failure(job: Job, mine: QuerySet[JobRun], fault: Exception) -> None:
    end = timezone.now()
    with transaction.atomic():
        told = f"失败：{type(fault).__name__} {fault}"[:300]
        if not mine.update(failures=F("failures") + 1, last_outcome=told):
            return
        failures = mine.values_list("failures", flat=True).get()
        mine.update(leased_until=None, due_at=end + wait_after(failures))
        if failures == TELL_AFTER:
            sentence = f"后台工作“{job.name}”连续 {failures} 次失败，请查看系统日志。"
            notify(sentence, at=end, role=Role.SYSTEM_ADMINISTRATOR)
