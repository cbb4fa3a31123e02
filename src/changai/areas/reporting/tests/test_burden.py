"""What a form costs, what needs a reason before it is issued, and units that say they are asked again."""

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from changai.areas.facts.actions import add_breakdown
from changai.areas.reporting import actions, queries
from changai.areas.reporting.actions import FormEntry, NarrativeEntry
from changai.areas.reporting.models import (
    BurdenException,
    CellChange,
    FigureLine,
    Form,
    PlannedMonth,
    RepeatedAsk,
    Report,
)
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    OPENED,
    actor_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    sign,
    the_office,
)
from changai.areas.reporting.tests.test_views import signed_in
from changai.core.burden.meter import CELLS, Asked, total
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 25)
HEAD = actor_of(Role.OFFICE_HEAD, name="办公室负责人")


def draft(*words: str, **named: object) -> Form:
    """Compose a form that asks for words called so."""
    values: dict[str, object] = {"name": "台账", "levels": ("county",), "field_ids": []}
    values["asked_by_id"] = the_office().pk
    values["narratives"] = [NarrativeEntry(title) for title in words]
    return actions.create_form(OFFICER, FormEntry(**values | named), at=OPENED)  # type: ignore[arg-type]


# --- the meter ---


def test_what_is_estimated_is_what_is_laid_out() -> None:
    units = [make_unit(), make_unit(), make_unit()]
    for _ in range(2):
        make_claim(units[0])
    told_apart = make_field(breakdown=add_breakdown(OFFICER, "按性别", ["男", "女"], at=OPENED))
    known = make_field(source="register", source_key="training.persons")
    form = draft("特色亮点", field_ids=[told_apart.pk, known.pk], part_ids=[told_apart.pk])
    cost = queries.burden_of(form, OCTOBER, today=TODAY)
    assert (cost.units, cost.whole.sheets) == (3, 3)
    assert {kind: number for kind, number in cost.whole.counts.items() if number} == {
        "figure": 3, "prefilled": 3, "part": 6, "words": 3, "task": 2,
    }  # fmt: skip
    assert cost.whole.cells == 3 + 6 + 3 + 2 * CELLS["task"]
    assert cost.least_minutes < cost.most_minutes

    actions.issue_form(OFFICER, form.pk, at=OPENED)
    actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    reports = Report.objects.all()
    laid_out = sum(report.task_lines.count() + report.narrative_lines.count() for report in reports)
    assert laid_out == 2 + 3
    assert FigureLine.objects.filter(prefilled_value__isnull=True).count() == 3


def test_the_time_is_measured_once_five_sheets_were_filled() -> None:
    field = make_field()
    form = make_form(field)
    reports = [make_report(make_unit(), form) for _ in range(1)]
    units = [make_unit() for _ in range(5)]
    reports = [make_report(unit, form, month=OCTOBER.plus(1)) for unit in units]
    assert queries.burden_of(form, OCTOBER, today=TODAY).measured is None
    for report in reports:
        sign(report)
        CellChange.objects.filter(report=report).update(at=IN_TIME - timedelta(minutes=7))
    # One more that came by workbook, at one stroke: it tells nothing about the form.
    at_once = sign(make_report(make_unit(), form, month=OCTOBER.plus(2)))
    CellChange.objects.filter(report=at_once).update(at=IN_TIME)
    cost = queries.burden_of(form, OCTOBER.plus(1), today=TODAY)
    assert cost.measured == 7
    assert cost.hours == (Decimal(7) * cost.units / 60).quantize(Decimal("0.1"))


def test_the_same_week_and_the_same_figure_elsewhere_are_told() -> None:
    make_unit()
    field = make_field(name="培训结业人次")
    make_form(field)
    make_field(name="培训结业人次数", source="office")
    form = draft("亮点", field_ids=[field.pk])
    cost = queries.burden_of(form, OCTOBER, today=TODAY)
    assert [(one.units, one.form.name) for one in cost.neighbours] == [(1, "月度台账")]
    assert [sentence[:8] for sentence in cost.overlaps] == ["数据“培训结业人", "“培训结业人次”"]
    other = cost.neighbours[0].form
    PlannedMonth.objects.create(
        form_id=other.series_id, month=OCTOBER.first_on, opens_on=TODAY, due_on=date(2026, 12, 20)
    )
    assert not queries.burden_of(form, OCTOBER, today=TODAY).neighbours


def test_items_that_demand_a_file_are_counted_and_weigh_in_the_year() -> None:
    units = [make_unit(), make_unit()]
    office = make_office()
    asking = NarrativeEntry("特色亮点", guidance="写明成效，附文件扫描件")
    values = {"name": "台账", "levels": ("county",), "field_ids": [], "asked_by_id": office.pk}
    form = actions.create_form(OFFICER, FormEntry(**values, narratives=[asking]), at=OPENED)  # type: ignore[arg-type]
    cost = queries.burden_of(form, OCTOBER, today=TODAY)
    assert cost.whole.counts["attachment"] == len(units)
    assert cost.whole.cells == 2 * len(units)
    actions.issue_form(OFFICER, form.pk, at=OPENED)
    actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    line = queries.asking_lines(date(2026, 10, 31))[0].line
    months_asked = line.this_year.sheets // len(units)
    assert line.this_year.counts["attachment"] == months_asked * len(units)


# --- exceptions ---


def test_what_needs_a_reason_is_issued_with_one_and_kept_for_good() -> None:
    make_unit()
    form = draft("每周报送进度")
    with pytest.raises(Invalid, match="理由") as refused:
        actions.issue_form(OFFICER, form.pk, at=OPENED)
    assert "不得频繁要求基层填表格报材料" in refused.value.faults[0]
    with pytest.raises(Invalid):
        actions.issue_form(OFFICER, form.pk, reason="工作需要", at=OPENED)
    actions.issue_form(OFFICER, form.pk, reason="防汛期间省里要求逐周掌握停工情况", at=OPENED)
    kept = BurdenException.objects.get()
    assert (kept.rule, kept.is_forbidden, kept.made_by_name) == ("asks_often", False, "办公室甲")


def test_what_is_forbidden_goes_out_only_under_the_head_of_the_office() -> None:
    form = draft("获得领导批示情况")
    reason = "协调小组会议议定，仅作内部掌握不作考核"
    with pytest.raises(Invalid, match="办公室负责人"):
        actions.issue_form(OFFICER, form.pk, reason=reason, at=OPENED)
    actions.issue_form(HEAD, form.pk, reason=reason, at=OPENED)
    assert BurdenException.objects.get().is_forbidden


def test_a_year_that_asks_more_than_the_last_needs_a_reason() -> None:
    office = make_office()
    unit, first, second = make_unit(), make_field(), make_field()
    old = draft(field_ids=[first.pk], asked_by_id=office.pk, asks_tasks=False)
    actions.issue_form(OFFICER, old.pk, at=OPENED)
    for number in range(1, 13):
        make_report(unit, old, month=Month(2025, number))
        make_report(unit, old, month=Month(2026, number))
    more = draft(field_ids=[second.pk], asked_by_id=office.pk, asks_tasks=False, name="新表")
    line = queries.burden_of(more, OCTOBER, today=TODAY).year
    assert line is not None
    assert (line.last_year, line.has_risen) == (Asked(line.last_year.counts, 12), True)
    assert line.this_year.cells == 12 + 3
    with pytest.raises(Invalid) as refused:
        actions.issue_form(OFFICER, more.pk, at=OPENED)
    assert "只减不增" in refused.value.faults[0]
    actions.issue_form(OFFICER, more.pk, reason="新设试点，经协调小组会议同意", at=OPENED)
    assert [one.unit for one in queries.asking_lines(TODAY)] == [office]


def test_a_first_year_is_the_base_and_needs_no_reason() -> None:
    office = make_office()
    make_unit()
    form = draft("亮点", asked_by_id=office.pk)
    assert actions.issue_form(OFFICER, form.pk, at=OPENED).issued_at == OPENED


def test_sums_over_many_units_add_up() -> None:
    assert total([Asked({"figure": 2}), Asked({"words": 1})]) == Asked({"figure": 2, "words": 1}, 2)


# --- 重复要求 ---


def test_a_unit_says_with_one_press_that_it_is_asked_again_and_the_office_answers() -> None:
    make_field(name="培训结业人次数", source="office")
    field = make_field(name="培训结业人次")
    report = make_report(make_unit("示范县"), make_form(field))
    liaison = liaison_of(report.obligation.unit)
    said = actions.say_repeated(liaison, report.pk, line=f"figure:{field.pk}", at=IN_TIME)
    assert said.known == "办公室下达或核验：培训结业人次数"
    with pytest.raises(RecordMoved, match="不必重复反映"):
        actions.say_repeated(liaison, report.pk, line=f"figure:{field.pk}", at=IN_TIME)
    assert queries.said_of_form(report.obligation.period.form) == [("培训结业人次", 1)]
    with pytest.raises(Invalid):
        actions.answer_repeated(OFFICER, said.pk, outcome="dropped", answer=" ", at=IN_TIME)
    actions.answer_repeated(OFFICER, said.pk, outcome="dropped", answer="下月起取自办公室", at=IN_TIME)
    with pytest.raises(RecordMoved, match="已由办公室甲答复"):
        actions.answer_repeated(OFFICER, said.pk, outcome="kept", answer="保留", at=IN_TIME)


@pytest.mark.parametrize("line", ["figure:0", "figure:²", "figure", "nothing:5", "figure:" + "9" * 30])
def test_a_line_that_is_not_on_the_sheet_cannot_be_complained_of(line: str) -> None:
    report = make_report(make_unit(), make_form(make_field()))
    with pytest.raises(Invalid, match="没有这一行"):
        actions.say_repeated(liaison_of(report.obligation.unit), report.pk, line=line, at=IN_TIME)


def test_only_the_unit_complains_and_only_the_office_answers() -> None:
    report = make_report(make_unit(), make_form(make_field()))
    line = f"figure:{report.figure_lines.get().field_id}"
    with pytest.raises(NotAllowed):
        actions.say_repeated(OFFICER, report.pk, line=line, at=IN_TIME)
    with pytest.raises(NotVisible):
        actions.say_repeated(liaison_of(make_unit()), report.pk, line=line, at=IN_TIME)
    said = actions.say_repeated(liaison_of(report.obligation.unit), report.pk, line=line, at=IN_TIME)
    with pytest.raises(NotAllowed):
        actions.answer_repeated(
            liaison_of(report.obligation.unit), said.pk, outcome="kept", answer="x", at=IN_TIME
        )


# --- the pages ---


def test_the_cost_is_seen_before_the_form_goes_out() -> None:
    make_unit()
    office = make_office()
    form = draft("每周报送进度", asked_by_id=office.pk)
    client = signed_in(Role.OFFICE_OFFICER, office)
    address = reverse("reporting:form_burden", args=[form.pk])
    page = client.get(address).text
    for words in ("要填的格", "按项目估算", "需说明理由", "上年无记录"):
        assert words in page
    assert "要填的格" in client.get(reverse("reporting:form", args=[form.pk])).text
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"month": "十月", "reason": "x"}).status_code == 422
    assert client.post(address, {"reason": "省里要求逐周掌握停工情况"}).status_code == 303
    register = client.get(reverse("reporting:burden")).text
    assert "省里要求逐周掌握停工情况" in register
    assert "未高于上年" in register or "上年无记录" in register
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("reporting:burden_export")).content))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]  # type: ignore[union-attr]
    assert "省里要求逐周掌握停工情况" in cells


def test_a_notice_is_checked_and_not_kept() -> None:
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    address = reverse("reporting:check_notice")
    page = client.post(address, {"text": "请于下班前反馈\n并附会议照片"}).text
    assert "要求每日、每周或当天报送" in page
    assert "要求拍照留痕" in page
    assert "未发现问题" in client.post(address, {"text": "请按月填报培训人次"}).text
    assert "篇幅过长" in client.post(address, {"text": "字" * 4001, "is_special": "on"}).text
    assert client.post(address, {"text": ""}).status_code == 422


def test_a_line_is_complained_of_on_the_sheet_and_answered_in_the_list() -> None:
    report = make_report(make_unit("示范县"), make_form(make_field(name="培训人次")))
    liaison = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    office = signed_in(Role.OFFICE_OFFICER, make_office())
    assert "重复要求" in liaison.get(reverse("reporting:sheet", args=[report.pk])).text
    line = f"figure:{report.figure_lines.get().field_id}"
    say = reverse("reporting:say_repeated", args=[report.pk, line])
    assert liaison.post(say).status_code == 303
    assert liaison.post(say).status_code == 409
    assert "培训人次" in office.get(reverse("reporting:repeated")).text
    answer = reverse("reporting:answer_repeated", args=[RepeatedAsk.objects.get().pk])
    assert office.post(answer, {"outcome": "kept"}).status_code == 422
    assert office.post(answer, {"outcome": "kept", "answer": "口径不同"}).status_code == 303
    assert "口径不同" in liaison.get(reverse("reporting:repeated"), {"state": "answered"}).text
