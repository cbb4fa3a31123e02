"""Two at once, on PostgreSQL, in threads of their own: one outcome, told plainly to the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from changai.areas.briefings.models import Briefing
from changai.areas.reporting.actions import CellEdit, accept_report, return_report, save_cells
from changai.areas.reporting.actions.filling import Saved
from changai.areas.reporting.models import Report
from changai.areas.tasks.actions import claim_task
from changai.areas.tasks.models import Claim
from changai.cli.demonstration.founding import Town, found, moment
from changai.cli.demonstration.handing_down import plan_and_hand_down
from changai.cli.demonstration.history import Player
from changai.core.errors import ActionRefused, AlreadyDone
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor
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


def test_f12_two_reviewers_have_one_outcome(town: Town) -> None:
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


def test_f13_of_twenty_people_in_one_cell_one_wins_each_version(town: Town) -> None:
    """F13: nobody is overwritten unseen; who comes second is told whose text stands, and keeps the own one."""
    player: Player = town.player  # type: ignore[attr-defined]
    player.open(MONTH, moment(MONTH.last_on, 9))
    report = Report.objects.get(obligation__unit__code="C01")
    line = report.task_lines.first()
    assert line
    ref, actor, now = f"task:{line.claim_id}:progress", town.liaison("C01"), moment(MONTH.last_on, 10)
    people = [replace(actor, name=f"联络员{number}") for number in range(20)]

    def write(person: Actor, version: int) -> Saved:
        edits = [CellEdit(ref, f"{person.name}写的第{version + 1}版", version=version)]
        return save_cells(person, report.pk, cells=edits, at=now)

    for version in range(3):
        outcomes = at_once(*[lambda person=person: write(person, version) for person in people])  # type: ignore[misc] # noqa: B023
        won = [outcome for outcome in outcomes if outcome.saved]
        told = [cell for outcome in outcomes for cell in outcome.refused]
        assert len(won) == 1
        assert len(told) == 19
        winner = won[0].saved[0].value
        assert {(cell.state, cell.value, cell.version) for cell in told} == {
            ("conflict", winner, version + 1)
        }
        assert all(winner.startswith(cell.by) and "已保留在下方" in cell.sentence for cell in told)
        line.refresh_from_db()
        assert line.progress == winner
    assert report.cell_changes.filter(cell=ref).count() == 3


def test_people_in_different_cells_of_one_sheet_do_not_lose_a_word(town: Town) -> None:
    player: Player = town.player  # type: ignore[attr-defined]
    player.open(MONTH, moment(MONTH.last_on, 9))
    report = Report.objects.get(obligation__unit__code="C01")
    line = report.task_lines.first()
    assert line
    actor, now = town.liaison("C01"), moment(MONTH.last_on, 10)
    texts = {column: f"{column}的内容" for column in ("progress", "problems", "next_steps")}
    at_once(
        *[
            lambda column=column, text=text: save_cells(
                actor, report.pk, cells=[CellEdit(f"task:{line.claim_id}:{column}", text, version=0)], at=now
            )
            for column, text in texts.items()
        ]
    )
    line.refresh_from_db()
    assert {column: getattr(line, column) for column in texts} == texts
