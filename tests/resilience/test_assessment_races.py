"""Two at once on one round, on PostgreSQL: one outcome, told plainly to the other."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from changai.areas.accounts.tests.make import MOMENT, actor_for, make_unit
from changai.areas.assessments import actions, queries
from changai.areas.assessments.models import (
    Accountability,
    LeafReview,
    Objection,
    PanelPoints,
    ReviewedPoints,
    Round,
)
from changai.areas.assessments.tests.make import (
    OCTOBER,
    REASON,
    UNREVIEWED,
    judge_all,
    make_county,
    make_round,
    report,
    scored,
)
from changai.areas.organisations.models import Level, Unit
from changai.areas.schemes.tests.make import make_dictionary, make_issued
from changai.core.errors import ActionRefused, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.models import AuditEvent
from tests.resilience.test_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
AFTER = MOMENT + timedelta(days=40)
GROUNDS = "我县十月另有一期培训班已结业，花名册附后"


@pytest.fixture
def office() -> tuple[Actor, Actor, Round]:
    """Two of the office, and a round of the full course with its facts frozen."""
    city = make_unit("示范市", level=Level.CITY)
    home = make_unit("市产改办", level=Level.OFFICE, parent=city)
    officer, head = actor_for(Role.OFFICE_OFFICER, home), actor_for(Role.OFFICE_HEAD, home)
    make_dictionary()
    version = make_issued(officer, head)
    for name, trained in (("丙县", 200), ("丁县", 300)):
        report(officer, make_county(name, city), OCTOBER, trained=trained, target=600, late=1)
    round_ = make_round(officer, version, course="full")
    return officer, head, actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)


def refusals(outcomes: list[Any]) -> list[ActionRefused]:
    return [outcome for outcome in outcomes if isinstance(outcome, ActionRefused)]


def test_two_who_judge_one_item_have_one_outcome(office: tuple[Actor, Actor, Round]) -> None:
    officer, head, round_ = office
    unit = queries.assessed_units(round_)[0]

    def order(actor: Actor, points: int) -> Any:
        return lambda: actions.give_points(
            actor, round_.pk, unit.pk, "typical", value=Decimal(points), reason=REASON, version=0, at=MOMENT
        )

    (refused,) = refusals(at_once(order(officer, 6), order(head, 9)))
    assert isinstance(refused, RecordMoved)
    kept = ReviewedPoints.objects.get()
    assert f"{kept.reviewed_by_name} 已核定为 {kept.value.normalize():f} 分" in refused.sentence


def test_two_who_answer_one_objection_have_one_outcome(office: tuple[Actor, Actor, Round]) -> None:
    officer, head, round_ = office
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    round_ = actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)
    unit = queries.assessed_units(round_)[0]
    insider = actor_for(Role.UNIT_LIAISON, unit)
    objection = actions.raise_objection(insider, round_.pk, "1.1", grounds=GROUNDS, at=MOMENT)

    def order(actor: Actor, trained: str) -> Any:
        return lambda: actions.reply_to_objection(
            actor,
            objection.pk,
            reply="经核对花名册，予以更正",
            values={"trained": trained},
            version=1,
            at=MOMENT,
        )

    (refused,) = refusals(at_once(order(officer, "500"), order(head, "400")))
    assert refused.status == 409
    round_.refresh_from_db()
    assert round_.facts_version == 2
    assert Objection.objects.get().status == "answered"
    assert queries.replays_identically(round_)


@pytest.fixture
def done(office: tuple[Actor, Actor, Round]) -> Round:
    """The round of `office`, published after its full course."""
    officer, head, round_ = office
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)
    later = MOMENT + timedelta(days=20)
    round_ = actions.close_confirmation(officer, round_.pk, at=later)
    round_ = actions.start_notice(head, round_.pk, version=round_.version, at=later)
    return actions.publish_round(head, round_.pk, version=round_.version, at=AFTER)


def test_two_who_settle_one_list_have_one_outcome(office: tuple[Actor, Actor, Round], done: Round) -> None:
    officer, head, _round = office
    second = actor_for(Role.OFFICE_HEAD, Unit.objects.get(pk=head.unit_id))
    made = actions.start_commendation(
        officer, done.pk, title="先进单位", basis="示表〔2026〕3号文件", at=AFTER
    )
    people = [{"name": "赵一", "employer": "甲厂", "groups": []}]
    actions.save_commendation(
        officer, made.pk, quotas=[{"waived": "批准文件不要求结构比例"}], nominees=people, version=1, at=AFTER
    )
    (noticed,) = refusals(
        at_once(
            *[
                _order(actions.notice_commendation, actor, made.pk, version=2, at=AFTER)
                for actor in (head, second)
            ]
        )
    )
    assert (type(noticed), "刚刚被他人更新" in noticed.sentence) == (RecordMoved, True)
    over = AFTER + timedelta(days=20)
    (decided,) = refusals(
        at_once(
            *[
                _order(actions.decide_commendation, actor, made.pk, version=3, at=over)
                for actor in (head, second)
            ]
        )
    )
    assert isinstance(decided, RecordMoved)
    made.refresh_from_db()
    assert (made.status, made.version) == ("decided", 4)
    assert AuditEvent.objects.filter(act="commendation.decide").count() == 1


def test_two_who_move_one_accountability_have_one_outcome(
    office: tuple[Actor, Actor, Round], done: Round
) -> None:
    officer, head, _round = office
    unit = queries.assessed_units(done)[0]
    order = {"kind": "talk", "grounds": "连续两月迟报", "at": AFTER}
    (again,) = refusals(
        at_once(*[_order(actions.propose_accountability, head, done.pk, unit.pk, **order)] * 2)
    )
    assert "正在办理" in again.sentence
    made = Accountability.objects.get()
    moves = [
        _order(
            actions.move_accountability, officer, made.pk, move, words="经核实情况属实", version=1, at=AFTER
        )
        for move in ("review", "drop")
    ]
    (refused,) = refusals(at_once(*moves))
    assert (type(refused), "刚刚被他人办理" in refused.sentence) == (RecordMoved, True)
    made.refresh_from_db()
    assert (made.version, len(made.course)) == (2, 1)


def test_two_who_end_one_panel_leave_its_points_whole(office: tuple[Actor, Actor, Round]) -> None:
    """The last reviewer gives the last points while the office takes another off: both hold, and points count once."""
    officer, head, round_ = office
    units = queries.assessed_units(round_)
    panel = [actor_for(Role.UNIT_HEAD) for _number in range(4)]
    for person in panel:
        actions.name_panelist(officer, round_.pk, person_id=person.person_id or 0, at=MOMENT)
    for unit in units:
        for person in panel[:3]:
            _give(person, round_, unit, "6")
    late = round_.panelists.get(person=panel[3].person_id)
    dismiss = _order(actions.dismiss_panelist, head, late.pk, at=MOMENT)
    outcomes = at_once(dismiss, lambda: _give(panel[3], round_, units[0], "9"))
    assert [type(one) for one in refusals(outcomes)] in ([], [NotAllowed])
    assert round_.panelists.count() == 3
    assert PanelPoints.objects.count() == 3 * len(units)
    found = queries.combined(round_, units, ("typical",))
    assert [found[unit.pk, "typical"].value for unit in units] == [Decimal(6), Decimal(6)]
    (twice,) = refusals(at_once(*[lambda: _give(panel[0], round_, units[0], "7", version=1)] * 2))
    assert (type(twice), "另一个窗口" in twice.sentence) == (RecordMoved, True)


def test_a_self_check_handed_in_and_given_back_at_once_stands_one_way(
    office: tuple[Actor, Actor, Round],
) -> None:
    officer, head, round_ = office
    unit = queries.assessed_units(round_)[0]
    insider = actor_for(Role.UNIT_LIAISON, unit)
    given = [actions.OwnPoints(code, Decimal(5)) for code in ("1.1", "1.2", "2")]
    part = actions.give_own_points(insider, round_.pk, given=given, version=1, at=MOMENT)
    part = actions.hand_in_self_check(insider, round_.pk, version=part.version, at=MOMENT)
    order = {"reason": "单位反映填错一项", "version": part.version, "at": MOMENT}
    (refused,) = refusals(
        at_once(
            *[
                _order(actions.reopen_self_check, actor, round_.pk, unit.pk, **order)
                for actor in (officer, head)
            ]
        )
    )
    assert isinstance(refused, RecordMoved)
    part.refresh_from_db()
    assert (part.self_checked_at, part.version) == (None, order["version"] + 1)


def test_two_reviewers_at_once_have_one_outcome(office: tuple[Actor, Actor, Round]) -> None:
    """The reviewer decides while the head names another: one of both is told that the matter has moved on."""
    officer, head, round_ = office
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    round_ = actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)
    insider = actor_for(Role.UNIT_LIAISON, queries.assessed_units(round_)[0])
    first, second = actor_for(Role.UNIT_HEAD), actor_for(Role.UNIT_HEAD)
    made = actions.raise_objection(insider, round_.pk, "1.1", grounds=GROUNDS, at=MOMENT)
    made = actions.reply_to_objection(officer, made.pk, reply=GROUNDS, values={}, version=1, at=MOMENT)
    made = actions.ask_review(insider, made.pk, grounds=GROUNDS, version=made.version, at=MOMENT)
    named = {"person_id": first.person_id, "version": made.version, "at": MOMENT}
    made = actions.name_reviewer(head, made.pk, **named)
    order = {"review": GROUNDS, "values": {"trained": "500"}, "version": made.version, "at": MOMENT}
    decide = _order(actions.review_objection, first, made.pk, **order)
    rename = _order(
        actions.name_reviewer, head, made.pk, person_id=second.person_id, version=made.version, at=MOMENT
    )
    (refused,) = refusals(at_once(decide, rename))
    # Who is no longer the reviewer does not see the objection any more.
    assert isinstance(refused, NotVisible | RecordMoved)
    made.refresh_from_db()
    round_.refresh_from_db()
    if made.status == "upheld":
        assert (made.reviewer_id, round_.facts_version) == (first.person_id, 2)
    else:
        assert (made.status, made.reviewer_id, round_.facts_version) == ("reviewing", second.person_id, 1)
        with pytest.raises(NotVisible):
            actions.review_objection(first, made.pk, **order | {"version": made.version})


def test_two_of_one_owner_review_the_same_unit_once(office: tuple[Actor, Actor, Round]) -> None:
    officer, head, round_ = office
    unit = queries.assessed_units(round_)[0]
    verdicts = [
        [actions.Verdict(unit.pk, is_confirmed=True)],
        [actions.Verdict(unit.pk, is_confirmed=False, reason="与花名册不一致")],
    ]
    orders = [
        _order(actions.review_figures, actor, round_.pk, "1.1", verdicts=given, at=MOMENT)
        for actor, given in zip((officer, head), verdicts, strict=True)
    ]
    (refused,) = refusals(at_once(*orders))
    assert (type(refused), "您的审核没有保存，请刷新后再审核" in refused.sentence) == (RecordMoved, True)
    assert LeafReview.objects.get().version == 1


def _order(act: Any, *arguments: Any, **named: Any) -> Any:
    return lambda: act(*arguments, **named)


def _give(actor: Actor, round_: Round, unit: Unit, points: str, *, version: int = 0) -> None:
    actions.give_panel_points(
        actor, round_.pk, unit.pk, "typical", value=Decimal(points), reason=REASON, version=version, at=MOMENT
    )


def test_two_corrections_of_one_result_are_approved_one_after_the_other(
    office: tuple[Actor, Actor, Round],
) -> None:
    """Who would move by the second is another list once the first stands: it is not approved on the old one."""
    officer, head, round_ = office
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    Round.objects.filter(pk=round_.pk).update(status="published", published_at=MOMENT)
    other = actor_for(Role.OFFICE_HEAD, Unit.objects.get(pk=head.unit_id))
    made = [
        actions.propose_amendment(
            officer, round_.pk, unit.pk, "1.1", values={"trained": "599"}, reason=REASON, basis="核查记录第3号",
            at=MOMENT,
        )
        for unit in queries.assessed_units(round_)
    ]  # fmt: skip

    def order(actor: Actor, amendment_id: int) -> Any:
        return lambda: actions.approve_amendment(actor, amendment_id, version=1, at=MOMENT)

    (refused,) = refusals(at_once(order(head, made[0].pk), order(other, made[1].pk)))
    assert isinstance(refused, RecordMoved)
    assert [row.number for row in queries.approved_amendments(round_)] == [1]
    round_.refresh_from_db()
    assert all(again.is_identical for _made, again in queries.replay_amendments(round_))
    waiting = queries.waiting_amendments().get()
    actions.approve_amendment(head, waiting.pk, version=waiting.version, at=MOMENT)
    assert [again.is_identical for _made, again in queries.replay_amendments(round_)] == [True, True]
