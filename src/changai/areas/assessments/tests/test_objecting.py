"""事实确认, 申诉, 答复, 复核, 公示: each step, its clock, its bar on conflicts of interest, what it leaves behind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.models import Person
from changai.areas.accounts.tests.make import MOMENT, actor_for, make_unit
from changai.areas.assessments import actions, queries
from changai.areas.assessments.jobs import pass_deadlines
from changai.areas.assessments.models import FactsVersion, LeafOwner, LeafScore, Objection, Round, Score
from changai.areas.assessments.rules import CLOCK_MOVES, CLOSED_OBJECTIONS
from changai.areas.assessments.tests.make import (
    OCTOBER,
    UNREVIEWED,
    judge_all,
    make_county,
    make_round,
    report,
    scored,
)
from changai.areas.organisations.models import Level, Unit
from changai.areas.schemes.models import SchemeVersion
from changai.core.errors import ActionRefused, Invalid, NotAllowed, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice
from changai.foundation.workdays.queries import work_calendar

pytestmark = pytest.mark.django_db
GROUNDS = "我县十月另有一期培训班已结业，花名册附后"
REPLY = "经核对花名册，所述情况属实，予以更正"
NO = "经核对，该期培训班在考核时段之外结业"


@pytest.fixture
def full(officer: Actor, issued: SchemeVersion, county: Unit, rival: Unit) -> Round:
    """A scored round of the full course in which 丙县 trained 200 of 600 and 丁县 300 of 600."""
    report(officer, county, OCTOBER, trained=200, target=600, late=1)
    report(officer, rival, OCTOBER, trained=300, target=600, late=0)
    round_ = make_round(officer, issued, course="full")
    round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    judge_all(officer, round_)
    return scored(officer, round_)


@pytest.fixture
def asked(officer: Actor, full: Round) -> Round:
    return actions.ask_units(officer, full.pk, version=full.version, at=MOMENT, reason=UNREVIEWED)


@pytest.fixture
def insider(county: Unit) -> Actor:
    return actor_for(Role.UNIT_LIAISON, county)


@pytest.fixture
def objection(insider: Actor, asked: Round) -> Objection:
    return actions.raise_objection(insider, asked.pk, "1.1", grounds=GROUNDS, at=MOMENT)


def reply(
    actor: Actor, objection: Objection, text: str = REPLY, *, at: datetime = MOMENT, **values: str
) -> Objection:
    objection.refresh_from_db()
    return actions.reply_to_objection(
        actor, objection.pk, reply=text, values=values, version=objection.version, at=at
    )


def refused(officer: Actor, objection: Objection, insider: Actor) -> Objection:
    """Return the objection refused, and its review asked for."""
    objection = reply(officer, objection, NO)
    return actions.ask_review(insider, objection.pk, grounds=GROUNDS, version=objection.version, at=MOMENT)


def named(head: Actor, objection: Objection, reviewer: Actor) -> Objection:
    return actions.name_reviewer(
        head, objection.pk, person_id=reviewer.person_id or 0, version=objection.version, at=MOMENT
    )


def review(actor: Actor, objection: Objection, text: str = REPLY, **values: str) -> Objection:
    return actions.review_objection(
        actor, objection.pk, review=text, values=values, version=objection.version, at=MOMENT
    )


# Freezing


def test_frozen_facts_stay_when_the_source_moves(officer: Actor, full: Round, county: Unit) -> None:
    report(officer, county, OCTOBER, trained=600)
    again = scored(officer, full)
    assert Score.objects.get(round=again, unit=county).total_hundredths == 2000 + 2900 + 600
    assert [moved.now for moved in queries.moved_figures(again)] == ["600"]
    assert queries.replays_identically(again)


def test_facts_are_frozen_once_and_only_in_the_full_course(
    officer: Actor, full: Round, issued: SchemeVersion
) -> None:
    with pytest.raises(RecordMoved, match="已经冻结"):
        actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT)
    assert full.facts_versions.get().cause == FactsVersion.Cause.FREEZE
    assert all(
        row["facts"] for row in full.frozen_facts if row["status"] == "REPORTED" and not row["reviewed"]
    )


def test_a_full_round_cannot_be_published_without_its_steps(office_head: Actor, full: Round) -> None:
    with pytest.raises(RecordMoved, match="公示期满"):
        actions.publish_round(office_head, full.pk, version=full.version, at=MOMENT)


def test_clocks_are_working_days_within_reason(officer: Actor, issued: SchemeVersion, county: Unit) -> None:
    with pytest.raises(Invalid, match="1 至 30"):
        make_round(officer, issued, course="full", days={"confirm": 0})
    round_ = make_round(officer, issued, course="full", days={"confirm": 3, "notice": 7})
    assert (round_.confirm_days, round_.notice_days, round_.reply_days) == (3, 7, 5)


# Confirming


def test_units_see_their_result_only_once_asked(full: Round, insider: Actor, officer: Actor) -> None:
    assert not queries.visible_to(insider).exists()
    round_ = actions.ask_units(officer, full.pk, version=full.version, at=MOMENT, reason=UNREVIEWED)
    assert queries.visible_to(insider).get() == round_
    assert round_.confirm_until == work_calendar().plus(MOMENT.date(), 5)
    assert [score.unit_id for score in queries.scores_visible_to(insider, round_)] == [insider.unit_id]


def test_asking_waits_for_every_judgement(
    officer: Actor, issued: SchemeVersion, county: Unit, rival: Unit
) -> None:
    round_ = make_round(officer, issued, course="full")
    round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    round_ = scored(officer, round_)
    with pytest.raises(Invalid, match="还有 2 项人工核定"):
        actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)


def test_a_unit_confirms_for_itself_once(
    asked: Round, insider: Actor, officer: Actor, liaison: Actor
) -> None:
    part = actions.confirm_facts(insider, asked.pk, at=MOMENT)
    assert part.confirmed_by_name == insider.name
    with pytest.raises(RecordMoved, match="不必重复"):
        actions.confirm_facts(insider, asked.pk, at=MOMENT)
    for stranger in (officer, liaison):
        with pytest.raises(ActionRefused):
            actions.confirm_facts(stranger, asked.pk, at=MOMENT)


def test_confirmation_ends_early_only_when_all_have_spoken(
    asked: Round, insider: Actor, officer: Actor, rival: Unit
) -> None:
    actions.confirm_facts(insider, asked.pk, at=MOMENT)
    with pytest.raises(Invalid, match="还有 1 个单位没有确认（丁县）"):
        actions.close_confirmation(officer, asked.pk, at=MOMENT)
    actions.confirm_facts(actor_for(Role.UNIT_HEAD, rival), asked.pk, at=MOMENT)
    assert actions.close_confirmation(officer, asked.pk, at=MOMENT).status == Round.Status.DECIDING


def test_the_clock_ends_the_confirmation(asked: Round) -> None:
    last = datetime.combine(asked.confirm_until, MOMENT.time(), MOMENT.tzinfo)  # type: ignore[arg-type]
    assert "已结束 0 次" in pass_deadlines(last)
    assert "已结束 1 次" in pass_deadlines(last + timedelta(days=1))
    asked.refresh_from_db()
    assert asked.status == Round.Status.DECIDING


# Objecting


def test_an_objection_after_the_deadline_is_told_so(asked: Round, insider: Actor) -> None:
    late = MOMENT + timedelta(days=30)
    with pytest.raises(RecordMoved, match="事实确认已于 2026年11月9日截止，逾期提出的申诉不再受理"):
        actions.raise_objection(insider, asked.pk, "1.1", grounds=GROUNDS, at=late)
    assert not Objection.objects.exists()


def test_the_last_moment_of_the_last_day_is_in_time(asked: Round, insider: Actor) -> None:
    """Shanghai is eight hours ahead: 15:59:59 UTC is the last second of the day there."""
    last = datetime(2026, 11, 9, 15, 59, 59, 999_000, tzinfo=MOMENT.tzinfo)
    with pytest.raises(RecordMoved):
        actions.raise_objection(
            insider, asked.pk, "1.1", grounds=GROUNDS, at=last + timedelta(milliseconds=1)
        )
    assert actions.raise_objection(insider, asked.pk, "1.1", grounds=GROUNDS, at=last).status == "raised"


def test_grounds_are_needed_and_one_objection_stands_per_indicator(
    asked: Round, insider: Actor, objection: Objection
) -> None:
    with pytest.raises(RecordMoved, match="已就这项指标"):
        actions.raise_objection(insider, asked.pk, "1.1", grounds=GROUNDS, at=MOMENT)
    with pytest.raises(Invalid, match="申诉事实和理由"):
        actions.raise_objection(insider, asked.pk, "1.2", grounds="不服", at=MOMENT)
    with pytest.raises(Invalid, match="选择"):
        actions.raise_objection(insider, asked.pk, "9.9", grounds=GROUNDS, at=MOMENT)
    actions.withdraw_objection(insider, objection.pk, version=objection.version, at=MOMENT)
    assert actions.raise_objection(insider, asked.pk, "1.1", grounds=GROUNDS, at=MOMENT).status == "raised"


def test_objecting_takes_a_confirmation_back_and_bars_another(asked: Round, insider: Actor) -> None:
    actions.confirm_facts(insider, asked.pk, at=MOMENT)
    actions.raise_objection(insider, asked.pk, "1.1", grounds=GROUNDS, at=MOMENT)
    part = queries.part_of(insider, asked)
    assert part is not None
    assert part.confirmed_at is None
    with pytest.raises(RecordMoved, match="先撤回"):
        actions.confirm_facts(insider, asked.pk, at=MOMENT)


# Replying


def test_an_upheld_objection_is_a_new_version_with_who_moved(
    officer: Actor, objection: Objection, county: Unit, rival: Unit
) -> None:
    """丙县 20 + 29 + 6 = 55 and second, with 500 of 600 it is 50 + 29 + 6 = 85 and passes 丁县 (30 + 30 + 6)."""
    untouched = LeafScore.objects.get(score__unit=rival, code="1.1")
    assert reply(officer, objection, trained="500").status == "answered"
    round_ = Round.objects.get()
    kept = round_.facts_versions.get(number=2)
    assert (kept.cause, kept.reason) == (FactsVersion.Cause.OBJECTION, REPLY)
    (correction,) = kept.corrections
    assert (correction["before"]["value"], correction["after"]["value"]) == ("200", "500")
    assert correction["after"]["corrected_by"] == officer.name
    assert {move["unit"]: (move["total"], move["rank"], move["grade"]) for move in kept.moves} == {
        county.code: (["55.00", "85.00"], [2, 1], ["合格", "优秀"]),
        rival.code: (["66.00", "66.00"], [1, 2], ["合格", "合格"]),
    }
    assert kept.moves[0]["leaves"] == [
        {"code": "1.1", "name": "培训任务完成率", "points": ["20.00", "50.00"]}
    ]
    assert Score.objects.get(unit=county).total_hundredths == 8500
    assert "500" in LeafScore.objects.get(score__unit=county, code="1.1").sentence
    assert LeafScore.objects.get(score__unit=rival, code="1.1").pk == untouched.pk
    assert queries.replays_identically(round_)
    assert Notice.objects.filter(unit_id=rival.pk, sentence__contains="有变动").exists()


def test_units_read_their_own_lines_of_the_sheet(
    officer: Actor, insider: Actor, objection: Objection, rival: Unit
) -> None:
    reply(officer, objection, trained="500")
    round_ = Round.objects.get()
    (every,) = queries.changes_of(officer, round_)
    assert [mover.unit for mover in every.movers] == ["丙县", "丁县"]
    assert (every.movers[0].is_new_grade, every.movers[1].is_new_grade) == (True, False)
    (own,) = queries.changes_of(insider, round_)
    assert [mover.unit for mover in own.movers] == ["丙县"]
    (others,) = queries.changes_of(actor_for(Role.UNIT_HEAD, rival), round_)
    assert ([mover.unit for mover in others.movers], others.corrections) == (["丁县"], ())


def test_the_same_figure_again_upholds_nothing(officer: Actor, objection: Objection) -> None:
    assert reply(officer, objection, NO, trained="200").status == "answered"
    assert Round.objects.get().facts_version == 1


@pytest.mark.parametrize("typed", [{"trained": "三百"}, {"late": "0"}])
def test_a_correction_must_be_a_figure_its_rule_takes(
    officer: Actor, objection: Objection, typed: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        reply(officer, objection, **typed)
    objection.refresh_from_db()
    assert objection.status == "raised"


def test_nobody_of_the_unit_replies(objection: Objection, county: Unit) -> None:
    lent = actor_for(Role.OFFICE_OFFICER, county)
    with pytest.raises(NotAllowed, match="不能答复本单位"):
        reply(lent, objection)


def test_two_who_reply_have_one_outcome(officer: Actor, office_head: Actor, objection: Objection) -> None:
    reply(officer, objection, NO)
    with pytest.raises(RecordMoved):
        actions.reply_to_objection(
            office_head, objection.pk, reply=REPLY, values={"trained": "500"}, version=1, at=MOMENT
        )
    assert Round.objects.get().facts_version == 1


def test_a_unit_upheld_in_part_asks_for_a_review_and_what_was_corrected_stands(
    officer: Actor, office_head: Actor, insider: Actor, asked: Round, objection: Objection, unit_a: Unit
) -> None:
    """The unit says 500, the office grants 300: the round waits until the unit accepts it or has it reviewed."""
    answered = reply(officer, objection, trained="300")
    assert list(queries.open_objections(asked)) == [answered]
    asking = actions.ask_review(insider, answered.pk, grounds=GROUNDS, version=answered.version, at=MOMENT)
    neutral = actor_for(Role.UNIT_HEAD, unit_a)
    decided = review(neutral, named(office_head, asking, neutral), trained="500")
    assert (decided.status, Round.objects.get().facts_version) == ("upheld", 3)
    assert Score.objects.get(unit_id=insider.unit_id).total_hundredths == 8500


@pytest.mark.parametrize("end", ["accept", "withdraw", "lapse", "refuse"])
def test_a_corrected_objection_ends_upheld_however_it_ends(
    officer: Actor, office_head: Actor, insider: Actor, objection: Objection, unit_a: Unit, end: str
) -> None:
    made = reply(officer, objection, trained="300")
    if end == "accept":
        actions.accept_reply(insider, made.pk, version=made.version, at=MOMENT)
    elif end == "withdraw":
        actions.withdraw_objection(insider, made.pk, version=made.version, at=MOMENT)
    elif end == "lapse":
        pass_deadlines(MOMENT + timedelta(days=9))
    else:
        made = actions.ask_review(insider, made.pk, grounds=GROUNDS, version=made.version, at=MOMENT)
        neutral = actor_for(Role.UNIT_HEAD, unit_a)
        review(neutral, named(office_head, made, neutral), NO)
        assert Notice.objects.filter(unit_id=insider.unit_id, sentence__contains="维持答复意见").exists()
    made.refresh_from_db()
    assert (made.status, made.is_closed) == ("upheld", True)


# Reviewing


def test_nobody_of_an_assessed_unit_or_of_the_owner_of_the_figures_reviews(
    officer: Actor, office_head: Actor, insider: Actor, asked: Round, objection: Objection, unit_a: Unit,
    unit_b: Unit, rival: Unit,
) -> None:  # fmt: skip
    LeafOwner.objects.filter(round=asked, code="1.1").update(unit=unit_b)
    competitor, owner = actor_for(Role.UNIT_HEAD, rival), actor_for(Role.UNIT_HEAD, unit_b)
    neutral, inspector = actor_for(Role.UNIT_HEAD, unit_a), actor_for(Role.INSPECTOR)
    asking = refused(officer, objection, insider)
    offered = {person.pk for person in queries.reviewers_for(asking)}
    assert {neutral.person_id, inspector.person_id} <= offered
    assert not {competitor.person_id, owner.person_id} & offered
    for near, told in ((competitor, "也参加这次考核"), (owner, "由您所在单位审核")):
        Objection.objects.filter(pk=asking.pk).update(reviewer=near.person_id)
        with pytest.raises(NotAllowed, match=told):
            review(near, asking)


def test_who_replied_does_not_name_the_reviewer_unless_alone(
    officer: Actor, office_head: Actor, insider: Actor, objection: Objection, unit_a: Unit
) -> None:
    neutral = actor_for(Role.UNIT_HEAD, unit_a)
    asking = refused(officer, objection, insider)
    with pytest.raises(NotAllowed, match="由您答复"):
        named(officer, asking, neutral)
    today = MOMENT.date()
    told = [[duty.label for duty in queries.duties(actor, today)] for actor in (officer, office_head)]
    assert [any("确定申诉复核人" in label for label in labels) for labels in told] == [False, True]
    Person.objects.filter(pk=office_head.person_id).update(is_active=False)
    assert named(officer, asking, neutral).reviewer_id == neutral.person_id


def test_a_review_left_alone_is_given_to_somebody_else(
    officer: Actor, office_head: Actor, insider: Actor, objection: Objection, unit_a: Unit
) -> None:
    neutral = actor_for(Role.UNIT_HEAD, unit_a)
    asking = named(office_head, refused(officer, objection, insider), neutral)
    assert asking.due_on is not None
    last = datetime.combine(asking.due_on, MOMENT.time(), MOMENT.tzinfo)
    pass_deadlines(last)
    asking.refresh_from_db()
    assert asking.reviewer_id == neutral.person_id
    Notice.objects.all().delete()
    pass_deadlines(last + timedelta(days=1))
    asking = Objection.objects.select_related("round", "unit").get()
    assert (asking.status, asking.reviewer_id, asking.reviewer_name) == ("reviewing", None, "")
    assert asking.due_on > last.date()
    assert Notice.objects.filter(role=Role.OFFICE_HEAD, sentence__contains="逾期没有作出复核决定").exists()
    inspector = actor_for(Role.INSPECTOR)
    assert review(inspector, named(office_head, asking, inspector), NO).status == "refused"


def test_who_judged_or_replied_does_not_review(
    officer: Actor, office_head: Actor, insider: Actor, asked: Round, objection: Objection, unit_a: Unit
) -> None:
    neutral, inside = actor_for(Role.UNIT_HEAD, unit_a), actor_for(Role.UNIT_HEAD, insider_unit(insider))
    asking = refused(officer, objection, insider)
    offered = {person.pk for person in queries.reviewers_for(asking)}
    assert neutral.person_id in offered
    assert not {officer.person_id, inside.person_id} & offered
    for person in (officer, inside):
        with pytest.raises(Invalid, match="利害关系"):
            named(office_head, asking, person)
    asking = named(office_head, asking, neutral)
    with pytest.raises(NotAllowed, match=f"由{neutral.name}复核"):
        review(office_head, asking)
    assert review(neutral, asking, NO).status == "refused"


def test_a_judge_of_the_challenged_indicator_is_barred(
    officer: Actor, office_head: Actor, insider: Actor, asked: Round
) -> None:
    """The officer gave 典型经验 its points; the head replies, so neither may decide the review."""
    objection = actions.raise_objection(insider, asked.pk, "2", grounds=GROUNDS, at=MOMENT)
    objection = reply(office_head, objection, NO)
    asking = actions.ask_review(insider, objection.pk, grounds=GROUNDS, version=objection.version, at=MOMENT)
    Objection.objects.filter(pk=asking.pk).update(reviewer=officer.person_id)
    asking.refresh_from_db()
    with pytest.raises(NotAllowed, match="核定或审核过"):
        review(officer, asking)
    assert not {officer.person_id, office_head.person_id} & {
        each.pk for each in queries.reviewers_for(asking)
    }


def insider_unit(insider: Actor) -> Unit:
    return Unit.objects.get(pk=insider.unit_id)


def test_a_review_may_uphold_and_is_final(
    officer: Actor, office_head: Actor, insider: Actor, objection: Objection, unit_a: Unit
) -> None:
    neutral = actor_for(Role.UNIT_HEAD, unit_a)
    asking = named(office_head, refused(officer, objection, insider), neutral)
    assert review(neutral, asking, trained="500").status == "upheld"
    asking.refresh_from_db()
    assert asking.facts_version is not None
    for act in (actions.withdraw_objection, actions.accept_reply):
        with pytest.raises(RecordMoved):
            act(insider, asking.pk, version=asking.version, at=MOMENT)


def test_when_everybody_stands_too_near_the_page_says_what_to_do(
    officer: Actor, office_head: Actor, insider: Actor, asked: Round, signed_in: Callable[[Actor], Client]
) -> None:
    """The officer judged, the head replied, and the rest is of the unit: nobody is offered, and the page says so."""
    Person.objects.exclude(pk__in=[officer.person_id, office_head.person_id, insider.person_id]).update(
        is_active=False
    )
    raised = actions.raise_objection(insider, asked.pk, "2", grounds=GROUNDS, at=MOMENT)
    raised = reply(office_head, raised, NO)
    actions.ask_review(insider, raised.pk, grounds=GROUNDS, version=raised.version, at=MOMENT)
    page = reverse("assessments:objection", args=[raised.pk])
    shown = signed_in(officer).get(page).content.decode()
    assert ("没有可以复核的人员" in shown, 'id="name-reviewer"' in shown) == (True, False)
    actor_for(Role.INSPECTOR)
    assert 'id="name-reviewer"' in signed_in(officer).get(page).content.decode()


def test_the_time_to_ask_for_review_ends(officer: Actor, insider: Actor, objection: Objection) -> None:
    answered = reply(officer, objection, NO)
    with pytest.raises(RecordMoved, match="期限已过"):
        actions.ask_review(
            insider, answered.pk, grounds=GROUNDS, version=answered.version, at=MOMENT + timedelta(days=20)
        )


def test_the_clock_moves_every_waiting_objection(
    officer: Actor, insider: Actor, asked: Round, objection: Objection
) -> None:
    second = actions.raise_objection(insider, asked.pk, "2", grounds=GROUNDS, at=MOMENT)
    reply(officer, objection, NO)
    pass_deadlines(MOMENT + timedelta(days=9))
    objection.refresh_from_db()
    second.refresh_from_db()
    assert (objection.status, second.status) == ("refused", "reviewing")
    with pytest.raises(RecordMoved):
        actions.pass_deadline(officer, second.pk, at=MOMENT + timedelta(days=60))


# Notice and publication


def deciding(asked: Round) -> Round:
    pass_deadlines(MOMENT + timedelta(days=8))
    asked.refresh_from_db()
    return asked


def test_all_is_decided_before_notice_and_notice_runs_before_publication(
    officer: Actor, office_head: Actor, insider: Actor, asked: Round, objection: Objection
) -> None:
    round_ = deciding(asked)
    with pytest.raises(Invalid, match="还有 1 件申诉没有办结"):
        actions.start_notice(office_head, round_.pk, version=round_.version, at=MOMENT)
    objection.refresh_from_db()
    actions.withdraw_objection(insider, objection.pk, version=objection.version, at=MOMENT)
    round_ = actions.start_notice(office_head, round_.pk, version=round_.version, at=MOMENT)
    with pytest.raises(Invalid, match="公示到"):
        actions.publish_round(office_head, round_.pk, version=round_.version, at=MOMENT)
    round_ = actions.halt_notice(
        office_head, round_.pk, reason="发现一处数据录入错误", version=round_.version, at=MOMENT
    )
    with pytest.raises(RecordMoved):
        actions.publish_round(office_head, round_.pk, version=round_.version, at=MOMENT)
    round_ = actions.start_notice(office_head, round_.pk, version=round_.version, at=MOMENT)
    later = MOMENT + timedelta(days=8)
    assert (
        actions.publish_round(office_head, round_.pk, version=round_.version, at=later).status == "published"
    )


def correct(officer: Actor, round_: Round, unit: Unit, trained: str, *, at: datetime = MOMENT) -> Round:
    return actions.correct_figures(
        officer, round_.pk, unit.pk, values={"trained": trained}, reason="发现一处数据录入错误",
        version=round_.version, at=at,
    )  # fmt: skip


def test_a_halted_notice_is_corrected_and_given_anew(
    officer: Actor,
    office_head: Actor,
    asked: Round,
    county: Unit,
    rival: Unit,
    signed_in: Callable[[Actor], Client],
) -> None:
    with pytest.raises(RecordMoved, match="正在事实确认期内"):
        correct(officer, asked, county, "500")
    round_ = deciding(asked)
    round_ = actions.start_notice(office_head, round_.pk, version=round_.version, at=MOMENT)
    leaf = LeafScore.objects.get(score__unit=county, code="1.1")
    shown, way = (reverse("assessments:leaf", args=[leaf.pk]), f"/correct/{county.pk}/1.1/")
    assert way not in signed_in(officer).get(shown).content.decode()
    with pytest.raises(RecordMoved, match="结果正在公示，请先由办公室负责人停止公示"):
        correct(officer, round_, county, "500")
    with pytest.raises(RecordMoved, match="已请各单位确认事实，不能重新计分"):
        scored(officer, round_)
    round_ = actions.halt_notice(
        office_head, round_.pk, reason="发现一处数据录入错误", version=round_.version, at=MOMENT
    )
    assert way in signed_in(officer).get(shown).content.decode()
    assert (
        signed_in(officer).get(reverse("assessments:correct", args=[round_.pk, county.pk, "1.1"])).status_code
        == 200
    )
    Notice.objects.all().delete()
    round_ = correct(officer, round_, county, "500")
    assert (round_.status, Score.objects.get(unit=county).rank) == ("deciding", 1)
    assert set(Notice.objects.values_list("unit_id", flat=True)) == {county.pk, rival.pk}
    round_ = actions.start_notice(office_head, round_.pk, version=round_.version, at=MOMENT)
    later = MOMENT + timedelta(days=8)
    round_ = actions.publish_round(office_head, round_.pk, version=round_.version, at=later)
    assert (round_.status, queries.replays_identically(round_)) == ("published", True)
    assert Score.objects.get(unit=county).total_hundredths == 8500


def test_a_fact_corrected_after_publication_is_refused_with_the_way_to_go(
    officer: Actor, office_head: Actor, asked: Round, county: Unit
) -> None:
    round_ = deciding(asked)
    round_ = actions.start_notice(office_head, round_.pk, version=round_.version, at=MOMENT)
    later = MOMENT + timedelta(days=8)
    round_ = actions.publish_round(office_head, round_.pk, version=round_.version, at=later)
    before = round_.result_digest
    with pytest.raises(RecordMoved, match=r"考核结果已公布，冻结数据不能再改。.*登记更正"):
        actions.correct_figures(
            officer,
            round_.pk,
            county.pk,
            values={"trained": "600"},
            reason="录入错误",
            version=round_.version,
            at=later,
        )
    report(officer, county, OCTOBER, trained=600)
    round_.refresh_from_db()
    assert round_.result_digest == before
    assert queries.replays_identically(round_)


def test_the_office_corrects_with_a_reason_before_units_are_asked(
    officer: Actor, full: Round, county: Unit, issued: SchemeVersion
) -> None:
    order = {"values": {"trained": "400"}, "version": full.version, "at": MOMENT}
    with pytest.raises(Invalid, match="理由"):
        actions.correct_figures(officer, full.pk, county.pk, reason=" ", **order)  # type: ignore[arg-type]
    round_ = actions.correct_figures(officer, full.pk, county.pk, reason="督查核实", **order)  # type: ignore[arg-type]
    assert (round_.facts_version, round_.status) == (2, "scored")
    assert Score.objects.get(unit=county).total_hundredths == 4000 + 2900 + 600
    short = make_round(officer, issued, first=OCTOBER)
    with pytest.raises(RecordMoved, match="数据来源处"):
        actions.correct_figures(
            officer, short.pk, county.pk, values={"trained": "1"}, reason="录入错误", version=1, at=MOMENT
        )


def test_a_result_the_units_have_seen_is_taken_back_by_the_head_and_they_are_told(
    officer: Actor, office_head: Actor, asked: Round, county: Unit
) -> None:
    given = {"version": asked.version, "reason": "指标口径有误，重新组织考核", "at": MOMENT}
    with pytest.raises(NotAllowed, match="由办公室负责人办理"):
        actions.drop_round(officer, asked.pk, **given)
    actions.drop_round(office_head, asked.pk, **given)
    told = Notice.objects.filter(unit_id=county.pk, sentence__contains="已作废").get()
    assert "指标口径有误" in told.sentence


def test_thirty_units_object_and_nobody_is_stuck(
    officer: Actor, office_head: Actor, issued: SchemeVersion, city_unit: Unit
) -> None:
    """Whatever people do or leave undone, pressing the clock and the office's buttons ends in a publication."""
    random = Random(20261123)  # noqa: S311 - a simulation
    units = [make_county(f"第{number}县", city_unit) for number in range(30)]
    for unit in units:
        report(officer, unit, OCTOBER, trained=random.randint(0, 600), target=600, late=random.randint(0, 3))
    people = {unit.pk: actor_for(Role.UNIT_LIAISON, unit) for unit in units}
    for unit in units[:3]:
        actor_for(Role.UNIT_HEAD, unit)
    neutral = actor_for(Role.UNIT_HEAD, make_unit("庚局", level=Level.MEMBER, parent=city_unit))
    round_ = make_round(officer, issued, course="full")
    round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    round_ = actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)
    for unit in units:
        if random.random() < 0.7:
            code = random.choice(["1.1", "1.2", "2"])
            actions.raise_objection(people[unit.pk], round_.pk, code, grounds=GROUNDS, at=MOMENT)
    now = MOMENT
    for _day in range(60):
        for objection in Objection.objects.exclude(status__in=CLOSED_OBJECTIONS).select_related("unit"):
            _somebody_can_move(objection, people[objection.unit_id], office_head, now)
            _somebody_moves(
                random, objection, people[objection.unit_id], (officer, office_head, neutral), now
            )
        now += timedelta(days=1)
        pass_deadlines(now)
        round_.refresh_from_db()
        if round_.status == Round.Status.DECIDING and not queries.open_objections(round_).exists():
            break
    assert not queries.open_objections(round_).exists()
    assert set(round_.objections.values_list("status", flat=True)) == {"upheld", "refused", "withdrawn"}
    round_ = actions.start_notice(office_head, round_.pk, version=round_.version, at=now)
    later = now + timedelta(days=12)
    assert (
        actions.publish_round(office_head, round_.pk, version=round_.version, at=later).status == "published"
    )
    assert queries.replays_identically(round_)


def _somebody_can_move(objection: Objection, unit: Actor, head: Actor, now: datetime) -> None:
    """From here the unit can withdraw, and without the unit the office, a neutral person or the clock goes on; who
    comes with a page from before is told so and moves nothing.
    """
    assert (objection.round.status, objection.due_on is not None) in {
        ("confirming", True),
        ("deciding", True),
    }
    assert objection.status in CLOCK_MOVES
    if objection.status == "reviewing":
        offered = {person.unit_id for person in queries.reviewers_for(objection)}
        assert offered
        assert not offered & {unit.pk for unit in queries.assessed_units(objection.round)}
    if objection.version == 1:
        return
    stale = {"version": objection.version - 1, "at": now}
    for act in (
        lambda: actions.withdraw_objection(unit, objection.pk, **stale),
        lambda: actions.name_reviewer(head, objection.pk, person_id=0, **stale),
    ):
        with pytest.raises(RecordMoved):
            act()


def _somebody_moves(
    random: Random, objection: Objection, unit: Actor, office: tuple[Actor, Actor, Actor], now: datetime
) -> None:
    """One of the people concerned does something, or, more often, nothing."""
    officer, head, neutral = office
    values = {"late": "0"} if objection.code == "1.2" else {"trained": str(random.randint(0, 600))}
    values = values if objection.code != "2" and random.random() < 0.5 else {}
    pk, version = objection.pk, objection.version
    moves = {
        "raised": [
            lambda: actions.reply_to_objection(
                officer, pk, reply=REPLY, values=values, version=version, at=now
            ),
            lambda: actions.withdraw_objection(unit, pk, version=version, at=now),
        ],
        "answered": [
            lambda: actions.accept_reply(unit, pk, version=version, at=now),
            lambda: actions.ask_review(unit, pk, grounds=GROUNDS, version=version, at=now),
        ],
        "reviewing": [
            lambda: actions.withdraw_objection(unit, pk, version=version, at=now),
            lambda: _reviewed(objection, head, neutral, values, now),
        ],
    }[objection.status]
    if random.random() < (0.15 if objection.status != "reviewing" else 0.4):
        random.choice(moves)()


def _reviewed(
    objection: Objection, head: Actor, neutral: Actor, values: dict[str, str], now: datetime
) -> None:
    if objection.reviewer_id is None:
        objection = named(head, objection, neutral)
    actions.review_objection(
        neutral, objection.pk, review=REPLY, values=values, version=objection.version, at=now
    )
