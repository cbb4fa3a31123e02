"""Versions of cells, and the month without change: nobody is overwritten unseen, and a press can be taken back."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from changai.areas.facts.models import Field
from changai.areas.reporting import actions
from changai.areas.reporting.actions import CellEdit
from changai.areas.reporting.models import CellChange, Report
from changai.areas.reporting.queries import latest_changes, no_change_proposals
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    accept,
    fill,
    head_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
    send_back,
    sign,
)
from changai.areas.reporting.tests.test_views import at, signed_in
from changai.core.errors import RecordMoved
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    unit = make_unit()
    make_claim(unit)
    return make_report(unit, make_form(make_field()))


def ref_of(report: Report, column: str = "percent") -> str:
    return f"task:{report.task_lines.get().claim_id}:{column}"


def test_every_change_of_a_cell_is_kept_under_its_version(report: Report) -> None:
    unit, ref = report.obligation.unit, ref_of(report)
    for actor, typed, version in ((liaison_of(unit), "60", 0), (head_of(unit), "70", 1)):
        edits = [CellEdit(ref, typed, version=version)]
        outcome = actions.save_cells(actor, report.pk, cells=edits, at=IN_TIME)
        assert outcome.saved[0].version == version + 1
    kept = CellChange.objects.values_list("cell", "version", "before", "value", "by_name")
    assert list(kept) == [(ref, 1, "", "60", "联络员乙"), (ref, 2, "60", "70", "负责人丙")]


def test_a_cell_of_another_version_is_a_conflict_even_when_it_says_the_same_as_before(report: Report) -> None:
    """Somebody wrote 60, then took it back: who saw the empty cell of before is told all the same."""
    unit, ref = report.obligation.unit, ref_of(report)
    for typed in ("60", ""):
        actions.save_cells(liaison_of(unit), report.pk, cells=[CellEdit(ref, typed)], at=IN_TIME)

    late = IN_TIME + timedelta(days=1)
    edits = [CellEdit(ref, "70", was="", version=0)]
    outcome = actions.save_cells(head_of(unit), report.pk, cells=edits, at=late)

    told = outcome.refused[0]
    assert (told.state, told.value, told.version, told.by) == ("conflict", "", 2, "联络员乙")
    assert told.sentence.startswith("联络员乙 已于 11月3日 10:00 修改了同一条记录。")
    edits = [CellEdit(ref, "70", version=told.version)]
    assert actions.save_cells(head_of(unit), report.pk, cells=edits, at=late).saved[0].version == 3


def test_a_refused_cell_is_told_what_it_still_holds(report: Report) -> None:
    ref = ref_of(report)
    liaison = liaison_of(report.obligation.unit)
    actions.save_cells(liaison, report.pk, cells=[CellEdit(ref, "60")], at=IN_TIME)
    outcome = actions.save_cells(liaison, report.pk, cells=[CellEdit(ref, "六十", version=1)], at=IN_TIME)
    assert (outcome.refused[0].value, outcome.refused[0].version) == ("60", 1)
    assert latest_changes(report)[ref].version == 1


def test_one_cell_twice_in_one_saving_has_two_versions(report: Report) -> None:
    ref = ref_of(report)
    edits = [CellEdit(ref, "60"), CellEdit(ref, "61")]
    actions.save_cells(liaison_of(report.obligation.unit), report.pk, cells=edits, at=IN_TIME)
    assert latest_changes(report)[ref].version == 2


def test_what_a_month_without_change_fills_is_shown_first_and_can_be_undone() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    flow, known = make_field(), make_field(source="register", source_key="training.persons")
    form = make_form(flow, known)
    accept(sign(make_report(unit, form, month=OCTOBER.plus(-1))))
    report, liaison = make_report(unit, form), liaison_of(unit)
    actions.save_cells(
        liaison, report.pk, cells=[CellEdit(f"task:{claim.pk}:problems", "师资不足")], at=IN_TIME
    )

    proposed = {proposal.ref: proposal.written for proposal in no_change_proposals(report)}
    actions.report_no_change(liaison, report.pk, at=IN_TIME)

    assert proposed == {
        f"task:{claim.pk}:percent": "80",
        f"task:{claim.pk}:progress": "已办班三期。",
        f"figure:{flow.pk}:value": "0",
        f"figure:{known.pk}:value": "0",
    }
    filled = {change.cell: change.value for change in CellChange.objects.filter(origin="no_change")}
    assert filled == proposed
    assert not no_change_proposals(report)
    late = IN_TIME + timedelta(minutes=1)
    edits = [CellEdit(f"task:{claim.pk}:percent", "85")]
    actions.save_cells(liaison, report.pk, cells=edits, at=late)
    actions.undo_no_change(liaison, report.pk, at=late)

    line = report.task_lines.get()
    assert (line.percent, line.progress, line.problems) == (85, "", "师资不足")
    assert set(report.figure_lines.values_list("value", flat=True)) == {None}
    with pytest.raises(RecordMoved, match="没有可以撤销的"):
        actions.undo_no_change(liaison, report.pk, at=late)


def test_what_a_month_without_change_fills_after_a_return_can_be_undone_too() -> None:
    unit, flow = make_unit(), make_field()
    form = make_form(flow)
    accept(sign(make_report(unit, form, month=OCTOBER.plus(-1))))
    report, liaison = make_report(unit, form), liaison_of(unit)
    send_back(sign(report))
    later = IN_TIME + timedelta(minutes=1)
    actions.save_cells(
        liaison, report.pk, cells=[CellEdit(f"figure:{flow.pk}:value", "", version=1)], at=later
    )
    actions.report_no_change(liaison, report.pk, at=later + timedelta(minutes=1))
    assert report.figure_lines.get().value == 0

    actions.undo_no_change(liaison, report.pk, at=later + timedelta(minutes=2))
    assert report.figure_lines.get().value is None


def test_a_figure_stopped_before_the_month_is_asked_no_more() -> None:
    kept, stopped = make_field("kept", name="在用"), make_field("stopped", name="停用")
    form, unit = make_form(kept, stopped), make_unit()
    Field.objects.filter(pk=stopped.pk).update(valid_to=OCTOBER.plus(-1).last_on)
    assert {
        line.field.name for line in make_report(unit, form, month=OCTOBER.plus(-1)).figure_lines.all()
    } == {
        "在用",
        "停用",
    }
    assert [line.field.name for line in make_report(unit, form).figure_lines.all()] == ["在用"]


def test_a_month_without_change_is_refused_on_a_sheet_that_moved(report: Report) -> None:
    liaison = liaison_of(report.obligation.unit)
    actions.save_cells(liaison, report.pk, cells=[CellEdit(ref_of(report), "60")], at=IN_TIME)
    with pytest.raises(RecordMoved):
        actions.report_no_change(liaison, report.pk, version=report.version, at=IN_TIME)


def test_a_submission_that_the_database_did_not_take_says_since_when_the_draft_is_saved(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(report)
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    page = client.get(at("submit", report.pk)).text
    assert 'name="draft_at" value="11月3日 10:00"' in page

    def gone(*_arguments: object, **_named: object) -> None:
        raise OperationalError("the database is gone")

    monkeypatch.setattr(actions, "submit_report", gone)
    told = client.post(at("submit", report.pk), {"version": report.version, "draft_at": "11月3日 10:00"})
    assert told.status_code == 503
    assert told.text.startswith(
        "系统繁忙，您的填报尚未提交成功，已保存为草稿（11月3日 10:00）。请稍后点“重试”，不会重复报送。编号 "
    )
    plain = client.post(at("submit", report.pk), {"version": report.version, "draft_at": "<b>昨天</b>"})
    assert plain.text.startswith("系统繁忙，您的操作尚未提交成功。")


def test_a_figure_in_percent_may_carry_its_sign() -> None:
    unit, share, count = make_unit(), make_field(unit_of_measure="%", decimals=1), make_field()
    report = make_report(unit, make_form(share, count))
    edits = [CellEdit(f"figure:{share.pk}:value", "８５.３％"), CellEdit(f"figure:{count.pk}:value", "5%")]
    outcome = actions.save_cells(liaison_of(unit), report.pk, cells=edits, at=IN_TIME)
    assert [cell.value for cell in outcome.saved] == ["85.3"]
    assert "不是数字" in outcome.refused[0].sentence
