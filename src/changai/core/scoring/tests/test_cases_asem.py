"""ASEM Sustainable Connectivity, 51 countries x 49 indicators: the index, and what its places owe to four choices.

The published replications rest on COINr's own draws: their statistics are recomputed exactly, and our draws of the same
choices must give the same picture within what a hundred replications can tell.
"""

from functools import cache

import numpy as np

from changai.core.scoring.composite import (
    Branch,
    aggregate_tree,
    denominate,
    geometric,
    impute_by_group,
    normalise,
    treat,
)
from changai.core.scoring.robust import sobol
from changai.core.scoring.robust.ranks import plain_ranks, quantiles
from changai.core.scoring.tests.published import number, ranks_of, read_csv, read_json

REPLICATIONS = 500
CHOICES = ("Winmax", "Normalisation", "Weights", "Aggregation")


@cache
def asem():
    """Return units, the filled matrix, directions and branches."""
    meta, rows = read_csv("coinr_asem/iMeta.csv"), read_csv("coinr_asem/iData.csv")
    indicators = [each for each in meta if each["Type"] == "Indicator"]
    raw = np.array([[number(row[each["iCode"]]) for each in indicators] for row in rows])
    denominators = {each["Denominator"] for each in indicators} - {"", "NA"}
    sizes = {name: np.array([number(row[name]) for row in rows]) for name in denominators}
    names = [each["Denominator"] if each["Denominator"] in denominators else "" for each in indicators]
    filled = impute_by_group(denominate(raw, names, sizes), [row["EurAsia_group"] for row in rows])
    branches = [
        Branch(each["iCode"], each["Parent"] if each["Parent"] != "NA" else "", float(each["Weight"]))
        for each in meta
        if each["Type"] in ("Indicator", "Aggregate")
    ]
    directions = np.array([float(each["Direction"]) for each in indicators])
    codes = [each["iCode"] for each in indicators]
    return [row["uCode"] for row in rows], codes, filled, directions, branches


@cache
def treated(most):
    filled = asem()[2]
    return np.stack([treat(filled[:, column], most=most)[0] for column in range(filled.shape[1])], axis=1)


def index_of(scaled, branches, aggregate=None):
    values = {code: scaled[:, column] for column, code in enumerate(asem()[1])}
    return aggregate_tree(values, branches, *([aggregate] if aggregate else []))


def test_index_ranks_and_printed_aggregates():
    units, _, _, directions, branches = asem()
    found = index_of(100 * normalise(treated(5), directions, "minmax"), branches)
    published = {row["uCode"]: row for row in read_csv("coinr_asem/published_nominal.csv")}
    expected = np.array([float(published[unit]["Score"]) for unit in units])
    assert np.abs(found["Index"] - expected).max() <= 1e-9
    assert ranks_of(found["Index"]) == [int(published[unit]["Rank"]) for unit in units]
    table = read_json("coinr_asem/published_doc_results.json")
    checked = 0
    for code, numbers in table["head"].items():
        if code in units:
            for name, value in zip(table["head"]["columns"], numbers, strict=True):
                assert abs(found[name][units.index(code)] - value) <= 0.0051
                checked += 1
    assert checked == 77
    india = units.index("IND")
    assert [ranks_of(found[name])[india] for name in table["head"]["columns"]] == table["IND_ranks"]


def replications():
    rows = read_csv("coinr_asem/published_ua_ranks_100reps.csv")
    ranks = np.array([[int(row[f"r_{n}"]) for row in rows] for n in range(1, 101)], dtype=np.uint32)
    return [row["uCode"] for row in rows], ranks


def test_rank_statistics_of_the_hundred_replications():
    units, ranks = replications()
    published = {row["uCode"]: row for row in read_csv("coinr_asem/published_ua_rankstats.csv")}
    stated = {
        name: np.array([float(published[unit][name]) for unit in units])
        for name in ("Mean", "Median", "Q5", "Q95")
    }
    assert np.abs(ranks.mean(axis=0) - stated["Mean"]).max() <= 1e-9
    interpolated = np.quantile(ranks, [0.5, 0.05, 0.95], axis=0)
    # Ours are places somebody really took; the published ones interpolate between the two nearest draws.
    ours = quantiles(ranks, (0.5, 0.05, 0.95))
    for found, place, name in zip(interpolated, ours, ("Median", "Q5", "Q95"), strict=True):
        assert np.abs(found - stated[name]).max() <= 1e-9
        assert ((np.sort(ranks, axis=0) == place).any(axis=0)).all()
    assert (ours[0] <= stated["Median"]).all()
    assert (ours[1] <= stated["Q5"] + 1e-9).all()
    assert (ours[2] <= stated["Q95"] + 1e-9).all()


def shaken(branches, draws):
    """Return the branches with the weights of second- and third-level aggregates moved by up to a quarter."""
    names = [branch.name for branch in branches if branch.parent and branch.name not in asem()[1]]
    factors = dict(zip(names, 0.75 + 0.5 * draws, strict=True))
    return [Branch(each.name, each.parent, each.weight * factors.get(each.name, 1.0)) for each in branches]


def replicated(rows):
    """Return the ranks of all units for each row of four uniform inputs, the choices of the published study."""
    _, _, _, directions, branches = asem()
    aggregates = sum(bool(each.parent) and each.name not in asem()[1] for each in branches)
    indices = []
    for winmax, scale, weights, way in rows:
        matrix = treated(1 + int(winmax * 5))
        if scale < 0.5:
            scaled = 1 + 99 * normalise(matrix, directions, "minmax")
        else:
            scaled = 10 + 2 * normalise(matrix, directions, "zscore")
        drawn = np.random.default_rng(int(weights * 2**32)).random(aggregates)
        found = index_of(scaled, shaken(branches, drawn), geometric if way >= 0.5 else None)
        indices.append(found["Index"])
    scores = np.array(indices)
    return plain_ranks(np.eye(scores.shape[1]), np.zeros(scores.shape[1]), scores)


def test_our_replications_give_the_published_picture():
    units, published = replications()
    order = [asem()[0].index(unit) for unit in units]
    ours = replicated(np.random.default_rng(7).random((REPLICATIONS, 4)))[:, order].astype(float)
    error = np.sqrt(published.var(axis=0) / 100 + ours.var(axis=0) / REPLICATIONS)
    gap = np.abs(ours.mean(axis=0) - published.mean(axis=0))
    assert (gap <= np.maximum(4 * error, 0.5)).mean() >= 0.95


def test_the_aggregation_moves_places_most():
    nominal = np.array(ranks_of(index_of(normalise(treated(5), asem()[3], "minmax"), asem()[4])["Index"]))

    def shift(rows):
        return np.abs(replicated(rows).astype(int) - nominal).mean(axis=1)

    found = sobol(shift, CHOICES, samples=256, seed=3)
    published = {row["Variable"]: row for row in read_csv("coinr_asem/published_sensitivity.csv")}
    for name, total in zip(CHOICES, found.total, strict=True):
        low, high = (float(published[name][key]) for key in ("STi_q5", "STi_q95"))
        assert low - 0.1 <= total <= high + 0.1, name
    assert CHOICES[int(found.total.argmax())] == "Aggregation"
    assert CHOICES[int(found.total.argmin())] == "Winmax"
