"""Which jobs there are. An app declares its own in `jobs.py`: a clock that presses one action.

@job("reports.open_months", every=timedelta(days=1), daily_at=time(0, 10))
def open_months(at: datetime) -> str:
    return "已开启 2026年11月"
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

Work = Callable[[datetime], str]


@dataclass(frozen=True)
class Job:
    """What runs, how often, and how long one run may take before another worker may take over."""

    name: str
    work: Work
    every: timedelta
    daily_at: time | None
    longest: timedelta

    def next_due(self, now: datetime) -> datetime:
        """Return when it is due after a run that ended `now`; a daily job always at its hour, local time."""
        if self.daily_at is None:
            return now + self.every
        local = timezone.localtime(now)
        due = local.replace(hour=self.daily_at.hour, minute=self.daily_at.minute, second=0, microsecond=0)
        return due if due > local else due + timedelta(days=1)


JOBS: dict[str, Job] = {}


def job(
    name: str,
    *,
    every: timedelta = timedelta(days=1),
    daily_at: time | None = None,
    longest: timedelta = timedelta(minutes=30),
) -> Callable[[Work], Work]:
    """Declare a function `(at) -> one sentence of what was done` as a job; `daily_at` is local time.

    :raises TypeError: when two jobs have one name, or a job with `daily_at` is not daily
    """

    def declare(work: Work) -> Work:
        if name in JOBS and JOBS[name].work.__module__ != work.__module__:
            raise TypeError(f"two jobs are called {name}")
        if daily_at is not None and every != timedelta(days=1):
            raise TypeError(f"{name}: a job with an hour is daily")
        JOBS[name] = Job(name, work, every, daily_at, longest)
        return work

    return declare


def discover() -> dict[str, Job]:
    """Import `jobs.py` of every app and return all jobs by name."""
    autodiscover_modules("jobs")
    return JOBS
