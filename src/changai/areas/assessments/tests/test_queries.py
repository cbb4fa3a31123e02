"""Replays, what moved since, the shown tables and who may open which result."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.assessments import queries
from changai.areas.assessments.models import LeafScore, Round, Score
from changai.areas.assessments.queries import results
from changai.areas.assessments.tests.make import (
    OCTOBER,
    give,
    judge_all,
    make_county,
    make_round,
    published,
    report,
    scored,
)  # fmt: skip
from changai.areas.facts.models import Fact, Field
from changai.areas.organisations.models import Unit
from changai.areas.organisations.queries import names_on
from changai.areas.schemes.tests.make import make_dictionary, make_issued, scheme_dict
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


def member_of(unit: Unit) -> Actor:
    return Actor(person_id=None, name="联络员", role=Role.UNIT_LIAISON, unit_id=unit.pk, unit_path=unit.path)


# Replay


def test_a_later_correction_leaves_the_replay_identical(
    officer: Actor, office_head: Actor, opened: Round, county: Unit
) -> None:
    round_ = published(officer, office_head, opened)
    report(officer, county, OCTOBER, trained=999)
    make_issued(officer, office_head, version="2.0")
    round_.refresh_from_db()
    assert round_.scheme.status == "superseded"
    assert queries.replays_identically(round_)
    assert Score.objects.get(round=round_, unit=county).total_hundredths == 6500
    leaf = LeafScore.objects.get(score__unit=county, code="1.1")
    leaf.score.round = round_
    trained = next(source for source in queries.sources_of(officer, leaf) if source.label == "技能培训人次")
    assert [fact.is_current for fact in trained.facts] == [True, False]
    assert trained.value == "300"


@pytest.mark.parametrize("kept", ["facts", "total", "sentence", "points", "result", "unit"])
def test_anything_tampered_with_is_found(officer: Actor, opened: Round, county: Unit, kept: str) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    score = Score.objects.get(unit=county)
    if kept == "facts":
        round_.frozen_facts[0]["value"] = "599"
    elif kept == "result":
        round_.result["units"][0]["total"] = "99.00"
    elif kept == "unit":
        score.delete()
    elif kept == "total":
        Score.objects.filter(pk=score.pk).update(total_hundredths=9900)
    else:
        column = {"sentence": {"sentence": "得满分。"}, "points": {"points_hundredths": 6000}}[kept]
        LeafScore.objects.filter(score=score, code="1.1").update(**column)
    round_.save()
    replay = queries.replay(round_)
    assert not replay.is_identical
    assert replay.differences


def test_a_better_word_in_a_sentence_is_no_tampering(officer: Actor, opened: Round, county: Unit) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    leaf = LeafScore.objects.filter(score__round=round_).first()
    assert leaf
    LeafScore.objects.filter(pk=leaf.pk).update(sentence_en=leaf.sentence_en.replace("points", "pts"))
    assert queries.replays_identically(round_)
    LeafScore.objects.filter(pk=leaf.pk).update(sentence=leaf.sentence + "另加 1 分。")
    assert not queries.replays_identically(round_)


def test_what_moved_since_scoring_is_told(
    officer: Actor, opened: Round, county: Unit, city_unit: Unit
) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    assert queries.moved_figures(round_) == []
    report(officer, county, OCTOBER, trained=250)
    moved = queries.moved_figures(round_)
    assert [(row.unit, row.field, row.frozen, row.now) for row in moved] == [
        ("丙县", "技能培训人次", "300", "350")
    ]
    make_county("戊县", city_unit)
    assert {row.unit for row in queries.moved_figures(round_)} == {"丙县", "戊县"}


# What is shown


def test_the_ranked_table(officer: Actor, opened: Round, city_unit: Unit) -> None:
    twin = make_county("戊县", city_unit)
    report(officer, twin, OCTOBER, trained=600, target=600, late=0)
    judge_all(officer, opened)
    shown = queries.standings(officer, scored(officer, opened))
    assert [(row.name, row.score.rank, row.is_tied) for row in shown.rows] == [
        ("丁县", 1, True), ("戊县", 1, True), ("丙县", 3, False),
    ]  # fmt: skip
    assert [(head.name, head.full) for head in shown.heads] == [("素质提升", 9000), ("典型经验", 1000)]
    assert shown.rows[2].tops == (5900, 600)
    assert (shown.ranked, shown.has_extras) == (3, False)


def test_units_without_a_place_stand_last(officer: Actor, opened: Round, county: Unit, rival: Unit) -> None:
    give(officer, opened, county, "6")
    shown = queries.standings(officer, scored(officer, opened))
    assert [row.name for row in shown.rows] == ["丙县", "丁县"]
    assert [row.name for row in shown.unranked] == ["丁县"]


def test_the_heat_map_has_a_cell_for_every_leaf(officer: Actor, opened: Round, rival: Unit) -> None:
    give(officer, opened, rival, "6")
    heat = queries.heat_map(queries.standings(officer, scored(officer, opened)))
    assert [head.code for head in heat.heads] == ["1.1", "1.2", "2"]
    bands = {row.name: [cell.band for cell in cells] for row, cells in heat.rows}
    assert bands == {"丁县": ["full", "full", "low"], "丙县": ["bottom", "high", "open"]}


def test_many_leaves_are_shown_one_first_level_indicator_at_a_time(
    officer: Actor, opened: Round, rival: Unit, monkeypatch: pytest.MonkeyPatch, signed_in: SignIn
) -> None:
    give(officer, opened, rival, "6")
    round_ = scored(officer, opened)
    assert queries.heat_parts(round_) == []
    monkeypatch.setattr(results, "MOST_SIDE_BY_SIDE", 2)
    parts = queries.heat_parts(round_)
    assert [(part.name, part.leaves) for part in parts] == [
        ("素质提升", {"1.1", "1.2"}), ("典型经验", {"2"}),
    ]  # fmt: skip
    heat = queries.heat_map(queries.standings(officer, round_), parts[1])
    assert [head.code for head in heat.heads] == ["2"]
    page = (
        signed_in(officer).get(reverse("assessments:round", args=[round_.pk]), {"part": "2"}).content.decode()
    )
    assert "?part=1#heat" in page
    assert "月报及时性" not in page


def test_a_units_sheet_adds_up_and_orders_what_was_lost(officer: Actor, opened: Round, county: Unit) -> None:
    judge_all(officer, opened)
    round_ = scored(officer, opened)
    score = queries.score_for(officer, Score.objects.get(unit=county).pk)
    rows = queries.sheet_rows(score)
    assert [(row.code, row.level, row.points) for row in rows] == [
        ("1", 1, 5900), ("1.1", 2, 3000), ("1.2", 2, 2900), ("2", 1, 600),
    ]  # fmt: skip
    assert sum(row.points for row in rows if row.leaf) == score.total_hundredths
    assert [(leaf.code, leaf.lost_hundredths) for leaf in queries.losses(rows)] == [
        ("1.1", 3000), ("2", 400), ("1.2", 100),
    ]  # fmt: skip
    assert round_.pk == score.round_id


def test_the_wording_and_the_reviewer_stand_beside_a_leaf(
    officer: Actor, opened: Round, county: Unit
) -> None:
    judge_all(officer, opened)
    scored(officer, opened)
    leaf = queries.leaf_for(officer, LeafScore.objects.get(score__unit=county, code="2").pk)
    (source,) = queries.sources_of(officer, leaf)
    assert (source.reviewed_by, source.value) == (officer.name, "6")
    assert source.reviewed_at is not None
    deep = queries.leaf_for(officer, LeafScore.objects.get(score__unit=county, code="1.2").pk)
    assert queries.wording_of(deep).path == ("素质提升", "月报及时性")


def test_names_are_those_of_the_rounds_months(
    officer: Actor, office_head: Actor, opened: Round, county: Unit
) -> None:
    from datetime import date

    from changai.areas.organisations.models import UnitVersion

    round_ = published(officer, office_head, opened)
    UnitVersion.objects.filter(unit=county).update(valid_to=date(2026, 12, 1))
    UnitVersion.objects.create(
        unit=county, name="丙区", short_name="丙区", parent=county.parent, valid_from=date(2026, 12, 1)
    )
    Unit.objects.filter(pk=county.pk).update(name="丙区", short_name="丙区")
    assert names_on([county.pk], date(2026, 12, 2)) == {county.pk: "丙区"}
    assert "丙县" in {row.name for row in queries.standings(officer, round_).rows}


# Sight


def test_a_unit_sees_its_own_branch_of_published_rounds_only(
    officer: Actor, office_head: Actor, opened: Round, county: Unit, rival: Unit, unit_a: Unit, leader: Actor
) -> None:
    own, other = member_of(county), member_of(rival)
    judge_all(officer, opened)
    scored(officer, opened)
    assert not queries.visible_to(own).exists()
    assert not queries.visible_to(leader).exists()
    round_ = published_now(office_head, opened)
    mine = Score.objects.get(unit=county)
    assert list(queries.scores_visible_to(own, round_)) == [mine]
    assert queries.score_for(own, mine.pk) == mine
    assert queries.scores_visible_to(leader, round_).count() == 2
    with pytest.raises(NotVisible):
        queries.score_for(other, mine.pk)
    with pytest.raises(NotVisible):
        queries.leaf_for(other, mine.leaves.first().pk)
    assert not queries.visible_to(member_of(unit_a)).exists()
    with pytest.raises(NotVisible):
        queries.round_for(member_of(unit_a), round_.pk)
    assert [row.score for row in queries.standings(own, round_).rows] == [mine]
    (listed,) = queries.with_scores_of(own, queries.visible_to(own))
    assert listed.own == [mine]


def published_now(head: Actor, round_: Round) -> Round:
    from changai.areas.accounts.tests.make import MOMENT
    from changai.areas.assessments.actions import publish_round

    round_.refresh_from_db()
    return publish_round(head, round_.pk, version=round_.version, at=MOMENT)


def test_facts_behind_a_leaf_are_those_the_actor_may_read(
    officer: Actor, office_head: Actor, opened: Round, county: Unit, rival: Unit
) -> None:
    published(officer, office_head, opened)
    leaf = queries.leaf_for(member_of(county), LeafScore.objects.get(score__unit=county, code="1.1").pk)
    shown = {fact.pk for source in queries.sources_of(member_of(county), leaf) for fact in source.facts}
    assert shown == set(
        Fact.objects.filter(unit=county, field__code__in=["trained"]).values_list("pk", flat=True)
    ) | set(
        Fact.objects.filter(unit=county, field__code="target", month=OCTOBER.first_on).values_list(
            "pk", flat=True
        )
    )


def test_a_frozen_rate_in_the_other_spelling_is_told_before_scoring(
    officer: Actor, office_head: Actor, county: Unit, rival: Unit, signed_in: Callable[[Actor], Client]
) -> None:
    make_dictionary()
    Field.objects.filter(code="trained").update(unit_of_measure="%", gathering=Field.Gathering.LAST)
    table = scheme_dict()["tables"][0]
    counted = {"measure": "Value", "field": "trained", "unit": "%"}
    table["nodes"][0]["children"][0]["rule"] = {"rule": "Linear", "of": counted, "knots": [[0, 0], [100, 1]]}
    round_ = make_round(officer, make_issued(officer, office_head, tables=[table]))
    for unit, value in ((county, "0.95"), (rival, "95")):
        report(officer, unit, OCTOBER, trained=Decimal(value), late=0)  # type: ignore[arg-type]
    assert queries.rate_doubts(round_) == []
    round_ = scored(officer, round_)
    (told,) = queries.rate_doubts(round_)
    assert told.startswith(f"{county.short_name}“技能培训人次”为 0.95，而评分规则以 95 表示 95%")
    page = reverse("assessments:round", args=[round_.pk])
    assert told in signed_in(officer).get(page).text
