"""Whatever happens to a month and whenever the clock runs, nobody is told of what is not owed, twice, or at night."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from changai.areas.accounts.tests.make import make_person
from changai.areas.reporting import jobs
from changai.areas.reporting.actions import send_reminders
from changai.areas.reporting.models import Obligation, ReminderDigest, SupervisionNotice
from changai.areas.reporting.queries import reminder_plan
from changai.areas.reporting.rules.standings import CITY_TIME, day_of
from changai.areas.reporting.tests.test_ledger import Ledger
from changai.core.errors import RecordMoved
from changai.foundation.actors import MACHINE, Role
from changai.foundation.notices.models import Notice
from changai.foundation.workdays.queries import work_calendar

pytestmark = pytest.mark.django_db
ESCALATED = 5  # working days after the due day, by the rules the city begins with


def is_owed(obligation: Obligation, at: datetime) -> bool:
    """Return whether a report is owed, told from the columns one by one: another way than the query's."""
    report, unit = obligation.report, obligation.unit
    if obligation.period.opened_at is None or obligation.period.closed_at is not None:
        return False
    if obligation.exempted_at or obligation.locked_at:
        return False
    if unit.closed_on is not None and unit.closed_on <= day_of(at):
        return False
    is_back = report.status in {"returned", "submitted"} and report.times_returned > 0
    return report.first_arrived_at is None or is_back


class Reminded(Ledger):
    """The ledger of a month, with people in its units and a clock that reminds at any hour of any day."""

    @initialize()
    def issue_the_form(self) -> None:
        super().issue_the_form()
        for unit in self.units:
            make_person(Role.UNIT_LIAISON, unit, name=f"联络员{unit.pk}")
            make_person(Role.UNIT_HEAD, unit, name=f"负责人{unit.pk}")
        make_person(Role.OFFICE_OFFICER, name="办公室")
        Notice.objects.all().delete()

    @rule(hours=st.integers(0, 23), days=st.integers(1, 5))
    def remind(self, hours: int, days: int) -> None:
        self.at = datetime.combine((self.at + timedelta(days=days)).date(), datetime.min.time(), UTC)
        self.at += timedelta(hours=hours)
        before = Notice.objects.count()
        try:
            run = send_reminders(MACHINE, at=self.at)
        except RecordMoved:
            assert Notice.objects.count() == before
            return
        plan, _version = reminder_plan()
        local = self.at.astimezone(CITY_TIME)
        assert work_calendar().is_workday(local.date())
        assert plan.send_from <= local.time() < plan.send_until
        digests = ReminderDigest.objects.filter(on_day=run.on_day).select_related("person")
        assert len({digest.person_id for digest in digests}) == len(digests) == run.people
        assert Notice.objects.count() == before + len(digests)
        rows = {row.pk: row for row in Obligation.objects.select_related("report", "period", "unit")}
        for digest in digests:
            assert digest.reports
            assert all(is_owed(rows[pk], self.at) for pk in digest.reports), digest.sentence
            others = [rows[pk] for pk in digest.reports if rows[pk].unit_id != digest.person.unit_id]
            assert all(
                work_calendar().count(row.due_on, run.on_day) >= 5
                for row in others
                if not row.report.return_due_on
            )

    @invariant()
    def no_coloured_notice_sends_itself(self) -> None:
        assert not SupervisionNotice.objects.exists()


def test_nobody_is_told_of_what_is_not_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_BREATH", 0)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Reminded,
        settings=settings(
            max_examples=4, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
