"""Two people take different steps of one paper in the same instant, on PostgreSQL: one wins, the other is told."""

from collections.abc import Callable
from typing import Any

import pytest

from changai.areas.briefings import actions
from changai.areas.briefings.models import Annulment, ArchiveOrder, Briefing
from changai.areas.briefings.tests.make import WRITTEN, make_approved, make_draft, make_frozen
from changai.areas.reporting.tests.make import OFFICER, actor_of, make_unit
from changai.core.errors import RecordMoved
from changai.foundation.actors import Role
from changai.foundation.audit.verifier import verify_chain
from changai.foundation.notices.models import Notice
from tests.resilience.test_review_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
HEAD = actor_of(Role.OFFICE_HEAD, name="办公室负责人")


def one_wins(*orders: Callable[[], Any]) -> list[Any]:
    outcomes = at_once(*orders)
    refused = [isinstance(each, RecordMoved) for each in outcomes]
    assert sorted(refused) == [False] + [True] * (len(orders) - 1), outcomes
    assert verify_chain().is_whole
    return outcomes


def test_cancelling_against_submitting() -> None:
    paper = make_draft(OFFICER, blocks=[{"kind": "paragraph", "text": "工作正常。"}])
    given = {"version": paper.version, "at": WRITTEN}
    one_wins(
        lambda: actions.cancel_briefing(OFFICER, paper.pk, reason="重复", **given),
        lambda: actions.submit_briefing(OFFICER, paper.pk, **given),
    )
    assert Briefing.objects.get(pk=paper.pk).status in {"cancelled", "submitted"}


def test_cancelling_against_issuing() -> None:
    paper = make_approved(OFFICER, HEAD, blocks=[{"kind": "paragraph", "text": "工作正常。"}])
    given = {"version": paper.version, "at": WRITTEN}
    cancelled, _issued = one_wins(
        lambda: actions.cancel_briefing(HEAD, paper.pk, reason="不发了", **given),
        lambda: actions.freeze_briefing(HEAD, paper.pk, **given),
    )
    kept = Briefing.objects.get(pk=paper.pk)
    assert (kept.issue_number is None) == (not isinstance(cancelled, RecordMoved))


def test_a_paper_is_annulled_once() -> None:
    paper = make_frozen(OFFICER, HEAD, blocks=[{"kind": "paragraph", "text": "工作正常。"}])
    one_wins(
        lambda: actions.annul_paper(HEAD, paper.pk, kind="revoked", reason="有误", at=WRITTEN),
        lambda: actions.annul_paper(HEAD, paper.pk, kind="repealed", reason="有新的", at=WRITTEN),
    )
    assert Annulment.objects.get(briefing=paper).kind in {"revoked", "repealed"}


def test_two_reminders_and_two_orders_of_the_archive_at_once_are_one() -> None:
    city = make_unit("示范市", level="city")
    county = make_unit("示新区", level="county", parent=city)
    blocks = [{"kind": "paragraph", "text": "工作正常。"}]
    paper = make_draft(OFFICER, blocks=blocks)
    Briefing.objects.filter(pk=paper.pk).update(kind="supervision_circular", series="circular")
    paper.addressees.add(county)
    paper = actions.submit_briefing(OFFICER, paper.pk, version=paper.version, at=WRITTEN)
    paper = actions.approve_briefing(HEAD, paper.pk, version=paper.version, at=WRITTEN)
    actions.freeze_briefing(HEAD, paper.pk, version=paper.version, at=WRITTEN)
    one_wins(
        lambda: actions.press_receipts(OFFICER, paper.pk, at=WRITTEN),
        lambda: actions.press_receipts(HEAD, paper.pk, at=WRITTEN),
    )
    assert Notice.objects.filter(sentence__startswith="请签收").count() == 1
    one_wins(
        lambda: actions.ask_archive(OFFICER, year=2026, at=WRITTEN),
        lambda: actions.ask_archive(HEAD, year=2026, at=WRITTEN),
    )
    assert ArchiveOrder.objects.count() == 1
