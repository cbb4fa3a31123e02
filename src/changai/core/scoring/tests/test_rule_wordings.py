"""The kinds of rule met in notices: for each the object that expresses it, and values worked by hand.

The numbers are those of the list in docs/method/rules.md.
"""

import pytest

from changai.core import scoring
from changai.core.scoring import Status
from changai.core.scoring.tests.make import leaf_points, make_card, make_facts, make_leaf, make_scheme

VALUE = {"measure": "Value", "field": "x"}
PERCENT = {"measure": "Value", "field": "x", "unit": "%"}
RATE = {"measure": "Ratio", "num": "a", "den": "b", "times": 100, "unit": "%"}


def each(field, *values):
    return {f"u{place}": {field: value} for place, value in enumerate(values)}


CASES = {
    "1 完全实现者得分，否则零分": (
        {"rule": "Checklist", "items": {"x": "2"}},
        "2",
        each("x", 1, 0),
        ["2.00", "0.00"],
    ),
    "1 反之，有则零分": (
        {
            "rule": "When",
            "when": {"condition": "Yes", "field": "x"},
            "then": {"rule": "Fixed", "share": 0},
            "otherwise": {"rule": "Fixed"},
        },
        "2",
        each("x", 1, 0),
        ["0.00", "2.00"],
    ),
    "2 印发文件得0.5分，制定方案得0.5分": (
        {"rule": "Checklist", "items": {"a": "0.5", "b": "0.5"}},
        "1",
        {"u": {"a": 1, "b": 0}, "v": {"a": 1, "b": 1}},
        ["0.50", "1.00"],
    ),
    "3 按完成比例得分（15分），至多满分": (
        {"rule": "Linear", "of": RATE, "knots": [[0, 0], [100, 1]]},
        "15",
        {"u": {"a": 7, "b": 10}, "v": {"a": 12, "b": 10}, "w": {"a": 1, "b": 3}},
        ["10.50", "15.00", "5.00"],
    ),
    "4 不高于目标得满分，超过按比例得分": (
        {"rule": "WithinTarget", "of": VALUE, "target": "3"},
        "5",
        each("x", 2, 3, 4, 0),
        ["5.00", "5.00", "3.75", "5.00"],
    ),
    "5 70%得3，60%得2，50%得1": (
        {"rule": "Tiers", "of": PERCENT, "bounds": [50, 60, 70], "points_each": [1, 2, 3]},
        "3",
        each("x", "69.99", 70, 60, "49.9"),
        ["2.00", "3.00", "2.00", "0.00"],
    ),
    "6 不低于20%得1分；每低1%扣0.05分": (
        {"rule": "PerStep", "of": PERCENT, "target": 20, "per": "-0.05", "floor": 0},
        "1",
        each("x", 20, "19.6", 10, 0),
        ["1.00", "0.98", "0.50", "0.00"],
    ),
    "6 不足1%不扣": (
        {"rule": "PerStep", "of": PERCENT, "target": 20, "per": "-0.05", "floor": 0, "counting": "whole"},
        "1",
        each("x", "19.6", "18.9"),
        ["1.00", "0.95"],
    ),
    "6 不足1%按1%扣": (
        {"rule": "PerStep", "of": PERCENT, "target": 20, "per": "-0.05", "floor": 0, "counting": "started"},
        "1",
        each("x", "19.6", "18.9"),
        ["0.95", "0.90"],
    ),
    "7 不低于平均值的得2分；每低1%，扣0.1分": (
        {"rule": "RelativeToAverage", "of": PERCENT, "per": "-0.1", "floor": 0},
        "2",
        each("x", 12, 8, 10),
        ["2.00", "1.80", "2.00"],
    ),
    "7 低于平均值按平均值的百分比计": (
        {"rule": "RelativeToAverage", "of": PERCENT, "per": "-0.1", "floor": 0, "basis": "percent"},
        "4",
        each("x", 12, 8, 10),
        ["4.00", "2.00", "4.00"],
    ),
    "8 每少一次扣0.5分，扣完为止": (
        {"rule": "PerItem", "items": {"x": "-0.5"}, "floor": 0},
        "5",
        each("x", 0, 3, 11),
        ["5.00", "3.50", "0.00"],
    ),
    "8 应报12次，每少一次扣0.5分": (
        {
            "rule": "PerStep",
            "of": {"measure": "Difference", "minuend": "due", "subtrahend": "done", "least": 0},
            "target": 0,
            "side": "above",
            "per": "-0.5",
            "floor": 0,
        },
        "5",
        {"u": {"due": 12, "done": 9}, "v": {"due": 12, "done": 13}},
        ["3.50", "5.00"],
    ),
    "9 发现一次扣0.5；两次及以上此项不得分": (
        {"rule": "Escalating", "field": "x", "losses": ["0.5", "full"]},
        "2",
        each("x", 0, 1, 2, 5),
        ["2.00", "1.50", "0.00", "0.00"],
    ),
    "10 未登记扣2、底数不清扣2、未完成扣5": (
        {"rule": "PerItem", "items": {"a": "-2", "b": "-2", "c": "-5"}, "floor": 0},
        "10",
        {"u": {"a": 1, "b": 1, "c": 1}, "v": {"a": 0, "b": 1, "c": 0}},
        ["1.00", "8.00"],
    ),
    "11 无场地不得分，标牌不明显扣2，无荣誉栏扣3": (
        {
            "rule": "When",
            "when": {"condition": "Yes", "field": "room"},
            "then": {"rule": "PerItem", "items": {"sign": "-2", "wall": "-3"}, "floor": 0},
            "otherwise": {"rule": "Fixed", "share": 0},
        },
        "10",
        {"u": {"room": 1, "sign": 1, "wall": 0}, "v": {"room": 0}},
        ["8.00", "0.00"],
    ),
    "12 每增1名加0.05，不超过0.5；每减1名扣0.1，不超过2": (
        {
            "rule": "BaseChange",
            "of": {"measure": "Difference", "minuend": "now", "subtrahend": "before", "unit": "名"},
            "base": "1.5",
            "up": "0.05",
            "up_cap": "0.5",
            "down": "0.1",
            "down_cap": "2",
        },
        None,
        {
            "u": {"now": 110, "before": 106},
            "v": {"now": 150, "before": 100},
            "w": {"now": 90, "before": 97},
            "x": {"now": 50, "before": 100},
            "y": {"now": 7, "before": 7},
        },
        ["1.70", "2.00", "0.80", "-0.50", "1.50"],
    ),
    "13 每超过5%加5分，最高120；每低5%减5分，最低零": (
        {"rule": "Linear", "of": PERCENT, "knots": [[0, 0], [120, "1.2"]], "full": 100},
        "120",
        each("x", 100, 105, 130, 40),
        ["100.00", "105.00", "120.00", "40.00"],
    ),
    "14 趋中性：区间内满分，两侧递减": (
        {"rule": "Linear", "of": PERCENT, "knots": [[40, 0], [60, 1], [70, 1], [90, 0]]},
        "4",
        each("x", 65, 50, 80, 95),
        ["4.00", "2.00", "2.00", "0.00"],
    ),
    "15 1至5名依次60、57、54、51、48分": (
        {"rule": "RankPoints", "of": VALUE, "shares": ["1", "0.95", "0.9", "0.85", "0.8"], "least": "0.8"},
        "60",
        each("x", 5, 9, 7, 7, 1, 0),
        ["51.00", "60.00", "57.00", "57.00", "48.00", "48.00"],
    ),
    "16 第二95%，第三90%，以后按5%递减": (
        {"rule": "RankPoints", "of": VALUE},
        "6",
        each("x", 9, 8, 7, 6),
        ["6.00", "5.70", "5.40", "5.10"],
    ),
    "17 倒数第1、2、3名计2、1.9、1.8，每进1名扣0.1": (
        {"rule": "RankPoints", "of": VALUE, "lowest_first": True},
        "2",
        each("x", 1, 2, 3, 4),
        ["2.00", "1.90", "1.80", "1.70"],
    ),
    "18 第1名得6分，第2至5名按第1名的比例得分": (
        {"rule": "ProportionToBest", "of": VALUE, "within": 5},
        "6",
        each("x", 30, 20, 10, 5, 2, 1),
        ["6.00", "4.00", "2.00", "1.00", "0.40", "0.00"],
    ),
    "18 越低越好，按最低者的比例": (
        {"rule": "ProportionToBest", "of": VALUE, "lowest_first": True},
        "6",
        each("x", 2, 3, 4),
        ["6.00", "4.00", "3.00"],
    ),
    "19 完成8%得4分，未完成不得分；超过8%的按争先进位计，最高6分": (
        {
            "rule": "Sum",
            "parts": [
                {"rule": "Tiers", "of": PERCENT, "bounds": [8], "shares": [1], "full": 4},
                {"rule": "RankPoints", "of": PERCENT, "only_above": 8, "full": 6},
            ],
        },
        "10",
        each("x", "9.1", "8.6", "8.0", "7.5", "8.6"),
        ["10.00", "9.70", "4.00", "0.00", "9.70"],
    ),
    "20 功效系数 60+40": (
        {"rule": "Linear", "of": VALUE, "knots": [[6, "0.6"], [12, 1]]},
        "100",
        each("x", 6, 12, 9, "5.81"),
        ["60.00", "100.00", "80.00", "60.00"],
    ),
    "20 功效系数，低于不允许值继续递减": (
        {"rule": "Linear", "of": VALUE, "knots": [[-3, 0], [12, 1]]},
        "100",
        each("x", "5.81"),
        ["58.73"],
    ),
    "20 五档功效": (
        {
            "rule": "Linear",
            "of": VALUE,
            "knots": [["-2.3", "0.2"], ["0.8", "0.4"], ["3.5", "0.6"], [8, "0.8"], ["12.6", 1]],
        },
        "20",
        each("x", 5, "12.6", "-5", 8),
        ["13.33", "20.00", "4.00", "16.00"],
    ),
    "21 逐级等权": (
        {
            "rule": "Sum",
            "parts": [
                {
                    "rule": "Linear",
                    "of": {"measure": "Value", "field": "a"},
                    "knots": [[0, 0], [10, 1]],
                    "full": 5,
                },
                {
                    "rule": "Linear",
                    "of": {"measure": "Value", "field": "b"},
                    "knots": [[0, 0], [4, 1]],
                    "full": 5,
                },
            ],
        },
        "10",
        {"u": {"a": 5, "b": 1}},
        ["3.75"],
    ),
    "22 引用市委市政府考核得分，相应进行折算": (
        {"rule": "Imported", "field": "x", "out_of": 1000},
        "20",
        each("x", "912.5", 1000),
        ["18.25", "20.00"],
    ),
    "23 领导评价占20分，去掉一个最高一个最低": (
        {
            "rule": "Grades",
            "judges": ["j1", "j2", "j3", "j4", "j5", "j6"],
            "scale": {"A": 1, "B": "0.8", "C": "0.6"},
            "trim_above": 5,
        },
        "20",
        {
            "u": dict(zip(["j1", "j2", "j3", "j4", "j5", "j6"], "AABBCC", strict=True)),
            "v": {"j1": "A", "j2": "B"},
        },
        ["16.00", "18.00"],
    ),
    "23 全部打满分或者打相同分数的按无效票处理": (
        {"rule": "Grades", "judges": ["j1", "j2", "j3"], "out_of": 100, "alike": "void"},
        "10",
        {
            "u": {"j1": 100, "j2": 80, "j3": 90},
            "v": {"j1": 100, "j2": 70, "j3": 90},
            "w": {"j1": 100, "j2": 60},
        },
        ["8.00", "7.00", "6.00"],
    ),
    "23 评委打分取平均": (
        {"rule": "Grades", "judges": ["j1", "j2", "j3"], "out_of": 100},
        "20",
        {"u": {"j1": 90, "j2": 95, "j3": 100}},
        ["19.00"],
    ),
    "24 五个部分加权汇总": (
        {
            "rule": "Sum",
            "parts": [
                {"rule": "Imported", "field": "a", "full": 3},
                {"rule": "Imported", "field": "b", "full": 7},
            ],
        },
        "10",
        {"u": {"a": 80, "b": 90}},
        ["8.70"],
    ),
    "25 视情况酌情扣5至10分": (
        {"rule": "Reviewed", "field": "x", "lo": 0, "hi": 5},
        "10",
        each("x", "3.5", 0),
        ["3.50", "0.00"],
    ),
    "29 低于平均扣分，但高于平均加5%的可不扣分": (
        {
            "rule": "When",
            "when": {
                "condition": "CompareAverage",
                "of": {"measure": "Value", "field": "y"},
                "side": "at_least",
                "plus": 5,
            },
            "then": {"rule": "Fixed"},
            "otherwise": {"rule": "PerStep", "of": PERCENT, "target": 20, "per": "-0.05", "floor": 0},
        },
        "1",
        {"u": {"x": 10, "y": 30}, "v": {"x": 10, "y": 10}},
        ["1.00", "0.50"],
    ),
    "30 仅有列督事项的部门，扣分分值加倍": (
        {
            "rule": "Sum",
            "parts": [
                {"rule": "Fixed"},
                {
                    "rule": "Multiply",
                    "of": {"rule": "PerItem", "items": {"x": "-1"}, "start": 0, "floor": "-5"},
                    "factor": 2,
                    "when": {"condition": "Yes", "field": "only"},
                },
            ],
            "floor": 0,
        },
        "10",
        {"u": {"x": 2, "only": 1}, "v": {"x": 2, "only": 0}},
        ["6.00", "8.00"],
    ),
    "34 加上辖区企业平均分的50%": (
        {"rule": "RollUp", "own": "own", "total": "sum", "count": "n", "share": "0.5"},
        "100",
        {"u": {"own": 45, "sum": 255, "n": 3}, "v": {"own": 70, "sum": 160, "n": 2}},
        ["87.50", "100.00"],
    ),
    "35 每月第一名加0.5、第二0.3、第三0.1，计入全年": (
        {
            "rule": "Accumulate",
            "of": {"rule": "RankPoints", "of": VALUE, "shares": [1, "0.6", "0.2", 0], "full": "0.5"},
            "periods": ["2022-01", "2022-02"],
        },
        "1",
        {
            "u": {"x@2022-01": 9, "x@2022-02": 1},
            "v": {"x@2022-01": 8, "x@2022-02": 2},
            "w": {"x@2022-01": 7, "x@2022-02": 3},
            "z": {"x@2022-01": 6, "x@2022-02": 0},
        },
        ["0.60", "0.60", "0.60", "0.00"],
    ),
    "36 群众满意度，样本不少于100人": (
        {"rule": "Survey", "of": PERCENT, "sample": "n", "least": 100, "knots": [[0, 0], [100, 1]]},
        "5",
        {"u": {"x": "92.5", "n": 120}, "v": {"x": "99", "n": 80}},
        ["4.63", "0.00"],
    ),
    "同一事项以最高扣分为限": (
        {
            "rule": "Worst",
            "parts": [
                {"rule": "PerItem", "items": {"a": "-1"}, "floor": 0},
                {"rule": "PerItem", "items": {"b": "-2"}, "floor": 0},
            ],
        },
        "10",
        {"u": {"a": 3, "b": 1}, "v": {"a": 1, "b": 3}},
        ["7.00", "4.00"],
    ),
}


@pytest.mark.parametrize("wording", CASES)
def test_wording_gives_the_points_worked_by_hand(wording):
    rule, points, units, expected = CASES[wording]
    if points is None:
        node = make_leaf("1", "2", rule, lowest="-0.5")
        card = scoring.score(make_scheme(node), "县区", make_facts(units))
        assert [card.leaf(unit, "1").points_text for unit in units] == expected
    else:
        assert leaf_points(rule, units, points) == expected


@pytest.mark.parametrize("wording", CASES)
def test_wording_survives_json_and_is_explained_in_both_languages(wording):
    rule, points, units, _ = CASES[wording]
    node = make_leaf("1", points or "2", rule, lowest="0" if points else "-0.5")
    scheme = make_scheme(node)
    assert scoring.Scheme.from_json(scheme.to_json()) == scheme
    card = scoring.score(scheme, "县区", make_facts(units))
    for unit in units:
        leaf = card.leaf(unit, "1")
        assert leaf.sentence("zh").endswith(f"（满分 {scoring.decimals.show(leaf.outcome.task.full)} 分）。")
        assert "full mark" in leaf.sentence("en")


def test_26_not_applicable_gets_the_class_average():
    rule = {"rule": "Imported", "field": "x"}
    units = {"u": {"x": 80}, "v": {"x": 91}, "w": {"x": Status.NOT_APPLICABLE}}
    assert leaf_points(rule, units, not_applicable="average") == ["8.00", "9.10", "8.55"]


def test_27_not_applicable_gets_full_marks():
    rule = {"rule": "PerItem", "items": {"x": "-0.5"}, "floor": 0}
    assert leaf_points(rule, {"u": {"x": Status.NOT_APPLICABLE}}, not_applicable="full") == ["10.00"]


def test_28_not_applicable_is_dropped_and_the_rest_scaled_up():
    rule = {"rule": "Imported", "field": "x", "out_of": 10}
    scheme = make_scheme(("1", 60, {**rule, "field": "a"}), ("2", 40, {**rule, "field": "b"}))
    card = scoring.score(scheme, "县区", make_facts({"u": {"a": 9, "b": Status.NOT_APPLICABLE}}))
    assert card.of("u").regular == 9000
    assert not card.of("u").is_ranked  # only 60 of 100 points apply, below the 80 that a place needs


def test_31_bonus_is_capped_by_item_and_in_total():
    item = {"rule": "PerItem", "items": {"x": "0.5"}, "start": 0}
    bonus = [{"code": f"B{n}", "name": "表彰", "cap": "2", "rule": item} for n in (1, 2)]
    card = make_card({"rule": "Imported", "field": "y"}, {"u": {"x": 9, "y": 50}}, bonus=bonus, bonus_cap="3")
    assert [each.points_text for each in card.adjustments("u")] == ["2.00", "2.00"]
    assert (card.of("u").bonus, card.of("u").total) == (300, 800)


def test_32_penalty_stands_outside_the_hundred():
    penalty = [
        {"code": "P1", "name": "通报批评", "rule": {"rule": "PerItem", "items": {"x": "-3"}, "start": 0}}
    ]
    card = make_card({"rule": "Imported", "field": "y"}, {"u": {"x": 1, "y": 50}}, penalty=penalty)
    assert (card.of("u").regular, card.of("u").penalty, card.of("u").total) == (500, -300, 200)


@pytest.mark.parametrize(
    ("effect", "total", "rank"),
    [
        ({"effect": "zero"}, 0, 2),
        ({"effect": "factor", "factor": "0.8"}, 640, 2),
        ({"effect": "exclude_from_rank"}, 800, None),
        ({"effect": "grade_ceiling", "ceiling": "合格"}, 800, 1),
    ],
)
def test_33_veto_takes_effect_after_the_arithmetic(effect, total, rank):
    veto = [{"code": "V1", "name": "弄虚作假", "when": "v", **effect}]
    grades = [{"name": "优秀", "min": "7"}, {"name": "合格"}]
    units = {"u": {"y": 80, "v": 1}, "w": {"y": 70, "v": 0}}
    card = make_card({"rule": "Imported", "field": "y"}, units, veto=veto, grades=grades)
    each = card.of("u")
    assert (each.regular, each.total, each.rank, each.vetoes) == (800, total, rank, ("V1",))
    assert each.total == each.regular + each.veto
    assert card.of("w").grade == "优秀"
    if effect["effect"] == "grade_ceiling":
        assert each.grade == "合格"
        assert each.grade_reason.startswith("因一票否决不得评为“优秀”")
