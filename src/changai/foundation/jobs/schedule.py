"""Scheduled jobs: the clock calls one action. One readable file; every race is explained where it is met.

An area declares its jobs in `jobs.py`:

    @job("reporting.open_month", every=timedelta(hours=1))
    def open_month(now: datetime) -> str: ...

The worker calls `run_due` every few seconds. A job is leased in its row before it runs, so two workers never run
it at once; a worker that dies leaves a lease that ends by itself.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from changai.foundation.jobs.models import JobRun

Work = Callable[[datetime], str]
LEASE = timedelta(minutes=15)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)

logger = logging.getLogger("changai.jobs")


@dataclass(frozen=True)
class Job:
    """A job by name, its work and the time from one run to the next. The work returns what it did, in a few words."""

    name: str
    every: timedelta
    work: Work


_JOBS: dict[str, Job] = {}


def job(name: str, *, every: timedelta) -> Callable[[Work], Work]:
    """Declare a function `(now) -> str` as the scheduled job `name`."""

    def declare(work: Work) -> Work:
        if name in _JOBS:
            raise ValueError(f"two jobs are called {name}")
        _JOBS[name] = Job(name, every, work)
        return work

    return declare


def jobs() -> dict[str, Job]:
    """Return every declared job by name, having looked into each area's `jobs.py`."""
    autodiscover_modules("jobs")
    return dict(_JOBS)


def run_due(now: datetime) -> list[str]:
    """Run every job that is due and free, and return the names of those that ran."""
    return [each.name for each in jobs().values() if _lease(each, now) and _run(each, now)]


def _lease(each: Job, now: datetime) -> bool:
    """Take the job for this worker. The one UPDATE decides: of two workers only one changes the row."""
    JobRun.objects.get_or_create(name=each.name, defaults={"due_at": now})
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    taken = JobRun.objects.filter(free, name=each.name, due_at__lte=now).update(leased_until=now + LEASE)
    return taken == 1


def _run(each: Job, now: datetime) -> bool:
    row = JobRun.objects.get(name=each.name)
    try:
        outcome = each.work(now)
    except Exception as fault:  # a job that fails must not stop the others; it is logged and tried again
        logger.exception("job %s failed", each.name)
        row.failures += 1
        # Twice as long after every failure, so that a broken job does not fill the log.
        wait = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(row.failures - 1, 10))
        row.last_outcome = f"{type(fault).__name__}: {fault}"[:300]
    else:
        row.failures, wait = 0, each.every
        row.last_outcome = outcome[:300]
    row.due_at, row.leased_until = now + wait, None
    row.last_finished_at = timezone.now()
    with transaction.atomic():
        row.save(update_fields=["due_at", "leased_until", "last_finished_at", "last_outcome", "failures"])
    return True
