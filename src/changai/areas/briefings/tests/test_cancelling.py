"""Papers that are given up before issue and taken up again, and issued ones that are no longer in force."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import actor_for
from changai.areas.briefings import queries
from changai.areas.briefings.actions import (
    annul_paper,
    answer_countersign,
    approve_briefing,
    ask_countersigns,
    cancel_briefing,
    freeze_briefing,
    receive_paper,
    restore_briefing,
    submit_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.tests.make import (
    WRITTEN,
    MadeMonth,
    make_approved,
    make_draft,
    make_frozen,
    make_submitted,
)
from changai.areas.briefings.tests.test_kinds import issue, make_paper
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("month")]


def test_a_cancelled_paper_rests_and_is_taken_up_again(officer: Actor, office_head: Actor) -> None:
    paper = make_submitted(officer)
    with pytest.raises(Invalid, match="请写明作废原因"):
        cancel_briefing(officer, paper.pk, reason=" ", version=paper.version, at=WRITTEN)
    gone = cancel_briefing(officer, paper.pk, reason="会议改期。", version=paper.version, at=WRITTEN)
    assert (gone.status, gone.cancel_reason) == ("cancelled", "会议改期。")
    assert Notice.objects.filter(role=Role.OFFICE_HEAD, sentence__contains="已作废").count() == 1
    with pytest.raises(RecordMoved):
        approve_briefing(office_head, paper.pk, version=gone.version, at=WRITTEN)
    back = restore_briefing(officer, paper.pk, version=gone.version, at=WRITTEN)
    assert (back.status, back.cancel_reason) == ("draft", "会议改期。")
    assert submit_briefing(officer, paper.pk, version=back.version, at=WRITTEN).status == "submitted"


def test_only_the_head_cancels_what_was_approved_and_the_approval_falls(
    officer: Actor, office_head: Actor
) -> None:
    paper = make_approved(officer, office_head)
    with pytest.raises(NotAllowed):
        cancel_briefing(officer, paper.pk, reason="不用了", version=paper.version, at=WRITTEN)
    gone = cancel_briefing(office_head, paper.pk, reason="不用了", version=paper.version, at=WRITTEN)
    back = restore_briefing(officer, paper.pk, version=gone.version, at=WRITTEN)
    assert (back.approved_at, back.content, back.content_digest) == (None, {}, "")
    with pytest.raises(RecordMoved):
        freeze_briefing(office_head, paper.pk, version=back.version, at=WRITTEN)


def test_units_asked_for_their_word_are_told_and_asked_again_when_it_is_restored(
    officer: Actor, month: MadeMonth
) -> None:
    paper = make_paper(officer, "supervision_circular", month)
    head = actor_for(Role.UNIT_HEAD, month.late)
    ask_countersigns(officer, paper.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    gone = cancel_briefing(officer, paper.pk, reason="合并到下一期", version=paper.version, at=WRITTEN)
    assert not queries.countersigns_waiting(head)
    assert Notice.objects.filter(unit_id=month.late.pk, sentence__endswith="不用会签。").count() == 1
    with pytest.raises(RecordMoved, match="作废"):
        answer_countersign(head, paper.pk, answer="agreed", at=WRITTEN)
    with pytest.raises(RecordMoved, match="作废"):
        ask_countersigns(officer, paper.pk, unit_ids=(month.early.pk,), at=WRITTEN)
    restore_briefing(officer, paper.pk, version=gone.version, at=WRITTEN)
    assert queries.countersigns_waiting(head).count() == 1


def test_a_cancelled_paper_takes_no_number_and_lends_no_imprint(officer: Actor, office_head: Actor) -> None:
    first = make_frozen(officer, office_head)
    dropped = make_draft(officer)
    cancel_briefing(officer, dropped.pk, reason="重复", version=dropped.version, at=WRITTEN)
    Briefing.objects.filter(pk=dropped.pk).update(report_to="错写的机关")
    assert queries.last_imprint("briefing")["report_to"] == first.report_to
    assert queries.next_numbers("briefing", 2026) == (2, 2)


def test_an_issued_paper_is_not_cancelled_but_revoked_once(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    with pytest.raises(RecordMoved):
        cancel_briefing(office_head, issued.pk, reason="错了", version=issued.version, at=WRITTEN)
    draft = make_draft(officer)
    with pytest.raises(RecordMoved, match="可以直接作废"):
        annul_paper(office_head, draft.pk, kind="revoked", reason="错了", at=WRITTEN)
    with pytest.raises(NotAllowed):
        annul_paper(officer, issued.pk, kind="revoked", reason="错了", at=WRITTEN)
    for kind, reason in (("", "错了"), ("revoked", " ")):
        with pytest.raises(Invalid):
            annul_paper(office_head, issued.pk, kind=kind, reason=reason, at=WRITTEN)
    annul_paper(office_head, issued.pk, kind="revoked", reason="引用的数据有误", at=WRITTEN)
    with pytest.raises(RecordMoved, match="撤销"):
        annul_paper(office_head, issued.pk, kind="repealed", reason="再来一次", at=WRITTEN)
    with pytest.raises(RecordMoved, match="不用签收"):
        receive_paper(actor_for(Role.UNIT_HEAD, month.late), issued.pk, at=WRITTEN)
    assert issued not in queries.twins("briefing", Month.of(issued.month))
    assert queries.next_numbers("briefing", 2026) == (2, 2)  # its number stays used


def test_every_page_of_a_repealed_paper_says_so(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: Callable[[Actor], Client]
) -> None:
    issued = issue(officer, office_head, make_paper(officer, "supervision_circular", month))
    reader = signed_in(actor_for(Role.UNIT_LIAISON, month.late))
    address = reverse("briefings:briefing", args=[issued.pk])
    answer = signed_in(office_head).post(
        reverse("briefings:annul", args=[issued.pk]),
        {
            "version": issued.version,
            "kind": "repealed",
            "reason": "已有新的通报",
            "basis": "示产改通〔2026〕9号",
        },
    )
    assert answer.status_code == 303
    figure = issued.figures.exclude(records=[]).first()
    assert figure is not None
    pages = (
        address,
        reverse("briefings:figure", args=[issued.pk, figure.key]),
    )
    for page in pages:
        told = reader.get(page).content.decode()
        assert "废止，自该日起失效" in told
        assert "示产改通〔2026〕9号" in told
    assert "废止</span>" in reader.get(reverse("briefings:index")).content.decode()
    assert Notice.objects.filter(sentence__contains="已废止").exists()
    assert not queries.papers_to_receive(actor_for(Role.UNIT_LIAISON, month.late))


def test_the_list_of_cancelled_papers_says_why_and_their_page_restores(
    officer: Actor, signed_in: Callable[[Actor], Client]
) -> None:
    paper = make_draft(officer)
    client = signed_in(officer)
    page = reverse("briefings:briefing", args=[paper.pk])
    assert reverse("briefings:cancel", args=[paper.pk]) in client.get(page).content.decode()
    sent = {"version": paper.version, "reason": "重复起草"}
    assert client.post(reverse("briefings:cancel", args=[paper.pk]), sent).status_code == 303
    listed = client.get(reverse("briefings:index"), {"status": "cancelled"}).content.decode()
    assert "重复起草" in listed
    assert reverse("briefings:restore", args=[paper.pk]) in client.get(page).content.decode()
    paper.refresh_from_db()
    client.post(reverse("briefings:restore", args=[paper.pk]), {"version": paper.version})
    paper.refresh_from_db()
    assert paper.status == "draft"
    assert paper.created_at <= WRITTEN + timedelta(hours=1)
