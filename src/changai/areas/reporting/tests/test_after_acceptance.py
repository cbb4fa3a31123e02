"""What was accepted before, or late, or by mistake: corrections stand, the next month quotes, tasks open again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from changai.areas.facts.models import Fact, Field
from changai.areas.organisations.models import Unit
from changai.areas.reporting import actions
from changai.areas.reporting.actions import CorrectionEntry
from changai.areas.reporting.actions.reviewing import Complaint
from changai.areas.reporting.models import Correction, FigureLine, Report
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    accept,
    fill,
    head_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    send_back,
    sign,
    submit,
    switch_on,
)
from changai.areas.reporting.tests.test_views import signed_in
from changai.core.checks import PartOfWhole
from changai.core.errors import Invalid
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


def in_force(unit: Unit, field: Field) -> Decimal | None:
    return Fact.objects.get(unit=unit, field=field, is_current=True).value


def correct(unit: Unit, field: Field, value: str) -> Correction:
    fact = Fact.objects.get(unit=unit, field=field, is_current=True)
    entry = CorrectionEntry(Decimal(value), "录入有误更正")
    asked = actions.ask_correction(liaison_of(unit), fact.pk, entry, at=IN_TIME)
    return actions.approve_correction(OFFICER, asked.pk, at=IN_TIME)


def send_again(report: Report, *, at: datetime = IN_TIME) -> Report:
    submitted = submit(report, at=at)
    actions.sign_report(head_of(report.obligation.unit), report.pk, version=submitted.version, at=at)
    return accept(report, at=at)


def unlock(report: Report) -> None:
    report.refresh_from_db()
    due_on = date(2026, 11, 25)
    actions.unlock_report(
        OFFICER, report.pk, reason="误报请更正", due_on=due_on, version=report.version, at=IN_TIME
    )


def accept_but(report: Report, field: Field) -> None:
    report.refresh_from_db()
    complaint = Complaint("请核实", {f"figure:{field.pk}:value": "核实"}, date(2026, 11, 20))
    actions.accept_part(OFFICER, report.pk, complaint=complaint, version=report.version, at=IN_TIME)


def test_a_correction_of_a_line_taken_before_stands_when_the_rest_is_accepted() -> None:
    unit, taken, marked = make_unit(), make_field(), make_field()
    report = sign(make_report(unit, make_form(taken, marked)))
    accept_but(report, marked)
    correct(unit, taken, "7")
    assert report.figure_lines.get(field=taken).value == 7

    send_again(report)

    assert (in_force(unit, taken), in_force(unit, marked)) == (7, 5)
    assert report.submissions.get(number=2).content["figures"][0]["value"] == "7"


@pytest.mark.parametrize(("typed", "final"), [("5", 7), ("9", 9)])
def test_a_correction_stands_in_an_unlocked_sheet_unless_the_unit_changed_it(typed: str, final: int) -> None:
    unit, field = make_unit(), make_field()
    report = accept(sign(make_report(unit, make_form(field))))
    unlock(report)
    fill(report, value=typed)

    correct(unit, field, "7")
    send_again(report)

    assert in_force(unit, field) == final
    resent = Correction.objects.filter(kind="resent").values_list("old_value", "new_value")
    assert list(resent) == ([(7, 9)] if typed == "9" else [])


def test_what_an_unlocked_report_changes_is_registered_when_only_a_part_is_accepted() -> None:
    unit, taken, marked = make_unit(), make_field(), make_field()
    report = accept(sign(make_report(unit, make_form(taken, marked))))
    unlock(report)
    submitted = submit(fill(report, value="8"))
    actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)

    accept_but(report, marked)
    assert [(row.field_id, row.old_value, row.new_value) for row in Correction.objects.all()] == [
        (taken.pk, 5, 8)
    ]
    send_again(report)

    assert Correction.objects.count() == 2
    assert (in_force(unit, taken), in_force(unit, marked)) == (8, 8)


def test_the_next_sheet_quotes_what_was_mended_after_it_was_laid_out() -> None:
    unit, field = make_unit(), make_field(gathering="last")
    claim = make_claim(unit)
    report = sign(make_report(unit, make_form(field)))
    november = make_report(unit, month=OCTOBER.plus(1))
    assert november.figure_lines.get().last_value == 5
    send_back(report)
    fill(report, value="8", percent="90", at=LATER)
    send_again(report, at=LATER)

    assert november.figure_lines.get().last_value == 8
    assert november.task_lines.get(claim=claim).last_percent == 90
    actions.report_no_change(liaison_of(unit), november.pk, at=LATER)
    assert (november.figure_lines.get().value, november.task_lines.get().percent) == (8, 90)


def test_a_report_that_arrives_after_the_opening_is_quoted_once_it_is_signed() -> None:
    unit, field, claim_unit = make_unit(), make_field(), make_unit()
    make_claim(unit)
    form = make_form(field)
    report = make_report(unit, form)
    november = make_report(unit, form, month=OCTOBER.plus(1))
    other = FigureLine.objects.get(
        report__obligation__unit=claim_unit, report__obligation__period__month=OCTOBER.plus(1).first_on
    )
    assert november.figure_lines.get().last_value is None

    sign(report)

    line = november.task_lines.get()
    assert november.figure_lines.get().last_value == 5
    assert (line.last_percent, line.last_text) == (80, "已办班三期。")
    other.refresh_from_db()
    assert other.last_value is None


def test_what_was_sent_keeps_its_quotation() -> None:
    unit, form = make_unit(), make_form(make_field())
    report = make_report(unit, form)
    november = sign(make_report(unit, form, month=OCTOBER.plus(1)))

    sign(report)

    assert november.figure_lines.get().last_value is None


def test_a_task_reported_complete_by_mistake_is_open_again_and_in_the_next_sheet() -> None:
    unit = make_unit()
    claim, done = make_claim(unit), make_claim(unit, text="建工匠学院")
    report = make_report(unit, make_form(make_field()))
    submitted = submit(fill(report, percent="100"))
    actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)
    accept(report)
    claim.refresh_from_db()
    assert claim.completed_on == OCTOBER.last_on
    unlock(report)
    edit = actions.CellEdit(f"task:{claim.pk}:percent", "80")
    actions.save_cells(liaison_of(unit), report.pk, cells=[edit], at=IN_TIME)

    send_again(report)

    claim.refresh_from_db()
    done.refresh_from_db()
    assert (claim.completed_on, done.completed_on) == (None, OCTOBER.last_on)
    november = make_report(unit, month=OCTOBER.plus(1))
    assert list(november.task_lines.values_list("claim", "last_percent")) == [(claim.pk, 80)]


def accepted_part_and_whole(severity: str) -> tuple[Unit, Field, Field]:
    unit, part, whole = make_unit(), make_field(), make_field()
    report = make_report(unit, make_form(part, whole))
    within = {"passes": {"part": "1", "whole": "2"}, "fails": {"part": "3", "whole": "2"}}
    switch_on(PartOfWhole(part.code, whole.code), severity, **within)
    accept(sign(report))
    return unit, part, whole


def test_a_correction_against_a_rule_is_refused_when_it_is_asked() -> None:
    unit, part, whole = accepted_part_and_whole("block")

    with pytest.raises(Invalid, match="校验规则") as refused:
        correct(unit, part, "99")
    assert len(refused.value.faults) == 1
    assert not Correction.objects.exists()
    correct(unit, whole, "100")
    correct(unit, part, "99")
    assert in_force(unit, part) == 99


def test_two_corrections_that_agree_with_the_rule_only_one_by_one_do_not_both_pass() -> None:
    unit, part, whole = accepted_part_and_whole("block")
    correct(unit, part, "2")
    asked = []
    for field, value in ((part, "4"), (whole, "3")):
        fact = Fact.objects.get(unit=unit, field=field, is_current=True)
        entry = CorrectionEntry(Decimal(value), "录入有误更正")
        asked.append(actions.ask_correction(liaison_of(unit), fact.pk, entry, at=IN_TIME))
    actions.approve_correction(OFFICER, asked[0].pk, at=IN_TIME)

    with pytest.raises(Invalid, match="校验规则"):
        actions.approve_correction(OFFICER, asked[1].pk, at=IN_TIME)
    assert (in_force(unit, part), in_force(unit, whole)) == (4, 5)


@pytest.mark.parametrize("severity", ["explain", "note"])
def test_who_approves_a_correction_reads_what_the_checks_find(severity: str) -> None:
    unit, part, _whole = accepted_part_and_whole(severity)
    fact = Fact.objects.get(unit=unit, field=part, is_current=True)
    asked = actions.ask_correction(
        liaison_of(unit), fact.pk, CorrectionEntry(Decimal(99), "录入有误更正"), at=IN_TIME
    )
    address = reverse("reporting:correction", args=[asked.pk])

    assert "更正后的校验提示" in signed_in(Role.OFFICE_OFFICER, make_office()).get(address).text
    assert "更正后的校验提示" not in signed_in(Role.UNIT_LIAISON, unit).get(address).text
