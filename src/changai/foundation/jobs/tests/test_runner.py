from datetime import UTC, datetime, time, timedelta

import pytest

from changai.foundation.actors import Role
from changai.foundation.jobs.models import JobRun
from changai.foundation.jobs.registry import Job, discover, job
from changai.foundation.jobs.runner import run_due, wait_after
from changai.foundation.notices.models import Notice

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
HOUR = timedelta(hours=1)


class Work:
    """Counts its runs; fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.runs, self.failures = 0, failures

    def __call__(self, at: datetime) -> str:  # noqa: ARG002 - a job is told the time
        self.runs += 1
        if self.runs <= self.failures:
            raise RuntimeError("磁盘已满")
        return f"第 {self.runs} 次"


def made(work: Work, *, every: timedelta = HOUR, daily_at: time | None = None) -> dict[str, Job]:
    return {"test.work": Job("test.work", work, every, daily_at, timedelta(minutes=30))}


@pytest.fixture
def work(db: None) -> Work:
    return Work()


def test_a_job_runs_when_it_is_due_and_not_again_before(work: Work, time_machine: object) -> None:
    time_machine.move_to(NOW)  # type: ignore[attr-defined]
    assert run_due(made(work), now=NOW) == ["test.work"]
    assert run_due(made(work), now=NOW + HOUR / 2) == []
    assert run_due(made(work), now=NOW + HOUR + timedelta(seconds=2)) == ["test.work"]
    assert JobRun.objects.get().last_outcome == "第 2 次"


def test_a_leased_job_is_left_alone_until_its_lease_is_over(work: Work) -> None:
    JobRun.objects.create(name="test.work", due_at=NOW, leased_until=NOW + HOUR)
    assert run_due(made(work), now=NOW + HOUR / 2) == []
    assert run_due(made(work), now=NOW + HOUR) == ["test.work"]


def test_two_workers_run_a_due_job_once(work: Work) -> None:
    inner: list[list[str]] = []

    class Busy(Work):
        def __call__(self, at: datetime) -> str:
            inner.append(run_due(made(work), now=at))
            return super().__call__(at)

    assert run_due(made(Busy()), now=NOW) == ["test.work"]
    assert (inner, work.runs) == ([[]], 0)


def test_a_worker_that_was_away_too_long_writes_nothing(work: Work) -> None:
    class Slow(Work):
        def __call__(self, at: datetime) -> str:
            JobRun.objects.update(leased_until=NOW + 9 * HOUR, last_outcome="别的进程")
            return super().__call__(at)

    run_due(made(Slow()), now=NOW)
    assert JobRun.objects.get().last_outcome == "别的进程"


@pytest.mark.filterwarnings("ignore")
def test_a_failure_is_kept_retried_later_and_told(db: None, time_machine: object) -> None:
    work, now = Work(failures=3), NOW
    for failures, wait in ((1, 1), (2, 2), (3, 4)):
        time_machine.move_to(now, tick=False)  # type: ignore[attr-defined]
        assert run_due(made(work), now=now) == ["test.work"]
        run = JobRun.objects.get()
        assert (run.failures, run.leased_until, run.due_at) == (failures, None, now + timedelta(minutes=wait))
        assert run.last_outcome == "失败：RuntimeError 磁盘已满"
        now = run.due_at
    assert Notice.objects.get().role == Role.SYSTEM_ADMINISTRATOR
    run_due(made(work), now=now)
    assert JobRun.objects.get().failures == 0


def test_one_failing_job_does_not_stop_the_others(work: Work) -> None:
    jobs = made(work) | {"a.broken": Job("a.broken", Work(failures=9), HOUR, None, HOUR)}
    assert set(run_due(jobs, now=NOW)) == {"a.broken", "test.work"}
    assert work.runs == 1


def test_waits_double_up_to_an_hour() -> None:
    assert [wait_after(failures) // timedelta(minutes=1) for failures in (1, 2, 3, 6, 7, 99)] == [
        1,
        2,
        4,
        32,
        60,
        60,
    ]


def test_a_daily_job_waits_for_its_hour_in_local_time(work: Work) -> None:
    nightly = made(work, every=timedelta(days=1), daily_at=time(2, 30))
    assert run_due(nightly, now=NOW) == []
    assert JobRun.objects.get().due_at == datetime(2026, 11, 2, 18, 30, tzinfo=UTC)
    assert run_due(nightly, now=datetime(2026, 11, 3, 8, 0, tzinfo=UTC)) == ["test.work"]


def test_the_apps_declare_theirs() -> None:
    assert {"audit.verify", "sessions.clear", "staging.sweep", "evidence.sweep"} <= set(discover())


def test_an_hour_without_a_day_and_a_name_twice_are_faults() -> None:
    with pytest.raises(TypeError, match="daily"):
        job("x", every=HOUR, daily_at=time(1))(Work())
    with pytest.raises(TypeError, match="two jobs"):
        job("audit.verify")(Work())
