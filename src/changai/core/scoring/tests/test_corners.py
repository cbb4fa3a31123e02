"""Corners of rules, conditions, sentences and results that whole tables seldom reach."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from changai.core import scoring
from changai.core.scoring import Status
from changai.core.scoring.averages import mean_told
from changai.core.scoring.facts import Facts
from changai.core.scoring.frames import Frame
from changai.core.scoring.measures import Value
from changai.core.scoring.robust import FactError, error_ranks, robustness
from changai.core.scoring.robust.ranks import packed_ranks
from changai.core.scoring.rules import completion, efficacy
from changai.core.scoring.tabular.grid import cell_text
from changai.core.scoring.tests.make import leaf_points, make_card, make_facts, make_leaf, make_scheme
from changai.core.scoring.wordings import parse_figures, read_wording

FULL, NOTHING = {"rule": "Fixed"}, {"rule": "Fixed", "share": 0}


def compare(side, bound):
    return {"condition": "Compare", "of": "x", "side": side, "bound": bound}


@pytest.mark.parametrize(
    ("condition", "expected", "told"),
    [
        (
            {"condition": "Both", "parts": [compare("above", 3), {"condition": "Yes", "field": "t"}]},
            ["10.00", "0.00", "0.00"],
            "实际 5，高于 3，t：是",
        ),
        (
            {"condition": "OneOf", "parts": [compare("above", 3), {"condition": "Yes", "field": "t"}]},
            ["10.00", "10.00", "0.00"],
            "实际 5，高于 3，t：是",
        ),
        (
            {"condition": "Not", "part": {"condition": "Yes", "field": "t"}},
            ["0.00", "10.00", "10.00"],
            "t：是",
        ),
        ({"condition": "Not", "part": compare("at_most", 3)}, ["10.00", "10.00", "0.00"], "实际 5，高于 3"),
        (compare("at_least", 5), ["10.00", "10.00", "0.00"], "实际 5，等于 5"),
        (
            {"condition": "CompareAverage", "of": "x", "side": "below"},
            ["0.00", "0.00", "10.00"],
            "实际 5，高于 3 个对象的平均线 4",
        ),
        (
            {
                "condition": "Not",
                "part": {"condition": "CompareAverage", "of": "x", "side": "above", "plus": 1},
            },
            ["10.00", "10.00", "10.00"],
            "等于 3 个对象的平均线 5",
        ),
    ],
)
def test_conditions_turn_the_branch_and_say_what_they_found(condition, expected, told):
    rule = {"rule": "When", "when": condition, "then": FULL, "otherwise": NOTHING}
    units = {"甲": {"x": 5, "t": 1}, "乙": {"x": 5, "t": 0}, "丙": {"x": 2, "t": 0}}
    card = make_card(rule, units)
    assert [card.leaf(unit, "1").points_text for unit in units] == expected
    assert told in card.leaf("甲", "1").sentence()
    scheme = scoring.Scheme.from_json(card.scheme.to_json())
    assert scheme == card.scheme
    assert set(scheme.tables["县区"].fields()) <= {"x", "t"}
    leaf = scheme.tables["县区"].leaves[0]
    assert leaf.rule.reads_relative() == ("Average" in str(condition))


def test_conditions_without_their_figures_leave_the_leaf_without_points():
    rule = {"rule": "When", "when": compare("above", 3), "then": FULL, "otherwise": NOTHING}
    assert make_card(rule, {"甲": {"x": Status.PENDING}}).leaf("甲", "1").status is Status.PENDING


def test_multiplied_rules_without_condition():
    rule = {"rule": "Multiply", "of": {"rule": "Checklist", "items": {"a": "4"}}, "factor": "0.5"}
    card = make_card(rule, {"甲": {"a": 1}, "乙": {"a": 0}})
    assert [card.leaf(unit, "1").points for unit in card.units] == [200, 0]
    assert card.leaf("甲", "1").sentence() == "已落实：a（4 分），4×0.5 = 2，得 2 分（满分 10 分）。"
    assert card.leaf("乙", "1").regain() == "落实a，可得 4 分。"
    broken = make_scheme(("1", 10, {**rule, "factor": "-1"}))
    assert any("factor 不能为负数" in each.message() for each in broken.validate())


def test_ways_to_regain_are_empty_where_there_are_none():
    steps = {"rule": "PerStep", "of": "x", "target": 5, "per": 1, "side": "above", "start": 0, "cap": 8}
    tiers = {"rule": "Tiers", "of": "x", "bounds": [5], "shares": ["0.5"]}
    items = {"rule": "PerItem", "items": {"x": "1"}, "start": 0, "cap": 8}
    within = {"rule": "Clip", "of": {"rule": "WithinTarget", "of": "x", "target": 9}, "cap": 8}
    level = {"rule": "Linear", "of": "x", "knots": [[0, "0.5"], [9, "0.5"]]}
    for rule in (steps, tiers, items, within, level):
        assert make_card(rule, {"甲": {"x": 6}}).leaf("甲", "1").regain() == ""
    card = make_card({"rule": "Imported", "field": "x"}, {"甲": {"x": 100}, "乙": {"x": Status.PENDING}})
    assert [card.leaf(unit, "1").regain() for unit in card.units] == ["", ""]


def test_surveys_of_declared_figures_tell_how_to_regain():
    rule = {
        "rule": "Survey",
        "of": {"measure": "Value", "field": "x"},
        "sample": "n",
        "least": 10,
        "knots": [[0, 0], [100, 1]],
    }
    body = {
        "scheme": "s",
        "fields": [{"name": "x", "label": "满意度", "unit": "%"}, {"name": "n", "label": "样本"}],
    }
    table = {"category": "县区", "full": "10", "void": "zero", "nodes": [make_leaf("1", 10, rule)]}
    card = scoring.score(
        scoring.Scheme.from_json({**body, "tables": [table]}), "县区", make_facts({"甲": {"x": 90, "n": 20}})
    )
    assert card.leaf("甲", "1").sentence().startswith("满意度 90%，样本 20 人（不少于 10 人）")
    assert card.leaf("甲", "1").regain() == "提高到 100 可得 10 分。"


def test_shares_beyond_the_outer_knots():
    rule = {"rule": "Linear", "of": "x", "knots": [[0, 0], [10, 1]], "below": "0.1", "above": "0.2"}
    assert leaf_points(rule, {"甲": {"x": -1}, "乙": {"x": 10}, "丙": {"x": "10.1"}}) == [
        "1.00",
        "10.00",
        "2.00",
    ]


def test_shorthands_of_ramps():
    facts = Facts.from_rows([("甲", "x", "90", Status.REPORTED)])
    frame = Frame(facts)
    done = completion(Value("x"), target=Fraction(100), cap=Fraction(6, 5))
    assert done.points(frame, Fraction(10)).values[0] == pytest.approx(9)
    better = efficacy(Value("x"), unacceptable=Fraction(100), satisfactory=Fraction(80))
    assert better.points(frame, Fraction(10)).values[0] == pytest.approx(8)


def test_items_with_a_floor_below_zero_say_so():
    rule = {"rule": "PerItem", "items": {"x": "-1"}, "floor": "-2"}
    node = make_leaf("1", 5, rule, lowest="-2")
    card = scoring.score(make_scheme(node), "县区", make_facts({"甲": {"x": 9}}))
    assert (
        card.leaf("甲", "1").sentence()
        == "x 9 项，每项扣 1 分，5-9 = -4，最低按 -2 分计，得 -2 分（满分 5 分）。"
    )
    assert card.leaf("甲", "1").regain("en") == "without x 9: 7 points more."
    assert card.leaf("甲", "1").regain() == "x（现 9 项）降为 0 时，可少扣 7 分。"


def test_steps_that_float64_cannot_count_are_counted_exactly():
    rule = {
        "rule": "PerStep",
        "of": "x",
        "target": 1,
        "per": "-1",
        "step": "0.1",
        "counting": "whole",
        "floor": 0,
    }
    close = {
        "甲": {"x": "0.7"},
        "乙": {"x": "0.700000000000000000001"},
        "丙": {"x": "0.699999999999999999999"},
    }
    assert leaf_points(rule, close) == ["7.00", "8.00", "7.00"]
    started = {**rule, "counting": "started"}
    assert leaf_points(started, close) == ["7.00", "7.00", "6.00"]


def test_averages_near_zero_and_caps_above_the_mean():
    percent = {"rule": "RelativeToAverage", "of": "x", "per": "-1", "basis": "percent", "floor": 0}
    assert leaf_points(percent, {"甲": {"x": "0.1"}, "乙": {"x": "-0.1"}}) == ["0.00", "0.00"]
    gain = {"rule": "RelativeToAverage", "of": "x", "per": "0.125", "side": "above", "start": 1, "cap": 10}
    units = {"甲": {"x": "0.02"}, "乙": {"x": "-0.02"}, "丙": {"x": 0}}
    assert leaf_points(gain, units) == ["1.00", "1.00", "1.00"]
    ties = {"甲": {"x": "0.04"}, "乙": {"x": "-0.04"}}
    assert leaf_points(gain, ties) == ["1.01", "1.00"]


def test_large_cohorts_tell_a_rounded_mean():
    facts = Facts.from_rows([(f"u{n}", "x", n, Status.REPORTED) for n in range(100)])
    assert mean_told(Frame(facts), Value("x")) == Fraction(99, 2)


def test_whole_result_and_absent_adjustments():
    item = {"rule": "PerItem", "items": {"p": "-1"}, "start": 0}
    table = {
        "penalty": [{"code": "P", "name": "p", "cap": "3", "rule": item}],
        "bonus": [{"code": "B", "name": "b", "cap": "1", "rule": {**item, "items": {"q": "1"}}}],
    }
    card = make_card({"rule": "Imported", "field": "x"}, {"甲": {"x": 80, "q": 5}}, **table)
    outcome = scoring.result(card.scheme, [card], lang="en", seed=5)
    unit = outcome["tables"][0]["units"][0]
    assert (outcome["seed"], unit["total"], unit["rank"]) == ("5", "9.00", "1")
    assert [each["sentence"] for each in unit["adjustments"]] == [
        "q: 5, each adds 1 point, at most 1 point, adds 1 point.",
        "not reported (p), nothing deducted.",
    ]
    chinese = scoring.result(card.scheme, [card])["tables"][0]["units"][0]["adjustments"][1]["sentence"]
    assert chinese == "未报送（p），不减分。"


def test_notes_and_reasons_stand_in_the_sentence():
    rows = [("甲", "x", None, Status.REJECTED, "缺签章"), ("乙", "x", "5", Status.REPORTED, "材料齐全")]
    scheme = make_scheme(("1", 10, {"rule": "Reviewed", "field": "x"}))
    card = scoring.score(scheme, "县区", Facts.from_rows(rows))
    assert card.leaf("甲", "1").sentence() == "审核未通过（x：缺签章），按本表规定计 0 分（满分 10 分）。"
    assert "理由：材料齐全" in card.leaf("乙", "1").sentence()
    exempt = scoring.score(scheme, "县区", Facts.from_rows(rows), not_applicable={("乙", "1"): "无此业务"})
    assert exempt.leaf("乙", "1").sentence().startswith("不适用（无此业务），本指标 10 分不计入")


def test_cells_that_are_no_numbers_stay_text():
    assert cell_text(float("nan")) == "nan"
    assert cell_text(1.50) == "1.5"
    assert cell_text(None) == ""


def test_a_ratio_without_percent_sign_stays_a_ratio():
    rule = read_wording("达到2得满分，否则不得分", parse_figures("a/b"), Fraction(10))
    assert (rule.of.num, rule.of.times, rule.of.unit) == ("a", 1, "")


def test_packed_ranks_of_all_distinct_units():
    rates = np.array([[1.0, 2.0, 3.0]])
    assert packed_ranks(rates, np.zeros(3), np.ones((2, 1))).tolist() == [[3, 2, 1]] * 2


def test_nobody_ranked_has_no_robustness():
    card = make_card({"rule": "Imported", "field": "x"}, {"甲": {"x": Status.PENDING}})
    with pytest.raises(ValueError, match="no unit is ranked"):
        robustness(card)


def test_errors_under_a_share_of_the_best_use_the_erroneous_best():
    card = make_card({"rule": "ProportionToBest", "of": "x"}, {"甲": {"x": 50}, "乙": {"x": 49}})
    ranks = error_ranks(card, {"x": FactError(relative=0.3)}, draws=60, seed=2)
    assert {tuple(row) for row in ranks.tolist()} == {(1, 2), (2, 1)}


def test_grades_below_every_line_without_refusals():
    bands = [{"name": "优", "min": "9"}, {"name": "良", "bars": ["b"]}, {"name": "中"}]
    card = make_card(
        {"rule": "Imported", "field": "x"}, {"甲": {"x": 50, "b": 0}, "乙": {"x": 40, "b": 1}}, grades=bands
    )
    assert card.of("甲").grade_reason == "总分 5.00 分，低于 9 分，评为“良”"
    assert card.of("乙").grade_reason == "有不得评为“良”的情形；总分 4.00 分，评为“中”"


def test_years_may_be_written_as_text_and_codes_as_numbers():
    body = {
        "scheme": "s",
        "year": "2022",
        "tables": [{"category": "c", "full": 5, "nodes": [{**make_leaf("1", 5, FULL), "code": 1}]}],
    }
    scheme = scoring.Scheme.from_json(body)
    assert (scheme.year, scheme.tables["c"].nodes[0].code) == (2022, "1")


def test_two_rules_on_one_period_see_the_same_error():
    once = {
        "rule": "Accumulate",
        "of": {"rule": "Imported", "field": "x", "full": 4},
        "periods": ["1"],
        "cap": 4,
    }
    other = {**once, "of": {"rule": "Multiply", "of": once["of"], "factor": "1"}}
    difference = {"rule": "Worst", "parts": [once, other]}
    card = scoring.score(
        make_scheme(("1", 4, difference)), "县区", make_facts({"甲": {"x@1": 50}, "乙": {"x@1": 40}})
    )
    ranks = error_ranks(card, {"x@1": FactError(sd=20)}, draws=40, seed=1)
    alone = scoring.score(
        make_scheme(("1", 4, once)), "县区", make_facts({"甲": {"x@1": 50}, "乙": {"x@1": 40}})
    )
    assert (ranks == error_ranks(alone, {"x@1": FactError(sd=20)}, draws=40, seed=1)).all()
    assert len({tuple(row) for row in ranks.tolist()}) == 2


def test_exemptions_without_a_reason_say_only_that():
    card = scoring.score(
        make_scheme(
            ("1", 5, {"rule": "Imported", "field": "x"}), ("2", 5, {"rule": "Imported", "field": "y"})
        ),
        "县区",
        make_facts({"甲": {"x": 50, "y": 50}}),
        not_applicable=[("甲", "2")],
    )
    assert card.leaf("甲", "2").sentence().startswith("不适用，本指标 5 分不计入")
    assert card.text(card.of("甲").regular) == "2.50"


def test_decimals_with_more_digits_than_any_figure_has_are_refused():
    longest = Decimal("1." + "3" * 39)
    assert scoring.to_decimal(longest) == longest
    with pytest.raises(scoring.NotANumber):
        scoring.to_decimal(Decimal("1." + "3" * 40))


def test_a_quotient_longer_than_any_figure_is_refused() -> None:
    assert scoring.to_number("1/3") == scoring.to_number("１／３") == Fraction(1, 3)
    with pytest.raises(scoring.NotANumber):
        scoring.to_number("1/" + "9" * 400)


def test_when_every_vote_is_void_the_leaf_is_void_and_says_so() -> None:
    rule = {"rule": "Grades", "judges": ["a"], "alike": "void"}
    card = scoring.score(
        make_scheme(make_leaf("1", 5, rule, void="zero")),
        "县区",
        make_facts({"甲": {"a": 90}, "乙": {"a": 90}}),
    )
    assert card.leaf("甲", "1").sentence() == "无法计算，有效票不足，按本表规定计 0 分（满分 5 分）。"
