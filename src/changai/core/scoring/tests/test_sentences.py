"""What a sentence says recomputes what was scored: its numbers are read back and worked out again."""

import math
import re
from fractions import Fraction

import pytest

from changai.core import scoring
from changai.core.scoring import Status
from changai.core.scoring.tests.make import RandomTable, make_card, make_facts, make_leaf, make_scheme
from changai.core.scoring.tests.test_differential import rows_of
from changai.core.scoring.tests.test_rule_wordings import CASES

N = r"-?\d+(?:\.\d+)?"
CLOSING = re.compile(rf"得 ({N}) 分（满分 ({N}) 分）。$")
EQUATION = re.compile(rf"({N}(?:[-+×/]-?{N}%?)+|\({N}-{N}\)/{N}|\({N}\+{N}\)/2) ([=≈]) ({N})")
BETWEEN = re.compile(rf"在 ({N})(%?)（({N}) 分）与 ({N})%?（({N}) 分）之间按比例计")
FACT = re.compile(rf"(?:实际|[=≈]) ({N})")


def calculate(text):
    """Return the value of an arithmetic text with + - × / % and brackets, by the usual precedence."""
    bracket = re.fullmatch(rf"\(({N})([-+])({N})\)/({N})", text)
    if bracket:
        first, sign, second, divisor = bracket.groups()
        top = Fraction(first) + (Fraction(second) if sign == "+" else -Fraction(second))
        return top / Fraction(divisor)
    total, text = Fraction(0), text if text.startswith("-") else f"+{text}"
    for sign, term in re.findall(r"([-+])(-?\d+(?:\.\d+)?%?(?:[×/]-?\d+(?:\.\d+)?%?)*)", text):
        value = None
        for operator, number in re.findall(rf"(^|[×/])({N}%?)", term):
            factor = Fraction(number.rstrip("%")) / (100 if number.endswith("%") else 1)
            value = factor if value is None else value * factor if operator == "×" else value / factor
        total += value if sign == "+" else -value
    return total


def agrees(exact, sign, shown):
    return exact == shown if sign == "=" else abs(exact - shown) <= Fraction(1, 200)


def check_equations(sentence):
    """Check every equation of the sentence."""
    found = list(EQUATION.finditer(sentence))
    for equation in found:
        exact, shown = calculate(equation[1]), Fraction(equation[3])
        # A quotient followed by a percent sign was multiplied by a hundred.
        is_percent = sentence[equation.end() : equation.end() + 1] == "%" and "/" in equation[1]
        rounded_inside = "≈" in sentence[: equation.start()]
        if not rounded_inside:
            assert agrees(exact * (100 if is_percent else 1), equation[2], shown), sentence
    return found


def recompute(sentence):
    """Return the points a sentence leads to before rounding, None when it states no arithmetic."""
    total = re.search(rf"(?:合计|累计|取最低，为) ({N}) 分", sentence)
    if total:
        return Fraction(total[1])
    counted = re.findall(rf"按 ({N}) 分计", sentence)
    between = BETWEEN.search(sentence)
    if between:
        low, _, low_points, high, high_points = between.groups()
        quotient = re.search(rf"({N})/({N}) [=≈] {N}(%?)", sentence)
        if quotient:
            value = Fraction(quotient[1]) / Fraction(quotient[2]) * (100 if quotient[3] else 1)
        else:
            value = Fraction(FACT.search(sentence)[1])
        low, high, low_points, high_points = map(Fraction, (low, high, low_points, high_points))
        return low_points + (value - low) * (high_points - low_points) / (high - low)
    total = re.search(rf"(?:为|计) ({N}) 分", sentence)
    equations = list(EQUATION.finditer(sentence))
    if "扣完为止" in sentence:
        return Fraction(0)
    if counted:
        return Fraction(counted[-1])
    if equations:
        return calculate(equations[-1][1])
    return Fraction(total[1]) if total else None


def half_up(number):
    rounded = math.floor(abs(number) * 100 + Fraction(1, 2))
    return Fraction(-rounded if number < 0 else rounded, 100)


def test_calculate_reads_the_arithmetic_of_sentences():
    assert calculate("10-6-3×2") == -2
    assert calculate("5×3/4") == Fraction(15, 4)
    assert calculate("45+85×50%") == Fraction("87.5")
    assert calculate("(9-6)/6") == Fraction(1, 2)


@pytest.mark.parametrize("wording", [name for name in CASES if not name.startswith(("24", "35"))])
def test_numbers_in_the_sentence_lead_to_the_points(wording):
    rule, points, units, _ = CASES[wording]
    node = make_leaf("1", points or "2", rule, lowest="0" if points else "-0.5")
    card = scoring.score(make_scheme(node), "县区", make_facts(units))
    checked = 0
    for unit in units:
        leaf = card.leaf(unit, "1")
        told = leaf.sentence()
        closing = CLOSING.search(told)
        if closing is None:
            assert "按本表规定计" in told
            continue
        assert (Fraction(closing[1]) * 100, Fraction(closing[2]) * 100) == (leaf.points, leaf.full)
        check_equations(told)
        body = told[: closing.start()]
        again = recompute(body)
        if again is not None and "≈" not in body.split("在 ")[-1]:
            assert half_up(again) == Fraction(closing[1]), told
            checked += 1
    assert checked or wording[:2] in {"1 ", "2 ", "8 ", "9 ", "25", "15", "16", "17", "36"}, wording


def test_every_sentence_of_random_tables_closes_with_its_points():
    seen = 0
    for seed in range(60):
        draw = RandomTable(seed)
        table, facts = draw.table(), draw.facts(4)
        scheme = scoring.Scheme.from_json({"scheme": "r", "tables": [table]})
        card = scoring.score(scheme, "类", scoring.Facts.from_rows(rows_of(facts)))
        for unit in facts:
            for leaf in card.leaves(unit):
                told, english = leaf.sentence("zh"), leaf.sentence("en")
                assert not re.search(r"[\u4e00-\u9fff]", english.replace("项", "")), english
                if leaf.status is Status.REPORTED:
                    closing = CLOSING.search(told)
                    assert Fraction(closing[1]) * 100 == leaf.points
                    check_equations(told)
                    seen += 1
                    assert leaf.points == leaf.full or isinstance(leaf.regain(), str)
    assert seen > 500


def test_labels_and_units_of_declared_fields_are_spoken():
    rule = {
        "rule": "Linear",
        "of": {"measure": "Ratio", "num": "a", "den": "b", "times": 100, "unit": "%"},
        "knots": [[0, 0], [100, 1]],
    }
    body = {
        "scheme": "s",
        "fields": [
            {"name": "a", "label": "完成", "unit": "人"},
            {"name": "b", "label": "计划", "unit": "人"},
        ],
        "tables": [{"category": "县区", "full": "5", "void": "zero", "nodes": [make_leaf("1", "5", rule)]}],
    }
    scheme = scoring.Scheme.from_json(body)
    card = scoring.score(scheme, "县区", make_facts({"u": {"a": 432, "b": 500}}))
    expected = (
        "完成 432 人/计划 500 人 = 86.4%，在 0%（0 分）与 100%（5 分）之间按比例计，得 4.32 分（满分 5 分）。"
    )
    assert card.leaf("u", "1").sentence() == expected


@pytest.mark.parametrize(
    ("status", "policy", "expected"),
    [
        (Status.NOT_REPORTED, {}, "未报送（x），按本表规定计 0 分（满分 10 分）。"),
        (Status.NOT_REPORTED, {"missing": "full"}, "未报送（x），按满分计 10 分（满分 10 分）。"),
        (Status.NOT_REPORTED, {"missing": "average"}, "未报送（x），按同类对象平均分计 8 分（满分 10 分）。"),
        (Status.REJECTED, {}, "审核未通过（x），按本表规定计 0 分（满分 10 分）。"),
        (
            Status.NOT_APPLICABLE,
            {},
            "不适用（x），本指标 10 分不计入，按上级指标的得分率折算（满分 10 分）。",
        ),
        (
            Status.PENDING,
            {},
            "待核（x），暂计 0 分，确定后可得 0 至 10 分，在此之前不参加排名（满分 10 分）。",
        ),
    ],
)
def test_sentence_of_each_status(status, policy, expected):
    card = make_card({"rule": "Imported", "field": "x"}, {"u": {"x": status}, "v": {"x": 80}}, **policy)
    assert card.leaf("u", "1").sentence() == expected


@pytest.mark.parametrize(
    ("rule", "figures", "reason"),
    [
        ({"rule": "Imported", "field": "x"}, {"x": 80}, None),
        (
            {"rule": "Linear", "of": {"measure": "Ratio", "num": "x", "den": "y"}, "knots": [[0, 0], [1, 1]]},
            {"x": 1, "y": 0},
            "分母为零",
        ),
        (
            {
                "rule": "Linear",
                "of": {"measure": "Growth", "cur": "x", "prev": "y"},
                "knots": [[0, 0], [1, 1]],
            },
            {"x": 1, "y": -2},
            "上期数不大于零，无法计算增幅",
        ),
        ({"rule": "RankPoints", "of": "x"}, {"x": 1}, "可比对象不足两个"),
        (
            {"rule": "Survey", "of": "x", "sample": "y", "least": 30, "knots": [[0, 0], [100, 1]]},
            {"x": 90, "y": 29},
            "样本不足 30 人",
        ),
    ],
)
def test_undefined_values_say_why(rule, figures, reason):
    told = make_card(rule, {"u": figures}).leaf("u", "1").sentence()
    assert (
        told == f"无法计算，{reason}，按本表规定计 0 分（满分 10 分）。" if reason else "无法计算" not in told
    )
