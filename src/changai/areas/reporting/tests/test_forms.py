"""Forms: what they may ask, of whom, and how one version follows another."""

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from changai.areas.facts.actions import add_breakdown
from changai.areas.organisations.models import Group, Grouping, Unit
from changai.areas.reporting import actions, queries
from changai.areas.reporting.actions import FormEntry, NarrativeEntry
from changai.areas.reporting.jobs import open_month
from changai.areas.reporting.models import Form, Obligation, Report
from changai.areas.reporting.tests.make import (
    OCTOBER,
    OFFICER,
    OPENED,
    actor_of,
    make_claim,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    the_office,
)
from changai.areas.reporting.tests.test_views import signed_in
from changai.core.errors import Invalid, RecordMoved
from changai.core.periods import Month
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
NOVEMBER = OCTOBER.plus(1)


def group_of(*units: Unit) -> Group:
    group = Group.objects.create(grouping=Grouping.objects.create(name="产改试点"), name="试点")
    group.units.set(units)
    return group


def revised(form: Form, **changed: object) -> Form:
    """Begin the next version of a form and change its draft."""
    draft = actions.revise_form(OFFICER, form.pk, at=OPENED)
    entry = FormEntry(**{"name": form.name, "levels": ("county",), "field_ids": []} | changed)  # type: ignore[arg-type]
    actions.edit_form(OFFICER, draft.pk, entry, version=draft.version, at=OPENED)
    draft.refresh_from_db()
    return draft


# --- versions ---


def test_a_form_in_use_is_not_edited_and_its_next_version_holds_from_the_next_month() -> None:
    unit, old, new = make_unit(), make_field(), make_field()
    form = make_form(old)
    october = make_report(unit, form)
    with pytest.raises(Invalid, match="修订"):
        actions.edit_form(
            OFFICER, form.pk, FormEntry("台账", ("county",), []), version=form.version, at=OPENED
        )

    draft = revised(form, field_ids=[new.pk])
    with pytest.raises(RecordMoved, match="已经在编制"):
        actions.revise_form(OFFICER, form.pk, at=OPENED)
    with pytest.raises(Invalid, match="最早从2026年11月起执行"):
        actions.issue_form(OFFICER, draft.pk, from_month=OCTOBER, at=OPENED)
    actions.issue_form(OFFICER, draft.pk, at=OPENED)

    november = make_report(unit, form, month=NOVEMBER)
    assert [line.field for line in october.figure_lines.all()] == [old]
    assert [line.field for line in november.figure_lines.all()] == [new]
    assert november.obligation.period.form_id == draft.pk
    assert queries.report_before(november) == october


def test_the_month_opens_by_itself_in_the_version_that_holds_and_only_once() -> None:
    make_unit()
    form = make_form()
    draft = revised(form)
    actions.issue_form(OFFICER, draft.pk, from_month=Month(2026, 12), at=OPENED)
    for day in (datetime(2026, 11, 25, 2, tzinfo=UTC), datetime(2026, 12, 25, 2, tzinfo=UTC)):
        open_month(day)
        open_month(day)
    assert [(str(p.month), p.form_id) for p in queries.periods().order_by("month")] == [
        ("2026-11-01", form.pk),
        ("2026-12-01", draft.pk),
    ]


def test_a_draft_can_be_thrown_away_and_a_form_in_use_cannot() -> None:
    form = make_form()
    draft = actions.revise_form(OFFICER, form.pk, at=OPENED)
    actions.discard_form(OFFICER, draft.pk, at=OPENED)
    assert list(Form.objects.all()) == [form]
    with pytest.raises(RecordMoved, match="停用"):
        actions.discard_form(OFFICER, form.pk, at=OPENED)


def test_stopping_a_form_stops_every_version_of_it() -> None:
    make_unit()
    form = make_form()
    draft = revised(form)
    actions.issue_form(OFFICER, draft.pk, at=OPENED)
    actions.retire_form(OFFICER, draft.pk, at=OPENED)
    assert queries.forms_in_force(NOVEMBER) == []
    with pytest.raises(Invalid, match="停用"):
        actions.open_period(OFFICER, form.pk, month=NOVEMBER, at=OPENED)


def test_the_next_version_begins_as_a_copy() -> None:
    field = make_field(breakdown=add_breakdown(OFFICER, "按性别", ["男", "女"], at=OPENED))
    the_office()
    entry = FormEntry(
        "台账", ("county",), [field.pk], part_ids=[field.pk], narratives=[NarrativeEntry("亮点", "写一件", 5, 80)],
        group_ids=[group_of(make_unit()).pk], asks_tasks=False, basis="产改〔2026〕1号", late_day=10, locks_day=15,
    )  # fmt: skip
    form = actions.create_form(OFFICER, entry, at=OPENED)
    actions.issue_form(OFFICER, form.pk, at=OPENED)
    draft = actions.revise_form(OFFICER, form.pk, at=OPENED)
    assert (draft.late_day, draft.locks_day, draft.basis, draft.asks_tasks) == (
        10,
        15,
        "产改〔2026〕1号",
        False,
    )
    assert draft.groups.get().name == "试点"
    assert draft.form_fields.get().asks_parts
    assert draft.narratives.get().key == form.narratives.get().key


# --- of whom, and what ---


def test_units_of_a_group_owe_the_form_beside_the_units_of_its_levels_each_once() -> None:
    county, enterprise = make_unit(), make_unit(level="enterprise")
    make_unit(level="enterprise")
    group = group_of(county, enterprise)
    the_office()
    form = actions.create_form(OFFICER, FormEntry("台账", ("county",), [], group_ids=[group.pk]), at=OPENED)
    actions.issue_form(OFFICER, form.pk, at=OPENED)
    period = actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    assert set(period.obligations.values_list("unit_id", flat=True)) == {county.pk, enterprise.pk}


def test_the_days_of_the_form_become_the_days_of_the_month() -> None:
    make_unit()
    the_office()
    entry = FormEntry("台账", ("county",), [], late_day=10, locks_day=15)
    form = actions.create_form(OFFICER, entry, at=OPENED)
    actions.issue_form(OFFICER, form.pk, at=OPENED)
    period = actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    assert (period.due_on, period.late_until, period.locks_on) == (
        date(2026, 11, 5), date(2026, 11, 10), date(2026, 11, 15),
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        actions.create_form(OFFICER, FormEntry("台账", ("county",), [], late_day=3), at=OPENED)
    assert refused.value.faults == ("迟报受理日不能早于截止日，锁定日不能早于截止日和迟报受理日。",)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("task", "由任务台账自动取数，不再向单位要。"),
        ("ledger", "由报送记录自动统计，不再向单位要。"),
        ("office", "由办公室下达或核验，不再向单位要。"),
    ],
)
def test_what_is_known_is_refused_with_the_place_where_it_is_known(source: str, sentence: str) -> None:
    known = make_field(source=source, source_key="tasks.done")
    with pytest.raises(Invalid) as refused:
        actions.create_form(OFFICER, FormEntry("台账", ("county",), [known.pk]), at=OPENED)
    assert refused.value.faults == (f"数据“{known.name}”{sentence}",)


def test_a_figure_that_the_same_units_report_on_another_form_is_not_asked_again() -> None:
    make_unit()
    field = make_field(name="培训人次")
    make_form(field)
    again = make_form(field, issued=False)
    elsewhere = make_form(field, levels=("enterprise",), issued=False)
    with pytest.raises(Invalid) as refused:
        actions.issue_form(OFFICER, again.pk, at=OPENED)
    assert refused.value.faults == (
        "数据“培训人次”已由《月度台账》向其中 1 个单位要报，同一数据一期只报一次，请从本表删去。",
    )
    assert actions.issue_form(OFFICER, elsewhere.pk, at=OPENED).issued_at == OPENED


def test_a_form_that_nobody_asks_is_not_issued_and_a_new_one_is_the_own_units_or_the_offices() -> None:
    entry = FormEntry("台账", ("county",), [])
    nobody = actions.create_form(OFFICER, entry, at=OPENED)
    with pytest.raises(Invalid, match="请先选定要数单位"):
        actions.issue_form(OFFICER, nobody.pk, at=OPENED)
    office, member = the_office(), make_unit(level="member")
    assert actions.create_form(OFFICER, entry, at=OPENED).asked_by == office
    of_member = actor_of(Role.OFFICE_OFFICER, member)
    made = actions.create_form(of_member, entry, at=OPENED)
    assert made.asked_by == member
    actions.edit_form(OFFICER, made.pk, replace(entry, asked_by_id=office.pk), version=1, at=OPENED)
    actions.edit_form(of_member, made.pk, entry, version=2, at=OPENED)
    assert actions.issue_form(OFFICER, made.pk, at=OPENED).asked_by == office


def test_forms_without_an_asking_unit_become_the_offices() -> None:
    step = import_module("changai.areas.reporting.migrations.0017_asking_office")
    draft = actions.create_form(OFFICER, FormEntry("台账", ("county",), []), at=OPENED)
    member, office = make_unit(level="member"), the_office()
    other = actions.create_form(OFFICER, FormEntry("别表", ("county",), [], asked_by_id=member.pk), at=OPENED)
    step.name_the_office(apps, None)
    assert [Form.objects.get(pk=one.pk).asked_by for one in (draft, other)] == [office, member]


def test_a_form_that_asks_nothing_is_not_issued() -> None:
    the_office()
    form = actions.create_form(OFFICER, FormEntry("空表", ("county",), [], asks_tasks=False), at=OPENED)
    with pytest.raises(Invalid, match="没有要报的内容"):
        actions.issue_form(OFFICER, form.pk, at=OPENED)


def test_an_item_stands_in_one_sheet_of_a_month_however_many_forms_a_unit_owes() -> None:
    unit = make_unit()
    make_claim(unit)
    first, second = make_form(), make_form()
    for form in (first, second):
        actions.open_period(OFFICER, form.pk, month=OCTOBER, at=OPENED)
    lines = {
        report.obligation.period.form_id: report.task_lines.count()
        for report in Report.objects.select_related("obligation__period")
    }
    assert lines == {first.pk: 1, second.pk: 0}


def test_a_quarterly_figure_is_asked_in_the_last_month_of_its_quarter() -> None:
    unit, field = make_unit(), make_field(frequency="quarter")
    form = make_form(field)
    asked = {
        number: make_report(unit, form, month=Month(2026, number)).figure_lines.count()
        for number in range(7, 13)
    }
    assert asked == {7: 0, 8: 0, 9: 1, 10: 0, 11: 0, 12: 1}


# --- pages ---


def test_a_form_is_composed_previewed_issued_and_revised_on_its_pages() -> None:
    unit = make_unit("示范县")
    make_claim(unit)
    field = make_field(name="培训人次", breakdown=add_breakdown(OFFICER, "按性别", ["男", "女"], at=OPENED))
    other = make_field(name="竞赛场次")
    office = make_office()
    client = signed_in(Role.OFFICE_OFFICER, office)
    begun = client.get(reverse("reporting:form_new")).text
    assert f'<option value="{office.pk}" selected>' in begun  # so that the yearly line has somebody
    entry = {
        "name": "月度台账", "levels": ["county"], "opens_day": 25, "due_day": 5, "asks_tasks": "on",
        "fields_asked": [field.pk, other.pk], "parts_asked": [field.pk],
        f"place-{field.pk}": "2", f"place-{other.pk}": "1",
        "words-0-title": "特色亮点", "words-0-guidance": "写一件办成的事", "words-0-least": "10",
        "words-0-most": "200", "words-0-is_required": "on", "words-1-title": "",
    }  # fmt: skip
    assert client.post(reverse("reporting:form_new"), entry).status_code == 303
    form = Form.objects.get()
    assert [(one.field_id, one.asks_parts) for one in form.form_fields.all()] == [
        (other.pk, False),
        (field.pk, True),
    ]

    page = client.get(
        reverse("reporting:form_preview", args=[form.pk]), {"unit": unit.pk, "month": "2026-10"}
    )
    for words in ("示范县", "推进技能培训", "培训人次", "女", "特色亮点", "不超过 200 字"):
        assert words in page.text
    assert not Obligation.objects.exists()

    assert client.post(reverse("reporting:form_burden", args=[form.pk])).status_code == 303
    assert "在用的报表不直接修改" in client.post(reverse("reporting:form", args=[form.pk]), entry).text
    draft = client.post(reverse("reporting:revise", args=[form.pk]), follow=True)
    assert "第 2 版" in draft.text
    following = Form.objects.get(number=2)
    assert client.post(reverse("reporting:discard", args=[following.pk])).status_code == 303
    assert "第 1 版" in client.get(reverse("reporting:form", args=[form.pk])).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"words-0-title": "亮点", "words-0-most": "很多"},
        {"words-0-title": "亮" * 61},
        {"words-0-title": "亮点", "words-0-least": "900", "words-0-most": "5"},
        {"opens_day": 31},
        {"due_day": 20, "late_day": 10},
        {"groups": [999]},
    ],
)
def test_what_cannot_stand_in_the_settings_is_told_beside_them(wrong: dict[str, object]) -> None:
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    entry = {"name": "台账", "levels": ["county"], "opens_day": 25, "due_day": 5}
    page = client.post(reverse("reporting:form_new"), entry | wrong)
    assert page.status_code == 422
    assert not Form.objects.exists()
