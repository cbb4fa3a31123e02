"""Before scoring: exemptions, self-checks, the owners' review, findings on site, and panels blind to each other."""

from decimal import Decimal

import pytest

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments import actions, queries
from changai.areas.assessments.actions import OwnPoints, SiteFinding, Verdict
from changai.areas.assessments.models import Exemption, LeafOwner, LeafReview, Participant, Round, Score
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
from changai.areas.organisations.models import Unit
from changai.areas.reporting.tests.make import make_form
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.tests.make import RATE, REVIEWED, make_issued
from changai.core.errors import ActionRefused, Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db
WHY = "本县没有这类企业，上年度即已核定不适用"


@pytest.fixture
def full(officer: Actor, issued: SchemeVersion, county: Unit, rival: Unit) -> Round:
    report(officer, county, OCTOBER, trained=200, target=600, late=1)
    report(officer, rival, OCTOBER, trained=300, target=600, late=0)
    return make_round(officer, issued, course="full")


@pytest.fixture
def frozen(officer: Actor, full: Round) -> Round:
    return actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT)


def test_facts_are_not_frozen_while_a_month_of_them_is_counted(officer: Actor, full: Round) -> None:
    october = make_form().periods.filter(month=OCTOBER.first_on)
    assert october.update(opening_at=MOMENT, opened_at=MOMENT, closed_at=MOMENT) == 1
    with pytest.raises(Invalid, match="2026年10月的报送记录正在计入数据"):
        actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT)
    october.update(counted_at=MOMENT)
    assert actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT).frozen_at == MOMENT


@pytest.fixture
def insider(county: Unit) -> Actor:
    return actor_for(Role.UNIT_LIAISON, county)


# Exemptions


def test_an_exemption_is_decided_before_the_facts_are_frozen(
    officer: Actor, insider: Actor, full: Round, county: Unit
) -> None:
    with pytest.raises(Invalid, match="理由"):
        actions.ask_exemption(insider, full.pk, "1.2", reason="", at=MOMENT)
    asked = actions.ask_exemption(insider, full.pk, "1.2", reason=WHY, at=MOMENT)
    with pytest.raises(RecordMoved, match="提出过"):
        actions.ask_exemption(insider, full.pk, "1.2", reason=WHY, at=MOMENT)
    with pytest.raises(Invalid, match="还有 1 件不适用申请"):
        actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT)
    order = {"is_granted": True, "decision": "情况属实，同意", "version": asked.version, "at": MOMENT}
    with pytest.raises(ActionRefused):
        actions.settle_exemption(insider, asked.pk, **order)  # type: ignore[arg-type]
    actions.settle_exemption(officer, asked.pk, **order)  # type: ignore[arg-type]
    round_ = actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT)
    assert round_.exemptions == [{"unit": county.code, "code": "1.2", "reason": WHY}]
    judge_all(officer, round_)
    round_ = scored(officer, round_)
    leaf = Score.objects.get(unit=county).leaves.get(code="1.2")
    assert leaf.is_left_out
    assert WHY in leaf.sentence
    assert queries.replays_identically(round_)
    with pytest.raises(RecordMoved, match="已经冻结"):
        actions.ask_exemption(insider, round_.pk, "1.1", reason=WHY, at=MOMENT)


def test_a_refused_request_leaves_the_indicator_in(officer: Actor, insider: Actor, full: Round) -> None:
    asked = actions.ask_exemption(insider, full.pk, "1.2", reason=WHY, at=MOMENT)
    actions.settle_exemption(
        officer, asked.pk, is_granted=False, decision="县里有这类企业", version=1, at=MOMENT
    )
    assert Exemption.objects.get().status == "refused"
    assert actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT).exemptions == []


# Self-check


def test_self_scores_are_compared_and_never_count(
    officer: Actor, insider: Actor, frozen: Round, county: Unit
) -> None:
    part = queries.part_of(insider, frozen)
    assert part is not None
    with pytest.raises(Invalid, match="没有保存"):
        actions.give_own_points(
            insider, frozen.pk, given=[OwnPoints("1.1", Decimal(61))], version=part.version, at=MOMENT
        )
    with pytest.raises(Invalid, match="还有 3 项"):
        actions.hand_in_self_check(insider, frozen.pk, version=part.version, at=MOMENT)
    marks = [
        OwnPoints("1.1", Decimal(50), "完成较好"),
        OwnPoints("1.2", Decimal("29.5")),
        OwnPoints("2", Decimal(9)),
    ]
    part = actions.give_own_points(insider, frozen.pk, given=marks, version=part.version, at=MOMENT)
    shown = {leaf.code: leaf for leaf in queries.self_check(part)}
    assert (shown["1.1"].computed, shown["1.1"].gap) == (2000, 3000)
    assert (shown["2"].is_open, shown["2"].gap) == (True, None)
    part = actions.hand_in_self_check(insider, frozen.pk, version=part.version, at=MOMENT)
    with pytest.raises(RecordMoved, match="已报送"):
        actions.give_own_points(insider, frozen.pk, given=marks, version=part.version, at=MOMENT)
    judge_all(officer, frozen)
    scored(officer, frozen)
    assert Score.objects.get(unit=county).total_hundredths == 2000 + 2900 + 600


def test_a_self_check_with_an_error_goes_back_to_its_unit_with_the_reason(
    officer: Actor, insider: Actor, frozen: Round, county: Unit, rival: Unit
) -> None:
    def reopen(
        part: Participant, reason: str = "单位反映培训数填错一位", actor: Actor = officer
    ) -> Participant:
        return actions.reopen_self_check(
            actor, frozen.pk, part.unit_id, reason=reason, version=part.version, at=MOMENT
        )

    part = queries.part_of(insider, frozen)
    assert part is not None
    with pytest.raises(RecordMoved, match="还没有报送"):
        reopen(part)
    marks = [OwnPoints("1.1", Decimal(50)), OwnPoints("1.2", Decimal(30)), OwnPoints("2", Decimal(9))]
    part = actions.give_own_points(insider, frozen.pk, given=marks, version=part.version, at=MOMENT)
    part = actions.hand_in_self_check(insider, frozen.pk, version=part.version, at=MOMENT)
    with pytest.raises(Invalid, match="理由"):
        reopen(part, " ")
    with pytest.raises(NotVisible):
        reopen(part, actor=insider)
    old = part.version
    part = reopen(part)
    assert (part.self_checked_at, part.reopened_by_name) == (None, officer.name)
    assert "填错一位" in Notice.objects.filter(unit_id=county.pk).latest("pk").sentence
    part.version = old
    with pytest.raises(RecordMoved):
        reopen(part)
    part = actions.give_own_points(insider, frozen.pk, given=marks[:1], version=old + 1, at=MOMENT)
    part = actions.hand_in_self_check(insider, frozen.pk, version=part.version, at=MOMENT)
    judge_all(officer, frozen)
    scored(officer, frozen)
    with pytest.raises(RecordMoved, match="自查自评已经结束，不能再退回"):
        reopen(part)
    with pytest.raises(RecordMoved):
        reopen(Participant.objects.get(round=frozen, unit=rival))


def test_the_computed_points_are_hidden_until_the_own_are_given(insider: Actor, frozen: Round) -> None:
    part = queries.part_of(insider, frozen)
    assert part is not None
    assert [leaf.computed for leaf in queries.self_check(part)] == [None, None, None]


def test_nobody_checks_for_another_unit(frozen: Round, liaison: Actor, officer: Actor) -> None:
    for stranger in (liaison, officer):
        with pytest.raises(ActionRefused):
            actions.give_own_points(
                stranger, frozen.pk, given=[OwnPoints("1.1", Decimal(1))], version=1, at=MOMENT
            )


# The owners' review


@pytest.fixture
def owned(officer: Actor, frozen: Round, unit_a: Unit) -> Round:
    """甲局 owns the figures of 1.1."""
    actions.assign_owner(officer, frozen.pk, "1.1", unit_id=unit_a.pk, at=MOMENT)
    return frozen


def test_owners_come_from_the_scheme(
    officer: Actor, office_head: Actor, county: Unit, rival: Unit, unit_a: Unit
) -> None:
    from changai.areas.schemes.tests.make import make_dictionary

    make_dictionary()
    nodes = [
        {"code": "1", "name": "完成率", "points": "90", "rule": RATE, "data_owner": "甲局"},
        {"code": "2", "name": "典型经验", "points": "10", "rule": REVIEWED, "data_owner": "某处"},
    ]
    version = make_issued(officer, office_head, tables=[{"category": "县区", "nodes": nodes}])
    round_ = make_round(officer, version, course="full")
    assert list(LeafOwner.objects.filter(round=round_).values_list("unit", "named")) == [
        (unit_a.pk, "甲局"), (None, "某处"),
    ]  # fmt: skip


def test_the_owner_confirms_its_indicator_for_all_units_and_no_other(
    owned: Round, liaison: Actor, county: Unit, rival: Unit, other_liaison: Actor
) -> None:
    assert [owner.code for owner in queries.owned_by(liaison, owned)] == ["1.1"]
    verdicts = [
        Verdict(county.pk, is_confirmed=True),
        Verdict(rival.pk, is_confirmed=False, reason="与台账不符"),
    ]
    actions.review_figures(liaison, owned.pk, "1.1", verdicts=verdicts, at=MOMENT)
    assert [row.verdict for row in LeafReview.objects.order_by("unit_id")] == ["confirmed", "doubted"]
    for stranger, code in ((liaison, "1.2"), (other_liaison, "1.1")):
        with pytest.raises(NotAllowed, match="审核"):
            actions.review_figures(stranger, owned.pk, code, verdicts=verdicts, at=MOMENT)
    doubted = [Verdict(county.pk, is_confirmed=False, version=1)]
    with pytest.raises(Invalid, match="理由"):
        actions.review_figures(liaison, owned.pk, "1.1", verdicts=doubted, at=MOMENT)


def test_an_owner_that_is_assessed_does_not_review_itself(
    officer: Actor, frozen: Round, county: Unit, rival: Unit, insider: Actor
) -> None:
    actions.assign_owner(officer, frozen.pk, "1.1", unit_id=county.pk, at=MOMENT)
    actions.review_figures(
        insider, frozen.pk, "1.1", verdicts=[Verdict(rival.pk, is_confirmed=True)], at=MOMENT
    )
    with pytest.raises(NotAllowed, match="本单位"):
        actions.review_figures(
            insider, frozen.pk, "1.1", verdicts=[Verdict(county.pk, is_confirmed=True)], at=MOMENT
        )
    actions.review_figures(
        officer, frozen.pk, "1.1", verdicts=[Verdict(county.pk, is_confirmed=True)], at=MOMENT
    )


def test_two_who_review_one_figure_have_one_outcome(
    owned: Round, liaison: Actor, officer: Actor, county: Unit
) -> None:
    actions.review_figures(
        liaison, owned.pk, "1.1", verdicts=[Verdict(county.pk, is_confirmed=True)], at=MOMENT
    )
    doubted = [Verdict(county.pk, is_confirmed=False, reason="与台账不符")]
    with pytest.raises(RecordMoved, match=f"{liaison.name}已审核为“属实”"):
        actions.review_figures(officer, owned.pk, "1.1", verdicts=doubted, at=MOMENT)


def test_a_doubt_is_settled_in_words_or_by_a_correction(
    owned: Round, liaison: Actor, officer: Actor, county: Unit, rival: Unit
) -> None:
    doubts = [Verdict(unit.pk, is_confirmed=False, reason="与台账不符") for unit in (county, rival)]
    actions.review_figures(liaison, owned.pk, "1.1", verdicts=doubts, at=MOMENT)
    judge_all(officer, owned)
    round_ = scored(officer, owned)
    with pytest.raises(Invalid, match="还有 2 项数据疑问"):
        actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)
    first = LeafReview.objects.get(unit=county)
    actions.settle_doubt(officer, first.pk, settlement="已与台账核对一致", version=first.version, at=MOMENT)
    round_.refresh_from_db()
    actions.correct_figures(
        officer,
        round_.pk,
        rival.pk,
        values={"trained": "240"},
        reason="按台账更正",
        version=round_.version,
        at=MOMENT,
    )
    assert not queries.open_doubts(round_).exists()
    assert "已更正：按台账更正" in LeafReview.objects.get(unit=rival).settlement
    assert Score.objects.get(unit=rival).total_hundredths == 2400 + 3000 + 600


def test_a_finding_on_site_comes_in_with_its_origin_and_leads_the_queue(
    owned: Round, officer: Actor, liaison: Actor, rival: Unit
) -> None:
    inspector = actor_for(Role.INSPECTOR)
    finding = SiteFinding(
        rival.pk, "1.1", False, "现场花名册少 60 人", "inspections.finding", "12", "11月现场核验"
    )
    actions.take_verification(inspector, owned.pk, finding, at=MOMENT)
    actions.take_verification(inspector, owned.pk, finding, at=MOMENT)
    queue = queries.review_queue(liaison, owned, "1.1")
    assert [row.unit.name for row in queue.rows] == ["丁县", "丙县"]
    assert queue.rows[0].verified[0].origin_label == "11月现场核验"
    with pytest.raises(NotAllowed):
        actions.take_verification(liaison, owned.pk, finding, at=MOMENT)


def test_a_finding_on_site_of_a_unit_that_is_not_assessed_is_refused(owned: Round, unit_b: Unit) -> None:
    finding = SiteFinding(unit_b.pk, "1.1", False, "现场花名册少 60 人", "inspections.finding", "12", "核验")
    with pytest.raises(Invalid, match="不是这次考核的对象"):
        actions.take_verification(actor_for(Role.INSPECTOR), owned.pk, finding, at=MOMENT)
    assert not queries.open_doubts(owned).exists()


def test_checks_order_the_queue_and_change_no_points(
    officer: Actor, issued: SchemeVersion, city_unit: Unit
) -> None:
    units = [make_county(f"第{number}县", city_unit) for number in range(12)]
    for number, unit in enumerate(units):
        trained = 300 + number if number != 5 else 590_000
        report(officer, unit, OCTOBER, trained=trained, target=600_000, late=0)
    round_ = make_round(officer, issued, course="full")
    round_ = actions.freeze_round(officer, round_.pk, version=round_.version, at=MOMENT)
    queue = queries.review_queue(officer, round_, "1.1")
    assert queue.rows[0].unit == units[5]
    assert "需要核实" in queue.rows[0].flags[0]
    assert "正常原因" in queue.rows[0].flags[0]
    assert "出于偶然" in queue.words
    assert queue.flagged == 1
    assert queries.review_queue(officer, round_, "1.2").flagged == 0
    assert queue.rows[0].computed == 5900


# Panels


@pytest.fixture
def panel(officer: Actor, frozen: Round, unit_a: Unit, unit_b: Unit, county: Unit) -> list[Actor]:
    """Three reviewers, the last of 丙县 itself."""
    people = [actor_for(Role.UNIT_HEAD, unit) for unit in (unit_a, unit_b, county)]
    for person in people:
        actions.name_panelist(officer, frozen.pk, person_id=person.person_id or 0, at=MOMENT)
    return people


def give(actor: Actor, round_: Round, unit: Unit, points: str, *, version: int = 0) -> None:
    actions.give_panel_points(
        actor, round_.pk, unit.pk, "typical", value=Decimal(points), reason=REASON, version=version, at=MOMENT
    )


def test_a_panel_judges_blind_and_its_mean_counts(
    officer: Actor, frozen: Round, panel: list[Actor], county: Unit, rival: Unit
) -> None:
    give(panel[0], frozen, county, "6")
    give(panel[0], frozen, rival, "8")
    give(panel[1], frozen, rival, "9")
    assert {
        row.value for row in queries.own_panel_points(queries.panelist_of(panel[1], frozen)).values()
    } == {9}  # type: ignore[arg-type]
    assert [row.given for row in queries.judgements(frozen)] == [None, None]
    give(panel[1], frozen, county, "7")
    with pytest.raises(NotAllowed, match="本单位"):
        give(panel[2], frozen, county, "10")
    give(panel[2], frozen, rival, "9.5")
    both = queries.combined(frozen, [county, rival], ("typical",))
    assert both[county.pk, "typical"].value == Decimal("6.50")
    assert both[rival.pk, "typical"].value == Decimal("8.83")
    assert both[rival.pk, "typical"].spread == Decimal("0.62")
    assert (queries.may_see_spread(panel[1], frozen), queries.may_see_spread(officer, frozen)) == (
        False,
        True,
    )
    round_ = scored(officer, frozen)
    assert queries.may_see_spread(panel[1], round_)
    with pytest.raises(RecordMoved, match="评分已封存"):
        give(panel[1], round_, rival, "10", version=1)
    leaf = Score.objects.get(unit=rival).leaves.get(code="2")
    assert leaf.points_hundredths == 883
    assert "3 名评审人员分别评定（8、9、9.5）后取平均" in leaf.sentence
    assert queries.replays_identically(round_)


def test_more_than_five_reviewers_lose_their_ends(
    officer: Actor, frozen: Round, rival: Unit, city_unit: Unit
) -> None:
    values = ["2", "8", "8", "9", "9", "10"]
    for points in values:
        person = actor_for(Role.UNIT_HEAD)
        actions.name_panelist(officer, frozen.pk, person_id=person.person_id or 0, at=MOMENT)
        give(person, frozen, rival, points)
    (found,) = queries.combined(frozen, [rival], ("typical",)).values()
    assert found.value == Decimal("8.50")
    assert "去掉一个最高分和一个最低分" in found.words


def test_who_is_not_of_the_panel_gives_nothing_and_one_alone_does_not_judge(
    officer: Actor, frozen: Round, panel: list[Actor], county: Unit, liaison: Actor
) -> None:
    with pytest.raises(NotAllowed, match="不是这次考核的评审"):
        give(liaison, frozen, county, "5")
    with pytest.raises(RecordMoved, match="多名评审人员"):
        actions.give_points(
            officer, frozen.pk, county.pk, "typical", value=Decimal(5), reason=REASON, version=0, at=MOMENT
        )
    give(panel[0], frozen, county, "6")
    with pytest.raises(RecordMoved, match="另一个窗口"):
        give(panel[0], frozen, county, "7")
    give(panel[0], frozen, county, "7", version=1)


def test_a_reviewer_who_does_not_come_is_not_waited_for(
    officer: Actor, frozen: Round, panel: list[Actor], county: Unit, rival: Unit
) -> None:
    fourth = actor_for(Role.UNIT_HEAD)
    actions.name_panelist(officer, frozen.pk, person_id=fourth.person_id or 0, at=MOMENT)
    for unit in (county, rival):
        give(panel[0], frozen, unit, "6")
        give(panel[1], frozen, unit, "7")
    give(panel[2], frozen, rival, "8")
    assert not any(row.given for row in queries.judgements(frozen))
    actions.dismiss_panelist(officer, frozen.panelists.get(person=fourth.person_id).pk, at=MOMENT)
    assert all(row.given for row in queries.judgements(frozen))


def test_fewer_than_three_reviewers_count_for_nothing_and_are_told_so(
    officer: Actor, frozen: Round, unit_a: Unit, unit_b: Unit, county: Unit, rival: Unit
) -> None:
    def name(unit: Unit | None = None) -> Actor:
        person = actor_for(Role.UNIT_HEAD, unit) if unit else actor_for(Role.UNIT_HEAD)
        actions.name_panelist(officer, frozen.pk, person_id=person.person_id or 0, at=MOMENT)
        return person

    units = [county, rival]
    assert queries.hindrance_of_panel(frozen, units) == ""
    people = [name(unit_a), name(county)]
    for person, unit in ((people[0], county), (people[0], rival), (people[1], rival)):
        give(person, frozen, unit, "6")
    assert "评审人员现有 2 名，至少 3 名的评分才能取平均计入" in queries.hindrance_of_panel(frozen, units)
    round_ = scored(officer, frozen)
    with pytest.raises(Invalid, match=r"还有 2 项人工核定没有完成.*至少 3 名"):
        actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)
    people.append(name(county))
    give(people[2], frozen, rival, "7")
    assert "评审丙县时，本单位的评审人员回避后不足 2 名" in queries.hindrance_of_panel(frozen, units)
    assert [bool(row.given) for row in queries.judgements(frozen)] == [False, True]
    people.append(name(unit_b))
    for unit in units:
        give(people[3], frozen, unit, "8")
    assert queries.hindrance_of_panel(frozen, units) == ""
    told = queries.combined(frozen, units, ("typical",))[county.pk, "typical"]
    assert (told.value, "2 名为本单位人员，按规定回避" in told.words) == (Decimal("7.00"), True)


def test_an_objection_keeps_the_panel_and_the_owner_out_of_its_review(
    officer: Actor,
    office_head: Actor,
    owned: Round,
    panel: list[Actor],
    county: Unit,
    rival: Unit,
    insider: Actor,
) -> None:
    for unit in (county, rival):
        for reviewer in panel[:2]:
            give(reviewer, owned, unit, "6")
    give(panel[2], owned, rival, "6")
    round_ = scored(officer, owned)
    other = {"values": {"typical": "10"}, "reason": "评分偏低，予以改动", "version": round_.version}
    with pytest.raises(NotAllowed, match="由多名评审人员评定"):
        actions.correct_figures(officer, round_.pk, county.pk, at=MOMENT, **other)
    round_ = actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason=UNREVIEWED)
    text = "十月的典型经验材料没有计入，请予核对"
    objection = actions.raise_objection(insider, round_.pk, "2", grounds=text, at=MOMENT)
    offered = {person.pk for person in queries.reviewers_for(objection)}
    assert not {person.person_id for person in panel} & offered
    assert office_head.person_id in offered
    answer = {"reply": "材料属实，予以补计", "values": {"typical": "10"}, "version": objection.version}
    with pytest.raises(NotAllowed, match="由多名评审人员评定"):
        actions.reply_to_objection(officer, objection.pk, at=MOMENT, **answer)
    assert actions.reply_to_objection(office_head, objection.pk, at=MOMENT, **answer).status == "answered"


def test_figures_nobody_reviewed_need_a_reason_and_complete_reviews_none(
    owned: Round, liaison: Actor, officer: Actor, county: Unit, rival: Unit
) -> None:
    judge_all(officer, owned)
    round_ = scored(officer, owned)
    assert (len(queries.unfinished(round_).units), len(queries.unfinished(round_).items)) == (2, 3)
    with pytest.raises(Invalid, match=r"还有 3 项指标的数据没有全部经归口审核（.*确需继续的，请写明理由"):
        actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason="急")
    fine = [Verdict(unit.pk, is_confirmed=True) for unit in (county, rival)]
    for owner in LeafOwner.objects.filter(round=round_):
        reviewer = liaison if owner.unit_id == liaison.unit_id else officer
        actions.review_figures(reviewer, round_.pk, owner.code, verdicts=fine, at=MOMENT)
    assert queries.unfinished(round_).items == ()
    round_.refresh_from_db()
    asked = actions.ask_units(officer, round_.pk, version=round_.version, at=MOMENT, reason="多余的话")
    assert asked.unreviewed_reason == ""
