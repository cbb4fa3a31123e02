"""Published cases, read where they are kept; the tests are skipped on machines without them."""

from fractions import Fraction

import numpy as np
import pytest

from changai.core.scoring import score
from changai.core.scoring.composite import arithmetic, geometric, goalposts, normalise, topsis, vikor
from changai.core.scoring.composite.aggregate import outranking
from changai.core.scoring.tests.make import leaf_points, make_card, make_facts, make_leaf, make_scheme
from changai.core.scoring.tests.published import ranks_of, read_json
from changai.core.scoring.weights import ahp, critic, matrix_of
from changai.core.scoring.weights.ahp import consistency_ratio, global_weights, priorities


def linear_score(levels, value, points=100):
    knots = [[str(a), str(b)] for a, b in levels]
    rule = {"rule": "Linear", "of": "x", "knots": knots}
    return Fraction(leaf_points(rule, {"u": {"x": str(value)}}, points)[0])


def test_efficacy_coefficient_of_the_soe_rules_gives_15_23_and_never_16_85():
    published = read_json("cn_efficacy/cases.json")
    soe = published["soe_roe"]
    score = linear_score(soe["levels"], soe["actual"], soe["weight"])
    assert float(score) == soe["published"]["score"] == 15.23
    assert float(score) != published["soe_roe_WRONG_published"]["published_score"]
    (mean, _), (good, _) = soe["levels"]
    base = linear_score(soe["levels"], mean, soe["weight"])
    assert float(base) == soe["published"]["base"]
    assert float(score - base) == soe["published"]["adjust"]
    coefficient = goalposts(np.array([[soe["actual"]]]), np.ones(1), np.array([mean]), np.array([good]))
    assert float(coefficient[0, 0]) == pytest.approx(soe["published"]["efficacy"], abs=5e-5)


def test_efficacy_coefficient_of_the_examination_gives_58_73():
    item = read_json("cn_efficacy/cases.json")["exam_asset_contribution"]
    low, high = item["unacceptable"], item["satisfactory"]
    # The textbook formula goes on below the unacceptable value: the same line from where it meets zero.
    zero = Fraction(low) - Fraction(6, 4) * (high - low)
    assert float(linear_score([[zero, 0], [high, 1]], item["actual"])) == item["published"]


def test_efficacy_coefficients_of_four_companies():
    item = read_json("cn_efficacy/cases.json")["four_companies"]
    x, low, high = (np.array(item[key], dtype=float) for key in ("x", "x_s", "x_h"))
    scores = 100 * (0.6 + 0.4 * goalposts(x, np.ones(x.shape[1]), low, high))
    assert np.abs(scores - np.array(item["d_published"])).max() <= 0.0026
    totals = geometric(scores, np.full(x.shape[1], 1 / x.shape[1]))
    assert np.abs(totals - np.array(item["D_geometric"])).max() <= 0.0021
    assert ranks_of(totals) == item["rank"]
    for row, values in enumerate(item["x"]):
        for column, value in enumerate(values):
            ends = [[str(item["x_s"][column]), "0.6"], [str(item["x_h"][column]), "1"]]
            assert abs(float(linear_score(ends, value)) - item["d_published"][row][column]) <= 0.0076


def test_index_of_two_cities():
    item = read_json("cn_efficacy/cases.json")["city_index"]
    standard = np.array(item["standard"], dtype=float)
    cities = np.array([item["A"], item["B"]], dtype=float)
    single = 100 * goalposts(cities, np.ones(7), np.zeros(7), standard)
    assert np.abs(single - np.array([item["index_A"], item["index_B"]])).max() <= 0.2001
    totals = arithmetic(single, np.full(7, 1 / 7))
    assert np.abs(totals - np.array(item["total"])).max() <= 0.1001


def test_rules_of_notices_without_a_worked_number():
    rules = read_json("cn_rules_worked/rules.json")
    monthly, quarterly, whole = rules["indicator_points_sum"]["check"]
    fixed = {"rule": "Fixed", "share": "1"}
    scheme = make_scheme(("1", monthly, fixed), ("2", quarterly, fixed))
    assert not scheme.validate()
    assert scheme.tables["县区"].full == whole
    # 每篇 0.5 分、最高计 2 分；两人署名各得一半
    articles = {"rule": "PerItem", "items": {"papers": "0.5"}, "start": "0", "cap": "2"}
    assert leaf_points(articles, {"one": {"papers": "1"}, "many": {"papers": "9"}}, 2) == ["0.50", "2.00"]
    shared = {
        "rule": "Linear",
        "of": {"measure": "Ratio", "num": "papers", "den": "authors"},
        "knots": [[0, 0], [4, 1]],
    }
    assert leaf_points(shared, {"u": {"papers": "1", "authors": "2"}}, 2) == ["0.25"]
    example = rules["max_not_sum"]["examples"][0]
    shares = {"city": "0.1", "province": "0.2"}
    parts = [
        {
            "rule": "PerItem",
            "items": {level: str(-example["base"] * float(share))},
            "start": "0",
            "floor": "-5",
        }
        for level, share in shares.items()
    ]
    penalty = {"code": "P1", "name": "通报批评", "cap": "5", "rule": {"rule": "Worst", "parts": parts}}
    leaf = make_leaf("1", example["base"], fixed)
    scheme = make_scheme(leaf, penalty=[penalty])
    facts = make_facts({"u": dict.fromkeys(example["levels_hit"], "1")})
    assert score(scheme, "县区", facts).of("u").penalty == -100 * example["penalty"]


def test_worked_rules_of_notices():
    rules = read_json("cn_rules_worked/rules.json")
    for example in rules["target_hit"]["examples"]:
        tiers = {"rule": "Tiers", "of": "x", "bounds": [str(example["target"])], "shares": ["1"]}
        points = leaf_points(tiers, {"u": {"x": str(example["actual"])}}, example["points"])
        assert float(points[0]) == example["score"]
    for example in rules["rank_points"]["examples"]:
        units = {f"u{n}": {"x": 100 - n} for n in range(1, 25)}
        points = leaf_points({"rule": "RankPoints", "of": "x"}, units, example["points"])
        assert float(points[example["rank"] - 1]) == pytest.approx(example["score"])
    hybrid = rules["gdp_hybrid"]
    parts = [
        {"rule": "Tiers", "of": "x", "bounds": [8], "shares": [1], "full": 4},
        {"rule": "RankPoints", "of": "x", "only_above": 8, "full": 6},
    ]
    units = {unit: {"x": str(growth)} for unit, growth in hybrid["growth"].items()}
    card = make_card({"rule": "Sum", "parts": parts}, units, 10)
    assert {unit: float(card.leaf(unit, "1").points_text) for unit in units} == hybrid["score"]
    for example in rules["deduct_floor"]["examples"]:
        items = {f"f{n}": str(-each) for n, each in enumerate(example["unit"])}
        rule = {"rule": "PerItem", "items": items, "floor": "0"}
        facts = {f"f{n}": count for n, count in enumerate(example["counts"])}
        assert float(leaf_points(rule, {"u": facts}, example["points"])[0]) == example["score"]
    assert "全部打满分或者打相同分数的按无效票处理" in rules["trimmed_mean"]["text"]
    votes = {"甲": {"a": "100", "b": "80"}, "乙": {"a": "100.0", "b": "90"}}
    voided = {"rule": "Grades", "judges": ["a", "b"], "alike": "void"}
    assert leaf_points(voided, votes, 100) == ["80.00", "90.00"]
    for example in rules["trimmed_mean"]["examples"]:
        judges = [f"j{n}" for n in range(len(example["scores"]))]
        rule = {"rule": "Grades", "judges": judges, "trim_above": 5}
        facts = dict(zip(judges, map(str, example["scores"]), strict=True))
        assert float(leaf_points(rule, {"u": facts}, 100)[0]) == example["result"]


def test_ahp_drinks_and_best_city():
    judged, published = read_json("saaty_ahp/judgements.json"), read_json("saaty_ahp/published.json")
    names = sorted(published["drinks"]["weights_4dp"])
    drinks = priorities(matrix_of(names, judged["drinks"]))
    expected = np.array([published["drinks"]["weights_4dp"][name] for name in names])
    assert np.abs(drinks.eigenvector - expected).max() <= 5.1e-5
    ratio = consistency_ratio(drinks.lambda_max, len(names), table="saaty-1980")
    assert abs(ratio - published["drinks"]["CR_saaty_RI"]) <= 6e-4
    cities = judged["cities"]
    criteria = sorted(set(cities) - {"criteria"})
    towns = sorted(published["cities"]["global"])
    above = priorities(matrix_of(criteria, cities["criteria"])).eigenvector
    below = [priorities(matrix_of(towns, cities[name])).eigenvector for name in criteria]
    found = global_weights(above, below)
    assert np.abs(found - np.array([published["cities"]["global"][town] for town in towns])).max() <= 5.1e-5


def test_ahp_of_the_chinese_textbook():
    judged, published = read_json("saaty_ahp/judgements.json"), read_json("saaty_ahp/published.json")
    job = judged["graduate_job_cn"]
    above = priorities(np.array(job["B_over_A"], dtype=float)).eigenvector
    below = [priorities(np.array(matrix, dtype=float)).eigenvector for matrix in job["C_over_B"]]
    found = global_weights(above, below)
    assert np.abs(found - np.array(published["graduate_job_cn"]["global"])).max() <= 1e-7


def test_topsis_critic_and_vikor():
    cases = read_json("mcdm_classics/cases.json")
    item = cases["topsis_tzeng_huang_2011"]
    matrix, directions = np.array(item["matrix"], dtype=float), np.array(item["directions"], dtype=float)
    closeness = topsis(normalise(matrix, directions, "vector"), np.array(item["weights"]), directions)
    assert np.abs(closeness - np.array(item["similarity"])).max() <= item["atol"]
    assert ranks_of(closeness) == item["rank"]
    item = cases["critic_diakoulaki_1995"]
    assert (
        np.abs(critic(np.array(item["matrix"], dtype=float)) - np.array(item["weights"])).max()
        <= item["atol"]
    )
    item = cases["vikor_opricovic_tzeng_2007"]
    matrix, directions = np.array(item["matrix"], dtype=float), np.array(item["directions"], dtype=float)
    for name in ("W1", "W2", "W3", "W4"):
        weights = np.array(item[name]["w"], dtype=float)
        found = vikor(matrix, weights / weights.sum(), directions, v=item["v"])
        for values, key in zip(found, ("S", "R", "Q"), strict=True):
            assert np.abs(values - np.array(item[name][key])).max() <= item["atol"]
        assert ranks_of(-found[2]) == item[name]["rank"]


def test_outranking_counts_the_weight_of_the_indicators_won():
    matrix = np.array([[1.0, 5.0, 3.0], [2.0, 5.0, 1.0]])
    found = outranking(matrix, np.array([0.5, 0.3, 0.2]))
    assert found.tolist() == [[0.0, pytest.approx(0.35)], [pytest.approx(0.65), 0.0]]


def test_ahp_group_of_one_is_that_expert():
    judged = read_json("saaty_ahp/judgements.json")
    names = sorted({name for pair in judged["drinks"] for name in pair[:2]})
    matrix = matrix_of(names, judged["drinks"])
    found = ahp(names, [matrix])
    assert np.allclose(found.weights, priorities(matrix).weights)
    assert found.kendall_w is None
