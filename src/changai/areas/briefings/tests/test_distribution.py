"""Whom an issued paper goes to, who has signed for it, and reminders once a day."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import actor_for, make_person
from changai.areas.briefings import queries
from changai.areas.briefings.actions import annul_paper, press_receipts, receive_paper
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.tests.make import WRITTEN, MadeMonth, make_frozen
from changai.areas.briefings.tests.test_kinds import issue, make_paper
from changai.areas.organisations.actions.restructure import merge_units
from changai.areas.organisations.models import Unit
from changai.core.errors import NotAllowed, RecordMoved
from changai.foundation.actors import MACHINE, Actor, Role
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture
def circular(officer: Actor, office_head: Actor, month: MadeMonth) -> Briefing:
    """A circular to all, issued when 早县 and 晚县 have somebody to sign; 无县 has nobody."""
    make_person(Role.UNIT_LIAISON, month.early)
    make_person(Role.UNIT_HEAD, month.late)
    return issue(officer, office_head, make_paper(officer, "supervision_circular", month))


def units(papers: Briefing) -> list[Unit]:
    return [each.unit for each in papers.distributions.all()]


def test_a_circular_to_all_goes_to_every_unit_with_somebody_to_sign(
    circular: Briefing, officer: Actor, month: MadeMonth
) -> None:
    assert units(circular) == [month.early, month.late]
    assert list(queries.papers_to_receive(actor_for(Role.UNIT_HEAD, month.late))) == [circular]
    assert list(queries.papers_to_receive(actor_for(Role.UNIT_HEAD, month.silent))) == []
    receive_paper(actor_for(Role.UNIT_LIAISON, month.early), circular.pk, at=WRITTEN)
    lines = [(line.unit, line.is_open) for line in queries.receipt_lines(circular)]
    assert lines == [(month.early, False), (month.late, True)]
    paper = queries.papers_sent_out(officer).get()
    assert (paper.sent, paper.signed, paper.unsigned) == (2, 1, 1)
    assert list(queries.papers_received(actor_for(Role.UNIT_LIAISON, month.early))) == [circular]


def test_a_notice_goes_to_its_addressees_even_without_an_account_and_a_briefing_to_nobody(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    notice = issue(officer, office_head, make_paper(officer, "notice_blue", month))
    assert units(notice) == [month.late]
    (line,) = queries.receipt_lines(notice)
    assert not line.has_account
    assert units(make_frozen(officer, office_head)) == []


def test_units_are_reminded_once_a_day_until_they_sign(
    circular: Briefing, officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    receive_paper(actor_for(Role.UNIT_LIAISON, month.early), circular.pk, at=WRITTEN)
    with pytest.raises(NotAllowed):
        press_receipts(actor_for(Role.LEADER, None), circular.pk, at=WRITTEN)
    assert press_receipts(officer, circular.pk, at=WRITTEN) == 1
    told = Notice.objects.filter(sentence__startswith="请签收")
    assert [each.unit_id for each in told] == [month.late.pk]
    with pytest.raises(RecordMoved, match="今天已经催过"):
        press_receipts(office_head, circular.pk, at=WRITTEN + timedelta(hours=1))
    assert press_receipts(officer, circular.pk, at=WRITTEN + timedelta(days=1)) == 1
    receive_paper(actor_for(Role.UNIT_HEAD, month.late), circular.pk, at=WRITTEN)
    with pytest.raises(RecordMoved):
        press_receipts(officer, circular.pk, at=WRITTEN + timedelta(days=3))


def test_the_heir_of_a_merged_unit_reads_signs_and_is_reminded(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    notice = issue(officer, office_head, make_paper(officer, "notice_blue", month))
    heir = actor_for(Role.UNIT_HEAD, month.early)
    assert not queries.visible_to(heir).filter(pk=notice.pk).exists()
    on = WRITTEN.date()
    merge_units(MACHINE, [month.late.pk], target_id=month.early.pk, on=on, reason="某文件", at=WRITTEN)
    stranger = actor_for(Role.UNIT_HEAD, month.silent)
    assert not queries.visible_to(stranger).filter(pk=notice.pk).exists()
    assert list(queries.papers_to_receive(heir)) == [notice]
    page = signed_in(officer).get(reverse("briefings:receipts", args=[notice.pk])).content.decode()
    assert "已并入早县" in page
    assert press_receipts(officer, notice.pk, at=WRITTEN) == 1
    assert {each.unit_id for each in Notice.objects.filter(sentence__startswith="请签收")} == {month.early.pk}
    own = signed_in(heir)
    address = reverse("briefings:briefing", args=[notice.pk])
    assert reverse("briefings:receive", args=[notice.pk]) in own.get(address).content.decode()
    receipt = receive_paper(heir, notice.pk, at=WRITTEN)
    assert (receipt.unit_id, receipt.received_by_name) == (month.late.pk, heir.name)
    assert "本单位已签收" in own.get(address).content.decode()
    assert [line.is_open for line in queries.receipt_lines(notice)] == [False]
    assert not queries.papers_to_receive(heir)
    with pytest.raises(RecordMoved, match="不用再签"):
        receive_paper(heir, notice.pk, at=WRITTEN)


def test_a_unit_twice_merged_is_stood_for_by_the_last(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    notice = issue(officer, office_head, make_paper(officer, "notice_blue", month))
    for days, source, target in ((0, month.late, month.early), (1, month.early, month.silent)):
        at = WRITTEN + timedelta(days=days)
        merge_units(MACHINE, [source.pk], target_id=target.pk, on=at.date(), reason="某文件", at=at)
    assert list(queries.papers_to_receive(actor_for(Role.UNIT_HEAD, month.silent))) == [notice]
    (line,) = queries.receipt_lines(notice)
    assert line.heir == month.silent


def test_nobody_is_reminded_of_a_paper_no_longer_in_force(
    circular: Briefing, officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    annul_paper(office_head, circular.pk, kind="repealed", reason="另有通报", at=WRITTEN)
    with pytest.raises(RecordMoved, match="不用催签收"):
        press_receipts(officer, circular.pk, at=WRITTEN)
    assert not queries.papers_to_receive(actor_for(Role.UNIT_HEAD, month.late))


def test_pages_of_receipts(
    circular: Briefing, officer: Actor, liaison: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    receive_paper(actor_for(Role.UNIT_LIAISON, month.early), circular.pk, at=WRITTEN)
    office, leader = signed_in(officer), signed_in(actor_for(Role.LEADER, None))
    address = reverse("briefings:receipts", args=[circular.pk])
    overview = reverse("briefings:receipts_overview")
    for reader in (office, leader):
        assert circular.title in reader.get(overview, {"open": "yes", "sort": "-unsigned"}).content.decode()
        page = reader.get(address).content.decode()
        assert "晚县" in page
        assert "早县" in reader.get(address, {"show": "signed"}).content.decode()
        assert (
            "已签收 1 个，未签收 1 个"
            in reader.get(reverse("briefings:briefing", args=[circular.pk])).content.decode()
        )
    press = reverse("briefings:press_receipts", args=[circular.pk])
    assert press in office.get(address).content.decode()
    assert press not in leader.get(address).content.decode()
    assert office.post(press).status_code == 303
    assert signed_in(liaison).get(address).status_code == 404
    book = office.get(reverse("briefings:receipts_workbook", args=[circular.pk])).content
    cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0] for cell in row]
    assert {"早县", "晚县", "已签收", "未签收"} <= set(cells)
    draft = make_paper(officer, "supervision_circular", month)
    assert office.get(reverse("briefings:receipts", args=[draft.pk])).status_code == 404
