"""What is due this week: the working week, by the calendar."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from changai.areas.accounts.tests.make import make_person
from changai.areas.facts.tests.make import make_unit
from changai.areas.reporting.models import Obligation
from changai.areas.reporting.tests.make import make_claim, make_report
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("due_on", "is_this_week"),
    [(date(2026, 10, 30), True), (date(2026, 11, 1), True), (date(2026, 11, 2), False)],
)
def test_this_week_ends_on_its_sunday(due_on, is_this_week, time_machine):
    unit = make_unit()
    make_report(unit)
    Obligation.objects.update(due_on=due_on)
    time_machine.move_to(datetime(2026, 10, 28, 2, 0, tzinfo=UTC))  # a Wednesday
    client = Client()
    person = make_person(Role.UNIT_LIAISON, unit)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/?show=week").content.decode()
    assert ("填报2026年10月月报" in page) is is_this_week


@pytest.mark.parametrize(("due_on", "is_shown"), [(date(2026, 11, 1), True), (date(2026, 11, 2), False)])
def test_a_task_joins_the_list_in_the_week_it_is_due(due_on, is_shown, time_machine):
    claim = make_claim(make_unit(), due_on=due_on)
    time_machine.move_to(datetime(2026, 10, 28, 2, 0, tzinfo=UTC))
    client = Client()
    person = make_person(Role.UNIT_LIAISON, claim.unit)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert (claim.text[:40] in client.get("/").content.decode()) is is_shown
