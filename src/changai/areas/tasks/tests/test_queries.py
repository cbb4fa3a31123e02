from datetime import date

import pytest

from changai.areas.accounts.tests.make import actor_for
from changai.areas.organisations.models import Unit
from changai.areas.plans.tests.make import assign, make_plan, measure_saying
from changai.areas.tasks import actions, queries
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import Share, Step
from changai.areas.tasks.tests.make import LATER, OFFERED_AT, make_claim, make_issued
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import MACHINE, Actor, Role


def test_claims_are_seen_by_the_own_branch_and_those_who_see_all(
    officer: Actor, office_head: Actor, county: Unit, township: Unit, everybody: dict[Role, Actor]
) -> None:
    make_issued(officer, office_head, leads=[county], supports=[township])
    seen = {role: queries.visible_to(actor).count() for role, actor in everybody.items()}
    assert seen[Role.COUNTY_REVIEWER] == seen[Role.LEADER] == seen[Role.INSPECTOR] == 2
    assert seen[Role.UNIT_LIAISON] == seen[Role.AUDIT_ADMINISTRATOR] == seen[Role.SYSTEM_ADMINISTRATOR] == 0
    assert queries.visible_to(actor_for(Role.UNIT_LIAISON, township)).count() == 1
    assert queries.visible_to(MACHINE).count() == 2


def test_a_unit_reports_on_what_it_claimed_and_did_not_complete_before(
    officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor
) -> None:
    claim = make_claim(officer, office_head, unit_a)
    assert not queries.reportable_claims(unit_a.pk, Month(2026, 3))
    actions.claim_task(liaison, claim.pk, at=LATER)
    assert list(queries.reportable_claims(unit_a.pk, Month(2026, 3))) == [claim]
    assert not queries.reportable_claims(unit_a.pk, Month(2025, 12))
    actions.complete_claim(officer, claim.pk, completed_on=date(2026, 3, 1), at=LATER)
    assert list(queries.reportable_claims(unit_a.pk, Month(2026, 3))) == [claim]
    assert not queries.reportable_claims(unit_a.pk, Month(2026, 4))


def test_a_split_task_is_reported_in_its_parts(
    officer: Actor, office_head: Actor, county: Unit, township: Unit
) -> None:
    own = actor_for(Role.UNIT_LIAISON, county)
    claim = make_claim(officer, office_head, county, answered_by=own)
    shares = [Share(county.pk, "自己的部分"), Share(township.pk, "下属的部分")]
    mine, _below = actions.split_task(own, claim.pk, shares=shares, version=2, at=LATER)
    assert list(queries.reportable_claims(county.pk, Month(2026, 3))) == [mine]
    assert not queries.reportable_claims(township.pk, Month(2026, 3))


def test_scheduled_progress_follows_the_milestones(
    officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor
) -> None:
    claim = make_claim(officer, office_head, unit_a, answered_by=liaison)
    assert queries.scheduled_for(claim, date(2026, 12, 31)) == 100
    steps = [Step("一", date(2026, 3, 31)), Step("二", date(2026, 9, 30))]
    actions.plan_milestones(liaison, claim.pk, steps=steps, version=2, at=LATER)
    assert queries.scheduled_for(claim, date(2026, 4, 1)) == 50


def test_coverage_names_every_fault(
    officer: Actor, office_head: Actor, liaison: Actor, unit_a: Unit, unit_b: Unit, county: Unit
) -> None:
    plan = make_plan(officer)
    assign(officer, measure_saying(plan, "20场"), leads=[unit_a, unit_b])
    assign(officer, measure_saying(plan, "宣讲团"), leads=[unit_a])
    assign(officer, measure_saying(plan, "校企合作"), leads=[unit_a], supports=[county])
    actions.hand_down_plan(office_head, plan.pk, version=1, at=OFFERED_AT)
    shares = {claim.measure.text[:6]: claim for claim in Claim.objects.filter(unit=unit_a)}
    actions.contest_task(liaison, shares["6月底前完成"[:6]].pk, reason="职责不在我局", version=1, at=LATER)
    third = Claim.objects.get(unit=unit_a, measure__text__contains="校企合作")
    actions.hand_over_task(
        liaison, third.pk, unit_id=unit_b.pk, reason="按职责由乙局负责", version=1, at=LATER
    )
    board = queries.coverage(plan.pk, today=date(2026, 2, 2))
    assert dict(board.counts) == {
        "without_lead": 4, "two_leads": 1, "unclaimed": 2, "contested": 1, "handed_over": 1,
    }  # fmt: skip
    assert [row.measure.text[:4] for row in board.having("two_leads")] == ["各县区全"]
    (passed,) = board.having("handed_over")
    assert [claim.unit.name for claim in passed.claims] == ["乙局", "丙县"]
    assert passed.part.heading == "提升技能素质"
    assert {row.state for row in board.rows} == {"unclaimed", "contested", "without_lead"}
    assert len(board.having("all")) == 7
    with pytest.raises(NotVisible):
        queries.coverage(0)


def test_a_split_lead_is_one_lead(officer: Actor, office_head: Actor, county: Unit, township: Unit) -> None:
    own = actor_for(Role.UNIT_LIAISON, county)
    claim = make_claim(officer, office_head, county, answered_by=own)
    shares = [Share(county.pk, "自己的部分"), Share(township.pk, "下属的部分")]
    actions.split_task(own, claim.pk, shares=shares, version=2, at=LATER)
    board = queries.coverage(claim.measure.plan_id)
    assert board.counts["two_leads"] == 0
    assert len(board.rows[0].leads) == 2


def test_counts_and_tabs_agree(officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor) -> None:
    make_issued(officer, office_head, leads=[unit_a], text="要点\n一、要做甲。\n二、要做乙。\n三、要做丙。\n")
    first, second, _third = Claim.objects.order_by("pk")
    actions.claim_task(liaison, first.pk, at=LATER)
    actions.contest_task(liaison, second.pk, reason="职责不在我局", version=1, at=LATER)
    claims = queries.visible_to(liaison)
    counts = queries.counts_of(claims)
    assert counts == {"offered": 1, "claimed": 1, "contested": 1, "passed": 0, "done": 0, "all": 3}
    assert {tab: queries.in_tab(claims, tab).count() for tab in counts} == counts


def test_coverage_asks_the_database_the_same_number_of_times_for_any_size(
    officer: Actor, office_head: Actor, unit_a: Unit, django_assert_max_num_queries: object
) -> None:
    plan = make_issued(
        officer,
        office_head,
        leads=[unit_a],
        text="要点\n" + "".join(f"{n}、要做好这件事。\n" for n in "一二三四五六七八九"),
    )
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        board = queries.coverage(plan.pk)
        assert [claim.unit.name for row in board.rows for claim in row.claims]
