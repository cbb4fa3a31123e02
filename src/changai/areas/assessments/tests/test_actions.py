"""Opening, judging, scoring and publishing, and everything that must not happen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.assessments.actions import drop_round, give_points, open_round, publish_round, score_round
from changai.areas.assessments.models import LeafScore, ReviewedPoints, Round, Score
from changai.areas.assessments.queries import facts_of, kept_result, replay, result_of
from changai.areas.assessments.tests.make import (
    OCTOBER,
    REASON,
    SEPTEMBER,
    give,
    judge_all,
    make_county,
    make_round,
    published,
    report,
    scored,
)  # fmt: skip
from changai.areas.facts.models import Fact
from changai.areas.organisations.models import Group, Grouping, Unit
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.tests.make import make_draft, make_issued
from changai.core import scoring
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db


# Opening


def test_only_an_issued_scheme_opens_a_round(officer: Actor, issued: SchemeVersion, county: Unit) -> None:
    draft = make_draft(officer, version="2.0")
    with pytest.raises(Invalid, match="已印发"):
        make_round(officer, draft)
    with pytest.raises(Invalid, match="没有“企业”"):
        make_round(officer, issued, category="企业")
    with pytest.raises(Invalid, match="早于"):
        make_round(officer, issued, first=OCTOBER, last=SEPTEMBER)
    with pytest.raises(Invalid, match="100"):
        make_round(officer, issued, name="长" * 101)
    assert not Round.objects.exists()


def test_nobody_to_assess_opens_no_round(officer: Actor, issued: SchemeVersion) -> None:
    with pytest.raises(Invalid, match="没有找到"):
        make_round(officer, issued)


def test_the_same_table_and_months_are_under_way_once(officer: Actor, opened: Round) -> None:
    with pytest.raises(RecordMoved, match="进行中"):
        make_round(officer, opened.scheme)
    assert make_round(officer, opened.scheme, first=OCTOBER).pk != opened.pk


def test_a_round_named_by_default(officer: Actor, opened: Round) -> None:
    assert make_round(officer, opened.scheme, first=OCTOBER, name=" ").name == "2026年10月县区考核"


# Judging


def test_points_need_a_reason_and_lie_in_their_range(officer: Actor, opened: Round, county: Unit) -> None:
    for points, reason in (("6", "好"), ("11", REASON), ("-1", REASON), ("6.125", REASON), ("6", "长" * 501)):
        with pytest.raises(Invalid):
            give(officer, opened, county, points, reason=reason)
    assert not ReviewedPoints.objects.exists()
    give(officer, opened, county, "10")
    give(officer, opened, county, "0", version=1)
    assert ReviewedPoints.objects.get().value == 0


def test_two_reviewers_one_outcome(officer: Actor, office_head: Actor, opened: Round, county: Unit) -> None:
    give(officer, opened, county, "6")
    with pytest.raises(RecordMoved, match=f"{officer.name} 已核定为 6 分"):
        give(office_head, opened, county, "9")
    give(office_head, opened, county, "9", version=1)
    with pytest.raises(RecordMoved, match=f"{office_head.name} 已核定为 9 分"):
        give(officer, opened, county, "7", version=1)
    assert ReviewedPoints.objects.get().value == 9


def test_nobody_judges_the_own_unit(opened: Round, county: Unit) -> None:
    insider = Actor(
        person_id=None,
        name="县里借调人员",
        role=Role.OFFICE_OFFICER,
        unit_id=county.pk,
        unit_path=county.path,
    )
    with pytest.raises(NotAllowed, match="本单位"):
        give(insider, opened, county, "10")


def test_only_judged_items_of_assessed_units_take_points(
    officer: Actor, opened: Round, unit_a: Unit, county: Unit
) -> None:
    with pytest.raises(Invalid, match="没有这项"):
        give(officer, opened, unit_a, "6")
    with pytest.raises(Invalid, match="没有这项"):
        give_points(
            officer, opened.pk, county.pk, "trained", value=Decimal(6), reason=REASON, version=0, at=MOMENT
        )


def test_judging_costs_the_same_for_many_units(
    officer: Actor, opened: Round, county: Unit, city_unit: Unit, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        make_county(f"第{number}县区", city_unit)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        give(officer, opened, county, "6")


def test_judging_after_scoring_puts_the_result_out_of_date(
    officer: Actor, office_head: Actor, opened: Round, county: Unit
) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    assert (round_.status, round_.is_outdated) == ("scored", False)
    give(officer, round_, county, "7", version=1)
    round_.refresh_from_db()
    assert (round_.status, round_.is_outdated) == ("open", True)
    with pytest.raises(RecordMoved, match="请先计分"):
        publish_round(office_head, round_.pk, version=round_.version, at=MOMENT)
    assert scored(officer, round_).status == "scored"


# Scoring


def test_the_result_is_what_the_core_makes_of_the_frozen_facts(officer: Actor, opened: Round) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    facts = facts_of(round_.frozen_facts, list(dict.fromkeys(row["unit"] for row in round_.frozen_facts)))
    card = scoring.score(scheme_of(round_.scheme), "县区", facts)
    for score in round_.scores.select_related("unit"):
        expected = card.of(score.unit.code)
        assert (score.total_hundredths, score.rank, score.grade) == (
            expected.total,
            expected.rank,
            expected.grade,
        )
        for leaf in score.leaves.all():
            core = card.leaf(score.unit.code, leaf.code)
            assert (leaf.points_hundredths, leaf.sentence, leaf.sentence_en) == (
                core.points, core.sentence("zh"), core.sentence("en"),
            )  # fmt: skip
    assert (round_.result, round_.result_digest) == (kept_result(card), card.digest)
    assert result_of(round_) == card.result()


def test_points_by_hand(officer: Actor, opened: Round, county: Unit, rival: Unit) -> None:
    """丙县: 60 x 300/600 + (30 - 1) + 6 = 65; 丁县: 60 + 30 + 6 = 96."""
    judge_all(officer, opened)
    scored(officer, opened)
    first, second = Score.objects.get(unit=rival), Score.objects.get(unit=county)
    assert (first.total_hundredths, first.rank, first.grade) == (9600, 1, "优秀")
    assert (second.total_hundredths, second.rank, second.grade) == (6500, 2, "合格")
    points = [(row["code"], row["level"], row["points"], row["full"]) for row in second.branches]
    assert points == [("1", 1, 5900, 9000), ("2", 1, 600, 1000)]
    assert "below 80" in second.grade_reason_en
    leaf = LeafScore.objects.get(score=second, code="1.1")
    assert leaf.lost_hundredths == 3000
    trained = next(row for row in leaf.inputs if row["field"] == "trained")
    assert trained["value"] == "300"
    kept = Fact.objects.filter(unit=county, field__code="trained").order_by("month")
    assert trained["facts"] == [fact.pk for fact in kept]


def test_without_a_judgement_a_unit_has_an_interval_and_no_place(
    officer: Actor, opened: Round, county: Unit, rival: Unit
) -> None:
    give(officer, opened, rival, "6")
    scored(officer, opened)
    waiting = Score.objects.get(unit=county)
    assert (waiting.rank, waiting.total_hundredths) == (None, 5900)
    assert (waiting.lowest_hundredths, waiting.highest_hundredths) == (5900, 6900)
    assert waiting.unranked_reason == "有待核或未能计算的指标"
    assert waiting.unranked_reason_en
    assert LeafScore.objects.get(score=waiting, code="2").is_open
    assert Score.objects.get(unit=rival).rank == 1


def test_scoring_again_takes_fresh_facts_and_keeps_one_result(
    officer: Actor, opened: Round, county: Unit
) -> None:
    first = scored(officer, opened)
    report(officer, county, OCTOBER, trained=500)
    second = scored(officer, opened)
    assert second.result_digest != first.result_digest
    assert Score.objects.filter(round=opened).count() == 2
    assert Score.objects.get(unit=county).total_hundredths == 6000 + 2900


def test_scoring_a_round_that_moved_is_told(officer: Actor, opened: Round, county: Unit) -> None:
    give(officer, opened, county, "6")
    with pytest.raises(RecordMoved, match="他人更新"):
        score_round(officer, opened.pk, version=opened.version, at=MOMENT)


def test_an_impossible_figure_is_named_and_nothing_is_scored(
    officer: Actor, opened: Round, county: Unit
) -> None:
    report(officer, county, OCTOBER, late=-3)
    with pytest.raises(Invalid) as refused:
        scored(officer, opened)
    (fault,) = refused.value.faults
    assert "丙县的“月报迟报次数”" in fault
    assert not Score.objects.exists()
    opened.refresh_from_db()
    assert opened.status == "open"


def test_one_decimal_of_points_is_kept_in_hundredths(
    officer: Actor, office_head: Actor, opened: Round
) -> None:
    coarse = make_issued(officer, office_head, scheme="一位小数", decimals=1)
    round_ = scored(officer, make_round(officer, coarse))
    assert set(round_.scores.values_list("regular_hundredths", flat=True)) == {5900, 9000}
    assert replay(round_).is_identical


# Publishing


def test_publishing_waits_for_every_judgement(
    officer: Actor, office_head: Actor, opened: Round, rival: Unit
) -> None:
    give(officer, opened, rival, "6")
    round_ = scored(officer, opened)
    with pytest.raises(Invalid, match="还有 1 项人工核定没有完成"):
        publish_round(office_head, round_.pk, version=round_.version, at=MOMENT)
    round_.refresh_from_db()
    assert round_.status == "scored"


def test_publishing_tells_each_unit_where_its_result_stands(
    officer: Actor, office_head: Actor, opened: Round, county: Unit
) -> None:
    published(officer, office_head, opened)
    notice = Notice.objects.get(unit_id=county.pk)
    assert notice.link == f"/assessments/scores/{Score.objects.get(unit=county).pk}/"


def test_published_is_final(officer: Actor, office_head: Actor, opened: Round, county: Unit) -> None:
    round_ = published(officer, office_head, opened)
    with pytest.raises(RecordMoved, match="已公布"):
        give(officer, round_, county, "7", version=1)
    with pytest.raises(RecordMoved, match="已公布"):
        score_round(officer, round_.pk, version=round_.version, at=MOMENT)
    with pytest.raises(RecordMoved, match="已经公布"):
        publish_round(office_head, round_.pk, version=round_.version, at=MOMENT)


def test_a_unit_that_came_after_scoring_stops_publication(
    officer: Actor, office_head: Actor, opened: Round, city_unit: Unit
) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    late = make_county("戊县", city_unit)
    give(officer, round_, late, "6")
    Round.objects.filter(pk=round_.pk).update(status="scored")
    round_.refresh_from_db()
    with pytest.raises(Invalid, match="考核对象有增减"):
        publish_round(office_head, round_.pk, version=round_.version, at=MOMENT)


def test_a_group_of_the_tables_name_is_assessed_without_its_closed_units(
    officer: Actor, opened: Round, county: Unit, rival: Unit, unit_a: Unit
) -> None:
    group = Group.objects.create(grouping=Grouping.objects.create(name="考核分类"), name="县区")
    group.units.set([county, rival, unit_a])
    Unit.objects.filter(pk=rival.pk).update(closed_on=date(2026, 7, 1))
    round_ = scored(officer, opened)
    assert {score.unit_id for score in round_.scores.all()} == {county.pk, unit_a.pk}


def test_a_round_opened_by_mistake_is_taken_back_with_a_reason(
    officer: Actor, office_head: Actor, opened: Round, liaison: Actor
) -> None:
    with pytest.raises(Invalid, match="作废原因"):
        drop_round(officer, opened.pk, version=opened.version, reason=" ", at=MOMENT)
    with pytest.raises(RecordMoved):
        drop_round(officer, opened.pk, version=opened.version + 1, reason="月份选错了", at=MOMENT)
    with pytest.raises(NotVisible):
        drop_round(liaison, opened.pk, version=opened.version, reason="月份选错了", at=MOMENT)
    dropped = drop_round(officer, opened.pk, version=opened.version, reason="月份选错了", at=MOMENT)
    with pytest.raises(NotVisible):
        scored(officer, dropped)
    round_ = published(officer, office_head, make_round(officer, opened.scheme))
    with pytest.raises(RecordMoved, match="已公布"):
        drop_round(officer, round_.pk, version=round_.version, reason="月份选错了", at=MOMENT)


# Who may


def test_units_see_nothing_before_publication_and_may_do_nothing_after(
    officer: Actor, office_head: Actor, opened: Round, county: Unit, liaison: Actor
) -> None:
    with pytest.raises(NotVisible):
        give(liaison, opened, county, "6")
    round_ = published(officer, office_head, opened)
    insider = Actor(
        person_id=None, name="丙县联络员", role=Role.UNIT_LIAISON, unit_id=county.pk, unit_path=county.path
    )
    with pytest.raises(NotAllowed):
        give(insider, round_, county, "6")
    with pytest.raises(NotAllowed):
        score_round(insider, round_.pk, version=round_.version, at=MOMENT)


def test_only_the_head_publishes_and_only_the_office_opens(
    officer: Actor, opened: Round, leader: Actor, liaison: Actor
) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    with pytest.raises(NotAllowed):
        publish_round(officer, round_.pk, version=round_.version, at=MOMENT)
    for actor in (leader, liaison):
        with pytest.raises(NotAllowed):
            open_round(
                actor, opened.scheme_id, category="县区", name="", first=OCTOBER, last=OCTOBER, at=MOMENT
            )


def test_a_double_click_scores_once(officer: Actor, opened: Round) -> None:
    score_round(officer, opened.pk, version=opened.version, at=MOMENT, once="k")  # type: ignore[call-arg]
    with pytest.raises(RecordMoved):
        score_round(officer, opened.pk, version=opened.version, at=MOMENT + timedelta(seconds=1), once="k")  # type: ignore[call-arg]
    assert Round.objects.get(pk=opened.pk).version == opened.version + 1
