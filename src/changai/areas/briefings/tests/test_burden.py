"""What papers demand of the base, what changed between submissions, the yearly counts and the archive's list."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.briefings import queries
from changai.areas.briefings.actions import (
    approve_briefing,
    keep_burden,
    return_briefing,
    submit_briefing,
    write_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules import PAPER_KINDS, edits
from changai.areas.briefings.tests.make import WRITTEN, MadeMonth
from changai.areas.briefings.tests.test_kinds import issue, make_paper
from changai.core.burden import paper_findings
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actors import Actor

SignIn = Callable[[Actor], Client]
DEMAND = [{"kind": "paragraph", "text": "请各单位于月底前报送贯彻落实情况。"}]


def submitted(officer: Actor, month: MadeMonth, blocks: list[dict[str, str]] = DEMAND) -> Briefing:
    paper = make_paper(officer, "supervision_circular", month, blocks=blocks)
    return submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)


def rewritten(officer: Actor, head: Actor, paper: Briefing, blocks: list[dict[str, str]]) -> Briefing:
    back = return_briefing(head, paper.pk, reason="请改。", version=paper.version, at=WRITTEN)
    given = {"title": back.title, "imprint": {}, "version": back.version, "at": WRITTEN}
    draft = write_briefing(officer, back.pk, blocks=blocks, **given)
    return submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_no_template_demands_what_the_rules_object_to(kind: str) -> None:
    texts = [(kind, block["text"]) for block in PAPER_KINDS[kind].template if "text" in block]
    assert paper_findings(texts) == []


@pytest.mark.django_db
def test_a_demand_needs_a_written_reason_before_approval(
    officer: Actor, office_head: Actor, liaison: Actor, month: MadeMonth
) -> None:
    paper = submitted(officer, month)
    with pytest.raises(Invalid, match="减负检查") as refused:
        approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    assert "依据：《整治形式主义为基层减负若干规定》" in refused.value.faults[0]
    with pytest.raises(Invalid, match="理由"):
        keep_burden(officer, paper.pk, reason=" ", at=WRITTEN)
    with pytest.raises(NotAllowed):
        keep_burden(liaison, paper.pk, reason="上级要求。", at=WRITTEN)
    keep_burden(officer, paper.pk, reason="省里本年度专项督查要求。", at=WRITTEN)
    assert not queries.burden_open(Briefing.objects.get(pk=paper.pk))
    approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    with pytest.raises(RecordMoved):
        keep_burden(officer, paper.pk, reason="再写一次。", at=WRITTEN)


@pytest.mark.django_db
def test_a_reason_does_not_cover_what_is_written_later(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    paper = submitted(officer, month)
    keep_burden(officer, paper.pk, reason="省里要求。", at=WRITTEN)
    more = [*DEMAND, {"kind": "paragraph", "text": "请提交现场照片。"}]
    later = rewritten(officer, office_head, Briefing.objects.get(pk=paper.pk), more)
    with pytest.raises(Invalid, match="减负检查"):
        approve_briefing(office_head, later.pk, version=later.version, at=WRITTEN)


@pytest.mark.django_db
def test_the_head_sees_what_is_objected_to_and_what_changed(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: SignIn, prints: None
) -> None:
    paper = submitted(officer, month, [{"kind": "paragraph", "text": "请抓紧办理。"}])
    later = rewritten(officer, office_head, paper, DEMAND)
    where = reverse("briefings:briefing", args=[later.pk])
    head = signed_in(office_head)
    shown = head.get(where).content.decode()
    assert "与上次报批相比，改动 1 处" in shown
    assert "<del>抓紧办理</del>" in shown
    assert "要求报送贯彻落实情况" in shown
    approval = reverse("briefings:approve", args=[later.pk])
    assert approval not in shown  # not before the reason
    answer = head.post(
        reverse("briefings:keep_burden", args=[later.pk]), {"reason": "省里要求。"}, follow=True
    )
    assert "省里要求。" in answer.content.decode()
    assert approval in answer.content.decode()


@pytest.mark.django_db
def test_papers_are_counted_by_kind_and_listed_for_the_archive(
    officer: Actor, office_head: Actor, liaison: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    hostile = "=1+1"
    first = issue(officer, office_head, make_paper(officer, "supervision_circular", month, title=hostile))
    issue(officer, office_head, make_paper(officer, "notice_red", month))
    Briefing.objects.filter(pk=first.pk).update(year=2025)
    assert queries.issued_by_kind(2026) == [("督查通报", 0, 1), ("督办单（红色，限期）", 1, 0)]
    sheet = openpyxl.load_workbook(
        io.BytesIO(signed_in(officer).get(reverse("briefings:archive") + "?year=2025").content)
    ).worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "2025年公文归档目录" in cells
    assert [cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == hostile] == ["s"]
    assert any("立卷人" in cell for cell in cells)
    assert "关于有关工作的公文" not in cells
    unit = signed_in(liaison)  # a notice to another unit is not in its list
    listed = openpyxl.load_workbook(io.BytesIO(unit.get(reverse("briefings:archive") + "?year=2026").content))
    assert not any(
        cell.value == "关于有关工作的公文" for row in listed.worksheets[0].iter_rows() for cell in row
    )


def test_edits_show_words_and_keep_figures_whole() -> None:
    before = [
        {"kind": "paragraph", "text": "应报【应报单位数】个，完成85%。"},
        {"kind": "table", "source": "t"},
    ]
    now = [{"kind": "paragraph", "text": "应报【已报单位数】个，完成86%。"}]
    changed, gone = edits(before, now)
    assert ("removed", "【应报单位数】") in changed.pieces
    assert ("added", "86%") in changed.pieces
    assert (changed.number, gone.number, gone.pieces) == (1, 0, (("removed", "t"),))


BLOCK = st.sampled_from(["", "甲", "甲乙丙", "乙1丙", "12，甲", "【数】甲"]).map(
    lambda text: {"kind": "paragraph", "text": text}
)


@given(st.lists(BLOCK, max_size=5), st.lists(BLOCK, max_size=5))
def test_edits_lead_from_one_draft_to_the_other(
    before: list[dict[str, str]], now: list[dict[str, str]]
) -> None:
    found = edits(before, now)
    assert edits(now, now) == []
    by_number = {edit.number: edit for edit in found if edit.number}
    for number, edit in by_number.items():
        later = "".join(text for mark, text in edit.pieces if mark != "removed")
        assert later == now[number - 1]["text"]
    assert bool(found) == (before != now)
