"""Auditing a table and asking what if, on small cohorts worked by hand."""

from fractions import Fraction

import numpy as np
import pytest

from changai.core import scoring
from changai.core.scoring import Status
from changai.core.scoring.audit import audit
from changai.core.scoring.reliability import alpha_without_each, cronbach_alpha, with_rest
from changai.core.scoring.rules import Imported
from changai.core.scoring.tests.make import make_facts, make_leaf, make_scheme
from changai.core.scoring.tests.test_robust import flat_card, imported
from changai.core.scoring.whatif import compare, edit, nearest_gains, with_facts


def test_influence_sums_to_one_and_saturated_leaves_have_none():
    card = flat_card(
        {
            "甲": [100, 90, 50],
            "乙": [100, 70, 60],
            "丙": [100, 50, 55],
            "丁": [100, 30, 45],
            "戊": [100, 80, 70],
        }
    )
    found = audit(card)
    assert sum(leaf.influence for leaf in found.leaves) == pytest.approx(1)
    first = found.leaves[0]
    assert (first.at_full, first.influence, first.nominal) == (1.0, 0.0, pytest.approx(1 / 3))
    assert found.findings()[0] == "指标 0（指标0）有 100% 的对象得满分，已不能区分先后"
    assert "no longer tells units apart" in found.findings("en")[0]


def test_reversed_redundant_and_absent_indicators_are_named():
    rows = {"甲": [90, 10, 88], "乙": [70, 30, 71], "丙": [50, 50, 50], "丁": [30, 90, 33]}
    scheme = make_scheme(
        *[(str(n), 20, imported(f"f{n}")) for n in range(3)], make_leaf("9", 20, imported("g"))
    )
    facts = {
        unit: {**{f"f{n}": v for n, v in enumerate(row)}, "g": Status.NOT_REPORTED}
        for unit, row in rows.items()
    }
    facts["丁"]["g"] = Status.NOT_APPLICABLE
    found = audit(scoring.score(scheme, "县区", make_facts(facts)))
    told = "\n".join(found.findings())
    assert "指标 1（指标1）的得分与其余指标反向" in told
    assert "指标 0 与 2 的得分高度一致" in told
    assert "指标 9（指标9）有 75% 的对象未报送" in told
    assert "只有 4 个对象" in told
    assert found.leaves[3].not_applicable == 0.25
    assert len(found.findings("en")) == len(found.findings())


def test_units_at_a_cliff_and_relative_points_are_counted():
    tiers = {"rule": "Tiers", "of": "x", "bounds": [60, 90], "shares": ["0.5", 1]}
    scheme = make_scheme(("1", 60, tiers), ("2", 40, {"rule": "RankPoints", "of": "x"}))
    units = {f"u{value}": {"x": value} for value in (10, "59.9", 60, 75, 91, 95)}
    found = audit(scoring.score(scheme, "县区", make_facts(units)), error=Fraction(2, 100))
    assert found.leaves[0].near_step == 3
    assert found.relative_points == pytest.approx(0.4)
    assert "紧靠分档界限" in "\n".join(found.findings())


def test_alpha_by_hand_and_where_it_is_undefined():
    assert cronbach_alpha(np.array([[1.0, 2, 3], [1, 2, 3]])) == pytest.approx(1)
    assert cronbach_alpha(np.array([[1.0, 2, 3], [3, 2, 1]])) is None
    assert cronbach_alpha(np.array([[1.0, 2, 3]])) is None
    items = np.array([[1.0, 2, 3], [1, 2, 3], [3, 2, 1]])
    assert alpha_without_each(items)[2] == pytest.approx(1)
    assert with_rest(items) == [0, 0, pytest.approx(-1)]


def test_empty_cohort_can_be_audited():
    scheme = make_scheme(("1", 60, imported("x")))
    found = audit(scoring.score(scheme, "县区", make_facts({})))
    assert (found.units, found.cronbach_alpha, found.leaves[0].at_full) == (0, None, 0.0)


def test_other_figures_change_points_places_and_sentences():
    card = flat_card({"甲": [90, 40], "乙": [60, 80]})
    other = with_facts(card.facts, {("甲", "f1"): "75"})
    after = scoring.score(card.scheme, "县区", other)
    change = compare(card, after)[0]
    assert (change.unit, change.total_before, change.total_after) == ("甲", 2600, 3300)
    assert (change.rank_before, change.rank_after) == (2, 1)
    assert change.leaves[0].sentence_after.startswith("f1 75 分")
    assert [each.unit for each in compare(card, after)] == ["甲", "乙"]
    assert compare(card, card) == []
    with pytest.raises(KeyError):
        with_facts(card.facts, {("丙", "f1"): 1})


def test_other_points_and_rules_keep_the_sums():
    group = {"code": "1", "name": "一", "points": "40", "children": [make_leaf("1.1", 40, imported("a"))]}
    scheme = make_scheme(group, make_leaf("2", 60, imported("b")))
    heavier = edit(scheme, "县区", "1.1", points=Fraction(50))
    assert not heavier.validate()
    assert (heavier.tables["县区"].full, heavier.tables["县区"].nodes[0].points) == (110, 50)
    ruled = edit(scheme, "县区", "2", rule=Imported("b", Fraction(200)))
    facts = make_facts({"甲": {"a": 50, "b": 50}, "旁": {"a": 50, "b": 0}})
    change = compare(scoring.score(scheme, "县区", facts), scoring.score(ruled, "县区", facts))
    assert [(each.unit, each.total_before, each.total_after) for each in change] == [("甲", 5000, 3500)]
    with pytest.raises(KeyError):
        edit(scheme, "县区", "9", points=Fraction(1))
    fewer = scoring.score(scheme, "县区", make_facts({"甲": {"a": 50, "b": 50}}))
    assert compare(scoring.score(scheme, "县区", facts), fewer) == []


def test_what_a_unit_can_still_gain_and_the_place_it_would_take():
    rule = {"rule": "Linear", "of": "a", "knots": [[0, 0], [100, 1]]}
    scheme = make_scheme(("1", 60, rule), ("2", 40, imported("b")))
    units = {
        "甲": {"a": 50, "b": 100},
        "乙": {"a": 100, "b": 50},
        "丙": {"a": 60, "b": 0},
        "丁": {"a": 90, "b": Status.PENDING},
    }
    card = scoring.score(scheme, "县区", make_facts(units))
    gains = nearest_gains(card, "甲")
    assert [(gain.code, gain.points, gain.rank) for gain in gains] == [("1", 3000, 1)]
    assert gains[0].how == "提高到 100 可得 60 分。"
    assert [(gain.code, gain.rank) for gain in nearest_gains(card, "丙")] == [("2", 2), ("1", 3)]
    assert nearest_gains(card, "丁")[0].rank is None
