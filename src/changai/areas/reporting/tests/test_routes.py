"""Several review steps: as pure rules, and with people at every step."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changai.areas.facts.models import Fact
from changai.areas.reporting import actions, policies
from changai.areas.reporting.actions import Complaint
from changai.areas.reporting.models import GivenReason, Report, ReturnReason, ReviewStep
from changai.areas.reporting.queries.reviewing import queue_rows, return_reasons
from changai.areas.reporting.queries.sheets import visible_to
from changai.areas.reporting.rules.routes import (
    ABOVE,
    ANYBODY,
    DEFAULT,
    OFFICE,
    UNIT,
    Above,
    PlannedStep,
    StepState,
    is_last,
    is_open,
    route_faults,
    steps_for,
)
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OFFICER,
    accept,
    actor_of,
    fill,
    head_of,
    liaison_of,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    send_back,
    set_steps,
    sign,
    submit,
)
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice

# --- the rules ---

PLANNED = st.builds(
    lambda stage, post, unit: PlannedStep(stage, "环节", post, unit if post == UNIT else None),
    st.integers(1, 3),
    st.sampled_from([ABOVE, UNIT, OFFICE]),
    st.integers(1, 6),
)
LINE = st.lists(st.builds(Above, st.integers(2, 9), st.booleans(), st.booleans()), max_size=3)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draws import; a busy machine is slow then
@given(st.lists(PLANNED, max_size=6), LINE, st.frozensets(st.integers(1, 6), max_size=3))
def test_a_route_always_leaves_somebody_to_review_and_never_the_unit_itself(
    planned: list[PlannedStep], above: list[Above], closed: frozenset[int]
) -> None:
    steps = steps_for(planned, 1, above, closed)

    assert steps
    assert [step.stage for step in steps] == sorted(step.stage for step in steps)
    assert {step.stage for step in steps} == set(range(1, steps[-1].stage + 1))
    named = [step.unit_id for step in steps if step.post == UNIT]
    assert 1 not in named
    assert not closed & set(named)
    assert len(named) == len(set(named))
    assert all(step.post in {UNIT, OFFICE} for step in steps)


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=6))
def test_while_a_step_waits_one_is_open(rows: list[tuple[int, bool]]) -> None:
    steps = [StepState(stage, passed) for stage, passed in rows]
    waiting = [step for step in steps if not step.is_passed]

    assert any(is_open(step, steps) for step in steps) == bool(waiting)
    assert all(not step.is_passed for step in steps if is_open(step, steps))
    assert sum(is_last(step, steps) for step in steps) == (len(waiting) == 1)


def test_a_route_is_checked_before_it_is_kept() -> None:
    step = PlannedStep(1, "初审", OFFICE)
    assert not route_faults([step])
    assert not route_faults(DEFAULT)
    for wrong in (
        [],
        [step] * 9,
        [step] * 3,
        [PlannedStep(1, "", OFFICE)],
        [PlannedStep(0, "初审", OFFICE)],
        [PlannedStep(1, "初审", "nobody")],
        [PlannedStep(1, "初审", UNIT)],
        [PlannedStep(1, "初审", OFFICE, 3)],
        [PlannedStep(1, "审核", ANYBODY), step],
    ):
        assert route_faults(wrong)


# --- with people ---

pytestmark = pytest.mark.django_db


def reviewer_of(unit: object, person_id: int | None = None) -> Actor:
    found = actor_of(Role.COUNTY_REVIEWER, unit, "审核员")  # type: ignore[arg-type]
    return Actor(person_id, found.name, found.role, found.unit_id, found.unit_path)


def people(role: Role, person_id: int) -> Actor:
    return Actor(person_id, f"办公室{person_id}", role, make_office().pk, make_office().path)


def routed() -> tuple[Report, Actor, Actor]:
    """A township's signed report that its county and the department sign side by side, then the office."""
    county, department = make_unit(), make_unit(level="member")
    town = make_unit(level="sub", parent=county)
    field = make_field()
    form = make_form(field, levels=("sub",))
    set_steps(
        form,
        PlannedStep(1, "属地审核", ABOVE),
        PlannedStep(1, "行业审核", UNIT, department.pk),
        PlannedStep(2, "办公室审定", OFFICE),
    )
    return sign(make_report(town, form)), reviewer_of(county), reviewer_of(department)


def test_county_and_department_both_sign_and_the_office_last() -> None:
    report, county, department = routed()

    with pytest.raises(RecordMoved, match="属地审核、行业审核"):
        accept(report)
    assert queue_rows(OFFICER) == []
    assert [row.report for row in queue_rows(department)] == [report]
    assert Notice.objects.filter(role=Role.COUNTY_REVIEWER).count() == 2
    # Side by side: the second signs the very version the first had seen.
    actions.accept_report(county, report.pk, version=report.version, at=IN_TIME)
    actions.accept_report(department, report.pk, version=report.version, at=IN_TIME)
    with pytest.raises(RecordMoved):
        actions.accept_report(county, report.pk, version=report.version, at=IN_TIME)
    report.refresh_from_db()
    assert (report.status, Fact.objects.count()) == ("signed", 0)

    accept(report)

    report.refresh_from_db()
    assert report.status == "accepted"
    assert Fact.objects.get(is_current=True).value == 5
    assert [step.decision for step in ReviewStep.objects.all()] == ["passed"] * 3


def test_a_department_that_signs_last_makes_the_figures_facts_in_its_name() -> None:
    town, department = make_unit(level="sub", parent=make_unit()), make_unit(level="member")
    form = make_form(make_field(), levels=("sub",))
    set_steps(form, PlannedStep(1, "行业审核", UNIT, department.pk))
    report = sign(make_report(town, form))
    reviewer = reviewer_of(department)

    accept(report, actor=reviewer)

    assert Fact.objects.get().accepted_by_name == reviewer.name
    assert visible_to(reviewer).get() == report
    assert not policies.reaches_evidence(reviewer, report)
    stranger = reviewer_of(make_unit(level="member"))
    with pytest.raises(NotVisible):
        accept(report, actor=stranger)


def test_one_step_returns_and_all_sign_again() -> None:
    report, county, department = routed()
    actions.accept_report(county, report.pk, version=report.version, at=IN_TIME)

    send_back(report, actor=department)
    report.refresh_from_db()
    assert report.status == "returned"
    again = submit(fill(report, value="7"))
    actions.sign_report(head_of(report.obligation.unit), report.pk, version=again.version, at=IN_TIME)

    assert len(queue_rows(county)) == len(queue_rows(department)) == 1
    assert ReviewStep.objects.filter(submission__number=2, decision="").count() == 3


def test_a_county_s_own_report_skips_the_step_of_the_county() -> None:
    county = make_unit()
    form = make_form(make_field())
    set_steps(form, PlannedStep(1, "属地审核", ABOVE), PlannedStep(2, "主管审核", UNIT, county.pk))

    report = sign(make_report(county, form))

    step = policies.review_steps(report)[0]
    assert (step.post, step.name) == (OFFICE, "办公室审核")
    with pytest.raises(NotAllowed, match="本单位"):
        accept(report, actor=reviewer_of(county))
    accept(report)


def test_what_a_closed_unit_had_to_sign_falls_to_the_office() -> None:
    report, county, department = routed()
    actions.accept_report(county, report.pk, version=report.version, at=IN_TIME)
    department_unit = policies.review_steps(report)[1].unit
    assert department_unit is not None
    department_unit.closed_on = date(2026, 11, 1)
    department_unit.save()

    assert [row.step_name for row in queue_rows(OFFICER)] == ["行业审核"]
    with pytest.raises(NotAllowed):
        accept(report, actor=department)
    accept(report)
    accept(report)
    assert Report.objects.get().status == "accepted"


def test_whoever_filled_it_does_not_review_it_and_nobody_signs_two_steps() -> None:
    unit, form = make_unit(), make_form(make_field())
    set_steps(form, PlannedStep(1, "初审", OFFICE), PlannedStep(2, "复核", OFFICE))
    report = make_report(unit, form)
    liaison = Actor(7, "小李", Role.UNIT_LIAISON, unit.pk, unit.path)
    actions.save_cells(liaison, report.pk, cells=[], at=IN_TIME)
    edit = actions.CellEdit(f"figure:{form.form_fields.get().field_id}:value", "3")
    actions.save_cells(liaison, report.pk, cells=[edit], at=IN_TIME)
    submitted = submit(report)
    actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)
    moved_over, first, second = (
        people(Role.OFFICE_OFFICER, 7),
        people(Role.OFFICE_OFFICER, 8),
        people(Role.OFFICE_HEAD, 9),
    )

    assert queue_rows(moved_over) == []
    with pytest.raises(NotAllowed, match="填报"):
        accept(report, actor=moved_over)
    accept(report, actor=first)
    assert queue_rows(first) == []
    with pytest.raises(NotAllowed, match="另一环节"):
        accept(report, actor=first)
    accept(report, actor=second)
    assert Report.objects.get().status == "accepted"


def test_the_route_of_a_level_goes_before_that_for_all_and_holds_from_the_next_signing() -> None:
    form = make_form(make_field(), levels=("county", "member"))
    county, member = make_unit(), make_unit(level="member")
    signed_before = sign(make_report(county, form))
    set_steps(form, PlannedStep(1, "甲", OFFICE))
    set_steps(form, PlannedStep(1, "乙", OFFICE), level="member")

    assert policies.review_steps(signed_before)[0].post == ANYBODY
    assert policies.review_steps(sign(make_report(member, form)))[0].name == "乙"
    actions.drop_route(OFFICER, form.pk, "member", at=IN_TIME)
    with pytest.raises(RecordMoved):
        actions.drop_route(OFFICER, form.pk, "member", at=IN_TIME)
    with pytest.raises(RecordMoved):
        set_steps(form, PlannedStep(1, "丙", OFFICE))
    with pytest.raises(Invalid):
        set_steps(form, PlannedStep(1, "丙", UNIT, make_unit(level="sub").pk), level="county")
    with pytest.raises(Invalid):
        set_steps(form, PlannedStep(1, "丙", OFFICE), level="moon")


# --- accepting in part ---


def test_in_part_the_unmarked_lines_become_facts_and_stay_as_they_are() -> None:
    unit, good, bad = make_unit(), make_field(), make_field()
    report = sign(make_report(unit, make_form(good, bad)))
    complaint = Complaint("数据与台账不符", {f"figure:{bad.pk}:value": "请核对"}, date(2026, 11, 20))

    actions.accept_part(OFFICER, report.pk, complaint=complaint, version=report.version, at=IN_TIME)

    report.refresh_from_db()
    assert (report.status, report.times_returned) == ("returned", 1)
    assert Fact.objects.get().field == good
    edits = [actions.CellEdit(f"figure:{field.pk}:value", "9") for field in (good, bad)]
    saved = actions.save_cells(liaison_of(unit), report.pk, cells=edits, at=IN_TIME)
    assert [one.ref for one in saved.saved] == [f"figure:{bad.pk}:value"]
    assert "已采用" in saved.refused[0].sentence
    again = submit(report)
    actions.sign_report(head_of(unit), report.pk, version=again.version, at=IN_TIME)
    accept(report)
    assert {fact.field_id: fact.value for fact in Fact.objects.filter(is_current=True)} == {
        good.pk: Decimal(5),
        bad.pk: Decimal(9),
    }
    assert Fact.objects.count() == 2


def test_in_part_something_is_taken_and_something_goes_back() -> None:
    unit, field = make_unit(), make_field()
    report = sign(make_report(unit, make_form(field)))

    for marks in ({}, {f"figure:{field.pk}:value": "请核对"}):
        complaint = Complaint("数据与台账不符", marks, date(2026, 11, 20))
        with pytest.raises(Invalid):
            actions.accept_part(OFFICER, report.pk, complaint=complaint, version=report.version, at=IN_TIME)
    report, _county, _department = routed()
    complaint = Complaint("数据与台账不符", {}, date(2026, 11, 20))
    with pytest.raises(RecordMoved):
        actions.accept_part(_county, report.pk, complaint=complaint, version=report.version, at=IN_TIME)


# --- unlocking ---


def test_an_accepted_report_is_unlocked_with_a_reason_and_its_facts_stay_until_it_is_accepted_anew() -> None:
    unit, field = make_unit(), make_field()
    report = accept(sign(make_report(unit, make_form(field))))

    with pytest.raises(Invalid):
        actions.unlock_report(
            OFFICER, report.pk, reason="错", due_on=date(2026, 11, 1), version=report.version, at=IN_TIME
        )
    actions.unlock_report(
        OFFICER,
        report.pk,
        reason="单位来函更正",
        due_on=date(2026, 11, 9),
        version=report.version,
        at=IN_TIME,
    )

    report.refresh_from_db()
    assert (report.status, report.times_returned) == ("returned", 0)
    assert Fact.objects.get(is_current=True).value == 5
    withdrawn = submit(fill(report, value="6"))
    assert actions.withdraw_report(liaison_of(unit), report.pk, at=IN_TIME).status == "returned"
    again = submit(report)
    assert withdrawn.pk == again.pk
    actions.sign_report(head_of(unit), report.pk, version=again.version, at=IN_TIME)
    accepted = accept(report)
    assert accepted.reopened_at is None
    assert Fact.objects.get(is_current=True).value == 6
    with pytest.raises(NotAllowed):
        actions.unlock_report(
            liaison_of(unit),
            report.pk,
            reason="单位来函更正",
            due_on=date(2026, 11, 9),
            version=1,
            at=IN_TIME,
        )


def test_in_a_closed_month_a_second_person_of_the_office_unlocks() -> None:
    unit = make_unit()
    report = accept(sign(make_report(unit, make_form(make_field()))))
    actions.close_period(OFFICER, report.obligation.period_id, at=IN_TIME)
    first, second = people(Role.OFFICE_OFFICER, 8), people(Role.OFFICE_HEAD, 9)
    unlocking = actions.unlock_report(
        first, report.pk, reason="单位来函更正", due_on=date(2026, 11, 9), version=report.version, at=IN_TIME
    )

    report.refresh_from_db()
    assert report.status == "accepted"
    with pytest.raises(RecordMoved, match="已有解锁申请"):
        actions.unlock_report(
            second,
            report.pk,
            reason="单位来函更正",
            due_on=date(2026, 11, 9),
            version=report.version,
            at=IN_TIME,
        )
    with pytest.raises(NotAllowed, match="另一人"):
        actions.confirm_unlocking(first, unlocking.pk, at=IN_TIME)
    with pytest.raises(Invalid):
        actions.refuse_unlocking(second, unlocking.pk, reason=" ", at=IN_TIME)
    actions.confirm_unlocking(second, unlocking.pk, at=IN_TIME)
    with pytest.raises(RecordMoved):
        actions.refuse_unlocking(second, unlocking.pk, reason="已办", at=IN_TIME)
    report.refresh_from_db()
    assert report.status == "returned"
    accept(sign(report))
    assert Report.objects.get().status == "accepted"
    with pytest.raises(RecordMoved):
        sign(report)


# --- reasons ---


def test_reasons_are_the_office_s_and_given_ones_are_not_reworded() -> None:
    unit = make_unit()
    report = sign(make_report(unit, make_form(make_field())))
    reason = actions.add_reason(OFFICER, "数据口径有误", at=IN_TIME)
    assert return_reasons().count() == 7

    actions.return_report(
        OFFICER, report.pk, reason="数据口径有误", marks={}, due_on=date(2026, 11, 20),
        reason_ids=[reason.pk], version=report.version, at=IN_TIME,
    )  # fmt: skip

    assert GivenReason.objects.get().reason == reason
    change = {"position": 5, "is_closed": True, "at": IN_TIME}
    with pytest.raises(Invalid, match="用过"):
        actions.edit_reason(OFFICER, reason.pk, words="口径不一致", version=1, **change)  # type: ignore[arg-type]
    actions.edit_reason(OFFICER, reason.pk, words="数据口径有误", version=1, **change)  # type: ignore[arg-type]
    with pytest.raises(RecordMoved):
        actions.edit_reason(OFFICER, reason.pk, words="数据口径有误", version=1, **change)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        actions.add_reason(OFFICER, "数据口径有误", at=IN_TIME)
    assert ReturnReason.objects.get(pk=reason.pk).is_closed
    with pytest.raises(NotVisible):
        actions.edit_reason(OFFICER, 0, words="口径不一致", version=1, **change)  # type: ignore[arg-type]
