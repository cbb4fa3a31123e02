"""The technology achievement index of the OECD/JRC handbook: every table that can be an oracle, to its own digits."""

from itertools import permutations

import numpy as np
import pytest

from changai.core.scoring.composite import geometric, goalposts, kemeny, normalise
from changai.core.scoring.composite.aggregate import outranking
from changai.core.scoring.reliability import alpha_without_each, cronbach_alpha, with_rest
from changai.core.scoring.tests.published import ranks_of, read_csv, read_json, tai
from changai.core.scoring.weights import benefit_of_the_doubt, factors, matrix_of, varimax
from changai.core.scoring.weights.ahp import consistency_ratio, priorities

EIGHTH = np.full(8, 1 / 8)


def standardised():
    return normalise(tai()[2], np.ones(8), "zscore")


def test_table_15_normalisations():
    countries, names, raw = tai()
    column, one = raw[:, [names.index("SCHOOLING")]], np.ones(1)
    table = {row["country"]: row for row in read_csv("oecd_tai/published_normalisation_table_15.csv")}
    mean, least = column.mean(), column.min()
    ratio = normalise(column, one, "mean")[:, 0]
    above = column[:, 0] / mean
    found = {
        "z": normalise(column, one, "zscore")[:, 0],
        "minmax": normalise(column, one, "minmax")[:, 0],
        "ratio_mean": ratio,
        "ratio_best": normalise(column, one, "max")[:, 0],
        "ratio_worst": ratio * mean / least,
        "diff_mean": ratio - 1,
        "diff_worst": ratio * mean / least - 1,
        "above_below_mean": np.where(above > 1.2, 1.0, np.where(above < 0.8, -1.0, 0.0)),
    }
    for key, values in found.items():
        published = np.array([float(table[country][key]) for country in countries])
        assert np.abs(values - published).max() <= 0.00501, key
    reversed_ranks = [int(table[country]["rank_rev"]) for country in countries]
    # The handbook gives ties their lowest rank, ours their middle: the same order, and equal where there is no tie.
    ours = normalise(column, one, "rank")[:, 0]
    for place, rank in enumerate(reversed_ranks):
        level = reversed_ranks.count(rank)
        assert ours[place] == rank + (level - 1) / 2


def test_tables_16_to_18_principal_components_loadings_and_weights():
    _, names, raw = tai()
    published = read_json("oecd_tai/published_pca_tables_16_17.json")
    found = factors(raw)
    assert np.abs(found.eigenvalues - np.array(published["eigenvalues"])).max() <= 0.06
    assert np.abs(100 * found.shares - np.array(published["variance_pct"])).max() <= 0.12
    wanted = np.abs(np.array(published["rotated_loadings"]))
    loadings = np.abs(found.loadings)
    assert loadings.shape == wanted.shape
    order = min(
        permutations(range(4)), key=lambda columns: float(np.abs(loadings[:, columns] - wanted).max())
    )
    assert np.abs(loadings[:, order] - wanted).max() <= 0.025
    assert np.abs(found.explained[list(order)] - np.array(published["expl_var"])).max() <= 0.03
    table = read_json("oecd_tai/published_weights_table_22.json")
    weights = np.array([found.weights[names.index(name)] for name in table["order"]])
    assert np.abs(weights - np.array(table["PC_table18"])).max() <= 0.015
    assert found.weights.sum() == pytest.approx(1)


def test_a_rotation_keeps_what_each_indicator_explains():
    loadings = np.array([[0.9, 0.1], [0.8, 0.3], [0.1, 0.9], [0.0, 0.0]])
    turned = varimax(loadings)
    assert (turned**2).sum(axis=1) == pytest.approx((loadings**2).sum(axis=1))
    assert factors(np.array([[1.0, 5], [2, 5], [3, 5]])).weights.sum() == pytest.approx(1)


def test_a_rotation_that_does_not_settle_stops():
    loadings = np.array([[0.9, 0.5], [0.8, 0.3], [0.1, 0.9]])
    assert (varimax(loadings, rounds=1) ** 2).sum() == pytest.approx((loadings**2).sum())


def test_table_11_cronbach_alpha():
    _, names, _ = tai()
    published = read_json("oecd_tai/published_cronbach_table_11.json")
    items = standardised().T
    assert cronbach_alpha(items) == pytest.approx(published["overall"], abs=0.005)
    for name, alpha, r in zip(names, alpha_without_each(items), with_rest(items), strict=True):
        assert alpha == pytest.approx(published["deleted_alpha"][name], abs=0.0025)
        assert r == pytest.approx(published["item_total_corr"][name], abs=0.006)


def test_table_19_benefit_of_the_doubt():
    countries, _, raw = tai()
    published = read_json("oecd_tai/published_bod_table_19.json")["score"]
    found = benefit_of_the_doubt(normalise(raw, np.ones(8), "minmax"), 0.10, 0.15)
    assert np.abs(found - np.array([published[country] for country in countries])).max() <= 0.0121


def test_benefit_of_the_doubt_by_hand():
    matrix = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.25], [0.0, 0.0]])
    assert benefit_of_the_doubt(matrix, 0, 1).tolist() == [1, 1, pytest.approx(0.75), 0]
    # With equal shares forced on everyone it is the mean divided by the best mean.
    assert benefit_of_the_doubt(matrix, 0.5, 0.5).tolist() == [1, 1, pytest.approx(0.75), 0]
    with pytest.raises(ValueError, match="权重下限"):
        benefit_of_the_doubt(matrix, 0.6, 1)
    with pytest.raises(ValueError, match="不能为负"):
        benefit_of_the_doubt(matrix - 1, 0, 1)


def test_table_20_judgements_are_consistent_and_table_22_weights_sum_to_one():
    table = read_json("oecd_tai/published_ahp_table_20.json")
    names = table["order"]
    judged = [
        (first, second, table["matrix"][row][column])
        for row, first in enumerate(names)
        for column, second in enumerate(names)
        if row < column
    ]
    parsed = [(a, b, float(fraction_of(value))) for a, b, value in judged]
    found = priorities(matrix_of(names, parsed))
    assert consistency_ratio(found.lambda_max, 8, table="saaty-1980") < 0.10
    assert np.abs(found.weights - found.eigenvector).max() <= 0.01
    # No eigenvector is published for this one respondent; what he says most and least of is.
    assert names[int(found.weights.argmax())] == "SCHOOLING"
    assert {names[place] for place in np.argsort(found.weights)[:2]} == {
        "TELEPHONES_log10",
        "ELECTRICITY_log10",
    }
    weights = read_json("oecd_tai/published_weights_table_22.json")
    for method in ("EW", "FA", "BAP", "AHP"):
        assert sum(weights[method]) == pytest.approx(1, abs=0.0101)


def fraction_of(value):
    top, _, bottom = str(value).partition("/")
    return float(top) / float(bottom or 1)


@pytest.mark.parametrize(
    ("method", "exact", "places"), [("EW", 23, 0), ("BAP", 23, 0), ("FA", 19, 2), ("AHP", 20, 2)]
)
def test_tables_23_and_38_ranks(method, exact, places):
    countries, names, raw = tai()
    posts = read_json("oecd_tai/goalposts.json")
    weights = np.array(read_json("oecd_tai/published_weights_table_22.json")[method])
    order = [names.index(name) for name in posts["order"]]
    scaled = goalposts(raw[:, order], np.ones(8), np.array(posts["min"]), np.array(posts["max"]), clip=True)
    table = {row["country"]: row for row in read_csv("oecd_tai/published_ranks_tables_23_38.csv")}
    shifts = [
        abs(ours - int(table[country][method]))
        for ours, country in zip(ranks_of(scaled @ weights), countries, strict=True)
    ]
    # The weights are printed to two decimals only: what the README states is what can be reached.
    assert shifts.count(0) >= exact
    assert max(shifts) <= places


def test_table_38_geometric_ranks():
    countries, _, raw = tai()
    table = {row["country"]: row for row in read_csv("oecd_tai/published_ranks_tables_23_38.csv")}
    assert ranks_of(geometric(raw, EIGHTH)) == [int(table[country]["GME"]) for country in countries]


def test_tables_35_to_37_outranking_and_the_best_of_120_orders():
    published = read_json("oecd_tai/published_kemeny_tables_35_37.json")
    impact, names = np.array(published["impact"]), published["countries"]
    better = outranking(impact, EIGHTH)
    assert better == pytest.approx(np.array(published["outranking"]))
    for order, support in published["permutations"]:
        assert support_of(better, [names.index(name) for name in order]) == pytest.approx(support)
    found = kemeny(impact, EIGHTH)
    assert found.support == pytest.approx(published["best"])
    best = [order for order, support in published["permutations"] if support == published["best"]]
    for place, name in enumerate(names):
        taken = [order.index(name) + 1 for order in best]
        assert (found.first[place], found.last[place]) == (min(taken), max(taken))


def test_the_published_order_of_table_38_is_not_the_best_one():
    countries, _, raw = tai()
    table = {row["country"]: row for row in read_csv("oecd_tai/published_ranks_tables_23_38.csv")}
    printed = sorted(range(23), key=lambda place: int(table[countries[place]]["NCMC"]))
    better = outranking(raw, EIGHTH)
    found = kemeny(raw, EIGHTH)
    assert found.support == pytest.approx(184.5)
    assert support_of(better, printed) == pytest.approx(181.625)
    ours = sorted(range(23), key=lambda place: (found.first[place], found.last[place]))
    assert support_of(better, ours) <= found.support


def support_of(better, order):
    return float(sum(better[a, b] for place, a in enumerate(order) for b in order[place + 1 :]))


def test_kemeny_against_all_orders():
    generator = np.random.default_rng(3)
    for _ in range(20):
        matrix = generator.integers(0, 4, (5, 4)).astype(float)
        weights = generator.dirichlet(np.ones(4))
        better = outranking(matrix, weights)
        supports = {order: support_of(better, order) for order in permutations(range(5))}
        best = max(supports.values())
        orders = [order for order, support in supports.items() if support >= best - 1e-9]
        found = kemeny(matrix, weights)
        assert found.support == pytest.approx(best)
        for unit in range(5):
            taken = [order.index(unit) + 1 for order in orders]
            assert (found.first[unit], found.last[unit]) == (min(taken), max(taken))


def test_kemeny_refuses_a_circle_too_large_to_search(monkeypatch):
    monkeypatch.setattr("changai.core.scoring.composite.condorcet.LARGEST_CIRCLE", 2)
    circle = np.array([[1.0, 3, 2], [2, 1, 3], [3, 2, 1]])
    with pytest.raises(ValueError, match="互有胜负"):
        kemeny(circle, np.full(3, 1 / 3))
