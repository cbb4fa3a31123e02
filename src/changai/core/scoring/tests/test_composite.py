"""The parts of composite indices on small examples worked by hand."""

import numpy as np
import pytest

from changai.core.scoring.composite import (
    AGGREGATIONS,
    NORMALISATIONS,
    Branch,
    aggregate_tree,
    borda,
    copeland,
    denominate,
    goalposts,
    impute_by_group,
    kurtosis,
    normalise,
    skewness,
    topsis,
    treat,
    vikor,
)

BOTH = np.array([1.0, -1.0])


@pytest.mark.parametrize("method", NORMALISATIONS)
def test_better_is_never_worse_after_normalising(method):
    matrix = np.array([[1.0, 9.0], [2.0, 5.0], [4.0, 3.0]])
    found = normalise(matrix, BOTH, method)
    assert (np.diff(found[:, 0]) > 0).all()
    if method != "vector":
        assert (np.diff(found[:, 1]) > 0).all()


@pytest.mark.parametrize("method", NORMALISATIONS)
def test_constant_indicators_divide_by_nothing(method):
    assert np.isfinite(normalise(np.array([[3.0], [3.0]]), np.ones(1), method)).all()


def test_normalisations_by_hand():
    column = np.array([[2.0], [4.0], [6.0]])
    up, down = np.ones(1), -np.ones(1)
    assert normalise(column, up, "minmax")[:, 0].tolist() == [0, 0.5, 1]
    assert normalise(column, down, "minmax")[:, 0].tolist() == [1, 0.5, 0]
    assert normalise(column, up, "zscore")[:, 0].tolist() == [-1, 0, 1]
    assert normalise(column, down, "rank")[:, 0].tolist() == [3, 2, 1]
    assert normalise(column, down, "max")[:, 0] == pytest.approx([1, 1 / 2, 1 / 3])
    assert normalise(column, up, "mean")[:, 0].tolist() == [0.5, 1, 1.5]
    assert normalise(column, up, "sum")[:, 0] == pytest.approx([1 / 6, 1 / 3, 1 / 2])
    clipped = goalposts(column, up, np.array([3.0]), np.array([5.0]), clip=True)
    assert clipped[:, 0].tolist() == [0, 0.5, 1]


def test_aggregations_by_hand():
    matrix, weights = np.array([[1.0, 4.0], [2.0, 2.0]]), np.array([0.5, 0.5])
    assert AGGREGATIONS["arithmetic"](matrix, weights).tolist() == [2.5, 2]
    assert AGGREGATIONS["geometric"](matrix, weights) == pytest.approx([2, 2])
    assert AGGREGATIONS["harmonic"](matrix, weights) == pytest.approx([1.6, 2])
    gaps = np.array([[np.nan, 4.0], [2.0, np.nan]])
    assert AGGREGATIONS["arithmetic"](gaps, weights).tolist() == [4, 2]
    assert AGGREGATIONS["geometric"](gaps, weights) == pytest.approx([4, 2])


def test_votes_of_indicators():
    matrix = np.array([[3.0, 3.0, 1.0], [2.0, 2.0, 2.0], [1.0, 1.0, 3.0]])
    weights = np.full(3, 1 / 3)
    assert copeland(matrix, weights).tolist() == [2, 0, -2]
    assert borda(matrix, weights) == pytest.approx([4 / 3, 1, 2 / 3])
    level = np.array([[1.0], [1.0]])
    assert borda(level, np.ones(1)).tolist() == [0.5, 0.5]
    assert copeland(level, np.ones(1)).tolist() == [0, 0]


def test_distances_to_the_ideal_when_everyone_is_equal():
    same, weights, up = np.ones((2, 2)), np.array([0.5, 0.5]), np.ones(2)
    assert topsis(same, weights, up).tolist() == [0.5, 0.5]
    assert [each.tolist() for each in vikor(same, weights, up)] == [[0, 0], [0, 0], [0, 0]]


def test_outliers_are_pulled_in_before_logarithms_are_tried():
    plain = np.arange(20.0)
    assert treat(plain)[1] == "none"
    one = np.append(plain, 500.0)
    pulled, how = treat(one)
    assert how == "winsorised 1"
    assert pulled.max() == 19
    low, how = treat(-one)
    assert how == "winsorised 1"
    assert low.min() == -19
    wild = np.exp(np.linspace(0, 12, 60) ** 1.3)
    logged, how = treat(wild)
    assert how == "log"
    assert (np.diff(logged) > 0).all()


def test_moments_of_short_or_constant_columns_are_zero():
    assert skewness(np.array([1.0, 1.0, 1.0])) == 0
    assert kurtosis(np.array([1.0, 2.0, np.nan, 3.0])) == 0
    assert skewness(np.array([1.0, 2.0, 9.0])) == pytest.approx(1.6300591617)
    assert kurtosis(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(-1.2)


def test_gaps_take_the_group_mean_then_everybodys():
    matrix = np.array([[1.0, 1.0], [3.0, np.nan], [np.nan, np.nan], [8.0, np.nan]])
    filled = impute_by_group(matrix, ["a", "a", "a", "b"])
    assert filled[:, 0].tolist() == [1, 3, 2, 8]
    assert filled[:, 1].tolist() == [1, 1, 1, 1]
    assert np.isnan(impute_by_group(np.array([[np.nan]]), ["a"])).all()


def test_tree_adds_up_level_by_level_and_refuses_circles():
    values = {"a": np.array([1.0, 3.0]), "b": np.array([3.0, 1.0]), "c": np.array([5.0, 5.0])}
    branches = [
        Branch("top", "", 1),
        Branch("ab", "top", 1),
        Branch("c", "top", 3),
        Branch("a", "ab", 1),
        Branch("b", "ab", 1),
    ]
    found = aggregate_tree(values, branches)
    assert found["ab"].tolist() == [2, 2]
    assert found["top"].tolist() == [4.25, 4.25]
    with pytest.raises(ValueError, match="既不是指标"):
        aggregate_tree(values, [Branch("top", "", 1), Branch("d", "top", 1)])
    with pytest.raises(ValueError, match="首尾相连"):
        aggregate_tree(values, [Branch("x", "y", 1), Branch("y", "x", 1)])
    with pytest.raises(ValueError, match="首尾相连"):
        aggregate_tree(values, [Branch("t", "", 1), Branch("x", "t", 1), Branch("t", "x", 1)])


def test_an_indicator_is_divided_by_its_size_and_a_size_of_zero_is_a_gap():
    matrix, sizes = np.array([[6.0, 1], [8, 2], [9, 3]]), {"heads": np.array([2.0, 4, 0])}
    found = denominate(matrix, ["heads", ""], sizes)
    assert found[:2].tolist() == [[3, 1], [2, 2]]
    assert np.isnan(found[2, 0])
    assert matrix[0, 0] == 6
    with pytest.raises(KeyError):
        denominate(matrix, ["area", ""], sizes)


@pytest.mark.parametrize("weights", [(-1.0, 1.0), (0.0, 0.0)])
def test_weights_in_a_tree_are_shares(weights: tuple[float, float]) -> None:
    branches = [Branch("top", "", 1.0), Branch("a", "top", weights[0]), Branch("b", "top", weights[1])]
    with pytest.raises(ValueError, match="不能为负"):
        aggregate_tree({"a": np.array([1.0, 2.0]), "b": np.array([2.0, 1.0])}, branches)
