"""Two at once, on PostgreSQL, in threads of their own: one outcome, told plainly to the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from changai.areas.briefings.models import Briefing
from changai.areas.reporting.actions import accept_report, return_report
from changai.areas.reporting.models import Report
from changai.areas.tasks.actions import claim_task
from changai.areas.tasks.models import Claim
from changai.cli.demonstration.founding import Town, found, moment
from changai.cli.demonstration.handing_down import plan_and_hand_down
from changai.cli.demonstration.history import Player
from changai.core.errors import ActionRefused, AlreadyDone
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.audit.verifier import verify_chain
from changai.foundation.audit.writer import record

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
MONTH = Month(2026, 9)


@pytest.fixture
def town() -> Town:
    """A city whose plan is handed down and whose month has one signed report."""
    from random import Random

    settings.DEMONSTRATION = True
    town = found(at=moment(MONTH.first_on, 8))
    random = Random(1)  # noqa: S311 - a city, not a key
    plan_and_hand_down(town, MONTH, random)
    town.player = Player(town, random)  # type: ignore[attr-defined]
    return town


def at_once(*orders: Callable[[], Any]) -> list[Any]:
    """Carry out the orders at the same moment, each on its own connection; return outcomes or refusals."""
    start = Barrier(len(orders))

    def carry_out(order: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return order()
        except ActionRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(carry_out, orders))


def signed_report(town: Town) -> Report:
    player: Player = town.player  # type: ignore[attr-defined]
    player.open(MONTH, moment(MONTH.last_on, 9))
    report = Report.objects.select_related("obligation__unit__parent").get(obligation__unit__code="C01")
    player.send(report, moment(MONTH.last_on, 16))
    report.refresh_from_db()
    return report


def test_two_reviewers_have_one_outcome(town: Town) -> None:
    report, now = signed_report(town), moment(MONTH.plus(1).first_on)
    outcomes = at_once(
        lambda: accept_report(town.office, report.pk, version=report.version, at=now),
        lambda: return_report(
            town.head,
            report.pk,
            reason="请补充具体举措和数据",
            marks={},
            due_on=now.date() + timedelta(days=3),
            version=report.version,
            at=now,
        ),
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, ActionRefused)]
    assert len(refusals) == 1
    assert refusals[0].status == 409
    report.refresh_from_db()
    assert report.status in {Report.Status.ACCEPTED, Report.Status.RETURNED}
    assert report.submissions.exclude(outcome="").count() == 1


def test_a_double_click_is_one_order(town: Town) -> None:
    claim = Claim.objects.filter(status=Claim.Status.OFFERED).select_related("unit").first()
    assert claim
    actor, now = town.liaison(claim.unit.code), timezone.now()
    outcomes = at_once(
        *[lambda: claim_task(actor, claim.pk, version=claim.version, at=now, once="one-press")] * 5  # type: ignore[call-arg]
    )
    told = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDone)]
    assert len(told) == 4
    assert all("未重复计入" in refusal.sentence for refusal in told)


def test_two_issued_at_once_get_two_numbers(town: Town) -> None:
    from changai.areas.briefings.actions import (
        approve_briefing,
        freeze_briefing,
        start_briefing,
        submit_briefing,
    )

    ready = []
    for month in (MONTH, MONTH.plus(1)):
        at = moment(month.last_on)
        blocks = [{"kind": "paragraph", "text": "工作正常推进。"}]
        title = f"{month.label}工作情况"
        briefing = start_briefing(town.office, title=title, month=month, round_id=None, blocks=blocks, at=at)
        briefing = submit_briefing(town.office, briefing.pk, version=briefing.version, at=at)
        ready.append(approve_briefing(town.head, briefing.pk, version=briefing.version, at=at))
    now = timezone.now()
    orders = [
        lambda each=each: freeze_briefing(town.head, each.pk, version=each.version, at=now) for each in ready
    ]
    at_once(*orders)
    numbers = sorted(
        Briefing.objects.filter(status=Briefing.Status.ISSUED).values_list("issue_number", flat=True)
    )
    assert numbers == [1, 2]


@action("test.press")
def _press(actor: Any, *, at: Any) -> None:
    record(actor, "test.press", "test", at=at)


def test_the_log_does_not_fork() -> None:
    from changai.foundation.actors import MACHINE

    now = timezone.now()

    def press() -> None:
        for _ in range(20):
            _press(MACHINE, at=now)

    at_once(*[press] * 8)
    verdict = verify_chain()
    assert verdict.is_whole
    assert verdict.lines == 160
