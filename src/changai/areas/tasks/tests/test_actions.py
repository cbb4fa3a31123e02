from datetime import date
from decimal import Decimal

import pytest

from changai.areas.accounts.tests.make import actor_for, make_unit
from changai.areas.organisations.models import Unit
from changai.areas.plans.models import Plan
from changai.areas.plans.tests.make import assign, make_plan, measure_saying
from changai.areas.tasks import actions
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import Share, Step
from changai.areas.tasks.tests.make import AT, LATER, OFFERED_AT, make_claim, make_issued
from changai.core.errors import AlreadyDone, Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.notices.outbox import notices_for


@pytest.fixture
def offered(officer: Actor, office_head: Actor, unit_a: Unit) -> Claim:
    return make_claim(officer, office_head, unit_a)


@pytest.fixture
def claimed(officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor) -> Claim:
    return make_claim(officer, office_head, unit_a, answered_by=liaison)


def _told(actor: Actor) -> list[str]:
    return list(notices_for(actor).values_list("sentence", flat=True))


def test_handing_down_offers_every_unit_its_shares(
    officer: Actor, office_head: Actor, unit_a: Unit, unit_b: Unit, liaison: Actor
) -> None:
    plan = make_plan(officer)
    talks = measure_saying(plan, "20场")
    assign(officer, talks, leads=[unit_a], supports=[unit_b])
    assign(officer, measure_saying(plan, "校企合作"), leads=[unit_a])
    assert actions.hand_down_plan(office_head, plan.pk, version=1, at=OFFERED_AT) == 3
    claim = Claim.objects.get(measure=talks, unit=unit_a)
    assert (claim.part, claim.status, claim.text) == ("lead", "offered", talks.text)
    assert (claim.target_value, claim.target_unit, claim.due_on) == (Decimal(20), "场", plan.ends_on)
    support = Claim.objects.get(measure=talks, unit=unit_b)
    assert (support.part, support.target_value, support.due_on) == ("support", None, plan.ends_on)
    assert _told(liaison) == ["《2026年工作要点》已下达，贵单位有2项任务待认领。"]
    assert AuditEvent.objects.filter(act="plan.hand_down", object_id=str(plan.pk)).exists()


def test_only_the_head_hands_down_and_only_once(
    officer: Actor, office_head: Actor, liaison: Actor, unit_a: Unit
) -> None:
    plan = make_plan(officer)
    with pytest.raises(NotVisible):
        actions.hand_down_plan(liaison, plan.pk, version=1, at=AT)
    with pytest.raises(NotAllowed):
        actions.hand_down_plan(officer, plan.pk, version=1, at=AT)
    actions.hand_down_plan(office_head, plan.pk, version=1, at=AT, once="一次")  # type: ignore[call-arg]
    with pytest.raises(AlreadyDone):
        actions.hand_down_plan(office_head, plan.pk, version=1, at=AT, once="一次")  # type: ignore[call-arg]
    assert Plan.objects.get().status == "issued"


def test_a_unit_claims_what_it_was_offered(offered: Claim, liaison: Actor) -> None:
    actions.claim_task(liaison, offered.pk, version=1, at=LATER)
    offered.refresh_from_db()
    assert (offered.status, offered.answered_at, offered.answered_by_name) == ("claimed", LATER, liaison.name)
    with pytest.raises(RecordMoved, match=f"{liaison.name}已于2月2日 10:00修改了同一条记录"):
        actions.claim_task(liaison, offered.pk, version=1, at=LATER)
    with pytest.raises(RecordMoved, match="已认领"):
        actions.claim_task(liaison, offered.pk, at=LATER)


def test_strangers_do_not_see_it_and_the_office_does_not_claim_for_a_unit(
    offered: Claim, other_liaison: Actor, officer: Actor
) -> None:
    with pytest.raises(NotVisible):
        actions.claim_task(other_liaison, offered.pk, at=LATER)
    with pytest.raises(NotAllowed):
        actions.claim_task(officer, offered.pk, at=LATER)


def test_many_are_claimed_at_once(officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor) -> None:
    text = "要点\n一、要做好甲。\n二、要做好乙。\n"
    make_issued(officer, office_head, leads=[unit_a], text=text)
    ids = list(Claim.objects.values_list("pk", flat=True))
    actions.claim_task(liaison, ids[0], at=LATER)
    assert actions.claim_tasks(liaison, claim_ids=ids, at=LATER) == 1
    with pytest.raises(Invalid, match="没有待认领的"):
        actions.claim_tasks(liaison, claim_ids=ids, at=LATER)


def test_a_claim_is_taken_back_until_there_is_a_work_plan(claimed: Claim, liaison: Actor) -> None:
    actions.unclaim_task(liaison, claimed.pk, version=2, at=LATER)
    claimed.refresh_from_db()
    assert (claimed.status, claimed.answered_at) == ("offered", None)
    actions.claim_task(liaison, claimed.pk, at=LATER)
    steps = [Step("印发方案", date(2026, 3, 31))]
    actions.plan_milestones(liaison, claimed.pk, steps=steps, version=4, at=LATER)
    with pytest.raises(Invalid, match="不能撤回认领"):
        actions.unclaim_task(liaison, claimed.pk, version=5, at=LATER)


def test_a_contest_needs_a_reason_and_can_be_taken_back(
    offered: Claim, liaison: Actor, officer: Actor
) -> None:
    with pytest.raises(Invalid, match="异议理由，不少于5个字"):
        actions.contest_task(liaison, offered.pk, reason="不归我", version=1, at=LATER)
    actions.contest_task(liaison, offered.pk, reason="职责不在我局", version=1, at=LATER)
    assert _told(officer)[0].startswith("甲局对任务1-1“要开展宣讲不少于20场。”提出异议")
    actions.recant_contest(liaison, offered.pk, version=2, at=LATER)
    offered.refresh_from_db()
    assert (offered.status, offered.contest_reason) == ("offered", "")


def test_an_upheld_contest_goes_to_another_unit(
    offered: Claim, liaison: Actor, officer: Actor, unit_b: Unit, other_liaison: Actor
) -> None:
    actions.contest_task(liaison, offered.pk, reason="职责不在我局", version=1, at=LATER)
    with pytest.raises(NotAllowed):
        actions.settle_contest(
            liaison, offered.pk, decision="refuse", opinion="不能自己裁定", version=2, at=LATER
        )
    other = actions.settle_contest(
        officer,
        offered.pk,
        decision="uphold",
        opinion="改由乙局牵头",
        other_unit_id=unit_b.pk,
        version=2,
        at=LATER,
    )
    offered.refresh_from_db()
    assert (offered.status, offered.settlement) == ("withdrawn", "改由乙局牵头")
    assert other is not None
    assert (other.unit_id, other.part, other.status, other.origin_id) == (
        unit_b.pk,
        "lead",
        "offered",
        offered.pk,
    )
    assert "异议成立" in _told(liaison)[0]
    assert "改由贵单位牵头" in _told(other_liaison)[0]


def test_a_refused_contest_leaves_the_task_claimed(
    offered: Claim, liaison: Actor, officer: Actor, unit_b: Unit
) -> None:
    actions.contest_task(liaison, offered.pk, reason="职责不在我局", version=1, at=LATER)
    settle = actions.settle_contest
    with pytest.raises(Invalid, match="裁定意见"):
        settle(officer, offered.pk, decision="refuse", opinion="不行", version=2, at=LATER)
    with pytest.raises(Invalid, match="请选择"):
        settle(officer, offered.pk, decision="perhaps", opinion="再议再议再议", version=2, at=LATER)
    with pytest.raises(Invalid, match="不需另选单位"):
        settle(
            officer,
            offered.pk,
            decision="refuse",
            opinion="三定方案明确",
            other_unit_id=unit_b.pk,
            version=2,
            at=LATER,
        )
    with pytest.raises(Invalid, match="以外的单位"):
        settle(
            officer, offered.pk, decision="uphold", opinion="三定方案明确", other_unit_id=offered.unit_id,
            version=2, at=LATER,
        )  # fmt: skip
    assert settle(officer, offered.pk, decision="refuse", opinion="三定方案明确", version=2, at=LATER) is None
    offered.refresh_from_db()
    assert offered.status == "claimed"
    with pytest.raises(RecordMoved):
        settle(officer, offered.pk, decision="refuse", opinion="三定方案明确", version=3, at=LATER)


def test_an_upheld_contest_may_simply_withdraw(offered: Claim, liaison: Actor, officer: Actor) -> None:
    actions.contest_task(liaison, offered.pk, reason="职责不在我局", version=1, at=LATER)
    actions.settle_contest(
        officer, offered.pk, decision="uphold", opinion="任务不再实施", version=2, at=LATER
    )
    assert Claim.objects.get().status == "withdrawn"


def test_a_task_is_split_within_the_own_branch(
    officer: Actor, office_head: Actor, county: Unit, township: Unit, unit_a: Unit
) -> None:
    claim = make_claim(officer, office_head, county)
    own = actor_for(Role.UNIT_LIAISON, county)
    foreign = [Share(county.pk, "甲"), Share(unit_a.pk, "乙")]
    with pytest.raises(Invalid, match="本单位及下属单位"):
        actions.split_task(own, claim.pk, shares=foreign, version=1, at=LATER)
    shares = [Share(county.pk, "宣讲12场", Decimal(12)), Share(township.pk, "宣讲8场", Decimal(8))]
    mine, below = actions.split_task(own, claim.pk, shares=shares, version=1, at=LATER)
    claim.refresh_from_db()
    assert (claim.status, mine.status, below.status) == ("split", "claimed", "offered")
    assert below.due_on == claim.due_on
    assert "分解给贵单位" in _told(actor_for(Role.UNIT_LIAISON, township))[0]
    with pytest.raises(RecordMoved, match="已分解"):
        actions.claim_task(own, claim.pk, at=LATER)


def test_a_task_is_handed_over_and_taken_back(
    claimed: Claim, liaison: Actor, other_liaison: Actor, unit_b: Unit, officer: Actor
) -> None:
    give = actions.hand_over_task
    with pytest.raises(Invalid, match="转办理由"):
        give(liaison, claimed.pk, unit_id=unit_b.pk, reason="不", version=2, at=LATER)
    other = give(liaison, claimed.pk, unit_id=unit_b.pk, reason="按职责由乙局负责", version=2, at=LATER)
    assert (other.unit_id, other.status) == (unit_b.pk, "offered")
    assert "转办贵单位" in _told(other_liaison)[0]
    assert "转办乙局" in _told(officer)[0]
    actions.take_back_task(liaison, claimed.pk, version=3, at=LATER)
    claimed.refresh_from_db()
    other.refresh_from_db()
    assert (claimed.status, other.status) == ("claimed", "withdrawn")


def test_what_was_answered_cannot_be_taken_back(
    claimed: Claim, liaison: Actor, other_liaison: Actor, unit_b: Unit
) -> None:
    other = actions.hand_over_task(
        liaison, claimed.pk, unit_id=unit_b.pk, reason="按职责由乙局负责", version=2, at=LATER
    )
    actions.claim_task(other_liaison, other.pk, at=LATER)
    with pytest.raises(RecordMoved, match="乙局已答复"):
        actions.take_back_task(liaison, claimed.pk, version=3, at=LATER)


def test_a_task_is_handed_over_twice_and_the_last_step_is_taken_back(
    claimed: Claim, liaison: Actor, unit_b: Unit, county: Unit
) -> None:
    hand = actions.hand_over_task
    hand(liaison, claimed.pk, unit_id=unit_b.pk, reason="按职责由乙局负责", version=2, at=LATER)
    actions.take_back_task(liaison, claimed.pk, version=3, at=LATER)
    hand(liaison, claimed.pk, unit_id=county.pk, reason="按属地由丙县负责", version=4, at=LATER)
    actions.take_back_task(liaison, claimed.pk, version=5, at=LATER)
    claimed.refresh_from_db()
    assert claimed.status == "claimed"


def test_a_unit_does_not_get_the_same_measure_twice(
    officer: Actor, office_head: Actor, liaison: Actor, unit_a: Unit, unit_b: Unit
) -> None:
    plan = make_issued(officer, office_head, leads=[unit_a], supports=[unit_b])
    claim = Claim.objects.get(unit=unit_a)
    with pytest.raises(Invalid, match="“乙局”已承担这项任务（配合）"):
        actions.hand_over_task(
            liaison, claim.pk, unit_id=unit_b.pk, reason="按职责由乙局负责", version=1, at=LATER
        )
    with pytest.raises(Invalid, match="已承担"):
        actions.offer_measure(officer, plan.measures.get().pk, unit_id=unit_b.pk, part="lead", at=LATER)


def test_the_office_offers_one_more_unit_and_withdraws(
    offered: Claim, officer: Actor, liaison: Actor, unit_b: Unit, other_liaison: Actor
) -> None:
    with pytest.raises(NotAllowed):
        actions.offer_measure(liaison, offered.measure_id, unit_id=unit_b.pk, part="support", at=LATER)
    extra = actions.offer_measure(officer, offered.measure_id, unit_id=unit_b.pk, part="support", at=LATER)
    assert "已下达贵单位配合" in _told(other_liaison)[0]
    actions.withdraw_task(officer, extra.pk, reason="无需乙局配合", version=1, at=LATER)
    extra.refresh_from_db()
    assert (extra.status, extra.settlement) == ("withdrawn", "无需乙局配合")
    again = actions.offer_measure(officer, offered.measure_id, unit_id=unit_b.pk, part="lead", at=LATER)
    assert again.part == "lead"
    closed = make_unit("旧区", closed_on=date(2025, 12, 31))
    with pytest.raises(Invalid, match="已撤销"):
        actions.offer_measure(officer, offered.measure_id, unit_id=closed.pk, part="lead", at=LATER)


def test_a_measure_of_a_draft_is_not_offered(officer: Actor, unit_b: Unit) -> None:
    plan = make_plan(officer)
    with pytest.raises(Invalid, match="尚未下达"):
        actions.offer_measure(officer, plan.measures.all()[0].pk, unit_id=unit_b.pk, part="lead", at=AT)


def test_a_work_plan_is_made_changed_and_reordered(claimed: Claim, liaison: Actor) -> None:
    steps = [Step("印发方案", date(2026, 3, 31)), Step("组织宣讲", date(2026, 9, 30))]
    actions.plan_milestones(liaison, claimed.pk, steps=steps, version=2, at=LATER)
    first, second = claimed.milestones.order_by("position")
    actions.complete_milestone(liaison, first.pk, done_on=date(2026, 2, 1), at=LATER)
    with pytest.raises(Invalid, match="已完成的节点不能删除"):
        actions.plan_milestones(
            liaison, claimed.pk, steps=[Step("组织宣讲", date(2026, 9, 30), second.pk)], version=3, at=LATER
        )
    steps = [Step("全部总结", date(2026, 12, 1)), Step("改不了", date(2026, 5, 1), first.pk)]
    actions.plan_milestones(liaison, claimed.pk, steps=steps, version=3, at=LATER)
    rows = list(claimed.milestones.order_by("position").values_list("text", "due_on"))
    assert rows == [("全部总结", date(2026, 12, 1)), ("印发方案", date(2026, 3, 31))]
    with pytest.raises(RecordMoved, match="工作计划已被修改"):
        actions.plan_milestones(
            liaison, claimed.pk, steps=[Step("组织宣讲", date(2026, 9, 30), second.pk)], version=4, at=LATER
        )


def test_a_work_plan_lies_within_the_task_and_is_the_units_own(
    claimed: Claim, liaison: Actor, officer: Actor
) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.plan_milestones(
            liaison, claimed.pk, steps=[Step("太晚", date(2027, 1, 1))], version=2, at=LATER
        )
    assert "不在任务期限之内" in refusal.value.faults[0]
    with pytest.raises(NotAllowed):
        actions.plan_milestones(officer, claimed.pk, steps=[], version=2, at=LATER)


def test_a_milestone_is_done_on_a_past_day_and_can_be_reopened(
    claimed: Claim, liaison: Actor, other_liaison: Actor
) -> None:
    steps = [Step("印发方案", date(2026, 3, 31))]
    actions.plan_milestones(liaison, claimed.pk, steps=steps, version=2, at=LATER)
    milestone = claimed.milestones.get()
    with pytest.raises(NotVisible):
        actions.complete_milestone(other_liaison, milestone.pk, done_on=date(2026, 2, 1), at=LATER)
    with pytest.raises(Invalid, match="不晚于今天"):
        actions.complete_milestone(liaison, milestone.pk, done_on=date(2026, 2, 3), at=LATER)
    with pytest.raises(RecordMoved, match="未标记完成"):
        actions.reopen_milestone(liaison, milestone.pk, at=LATER)
    actions.complete_milestone(liaison, milestone.pk, done_on=date(2026, 2, 2), at=LATER)
    with pytest.raises(RecordMoved, match="已标记完成"):
        actions.complete_milestone(liaison, milestone.pk, done_on=date(2026, 2, 2), at=LATER)
    actions.reopen_milestone(liaison, milestone.pk, at=LATER)
    milestone.refresh_from_db()
    assert milestone.done_on is None


def test_a_task_is_completed_by_who_reviews_its_report(
    claimed: Claim, liaison: Actor, officer: Actor
) -> None:
    with pytest.raises(NotAllowed):
        actions.complete_claim(liaison, claimed.pk, completed_on=date(2026, 2, 1), at=LATER)
    actions.complete_claim(officer, claimed.pk, completed_on=date(2026, 2, 1), at=LATER)
    with pytest.raises(RecordMoved, match="任务已完成"):
        actions.unclaim_task(liaison, claimed.pk, version=3, at=LATER)
    actions.complete_claim(officer, claimed.pk, completed_on=date(2026, 1, 31), at=LATER)
    claimed.refresh_from_db()
    assert claimed.completed_on == date(2026, 1, 31)
    actions.reopen_claim(officer, claimed.pk, at=LATER)
    claimed.refresh_from_db()
    assert claimed.completed_on is None


def test_a_county_reviewer_completes_tasks_below_the_county(
    officer: Actor, office_head: Actor, township: Unit, county_reviewer: Actor
) -> None:
    claim = make_claim(officer, office_head, township, answered_by=actor_for(Role.UNIT_HEAD, township))
    actions.complete_claim(county_reviewer, claim.pk, completed_on=date(2026, 2, 1), at=LATER)
    assert Claim.objects.get(pk=claim.pk).completed_on == date(2026, 2, 1)
