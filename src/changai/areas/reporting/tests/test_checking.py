"""Findings on real sheets: figures with what is known around them."""

from datetime import date
from decimal import Decimal

import pytest

from changai.areas.registers.training.actions import add_class, cancel_class
from changai.areas.registers.training.rules import ClassEntry
from changai.areas.reporting import queries
from changai.areas.reporting.actions import CellEdit, confirm_prefilled, save_cells
from changai.areas.reporting.models import FigureLine
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OFFICER,
    OPENED,
    liaison_of,
    make_field,
    make_form,
    make_report,
    make_unit,
    tell_jumps,
)

pytestmark = pytest.mark.django_db
D = Decimal


def test_a_register_that_moved_names_the_row_and_opens_it() -> None:
    unit = make_unit()
    liaison = liaison_of(unit)
    held = [
        add_class(liaison, ClassEntry(title, "skill", date(2026, 10, 9), 24, persons, 0), at=OPENED)
        for title, persons in (("焊工班", 405), ("叉车班", 7))
    ]
    field = make_field(source="register", source_key="training.persons")
    report = make_report(unit, make_form(field))
    confirm_prefilled(liaison, report.pk, at=OPENED)
    assert queries.findings_of(report) == ()

    cancel_class(liaison, held[1].pk, reason="重复登记", version=1, at=IN_TIME)

    fault = queries.faults_in(report)[0]
    assert "名册现为 405，上次核对为 412，可能是叉车班 7（已作废），请重新核对" in fault.sentence
    assert [(entry.name, entry.reason) for entry in fault.entries] == [("叉车班", "已作废")]
    assert fault.entries[0].address.endswith(f"?unit={unit.pk}&month=2026-10#class-{held[1].pk}")


def test_values_and_explanations_may_be_checked_before_they_are_saved() -> None:
    field = make_field(minimum=D(0))
    report = make_report(make_unit(), make_form(field))

    def codes(**named: object) -> list[tuple[str, bool]]:
        found = queries.findings_of(report, **named)  # type: ignore[arg-type]
        return [(fault.code, fault.is_open) for fault in found]

    assert codes() == [("present", True)]
    assert codes(remarks={field.pk: "本县无此项"}) == [("present", False)]
    assert codes(typed={field.pk: D(-1)}) == [("range", True)]
    assert codes(typed={field.pk: D(1)}) == []


def test_what_is_typed_is_answered_with_what_the_checks_find() -> None:
    field = make_field()
    form = make_form(field)
    tell_jumps()
    report = make_report(make_unit(), form)
    FigureLine.objects.update(last_value=100)
    liaison = liaison_of(report.obligation.unit)
    ref = f"figure:{field.pk}:value"

    outcome = save_cells(liaison, report.pk, cells=[CellEdit(ref, "301")], at=IN_TIME)
    assert (outcome.saved[0].state, "由2026年9月的 100 变为 301" in outcome.saved[0].sentence) == (
        "warning",
        True,
    )
    outcome = save_cells(liaison, report.pk, cells=[CellEdit(ref, "300")], at=IN_TIME)
    assert outcome.saved[0].state == "saved"


def test_many_reports_cost_as_much_as_one(django_assert_num_queries: object) -> None:
    field = make_field(source="register", source_key="training.persons")
    form = make_form(field)
    for unit in [make_unit() for _ in range(3)]:
        make_report(unit, form)
    reports = list(queries.visible_to(OFFICER))

    with django_assert_num_queries(6):  # type: ignore[operator]
        assert len(queries.findings_of_reports(reports)) == 3


def test_a_rate_that_may_be_a_decimal_is_asked_about_until_it_is_explained() -> None:
    """0.95 in a figure of per cent: 0.95 % or 95 %? One whose range ends at 1 is small by nature."""
    share = make_field("share", name="培训覆盖率", unit_of_measure="%", decimals=2)
    rare = make_field("rare", name="事故率", unit_of_measure="%", decimals=2, maximum=D(1))
    unit = make_unit()
    report = make_report(unit, make_form(share, rare))
    refs = [f"figure:{field.pk}" for field in (share, rare)]
    edits = [CellEdit(f"{ref}:value", "0.95") for ref in refs]
    save_cells(liaison_of(unit), report.pk, cells=edits, at=IN_TIME)
    (found,) = queries.findings_of(report)
    assert (found.cell, found.is_open) == (f"{refs[0]}:value", True)
    assert found.sentence.startswith(
        "数据“培训覆盖率”以“%”计，填的是 0.95，即 0.95%，请核对是否把 95 写成了 0.95。"
    )
    save_cells(
        liaison_of(unit), report.pk, cells=[CellEdit(f"{refs[0]}:remark", "刚起步，确为 0.95%")], at=IN_TIME
    )
    assert not [one for one in queries.findings_of(report) if one.is_open]
    save_cells(liaison_of(unit), report.pk, cells=[CellEdit(f"{refs[0]}:value", "95", version=1)], at=IN_TIME)
    assert not queries.findings_of(report)


def test_a_rate_that_was_as_small_last_month_is_not_asked_about_again() -> None:
    share = make_field("share", name="工伤发生率", unit_of_measure="%", decimals=2)
    unit = make_unit()
    report = make_report(unit, make_form(share))
    report.figure_lines.update(last_value=D("0.4"))
    save_cells(liaison_of(unit), report.pk, cells=[CellEdit(f"figure:{share.pk}:value", "0.35")], at=IN_TIME)
    assert not queries.findings_of(report)
    report.figure_lines.update(last_value=D("40"))
    assert [one.is_open for one in queries.findings_of(report)] == [True]
