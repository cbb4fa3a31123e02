import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.models import FigureLine, Obligation, Report, TaskLine
from changai.areas.reporting.queries import overview
from changai.areas.reporting.queries.reviewing import queue_rows
from changai.areas.reporting.rules.standings import Counted, Counts, count
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    TOO_LATE,
    accept,
    actor_of,
    fill,
    head_of,
    liaison_of,
    make_claim,
    make_clause,
    make_field,
    make_form,
    make_office,
    make_plan,
    make_report,
    make_unit,
    send_back,
    sign,
    submit,
    tell_jumps,
)
from changai.core.errors import NotVisible
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)


def test_a_unit_reads_the_reports_of_its_branch_and_strangers_none() -> None:
    county = make_unit()
    form = make_form(levels=("county", "sub"))
    township, elsewhere = make_unit(parent=county, level="sub"), make_unit()
    own, below, foreign = (make_report(unit, form) for unit in (county, township, elsewhere))

    assert set(queries.visible_to(liaison_of(county))) == {own, below}
    assert set(queries.visible_to(liaison_of(township))) == {below}
    assert queries.visible_to(OFFICER).count() == 3
    assert not queries.visible_to(actor_of(Role.AUDIT_ADMINISTRATOR)).exists()
    with pytest.raises(NotVisible):
        queries.report_for(liaison_of(county), foreign.pk)
    with pytest.raises(NotVisible):
        queries.obligation_for(liaison_of(county), foreign.obligation_id)


def test_rates_count_rows_and_name_them() -> None:
    form = make_form()
    on_time, late, missing, returned, exempt = (make_unit() for _ in range(5))
    accept(sign(make_report(on_time, form)))
    sign(make_report(late, form), at=TOO_LATE)
    make_report(missing, form)
    send_back(sign(make_report(returned, form)))
    actions.exempt_obligation(OFFICER, make_report(exempt, form).obligation_id, reason="机构调整", at=IN_TIME)

    found = queries.rates(OCTOBER)

    assert (found.owed, found.arrived, found.on_time, found.late) == (4, 3, 2, 1)
    assert (found.missing, found.returned, found.accepted, found.exempt) == (1, 1, 1, 1)
    assert found.completeness_percent == Decimal("75.0")
    assert found.punctuality_percent == Decimal("50.0")
    for name in ("on_time", "late", "missing", "returned", "accepted", "exempt", "owed", "arrived"):
        assert len(found.rows_of(name)) == getattr(found, name)
    assert [row.unit_name for row in found.rows_of("late")] == [late.name]
    assert len(found.rows_of("")) == 5
    own = queries.rates(OCTOBER, actor=liaison_of(missing))
    assert (own.owed, own.missing) == (1, 1)
    assert queries.rates(OCTOBER, period_id=0).owed == 0


def test_the_database_counts_as_the_rule_does_and_names_the_same_rows(
    django_assert_num_queries: object,
) -> None:
    form, chance = make_form(), random.Random(20261123)  # noqa: S311 - a fixed draw of cases
    ends = datetime(2026, 11, 5, 16, 0, tzinfo=UTC)  # midnight after the due day in the city
    arrivals = [None, IN_TIME, ends - timedelta(microseconds=1), ends, TOO_LATE]
    for unit in [make_unit() for _ in range(40)]:
        report = make_report(unit, form)
        arrived_at = chance.choice(arrivals)
        status = chance.choice(Report.Status.values)
        Report.objects.filter(pk=report.pk).update(
            first_arrived_at=arrived_at, status=status, times_returned=chance.choice([0, 0, 1, 3])
        )
        is_exempt = chance.random() < 0.1
        Obligation.objects.filter(pk=report.obligation_id).update(
            exempted_at=IN_TIME if is_exempt else None,
            release="exempt" if is_exempt else "",
            exemption_reason="机构调整" if is_exempt else "",
            times_extended=chance.choice([0, 0, 1]),
            locked_at=chance.choice([None, None, TOO_LATE]),
        )

    with django_assert_num_queries(1):  # type: ignore[operator]
        found = queries.rates(OCTOBER)

    rows = [Counted(row.standing, row.status, row.times_returned) for row in found.rows]
    assert Counts(**{name: getattr(found, name) for name in Counts.__dataclass_fields__}) == count(rows)
    for name in (*Counts.__dataclass_fields__, "extended", "asking", "locked"):
        named = [queries.row_of(obligation) for obligation in found.named(name)]
        assert named == found.rows_of(name)
        assert len(named) == getattr(found, name)
    assert found.total == len(found.rows_of("")) == 40
    assert found.missing_since == date(2026, 11, 5)


def test_todo_names_what_waits_for_whom() -> None:
    form = make_form()
    unit = make_unit()
    report = make_report(unit, form)
    liaison, head = liaison_of(unit), head_of(unit)

    def kinds(actor: object) -> list[str]:
        return [item.kind for item in queries.todo(actor, TODAY)]  # type: ignore[arg-type]

    assert kinds(liaison) == ["fill"]
    assert kinds(head) == []
    assert queries.todo(liaison, TODAY)[0].due_on == date(2026, 11, 5)
    assert queries.todo(liaison, date(2026, 11, 6))[0].is_overdue
    submit(fill(report))
    assert (kinds(liaison), kinds(head), kinds(OFFICER)) == ([], ["sign"], [])
    report.refresh_from_db()
    actions.sign_report(head, report.pk, version=report.version, at=IN_TIME)
    assert (kinds(head), kinds(OFFICER)) == ([], ["review"])
    send_back(report)
    assert (kinds(liaison), kinds(OFFICER)) == (["returned"], [])
    assert queries.todo(liaison, TODAY)[0].due_on == date(2026, 11, 8)
    assert kinds(actor_of(Role.LEADER)) == []


def test_many_reports_of_a_month_are_one_thing_to_review(monkeypatch: pytest.MonkeyPatch) -> None:
    form = make_form()
    for unit in [make_unit() for _number in range(3)]:
        sign(make_report(unit, form))
    assert len(queries.todo(OFFICER, TODAY)) == 3
    monkeypatch.setattr(overview, "MOST_NAMED", 2)
    (one,) = queries.todo(OFFICER, TODAY)
    assert (one.count, one.label) == (3, "审核2026年10月月报，共 3 份")
    assert one.address == "/reports/review/"


def test_the_office_is_told_what_units_ask() -> None:
    report = make_report(make_unit(), make_form())
    liaison = liaison_of(report.obligation.unit)
    wanted_on = date(2026, 11, 9)
    asked = actions.ask_extension(
        liaison, report.obligation_id, wanted_on=wanted_on, reason="联络员交接", at=IN_TIME
    )
    assert [item.kind for item in queries.todo(OFFICER, TODAY)] == ["answer"]
    assert queries.todo(OFFICER, TODAY)[0].address == f"/reports/obligations/{report.obligation_id}/"
    actions.grant_extension(OFFICER, asked.pk, due_on=wanted_on, at=IN_TIME)
    assert queries.todo(OFFICER, TODAY) == []


def test_the_queue_leaves_out_the_own_unit_and_what_is_not_below() -> None:
    county, office = make_unit(), make_office()
    township = make_unit(parent=county, level="sub")
    form = make_form(levels=("county", "sub", "office"))
    own, below, top = (sign(make_report(unit, form)) for unit in (county, township, office))

    assert queries.review_queue(actor_of(Role.COUNTY_REVIEWER, county)) == [below]
    assert queries.review_queue(actor_of(Role.OFFICE_OFFICER, office)) == [own, below]
    assert queries.review_queue(liaison_of(county)) == []
    assert set(queries.review_queue(OFFICER)) == {own, below, top}


def test_the_queue_costs_the_same_for_many_reports(django_assert_num_queries: object) -> None:
    form = make_form(make_field())
    units = [make_unit() for _ in range(4)]
    for unit in units:
        make_claim(unit)
    for unit in units:
        sign(make_report(unit, form))

    with django_assert_num_queries(2):  # type: ignore[operator]
        assert [row.is_clean for row in queue_rows(OFFICER)] == [True] * 4


def test_progress_by_part_goes_up_two_levels() -> None:
    plan, unit = make_plan(), make_unit()
    chapter = make_clause(plan, label="一、")
    work = make_clause(plan, level=1, label="（一）")
    point = make_clause(plan, level=2, label="1.")
    other = make_clause(plan, label="二、")
    for clause in (chapter, point, other):
        make_claim(unit, clause=clause)
    report = fill(make_report(unit))
    deep = report.task_lines.get(claim__measure__clause=point)
    TaskLine.objects.filter(pk=deep.pk).update(percent=Decimal(100))
    submitted = submit(report)
    actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)
    assert queries.progress_by_part(plan.pk, OCTOBER) == []
    accept(report)

    parts = queries.progress_by_part(plan.pk, OCTOBER)

    assert [(part.clause_id, part.parent_id, part.percent, part.lines) for part in parts] == [
        (chapter.pk, None, Decimal("90.0"), 2),
        (work.pk, chapter.pk, Decimal("100.0"), 1),
        (other.pk, None, Decimal("80.0"), 1),
    ]


def test_what_is_finished_stays_finished_and_a_missed_month_changes_nothing() -> None:
    plan, unit = make_plan(), make_unit()
    chapter = make_clause(plan, label="一、")
    finished, open_ = make_claim(unit, clause=chapter), make_claim(unit, clause=chapter)
    report = fill(make_report(unit))
    TaskLine.objects.filter(report=report, claim=finished).update(percent=Decimal(100))
    submitted = submit(report)
    actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)
    accept(report)
    finished.refresh_from_db()
    assert finished.completed_on is not None

    november = {item.line.claim_id: item.percent for item in queries.items_progress(OCTOBER.plus(1))}

    assert november == {finished.pk: Decimal(100), open_.pk: Decimal("80.0")}
    [part] = queries.progress_by_part(plan.pk, OCTOBER.plus(1))
    assert (part.percent, part.lines) == (Decimal("90.0"), 2)


def test_lagging_lines_are_overdue_or_far_behind() -> None:
    unit = make_unit()
    behind, overdue, fine = (
        make_claim(unit, due_on=day) for day in (date(2026, 12, 31), date(2026, 10, 20), date(2026, 12, 31))
    )
    report = fill(make_report(unit))
    TaskLine.objects.filter(claim=behind).update(percent=Decimal(30))
    submitted = submit(report)
    actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)
    accept(report)

    assert {line.claim_id for line in queries.lagging_lines(OCTOBER)} == {behind.pk, overdue.pk}
    assert fine.pk not in {line.claim_id for line in queries.lagging_lines(OCTOBER)}


def test_the_history_of_an_item_runs_over_the_months_and_hides_others_drafts() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    form = make_form()
    sign(make_report(unit, form, month=OCTOBER.plus(-1)))
    fill(make_report(unit, form))

    assert [
        line.report.obligation.period.month.month for line in queries.task_history(OFFICER, claim.pk)
    ] == [9]
    assert queries.task_history(liaison_of(unit), claim.pk).count() == 2
    assert not queries.task_history(liaison_of(make_unit()), claim.pk).exists()


def test_notes_of_a_signed_report() -> None:
    unit, field = make_unit(), make_field()
    form = make_form(field)
    tell_jumps()
    report = sign(make_report(unit, form))
    assert queries.notes_in(report) == ()
    FigureLine.objects.filter(report=report).update(last_value=Decimal(1))
    assert len(queries.notes_in(report)) == 1


def test_available_moves_follow_the_table() -> None:
    unit = make_unit()
    report = make_report(unit)

    assert policies.available_moves(liaison_of(unit), report) == {"fill", "submit"}
    assert policies.available_moves(head_of(unit), report) == {"fill"}
    assert policies.available_moves(OFFICER, report) == set()
    assert policies.lock_reason(liaison_of(unit), report) == ""
    assert "可以查看" in policies.lock_reason(OFFICER, report)
    sign(report)
    assert policies.available_moves(OFFICER, report) == {"return", "accept", "part"}
    assert "正在审核" in policies.lock_reason(liaison_of(unit), report)
    assert policies.may_read_sheet(liaison_of(unit), report)
    assert not policies.may_read_sheet(OFFICER, report)
    assert policies.may_edit_forms(OFFICER)


def test_forms_to_open_are_issued_and_not_yet_open() -> None:
    make_unit()
    form = make_form()
    make_form(issued=False)

    assert queries.months_to_open(date(2026, 10, 24)) == []
    assert queries.months_to_open(date(2026, 10, 25)) == [(form, OCTOBER)]
    period = actions.open_period(OFFICER, form.pk, month=OCTOBER, at=IN_TIME)
    assert queries.months_to_open(date(2026, 10, 26)) == []
    assert queries.form_by_id(form.pk) == form
    assert queries.period_by_id(period.pk) == period
    assert list(queries.periods(OCTOBER)) == [period]
    assert queries.forms().count() == 2
    for read in (queries.form_by_id, queries.period_by_id):
        with pytest.raises(NotVisible):
            read(0)


def test_levels_have_their_chinese_names() -> None:
    assert queries.level_names()["county"] == "县区"
    assert "city" not in queries.level_names()
