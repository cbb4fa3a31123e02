"""The flow of a briefing, and what issuing freezes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from changai.areas.assessments.models import Round
from changai.areas.briefings import actions, exports, jobs
from changai.areas.briefings.models import Briefing, FrozenFigure
from changai.areas.briefings.queries import briefing_for
from changai.areas.briefings.tests.make import (
    BLOCKS,
    IMPRINT,
    OCTOBER,
    WRITTEN,
    MadeMonth,
    make_approved,
    make_draft,
    make_frozen,
    make_submitted,
)
from changai.areas.evidence import storage
from changai.areas.facts.models import Fact
from changai.areas.facts.tests.make import make_fact
from changai.core.errors import AlreadyDone, Invalid, NotAllowed, NotVisible, RecordMoved
from changai.documents import fonts
from changai.documents.paper import Briefing as Paper
from changai.documents.paper import figures, plain
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db


def sentences(briefing: Briefing) -> str:
    return "".join(
        plain(block.parts) for block in Paper.from_dict(briefing.content).blocks if hasattr(block, "parts")
    )


def test_a_briefing_goes_from_draft_to_issued(officer: Actor, office_head: Actor, month: MadeMonth) -> None:
    draft = make_draft(officer)
    assert (draft.status, draft.report_to, draft.copies) == ("draft", "市委，市政府", 80)
    submitted = actions.submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)
    approved = actions.approve_briefing(office_head, draft.pk, version=submitted.version, at=WRITTEN)
    assert approved.content_digest == Paper.from_dict(approved.content).digest
    issued = actions.freeze_briefing(office_head, draft.pk, version=approved.version, at=WRITTEN)
    assert (issued.status, issued.year, issued.issue_number, issued.total_number) == ("issued", 2026, 1, 1)
    assert issued.issued_by_name == office_head.name
    kinds = AuditEvent.objects.filter(act__startswith="briefing.").values_list("act", flat=True)
    assert set(kinds) >= {
        "briefing.start",
        "briefing.write",
        "briefing.submit",
        "briefing.approve",
        "briefing.issue",
    }


def test_issued_text_has_figures_for_tokens_and_no_empty_brackets(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    text = sentences(make_frozen(officer, office_head))
    assert text == ("一、报送情况应报3个，按时报送率33.3%；迟报1个（晚县），退回0个。本月培训13人次。")


def test_every_figure_of_the_paper_is_frozen_with_its_records(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    frozen = {figure.key: figure for figure in issued.figures.all()}
    assert {figure.key for figure in figures(Paper.from_dict(issued.content))} == set(frozen)
    rate = frozen["rates.on_time.percent"]
    assert (rate.printed, rate.formula) == ("33.3%", "1 ÷ 3 = 33.3%")
    assert {row["label"]: row["is_counted"] for row in rate.records} == {
        "早县": True,
        "晚县": False,
        "无县": False,
    }
    assert rate.as_of == issued.issued_at


def test_later_facts_do_not_change_what_was_issued(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    before = list(FrozenFigure.objects.values())
    make_fact(month.early, month.trained, 500)
    again = briefing_for(officer, issued.pk)
    assert again.content == issued.content
    assert Paper.from_dict(again.content).digest == again.content_digest
    assert list(FrozenFigure.objects.values()) == before
    assert "本月培训508人次" in sentences(make_frozen(officer, office_head))


def test_an_issued_briefing_cannot_be_moved_any_more(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    given: dict[str, Any] = {"version": issued.version, "at": WRITTEN}
    moves: list[Callable[[], object]] = [
        lambda: actions.write_briefing(officer, issued.pk, title="新", blocks=BLOCKS, imprint={}, **given),
        lambda: actions.submit_briefing(officer, issued.pk, **given),
        lambda: actions.take_back_briefing(officer, issued.pk, **given),
        lambda: actions.return_briefing(office_head, issued.pk, reason="改", **given),
        lambda: actions.approve_briefing(office_head, issued.pk, **given),
        lambda: actions.freeze_briefing(office_head, issued.pk, **given),
    ]
    for move in moves:
        with pytest.raises(RecordMoved):
            move()


def test_wrong_roles_are_refused(
    officer: Actor, office_head: Actor, leader: Actor, liaison: Actor, month: MadeMonth
) -> None:
    submitted = make_submitted(officer)
    with pytest.raises(NotAllowed):
        actions.approve_briefing(officer, submitted.pk, version=submitted.version, at=WRITTEN)
    with pytest.raises(NotAllowed):
        actions.return_briefing(officer, submitted.pk, reason="改", version=submitted.version, at=WRITTEN)
    for stranger in (leader, liaison):
        with pytest.raises(NotAllowed):
            actions.start_briefing(stranger, title="x", month=OCTOBER, blocks=[], at=WRITTEN)
        with pytest.raises(NotVisible):
            actions.submit_briefing(stranger, submitted.pk, version=submitted.version, at=WRITTEN)
    approved = actions.approve_briefing(office_head, submitted.pk, version=submitted.version, at=WRITTEN)
    with pytest.raises(NotAllowed):
        actions.freeze_briefing(officer, approved.pk, version=approved.version, at=WRITTEN)


def test_of_two_who_write_at_once_the_second_is_told(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    draft = make_draft(officer)
    given: dict[str, Any] = {"title": "甲", "blocks": BLOCKS, "imprint": {}, "at": WRITTEN}
    actions.write_briefing(officer, draft.pk, version=draft.version, **given)
    with pytest.raises(RecordMoved, match="刚刚被他人修改"):
        actions.write_briefing(office_head, draft.pk, version=draft.version, **given)


def test_a_double_click_on_issue_is_one_issue(officer: Actor, office_head: Actor, month: MadeMonth) -> None:
    approved = make_approved(officer, office_head)
    order: dict[str, Any] = {"version": approved.version, "at": WRITTEN, "once": "key"}
    actions.freeze_briefing(office_head, approved.pk, **order)
    with pytest.raises(AlreadyDone):
        actions.freeze_briefing(office_head, approved.pk, **order)


def test_a_draft_with_faults_is_saved_and_not_submitted(officer: Actor, month: MadeMonth) -> None:
    draft = make_draft(
        officer, blocks=[{"kind": "paragraph", "text": "【没有的数】"}, {"kind": "chart", "source": ""}]
    )
    with pytest.raises(Invalid) as refused:
        actions.submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)
    assert refused.value.faults == (
        "第 1 段：没有名为“没有的数”的数据，请从数据目录中选取。",
        "第 2 段：请选择要插入的图。",
    )
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at) == ("draft", None)


def test_a_return_needs_its_reason_and_reopens_the_draft(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    approved = make_approved(officer, office_head)
    for reason in (" ", "长" * 501):
        with pytest.raises(Invalid):
            actions.return_briefing(
                office_head, approved.pk, reason=reason, version=approved.version, at=WRITTEN
            )
    returned = actions.return_briefing(
        office_head, approved.pk, reason="数据再核", version=approved.version, at=WRITTEN
    )
    assert (returned.status, returned.approved_at, returned.content) == ("draft", None, {})
    assert returned.returned_by_name == office_head.name
    assert Notice.objects.filter(role=Role.OFFICE_OFFICER, sentence__contains="数据再核").exists()
    again = actions.submit_briefing(officer, returned.pk, version=returned.version, at=WRITTEN)
    assert again.return_reason == ""


def test_numbers_run_by_year_and_the_total_runs_on(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    late_in_the_year = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)
    numbers = []
    # The last moment of the year in the city is not the last moment of UTC.
    for at in (WRITTEN, late_in_the_year, datetime(2026, 12, 31, 15, 30, tzinfo=UTC)):
        issued = make_frozen(officer, office_head, at=at)
        numbers.append((issued.year, issued.issue_number, issued.total_number))
    assert numbers == [(2026, 1, 1), (2026, 2, 2), (2027, 1, 3)]


def test_the_database_refuses_a_number_given_twice(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    first, second = (make_frozen(officer, office_head) for _ in range(2))
    for changed in ({"issue_number": first.issue_number}, {"total_number": first.total_number}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Briefing.objects.filter(pk=second.pk).update(**changed)


def test_only_a_published_result_goes_into_a_briefing(
    officer: Actor, month: MadeMonth, unpublished: Round
) -> None:
    with pytest.raises(Invalid, match="尚未公布"):
        make_draft(officer, round_id=unpublished.pk)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": " "},
        {"title": "长" * 101},
        {"imprint": {"report_to": "长" * 201}},
        {"imprint": {"copies": 10_000}},
        {"blocks": [{"kind": "script", "text": "x"}]},
    ],
)
def test_what_a_briefing_cannot_hold_is_refused(
    officer: Actor, month: MadeMonth, changed: dict[str, Any]
) -> None:
    draft = make_draft(officer)
    given = {"title": "甲", "blocks": BLOCKS, "imprint": {}} | changed
    with pytest.raises(Invalid):
        actions.write_briefing(officer, draft.pk, version=draft.version, at=WRITTEN, **given)


def test_the_next_briefing_has_the_receivers_of_the_last(officer: Actor, month: MadeMonth) -> None:
    make_draft(officer)
    started = actions.start_briefing(officer, title="下一期", month=OCTOBER, blocks=[], at=WRITTEN)
    assert {name: getattr(started, name) for name in IMPRINT} == IMPRINT


def test_everybody_who_reads_briefings_is_told_of_a_new_one(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    told = set(
        Notice.objects.filter(link=f"/briefings/{issued.pk}/", sentence__contains="已印发").values_list(
            "role"
        )
    )
    assert (str(Role.UNIT_LIAISON),) in told
    assert (str(Role.LEADER),) in told
    assert (str(Role.SYSTEM_ADMINISTRATOR),) not in told


def test_issuing_keeps_both_files_and_they_can_be_made_again_to_the_byte(
    officer: Actor, office_head: Actor, month: MadeMonth, prints: None
) -> None:
    approved = make_approved(officer, office_head)
    issued = actions.issue_briefing(office_head, approved.pk, version=approved.version, at=WRITTEN)
    assert issued.docx_file is not None
    assert issued.pdf_file is not None
    for kind, file in (("docx", issued.docx_file), ("pdf", issued.pdf_file)):
        kept = storage.open_digest(file.digest)
        storage._place(file.digest).unlink()
        name, again = exports.issued_file(issued, kind)
        assert again == kept
        assert name == f"本市产改简报2026年第1期.{kind}" == file.name
    with pytest.raises(RecordMoved):
        actions.attach_papers(office_head, issued.pk, files={}, at=WRITTEN)


def test_without_a_font_nothing_is_issued(
    officer: Actor, office_head: Actor, month: MadeMonth, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved = make_approved(officer, office_head)
    monkeypatch.setattr(fonts, "installed_faces", lambda _folders=(): ())
    with pytest.raises(fonts.FontsMissing, match="中文字体"):
        actions.issue_briefing(office_head, approved.pk, version=approved.version, at=WRITTEN)
    approved.refresh_from_db()
    assert (approved.status, approved.issue_number) == ("approved", None)


def test_a_paper_stopped_before_its_files_gets_them_from_the_job_once(
    officer: Actor, office_head: Actor, month: MadeMonth, prints: None
) -> None:
    issued = make_frozen(officer, office_head)
    assert issued.issued_at is not None
    jobs.draw_missing_files(issued.issued_at)
    issued.refresh_from_db()
    assert issued.docx_file is None  # who issues it may still be drawing
    for _ in range(2):
        jobs.draw_missing_files(issued.issued_at + timedelta(minutes=5))
    issued.refresh_from_db()
    assert issued.docx_file is not None
    assert issued.pdf_file is not None
    assert storage.open_digest(issued.pdf_file.digest) == exports.rendered(
        Paper.from_dict(issued.content), "pdf"
    )
    assert AuditEvent.objects.filter(act="briefing.attach").count() == 1


@override_settings(FONT_FOLDERS=[Path("/nonexistent")])
def test_hostile_text_is_printed_as_text(
    officer: Actor, office_head: Actor, month: MadeMonth, prints: None
) -> None:
    hostile = '<script>alert(1)</script> #read("/etc/passwd") $x$ *粗* \u202e反 \x00😀 =1+1 & ]]>'
    issued = make_frozen(officer, office_head, blocks=[*BLOCKS[:2], {"kind": "paragraph", "text": hostile}])
    for kind in ("docx", "pdf"):
        assert len(exports.rendered(Paper.from_dict(issued.content), kind)) > 1000
    assert "alert(1)" in sentences(issued)
    assert "\x00" not in sentences(issued)
    assert Fact.objects.exists()


def test_freezing_is_quick(
    officer: Actor, office_head: Actor, month: MadeMonth, django_assert_max_num_queries: Any
) -> None:
    approved = make_approved(officer, office_head)
    with django_assert_max_num_queries(60):
        actions.freeze_briefing(
            office_head, approved.pk, version=approved.version, at=WRITTEN + timedelta(hours=1)
        )
