"""Two at once on one sheet's upload, one paper's burden, one rule of checking, on PostgreSQL: one outcome each."""

from decimal import Decimal

import pytest

from changai.areas.briefings.actions import keep_burden, start_briefing, submit_briefing
from changai.areas.briefings.models import Briefing
from changai.areas.facts.models import Fact
from changai.areas.reporting import actions
from changai.areas.reporting.actions import RuleEntry, importing, obliging
from changai.areas.reporting.models import (
    CellChange,
    CheckVersion,
    Obligation,
    Period,
    Report,
    WorkbookImport,
)
from changai.areas.reporting.queries.workbooks import read_import
from changai.areas.reporting.rules.workbook_reading import fingerprint
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    OPENED,
    TOO_LATE,
    accept,
    actor_of,
    make_field,
    make_form,
    make_report,
    make_unit,
    sign,
)
from changai.areas.reporting.tests.workbook_files import changed, downloaded, put, signed_in
from changai.core.checks import Jump, Severity
from changai.core.errors import ActionRefused
from changai.foundation.actors import MACHINE, Actor, Role
from changai.foundation.audit.models import AuditEvent
from tests.resilience.test_form_races import statuses
from tests.resilience.test_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
SECOND = actor_of(Role.OFFICE_HEAD, name="办公室乙")
ROUNDS = 8


@pytest.fixture
def report() -> Report:
    return make_report(make_unit(), make_form(make_field("trained")))


def person(report: Report, number: int) -> Actor:
    unit = report.obligation.unit
    return Actor(number, f"联络员{number}", Role.UNIT_LIAISON, unit.pk, unit.path)


def filled(report: Report, value: int) -> bytes:
    blank = downloaded(signed_in(Role.UNIT_LIAISON, report.obligation.unit), report)
    return changed(blank, put("数据", "本月数", 1, value))


def test_of_two_people_who_upload_the_same_sheet_one_waits_and_the_other_is_told_who(report: Report) -> None:
    contents = [filled(report, value) for value in (412, 405)]
    outcomes = at_once(
        *[
            lambda number=number, content=content: importing.bring_workbook(
                person(report, number), report, name=f"{number}.xlsx", content=content, at=IN_TIME
            )
            for number, content in enumerate(contents, start=1)
        ]
    )
    assert statuses(outcomes) == [409]
    refused = next(one for one in outcomes if isinstance(one, ActionRefused))
    waiting = WorkbookImport.objects.get()
    assert waiting.state == "open"
    assert f"{waiting.brought_by_name}已于" in refused.sentence


def test_one_person_who_uploads_twice_at_once_has_one_upload_waiting(report: Report) -> None:
    contents = [filled(report, value) for value in (412, 405)]
    outcomes = at_once(
        *[
            lambda content=content: importing.bring_workbook(
                person(report, 1), report, name="十月.xlsx", content=content, at=IN_TIME
            )
            for content in contents
        ]
    )
    assert statuses(outcomes) == []
    assert sorted(WorkbookImport.objects.values_list("state", flat=True)) == ["discarded", "open"]


def test_an_upload_taken_over_by_two_at_once_fills_every_cell_once(report: Report) -> None:
    batch = importing.bring_workbook(
        person(report, 1), report, name="十月.xlsx", content=filled(report, 412), at=IN_TIME
    )
    seen = fingerprint(read_import(batch)[0])
    outcomes = at_once(
        *[
            lambda number=number: importing.take_over_workbook(
                person(report, number), batch.pk, ticked=(), seen=seen, at=IN_TIME
            )
            for number in (1, 2, 1)
        ]
    )
    assert statuses(outcomes) == [409, 409]
    assert report.figure_lines.get().value == Decimal(412)
    assert CellChange.objects.filter(report=report).count() == 1


def test_a_burden_kept_by_two_at_once_has_one_reason() -> None:
    demand = [{"kind": "paragraph", "text": "请各单位于月底前报送贯彻落实情况。"}]
    for number in range(ROUNDS):
        paper = start_briefing(
            OFFICER,
            title=f"督查通报{number}",
            month=OCTOBER,
            kind="supervision_circular",
            blocks=demand,
            at=OPENED,
        )
        submit_briefing(OFFICER, paper.pk, version=paper.version, at=OPENED)
        outcomes = at_once(
            lambda paper=paper: keep_burden(OFFICER, paper.pk, reason="省里专项督查要求。", at=IN_TIME),
            lambda paper=paper: keep_burden(SECOND, paper.pk, reason="市委要求。", at=IN_TIME),
        )
        assert statuses(outcomes) == [409]
        refused = next(one for one in outcomes if isinstance(one, ActionRefused))
        kept = Briefing.objects.get(pk=paper.pk).burden_kept
        assert refused.sentence.startswith(f"{kept['by']}已经写明")
        assert AuditEvent.objects.filter(act="briefing.keep_burden", object_id=str(paper.pk)).count() == 1


def test_a_rule_switched_on_by_two_at_once_holds_once_and_off_by_two_ends_once() -> None:
    field = make_field("trained")
    make_unit()
    make_form(field)
    entry = RuleEntry(
        "规则", Jump("trained", Decimal(3)), Severity.NOTE, "测试",
        passes={"last": "1", "value": "3"}, fails={"last": "1", "value": "4"},
    )  # fmt: skip
    for _ in range(ROUNDS):
        rule = actions.create_check(OFFICER, entry, at=OPENED)
        actions.try_check(OFFICER, rule.pk, version=1, at=OPENED)
        on = at_once(
            *[
                lambda who=who, rule=rule: actions.switch_on_check(who, rule.pk, version=2, at=OPENED)
                for who in (OFFICER, SECOND, OFFICER)
            ]
        )
        assert statuses(on) == [409, 409]
        assert CheckVersion.objects.get(rule=rule).is_in_force
        off = at_once(
            *[
                lambda who=who, rule=rule: actions.switch_off_check(
                    who, rule.pk, reason="不再需要", version=3, at=IN_TIME
                )
                for who in (OFFICER, SECOND)
            ]
        )
        assert statuses(off) == [409]
        assert not CheckVersion.objects.get(rule=rule).is_in_force


def test_two_workers_count_each_unit_once_and_a_report_accepted_meanwhile_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(obliging, "UNITS_AT_ONCE", 2)
    field, missing = make_field(), make_field(source="ledger", source_key="ledger.missing")
    units, form = [make_unit() for _ in range(ROUNDS)], make_form(field)
    reports = [make_report(unit, form) for unit in units]
    for report in reports[:2]:
        version = accept(sign(report)).version
        actions.unlock_report(
            OFFICER, report.pk, reason="单位来函更正", due_on=IN_TIME.date(), version=version, at=IN_TIME
        )
    period = form.periods.get(opened_at__isnull=False)
    actions.close_period(OFFICER, period.pk, at=TOO_LATE)
    for report in reports[:2]:
        sign(report, at=TOO_LATE)
    outcomes = at_once(
        *[lambda: actions.count_next(MACHINE, period.pk, at=TOO_LATE)] * 2,
        *[lambda report=report: accept(report, at=TOO_LATE) for report in reports[:2]],
    )
    assert statuses(outcomes) == []
    while Period.objects.get(pk=period.pk).counted_at is None:
        actions.count_next(MACHINE, period.pk, at=TOO_LATE)
    in_force = Fact.objects.filter(is_current=True, month=OCTOBER.first_on)
    statuses_of = dict(in_force.filter(field=field).values_list("unit", "status"))
    assert [statuses_of[unit.pk] for unit in units] == ["REPORTED"] * 2 + ["NOT_REPORTED"] * (ROUNDS - 2)
    assert Fact.objects.filter(field=missing).count() == ROUNDS
    assert not Obligation.objects.filter(period=period, record={}).exists()
