"""Ranks under other weights: reproducible, exact at zero spread, and the same by every road."""

import math

import numpy as np
import pytest

from changai.core import scoring
from changai.core.scoring import Status
from changai.core.scoring.robust import (
    FactError,
    concentration_of_experts,
    error_ranks,
    robustness,
    spread_to_concentration,
)
from changai.core.scoring.robust.drawn import draw_weights
from changai.core.scoring.robust.picture import interval_chart
from changai.core.scoring.robust.ranks import packed_ranks, plain_ranks, quantiles, rank_draws
from changai.core.scoring.robust.report import screen
from changai.core.scoring.tests.make import RandomTable, make_facts, make_leaf, make_scheme
from changai.core.scoring.tests.test_differential import rows_of

IMPORTED = {"rule": "Imported", "field": "x", "out_of": 100}


def imported(field):
    return {**IMPORTED, "field": field}


def flat_card(scores, **table):
    """Return a card of one-level tables: scores is {unit: [percent of each leaf]}."""
    count = len(next(iter(scores.values())))
    scheme = make_scheme(*[(f"{n}", 20, imported(f"f{n}")) for n in range(count)], **table)
    facts = {unit: {f"f{n}": value for n, value in enumerate(row)} for unit, row in scores.items()}
    return scoring.score(scheme, "县区", make_facts(facts))


def random_card(seed):
    draw = RandomTable(seed)
    table, facts = draw.table(), draw.facts(12)
    scheme = scoring.Scheme.from_json({"scheme": "r", "tables": [{**table, "floor": None}]})
    return scoring.score(scheme, "类", scoring.Facts.from_rows(rows_of(facts)))


def test_same_seed_same_draws_and_other_seed_other_draws():
    card = flat_card({"甲": [90, 40, 70, 60], "乙": [60, 80, 65, 70], "丙": [30, 90, 95, 20]})
    first, again, other = (robustness(card, draws=500, seed=seed) for seed in (7, 7, 8))
    assert (first.ranks == again.ranks).all()
    assert (first.ranks != other.ranks).any()


def test_a_unit_better_everywhere_is_above_in_every_draw():
    card = flat_card({"甲": [90, 80, 70, 60], "乙": [60, 70, 65, 50], "丙": [30, 20, 95, 20]})
    report = robustness(card, draws=2000, seed=1)
    assert report.above("甲", "乙") == (1.0, 0.0)
    assert report.compare_words("甲", "乙") == "在 2000 组合理权重中，甲有 100% 高于乙。"


def test_identical_units_tie_in_every_draw():
    report = robustness(flat_card({"甲": [90, 80], "乙": [90, 80], "丙": [10, 20]}), draws=300)
    assert report.above("甲", "乙") == (0.0, 1.0)
    assert report.of("乙").official == report.of("乙").median == 1
    assert "100% 并列" in report.compare_words("甲", "乙")


@pytest.mark.parametrize("seed", range(25))
def test_without_spread_the_ranks_are_the_official_ones(seed):
    card = random_card(seed)
    if not card.ranked.any():
        with pytest.raises(ValueError, match="no unit"):
            robustness(card)
        return
    report = robustness(card, rho=0, draws=3)
    official = [card.of(unit).rank for unit in report.units]
    assert [list(row) for row in report.ranks] == [official] * 3


def test_packed_and_plain_kernels_agree_up_to_quantisation():
    generator = np.random.default_rng(3)
    rates, fixed = generator.random((30, 400)) * 100, generator.integers(-2, 3, 400).astype(float)
    rates[:, 7], fixed[7] = rates[:, 5], fixed[5]
    weights = generator.dirichlet(np.full(30, 20.0), size=300)
    packed, plain = (
        packed_ranks(rates, fixed, weights).astype(int),
        plain_ranks(rates, fixed, weights).astype(int),
    )
    assert (packed != plain).mean() < 0.002
    assert np.abs(packed - plain).max() <= 2
    assert (packed[:, 5] == packed[:, 7]).all()
    assert (rank_draws(rates, fixed, weights) == packed).all()


def test_beyond_the_packed_range_the_plain_kernel_is_used():
    rates, weights = np.arange(5000.0)[None, :], np.ones((2, 1))
    assert list(rank_draws(rates, np.zeros(5000), weights)[0, :2]) == [5000, 4999]


def test_closed_form_screen_agrees_with_simulation():
    card = flat_card({"甲": [90, 40, 70, 60, 75], "乙": [60, 80, 65, 70, 58], "丙": [30, 90, 95, 20, 77]})
    report = robustness(card, rho=0.5, draws=20_000, seed=2)
    concentration = spread_to_concentration(0.5, 5)
    for unit, other in (("甲", "乙"), ("甲", "丙"), ("乙", "丙")):
        share, ties = report.above(unit, other)
        assert abs(screen(card, unit, other, concentration=concentration) - share - ties / 2) < 0.02


def test_screen_of_units_that_weights_cannot_tell_apart():
    card = flat_card({"甲": [90, 90], "乙": [80, 80], "丙": [80, 80]})
    assert screen(card, "甲", "乙", concentration=10) == 1.0
    assert screen(card, "乙", "丙", concentration=10) == 0.5


def test_drawn_weights_have_the_stated_mean_and_spread():
    scheme = make_scheme(*[(f"{n}", 25, imported("x")) for n in range(4)])
    weights = draw_weights(scheme.tables["县区"], rho=0.3, draws=40_000, seed=5)
    assert np.allclose(weights.sum(axis=1), 1)
    assert np.allclose(weights.mean(axis=0), 0.25, atol=0.002)
    assert np.allclose(weights.std(axis=0) / 0.25, 0.3, atol=0.005)


def test_concentration_from_experts_recovers_the_one_drawn_with():
    drawn = np.random.default_rng(1).dirichlet(np.array([5.0, 3.0, 2.0]), size=20_000)
    assert abs(concentration_of_experts(drawn) - 10) < 0.3
    assert math.isinf(concentration_of_experts(np.array([[0.5, 0.5], [0.5, 0.5]])))
    with pytest.raises(ValueError, match="two experts"):
        concentration_of_experts(np.array([[0.5, 0.5]]))
    with pytest.raises(ValueError, match="differ more"):
        concentration_of_experts(np.array([[1.0, 0.0], [0.0, 1.0]]))


@pytest.mark.parametrize("rho", [-0.1, 5, float("nan"), float("inf")])
def test_impossible_spreads_are_refused(rho):
    with pytest.raises(ValueError, match="relative spread"):
        spread_to_concentration(rho, 3)


def test_quantiles_are_whole_places_by_the_inverse_distribution():
    ranks = np.array([[1], [1], [2], [3], [9]], dtype=np.uint16)
    assert quantiles(ranks, (0.05, 0.4, 0.41, 0.5, 0.95))[:, 0].tolist() == [1, 1, 2, 2, 9]


def test_bands_cut_only_where_ranges_do_not_touch():
    card = flat_card({"丙": [20, 30, 25], "甲": [90, 95, 92], "乙": [89, 95, 93]})
    report = robustness(card, rho=0.3, draws=2000)
    assert report.bands() == [["乙", "甲"], ["丙"]]
    assert report.within_top("丙", 2) == 0.0


def test_leaving_out_the_only_strength_costs_places():
    card = flat_card({"甲": [100, 50, 50], "乙": [60, 70, 60], "丙": [40, 60, 60]})
    report = robustness(card, draws=100)
    assert report.of("甲").official == 1
    assert report.influential("甲")[0] == ("0", -2)
    assert report.left_out.shape == (3, 3)


def test_vetoes_stay_fixed_and_unranked_units_stay_out():
    veto = [
        {"code": "V1", "name": "零", "when": "z", "effect": "zero"},
        {"code": "V2", "name": "折", "when": "k", "effect": "factor", "factor": "0.5"},
    ]
    scheme = make_scheme(("a", 50, imported("x")), ("b", 50, imported("y")), veto=veto)
    units = {
        "甲": {"x": 90, "y": 80, "z": 1, "k": 0},
        "乙": {"x": 90, "y": 80, "z": 0, "k": 1},
        "丙": {"x": 30, "y": 35, "z": 0, "k": 0},
        "丁": {"x": 99, "y": Status.PENDING, "z": 0, "k": 0},
    }
    report = robustness(scoring.score(scheme, "县区", make_facts(units)), draws=400)
    assert report.units == ("甲", "乙", "丙")
    assert (report.ranks[:, 0] == 3).all()
    assert (report.ranks[:, 1] == 1).all()


def test_result_and_chart_say_what_was_varied():
    report = robustness(flat_card({"甲": [90, 40], "乙": [50, 70]}), draws=200, seed=4)
    result = report.result()
    assert result["draws"] == "200"
    assert "相对标准差 25.0%" in result["varied"]
    assert {unit["unit"] for unit in result["units"]} == {"甲", "乙"}
    chart = interval_chart(report)
    assert chart.startswith("<svg")
    assert chart.count("<circle") == 2
    assert "权重敏感性" in chart
    assert "Sensitivity to weights" in interval_chart(report, "en")


def test_errors_in_figures_go_through_the_steps_of_the_rules():
    tiers = {"rule": "Tiers", "of": "x", "bounds": [60], "shares": [1]}
    node = make_leaf("1", "10", tiers)
    scheme = make_scheme(
        node, ("2", "10", imported("y")), ("3", "10", {"rule": "ProportionToBest", "of": "y"})
    )
    units = {"甲": {"x": 60, "y": 50}, "乙": {"x": 90, "y": 49}, "丙": {"x": 10, "y": 40}}
    card = scoring.score(scheme, "县区", make_facts(units))
    ranks = error_ranks(card, {"x": FactError(sd=5)}, draws=400, seed=1)
    # 甲 stands on the step: half of the draws push it over the edge; 乙 and 丙 stand far from it.
    assert 0.4 < (ranks[:, 0] == 1).mean() < 0.6
    assert set(ranks[:, 2].tolist()) == {3}
    assert (error_ranks(card, {"x": FactError(sd=5)}, draws=400, seed=1) == ranks).all()
    moved = error_ranks(card, {"y": FactError(relative=0.2, step=1)}, draws=100, seed=1)
    assert {1, 2} <= set(moved[:, 0].tolist())
    with pytest.raises(KeyError):
        error_ranks(card, {"nothing": FactError(sd=1)})


def test_errors_reach_every_period_of_an_accumulated_rule():
    rule = {
        "rule": "Accumulate",
        "of": {"rule": "ProportionToBest", "of": "x"},
        "periods": ["1", "2"],
        "cap": "2",
    }
    units = {"甲": {"x@1": 50, "x@2": 50}, "乙": {"x@1": 49, "x@2": 49}, "丙": {"x@1": 1, "x@2": 1}}
    scheme = make_scheme(("1", "2", {**rule, "of": {"rule": "Clip", "of": rule["of"], "cap": "1"}}))
    card = scoring.score(scheme, "县区", make_facts(units))
    ranks = error_ranks(card, {"x@1": FactError(relative=0.5)}, draws=50, seed=3)
    assert len({tuple(row) for row in ranks.tolist()}) > 1
