"""The whole way of a report as a machine of states, with routes and people pressed at random by hypothesis."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from changai.areas.facts.models import Fact
from changai.areas.organisations.models import Unit
from changai.areas.reporting import actions, policies
from changai.areas.reporting.actions import CellEdit, Complaint
from changai.areas.reporting.models import Report, ReviewStep
from changai.areas.reporting.queries.reviewing import queue_rows
from changai.areas.reporting.rules.moves import REVIEWS
from changai.areas.reporting.rules.routes import ABOVE, OFFICE, UNIT, PlannedStep
from changai.areas.reporting.tests.make import (
    IN_TIME,
    actor_of,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    set_steps,
)
from changai.core.errors import ActionRefused
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
_people = count(1000)
DUE = date(2026, 11, 20)


def person(role: Role, unit: Unit) -> Actor:
    found = actor_of(role, unit)
    return Actor(next(_people), f"{role}{unit.pk}", role, found.unit_id, found.unit_path)


class ReviewMachine(RuleBasedStateMachine):
    """One township's report among its county, a department and two people of the office."""

    @initialize(
        route=st.lists(
            st.tuples(st.integers(1, 3), st.sampled_from([ABOVE, UNIT, OFFICE])), max_size=4, unique=True
        ),
        of_county=st.booleans(),
    )
    def found(self, route: list[tuple[int, str]], *, of_county: bool) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        county, department, office = make_unit(), make_unit(level="member"), make_office()
        self.unit = county if of_county else make_unit(level="sub", parent=county)
        self.fields = [make_field(), make_field()]
        form = make_form(*self.fields, levels=("county", "sub"))
        steps = [
            PlannedStep(stage, post, post, department.pk if post == UNIT else None) for stage, post in route
        ]
        if sum(step.post == OFFICE for step in steps) > 2:
            steps = steps[:2]
        if steps:
            set_steps(form, *steps)
        self.report = make_report(self.unit, form)
        self.department = department
        self.liaison, self.head = person(Role.UNIT_LIAISON, self.unit), person(Role.UNIT_HEAD, self.unit)
        self.reviewers = [
            person(Role.COUNTY_REVIEWER, county),
            person(Role.COUNTY_REVIEWER, department),
            person(Role.OFFICE_OFFICER, office),
            person(Role.OFFICE_HEAD, office),
            person(Role.OFFICE_OFFICER, office),
        ]
        self.accepted: dict[int, Decimal | None] = {}

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def press(self, act: object, *arguments: object, **named: object) -> bool:
        try:
            act(*arguments, at=IN_TIME, **named)  # type: ignore[operator]
        except ActionRefused:
            return False
        finally:
            self.report = Report.objects.select_related("obligation__unit", "obligation__period").get(
                pk=self.report.pk
            )
        return True

    @rule(values=st.tuples(st.integers(0, 3), st.integers(0, 3)))
    def fill(self, values: tuple[int, int]) -> None:
        edits = [
            CellEdit(f"figure:{field.pk}:value", str(value))
            for field, value in zip(self.fields, values, strict=True)
        ]
        self.press(actions.save_cells, self.liaison, self.report.pk, cells=edits)

    @rule()
    def submit(self) -> None:
        self.press(actions.submit_report, self.liaison, self.report.pk, version=self.report.version)

    @rule()
    def withdraw(self) -> None:
        self.press(actions.withdraw_report, self.liaison, self.report.pk)

    @rule()
    def sign(self) -> None:
        self.press(actions.sign_report, self.head, self.report.pk, version=self.report.version)

    @rule(value=st.integers(0, 3))
    def send(self, value: int) -> None:
        edits = [CellEdit(f"figure:{field.pk}:value", str(value)) for field in self.fields]
        self.press(actions.save_cells, self.liaison, self.report.pk, cells=edits)
        self.press(actions.submit_report, self.liaison, self.report.pk, version=self.report.version)
        self.press(actions.sign_report, self.head, self.report.pk, version=self.report.version)

    @rule(who=st.integers(0, 4))
    def accept(self, who: int) -> None:
        actor = self.reviewers[who]
        if self.press(actions.accept_report, actor, self.report.pk, version=self.report.version):
            assert actor.unit_id != self.unit.pk
            if self.report.status == "accepted":
                self.note_accepted()

    @rule(who=st.integers(0, 4))
    def send_back(self, who: int) -> None:
        if self.press(
            actions.return_report, self.reviewers[who], self.report.pk,
            reason="请核对数据", marks={}, due_on=DUE, version=self.report.version,
        ):  # fmt: skip
            assert self.report.status == "returned"

    @rule(who=st.integers(0, 4))
    def accept_part(self, who: int) -> None:
        marks = {f"figure:{self.fields[0].pk}:value": "请核对"}
        if self.press(
            actions.accept_part, self.reviewers[who], self.report.pk,
            complaint=Complaint("请核对数据", marks, DUE), version=self.report.version,
        ):  # fmt: skip
            self.note_accepted(self.fields[1].pk)

    @rule()
    def unlock(self) -> None:
        self.press(
            actions.unlock_report, self.reviewers[3], self.report.pk,
            reason="单位来函更正", due_on=DUE, version=self.report.version,
        )  # fmt: skip

    @rule()
    def close_the_department(self) -> None:
        Unit.objects.filter(pk=self.department.pk).update(closed_on=date(2026, 11, 1))

    def note_accepted(self, *only: int) -> None:
        for line in self.report.figure_lines.all():
            if not only or line.field_id in only:
                self.accepted[line.field_id] = line.value

    @invariant()
    def somebody_can_move_it(self) -> None:
        if not hasattr(self, "report"):
            return
        people = [self.liaison, self.head, *self.reviewers]
        assert any(policies.available_moves(actor, self.report) for actor in people)

    @invariant()
    def nobody_of_the_unit_reviews_and_the_queue_shows_what_may_be_done(self) -> None:
        if not hasattr(self, "report"):
            return
        for actor in (self.liaison, self.head, *self.reviewers):
            may = policies.available_moves(actor, self.report) & REVIEWS
            assert not (may and actor.unit_id == self.unit.pk)
            if actor in self.reviewers:
                waits = self.report in [row.report for row in queue_rows(actor)]
                assert waits == bool(may)

    @invariant()
    def every_figure_is_in_force_once_and_as_accepted(self) -> None:
        if not hasattr(self, "report"):
            return
        current = Fact.objects.filter(unit=self.unit, field__in=self.fields, is_current=True)
        assert {fact.field_id: fact.value for fact in current} == self.accepted
        assert current.count() == len(self.accepted)

    @invariant()
    def an_accepted_report_has_every_step_signed_by_another_hand(self) -> None:
        if not hasattr(self, "report") or self.report.status != "accepted":
            return
        latest = self.report.submissions.order_by("-number").first()
        assert latest is not None
        steps = list(ReviewStep.objects.filter(submission=latest))
        assert steps
        assert all(step.decision == "passed" for step in steps)
        hands = [step.decided_by_id for step in steps]
        assert len(hands) == len(set(hands))
        assert not set(hands) & set(self.report.hands)


def test_the_way_of_a_report_holds_whatever_is_pressed() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        ReviewMachine, settings=settings(max_examples=5, stateful_step_count=18, deadline=None)
    )
