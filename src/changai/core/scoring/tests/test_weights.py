"""Weights from experts and from statistics: what they must satisfy, on small examples worked by hand."""

from fractions import Fraction

import numpy as np
import pytest

from changai.core.scoring.tests.test_robust import flat_card
from changai.core.scoring.weights import (
    advise,
    ahp,
    critic,
    entropy,
    matrix_of,
    points_of,
    principal_components,
)
from changai.core.scoring.weights.advice import correlations, warning
from changai.core.scoring.weights.ahp import complete, global_weights, kendall_w, priorities

ITEMS = ["甲", "乙", "丙"]


def judged(first, second, third):
    return matrix_of(ITEMS, [("甲", "乙", first), ("甲", "丙", second), ("乙", "丙", third)])


def test_consistent_judgements_give_their_ratios_and_no_contradiction():
    found = priorities(judged(2, 4, 2))
    assert found.weights == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert found.eigenvector == pytest.approx(found.weights)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-12)
    assert found.is_consistent


def test_contradictions_are_returned_with_their_worst_triads():
    group = ahp(ITEMS, [judged(9, 1 / 9, 9), judged(2, 4, 2)])
    assert not group.experts[0].is_consistent
    assert group.to_return() == [0]
    assert group.worst_triads[0] == (("甲", "乙", "丙"),)
    assert group.worst_triads[1] == ()


def test_aggregating_judgements_or_priorities_gives_the_same_weights():
    generator = np.random.default_rng(1)
    for _ in range(20):
        experts = [judged(*generator.choice([1 / 5, 1 / 3, 1, 2, 4, 7], 3)) for _ in range(5)]
        voices = generator.random(5)
        means = np.exp(
            np.average([np.log(priorities(each).weights) for each in experts], axis=0, weights=voices)
        )
        group = ahp(ITEMS, experts, voices=voices.tolist())
        assert np.allclose(group.weights, means / means.sum(), atol=1e-12)
        assert group.group.consistency_ratio <= max(each.consistency_ratio for each in group.experts) + 1e-9


def test_incomplete_judgements_are_filled_from_the_chain_and_marked():
    matrix = matrix_of(ITEMS, [("甲", "乙", 2), ("乙", "丙", 3)])
    assert complete(matrix)[0, 2] == pytest.approx(6)
    assert ahp(ITEMS, [matrix]).completed == (1,)
    with pytest.raises(ValueError, match="连在一起"):
        complete(matrix_of(ITEMS, [("甲", "乙", 2)]))


@pytest.mark.parametrize(
    ("judgement", "told"),
    [
        (("甲", "丁", 2), "不是本组"),
        (("甲", "甲", 2), "不是本组"),
        (("甲", "丙", 10), "1/9 至 9"),
        (("乙", "甲", 3), "前后不一致"),
    ],
)
def test_impossible_judgements_are_refused(judgement, told):
    with pytest.raises(ValueError, match=told):
        matrix_of(ITEMS, [("甲", "乙", 2), judgement])


def test_group_size_is_limited():
    with pytest.raises(ValueError, match="同级指标"):
        ahp(["一"], [np.ones((1, 1))])
    with pytest.raises(ValueError, match="同级指标"):
        ahp(ITEMS, [])


def test_disagreement_is_reported_beside_the_weights():
    group = ahp(ITEMS, [judged(2, 4, 2), judged(2, 4, 2)])
    assert group.dispersion == pytest.approx([1, 1, 1])
    assert group.kendall_w == pytest.approx(1)
    low, high = ahp(ITEMS, [judged(2, 4, 2), judged(1, 1, 1)]).leave_one_out
    assert low[0] == pytest.approx(1 / 3)
    assert high[0] == pytest.approx(4 / 7)
    alone = ahp(["甲", "乙"], [matrix_of(["甲", "乙"], [("甲", "乙", 3)])])
    assert alone.leave_one_out[0] == pytest.approx([0.75, 0.25])
    assert alone.group.consistency_ratio == 0


def test_kendall_corrects_for_ties_and_knows_when_it_is_undefined():
    assert kendall_w(np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])) == pytest.approx(0)
    assert kendall_w(np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2]])) == pytest.approx(1)
    assert kendall_w(np.full((2, 3), 1 / 3)) is None


def test_points_sum_exactly_and_differ_from_the_weights_by_less_than_a_step():
    weights = [0.4, 0.35, 0.25]
    points = points_of(weights, Fraction(10), Fraction(1, 2))
    assert points == [Fraction(4), Fraction(7, 2), Fraction(5, 2)]
    for total in (7, 13, 100):
        found = points_of([0.123, 0.456, 0.421], Fraction(total), Fraction(1, 2))
        assert sum(found) == total
        assert all(
            abs(float(each) - total * w) < 0.5 for each, w in zip(found, [0.123, 0.456, 0.421], strict=True)
        )
    with pytest.raises(ValueError, match="整数倍"):
        points_of(weights, Fraction(10), Fraction(3))
    with pytest.raises(ValueError, match="not all be zero"):
        points_of([0, 0], Fraction(1), Fraction(1))


def test_entropy_gives_nothing_to_an_indicator_on_which_everyone_is_equal():
    matrix = np.array([[1.0, 5, 0], [2, 5, 0], [3, 5, 0]])
    assert entropy(matrix) == pytest.approx([1, 0, 0])
    assert entropy(np.array([[1.0, 2.0]])) == pytest.approx([0.5, 0.5])


def test_entropy_by_hand():
    # p = (1/4, 3/4) and (1/2, 1/2): e = 0.8112781 and 1.
    assert entropy(np.array([[1.0, 2], [3, 2]])) == pytest.approx([1, 0])
    two = entropy(np.array([[1.0, 1], [3, 2]]))
    first, second = 1 - 0.8112781245, 1 - 0.9182958341
    assert two == pytest.approx([first / (first + second), second / (first + second)])


def test_critic_and_components_treat_duplicates_and_constants():
    generator = np.random.default_rng(2)
    base = generator.random((30, 2))
    doubled = np.column_stack([base[:, 0], base[:, 0], base[:, 1], np.ones(30)])
    found = critic(doubled)
    assert found[3] == 0
    assert found[0] == pytest.approx(found[1])
    assert found[2] > found[0]
    assert principal_components(doubled).sum() == pytest.approx(1)
    assert principal_components(np.eye(3)).shape == (3,)
    assert correlations(doubled)[0, 1] == pytest.approx(1)
    assert critic(np.array([[1.0, 2.0]])) == pytest.approx([0.5, 0.5])


def test_advice_stands_beside_the_points_with_ranges_and_a_warning():
    card = flat_card({"甲": [90, 40], "乙": [60, 42], "丙": [30, 41], "丁": [70, 40]})
    advice = {each.method: each for each in advise(card, methods=("entropy", "critic", "pca"), bootstrap=50)}
    assert advice["entropy"].weights[0] > 0.9
    assert (advice["entropy"].low <= advice["entropy"].high).all()
    assert "ln n" in advice["entropy"].convention
    assert warning().startswith("离散程度不等于重要程度")
    assert "never points" in warning("en")
    with pytest.raises(ValueError, match="少于三个"):
        advise(flat_card({"甲": [90, 40], "乙": [60, 42]}))


def test_global_weights_multiply_down_the_levels_by_hand():
    found = global_weights(np.array([0.6, 0.4]), [np.array([0.5, 0.5]), np.array([1.0, 0.0])])
    assert found == pytest.approx([0.7, 0.3])
