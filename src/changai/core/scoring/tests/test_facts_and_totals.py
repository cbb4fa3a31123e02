"""Facts, policies for absent figures, order of operations, places and grades."""

from fractions import Fraction

import numpy as np
import pytest

from changai.core import scoring
from changai.core.scoring import Facts, FactsRefused, Status
from changai.core.scoring.fixedpoint import half_up_floats, half_up_quotient, tolerance
from changai.core.scoring.ranking import competition_rank, shared
from changai.core.scoring.tests.make import RandomTable, make_card, make_facts, make_leaf, make_scheme
from changai.core.scoring.tests.test_differential import rows_of
from changai.core.scoring.whatif import nearest_gains

R = Status.REPORTED
IMPORTED = {"rule": "Imported", "field": "x"}


def refused(rows, **more):
    with pytest.raises(FactsRefused) as fault:
        Facts.from_rows(rows, **more)
    return [each.message() for each in fault.value.findings]


def test_every_faulty_row_is_told_at_once():
    rows = [
        ("甲", "x", "NaN", R),
        ("甲", "y", "95%", R),
        ("乙", "x", None, R),
        ("乙", "y", "1", R),
        ("乙", "y", "1", R),
    ]
    told = refused(rows)
    assert len(told) == 4
    assert told[0].startswith("甲，x：“NaN”不是有限的十进制数")
    assert told[2] == "乙，x：标为已报送却没有数值"
    assert told[3] == "乙，y：同一数据出现两次，请只保留一行"
    assert refused([("丁", "x", "1", R)], units=["甲"]) == ["丁，：不在本次考核对象名单中"]
    assert "is marked REPORTED" in _english([("乙", "x", "", R)])


def _english(rows):
    with pytest.raises(FactsRefused) as fault:
        Facts.from_rows(rows)
    return fault.value.findings[0].message("en")


def test_values_are_exact_words_are_understood_and_absent_rows_are_not_reported():
    facts = Facts.from_rows(
        [("甲", "x", "０.10", R, "据实"), ("甲", "t", "是", R), ("甲", "g", "A", R)], units=["甲", "乙"]
    )
    assert scoring.decimals.to_number(facts.fact("甲", "x").value) == Fraction(1, 10)
    assert facts.fact("甲", "x").note == "据实"
    assert facts.fact("甲", "t").value == 1
    assert facts.fact("甲", "g").value == "A"
    assert facts.fact("乙", "x").status is Status.NOT_REPORTED
    assert facts.fact("乙", "nothing").status is Status.NOT_REPORTED
    with pytest.raises(KeyError):
        facts.place("丙")


def test_digest_ignores_order_and_form_of_numbers():
    rows = [("甲", "x", "1.50", R), ("乙", "x", "2", R)]
    assert (
        Facts.from_rows(rows).digest == Facts.from_rows([("乙", "x", "2.0", R), ("甲", "x", 1.5, R)]).digest
    )
    assert (
        Facts.from_rows(rows).digest
        != Facts.from_rows([("甲", "x", "1.5", R), ("乙", "x", None, Status.PENDING)]).digest
    )


@pytest.mark.parametrize(
    ("rule", "figures", "told"),
    [
        ({"rule": "Checklist", "items": {"x": "2"}}, {"x": "2"}, "应为 是/否"),
        ({"rule": "PerItem", "items": {"x": "-1"}, "floor": 0}, {"x": "-1"}, "不应小于 0"),
        ({"rule": "Reviewed", "field": "x"}, {"x": "10.01"}, "应在 0 至 10 之间"),
        ({"rule": "Escalating", "field": "x", "losses": ["1"]}, {"x": "1.5"}, "应为不小于 0 的整数"),
        ({"rule": "Grades", "judges": ["x"], "scale": {"A": 1}}, {"x": "B"}, "应为 A 之一"),
        ({"rule": "Linear", "of": "x", "knots": [[0, 0], [1, 1]]}, {"x": "A"}, "应为数字"),
        (
            {
                "rule": "When",
                "when": {"condition": "Yes", "field": "x"},
                "then": {"rule": "Fixed"},
                "otherwise": {"rule": "Fixed"},
            },
            {"x": "7"},
            "应为 是/否",
        ),
    ],
)
def test_figures_that_cannot_be_are_refused_with_their_node(rule, figures, told):
    with pytest.raises(FactsRefused) as fault:
        make_card(rule, {"甲": figures})
    finding = fault.value.findings[0]
    assert (finding.node_code, finding.unit, finding.field) == ("1", "甲", "x")
    assert told in finding.message_zh


def test_vetoes_bars_and_adjustments_are_checked_too():
    veto = [{"code": "V", "name": "v", "when": "z", "effect": "zero"}]
    grades = [{"name": "优", "bars": ["b"]}, {"name": "良"}]
    item = {"rule": "PerItem", "items": {"p": "-1"}, "start": 0}
    table = {"veto": veto, "grades": grades, "penalty": [{"code": "P", "name": "p", "rule": item}]}
    table["bonus"] = [{"code": "B", "name": "b", "cap": "1", "rule": {**item, "items": {"q": "1"}}}]
    with pytest.raises(FactsRefused) as fault:
        make_card(IMPORTED, {"甲": {"x": 1, "z": 2, "b": 3, "p": -1, "q": -1}}, **table)
    assert {each.field for each in fault.value.findings} == {"z", "b", "p", "q"}


def test_misspelt_fields_are_warned_about():
    facts = make_facts({"甲": {"y": 1, "z@2022": 2, "x@2022": 3}})
    scheme = make_scheme(("1", 5, IMPORTED), ("2", 5, IMPORTED))
    doubts = scoring.name_doubts(scheme, "县区", facts)
    told = [(each.node_code, each.field, each.severity) for each in doubts]
    warning = scoring.Severity.WARNING
    assert told == [("1", "x", warning), ("2", "x", warning), ("", "y", warning), ("", "z@2022", warning)]
    assert scoring.name_doubts(scheme, "县区", make_facts({"甲": {"x": 1}})) == []


def test_empty_cohort_and_cohort_of_one():
    card = make_card(IMPORTED, {})
    assert card.standings() == []
    assert make_card(IMPORTED, {"甲": {"x": 50}}).of("甲").rank == 1


def test_averages_without_anyone_to_average_stay_open():
    card = make_card(
        IMPORTED, {"甲": {"x": Status.NOT_REPORTED}, "乙": {"x": Status.REJECTED}}, missing="average"
    )
    each = card.of("甲")
    assert (each.is_ranked, each.attainable) == (False, (0, 1000))
    assert each.unranked_reasons == ("有待核或未能计算的指标",)


def test_points_move_to_the_nearest_ancestor_that_keeps_enough():
    leaves = [
        make_leaf(code, points, {**IMPORTED, "field": code}) for code, points in (("1.1", 30), ("1.2", 10))
    ]
    group = {"code": "1", "name": "一", "points": "40", "children": leaves}
    scheme = make_scheme(group, make_leaf("2", 60, {**IMPORTED, "field": "2"}))
    na = Status.NOT_APPLICABLE
    units = {
        "甲": {"1.1": 80, "1.2": na, "2": 50},
        "乙": {"1.1": na, "1.2": 80, "2": 50},
        "丙": {"1.1": na, "1.2": na, "2": 50},
    }
    card = scoring.score(scheme, "县区", make_facts(units))
    # 甲: 24 of 30 becomes 32 of 40. 乙: 10 of 40 is too little, so 8 + 30 of 70 becomes 54.29 of 100.
    assert [card.of(unit).regular for unit in units] == [6200, 5429, 5000]
    assert [card.of(unit).is_ranked for unit in units] == [True, False, False]
    assert [card.nodes(unit)[0].is_reweighted for unit in units] == [True, False, False]
    assert card.nodes("乙")[0].applicable == 1000
    assert card.of("甲").score_rate == Fraction(5400, 9000)
    assert card.of("乙").unranked_reasons == ("适用分值不足，建议改用其他类别的指标表",)


def test_below_cover_everywhere_the_plain_sum_stands():
    scheme = make_scheme(("1", 40, {**IMPORTED, "field": "a"}), ("2", 60, {**IMPORTED, "field": "b"}))
    card = scoring.score(scheme, "县区", make_facts({"甲": {"a": 50, "b": Status.NOT_APPLICABLE}}))
    assert (card.of("甲").regular, card.of("甲").applicable, card.of("甲").is_ranked) == (2000, 4000, False)
    nothing = scoring.score(scheme, "县区", make_facts({"甲": {}}), not_applicable=[("甲", "1"), ("甲", "2")])
    assert nothing.of("甲").score_rate is None
    with pytest.raises(KeyError):
        scoring.score(scheme, "县区", make_facts({"甲": {}}), not_applicable=[("甲", "9")])


def test_pending_everywhere_gives_an_interval_that_holds_every_outcome():
    item = {"rule": "PerItem", "items": {"p": "-1"}, "start": 0}
    table = {
        "bonus": [{"code": "B", "name": "b", "cap": "2", "rule": {**item, "items": {"q": "1"}}}],
        "penalty": [{"code": "P", "name": "p", "cap": "3", "rule": item}],
        "veto": [{"code": "V", "name": "v", "when": "z", "effect": "factor", "factor": "0.5"}],
    }
    pending = Status.PENDING
    card = make_card(IMPORTED, {"甲": {"x": 80, "p": pending, "q": pending, "z": pending}}, **table)
    assert card.of("甲").attainable == (250, 1000)
    sentences = [each.sentence() for each in card.adjustments("甲")]
    assert sentences[0] == "待核（q），核定前暂不计，暂不参加排名。"
    assert card.of("甲", "en").unranked_reasons == ("something is pending or undefined",)


def test_one_matter_counts_once_by_its_largest_deduction():
    def penalty(code, amount):
        rule = {"rule": "PerItem", "items": {code: amount}, "start": 0}
        return {"code": code, "name": code, "matter": "通报", "rule": rule}

    units = {"甲": {"x": 80, "city": 1, "province": 1}, "乙": {"x": 80, "city": 1, "province": 0}}
    card = make_card(IMPORTED, units, penalty=[penalty("city", "-0.5"), penalty("province", "-1")])
    assert [card.of(unit).penalty for unit in units] == [-100, -50]
    assert [each.points for each in card.adjustments("甲")] == [0, -100]
    assert "同一事项按最高扣分计，本项不再扣" in card.leaf("甲", "city").sentence()
    assert card.leaf("甲", "province").sentence() == "province 1 项，每项扣 1 分，减 1 分。"


def test_floor_ceiling_and_conversion():
    item = {"code": "P", "name": "p", "rule": {"rule": "PerItem", "items": {"p": "-20"}, "start": 0}}
    units = {"甲": {"x": 100, "p": 0}, "乙": {"x": 50, "p": 1}}
    card = make_card(IMPORTED, units, penalty=[item], ceiling="9", conversion={"full": "4", "into": "绩效"})
    assert [(card.of(unit).total, card.of(unit).converted) for unit in units] == [(900, 360), (0, 0)]
    low = make_card(IMPORTED, units, penalty=[item], floor=None)
    assert low.of("乙").total == -1500
    capped = make_card(IMPORTED, units, penalty=[item], penalty_cap="2")
    assert capped.of("乙").total == 300


def test_a_total_of_fewer_decimals_than_its_items_is_rounded_once_and_decides_places():
    units = {"甲": {"x": "90.25"}, "乙": {"x": "90.34"}, "丙": {"x": "90.24"}}
    card = make_card(
        IMPORTED | {"out_of": 100},
        units,
        points=100,
        total_decimals=1,
        conversion={"full": "10"},
        grades=[{"name": "优秀", "min": "90.3"}, {"name": "其他"}],
    )
    printed = {unit: (card.total_text(card.of(unit).total), card.of(unit).rank) for unit in card.units}
    assert printed == {"甲": ("90.3", 1), "乙": ("90.3", 1), "丙": ("90.2", 3)}
    assert card.of("甲").regular == 9025
    assert card.of("甲").converted == 903
    assert card.of("甲").grade_reason == "总分 90.3 分，不低于 90.3 分，评为“优秀”"
    assert card.result()["units"][0]["total"] == "90.3"
    gain = nearest_gains(card, "丙")[0]
    assert gain.rank == 1


def test_a_total_cannot_keep_more_decimals_than_its_items():
    scheme = make_scheme(make_leaf("1", 100, IMPORTED), total_decimals=3)
    assert [each.message() for each in scheme.validate()] == ["总分的小数位数只能是 0 到 2（各项的小数位数）"]


def test_a_veto_never_raises_a_score():
    item = {"code": "P", "name": "p", "rule": {"rule": "PerItem", "items": {"p": "-20"}, "start": 0}}
    for effect in ({"effect": "zero"}, {"effect": "factor", "factor": "0.5"}):
        veto = [{"code": "V", "name": "v", "when": "z", **effect}]
        card = make_card(IMPORTED, {"甲": {"x": 50, "p": 1, "z": 1}}, penalty=[item], veto=veto, floor=None)
        assert card.of("甲").total == -1500


def test_equal_scores_share_the_better_place_and_the_next_stays_empty():
    card = make_card(IMPORTED, {"甲": {"x": 80}, "乙": {"x": 90}, "丙": {"x": 80}, "丁": {"x": 70}})
    assert [card.of(unit).rank for unit in card.units] == [2, 1, 2, 4]
    assert [each.unit for each in card.standings()] == ["乙", "甲", "丙", "丁"]
    assert shared(card.places).tolist() == [True, False, True, False]


def test_tie_breakers_count_only_where_the_scheme_lists_them():
    nodes = [make_leaf("1", 50, {**IMPORTED, "field": "a"}), make_leaf("2", 50, {**IMPORTED, "field": "b"})]
    units = {"甲": {"a": 60, "b": 80}, "乙": {"a": 80, "b": 60}}
    for breakers, expected in (([], [1, 1]), (["2"], [1, 2]), (["bonus", "1"], [2, 1])):
        scheme = make_scheme(*nodes, ranking={"by": "total", "tie_breakers": breakers})
        card = scoring.score(scheme, "县区", make_facts(units))
        assert [card.of(unit).rank for unit in units] == expected


def test_ranks_of_nobody():
    assert competition_rank([np.array([3, 2])], np.array([False, False])).tolist() == [0, 0]


def grades(*names_and_more):
    return [{"name": name, **more} for name, more in names_and_more]


@pytest.mark.parametrize(
    ("ties", "expected"), [("in", ["优", "优", "优", "良"]), ("out", ["优", "良", "良", "良"])]
)
def test_ties_at_the_edge_of_a_quota_are_wholly_in_or_out(ties, expected):
    bands = grades(("优", {"min": "5", "quota": "0.5", "ties": ties}), ("良", {}))
    card = make_card(
        IMPORTED, {"甲": {"x": 90}, "乙": {"x": 80}, "丙": {"x": 80}, "丁": {"x": 60}}, grades=bands
    )
    assert [card.of(unit).grade for unit in card.units] == expected
    reason = card.of("乙").grade_reason
    assert "末位并列一并计入" in reason if ties == "in" else "“优”名额 2 个已满" in reason


def test_barred_units_take_no_place_of_the_quota_and_reasons_name_the_condition():
    bands = grades(("优", {"min": "8", "top": 1, "bars": ["b"]}), ("良", {"min": "7"}), ("中", {}))
    units = {
        "甲": {"x": 95, "b": 1},
        "乙": {"x": 90, "b": 0},
        "丙": {"x": 85, "b": 0},
        "丁": {"x": 60, "b": 0},
    }
    card = make_card(IMPORTED, units, grades=bands)
    assert [card.of(unit).grade for unit in units] == ["良", "优", "良", "中"]
    assert card.of("甲").grade_reason == "有不得评为“优”的情形；总分 9.50 分，不低于 7 分，评为“良”"
    assert (
        card.of("乙").grade_reason
        == "总分 9.00 分，不低于 8 分，在可评“优”的对象中列第 1 位，名额 1 个，评为“优”"
    )
    assert card.of("丙").grade_reason == "“优”名额 1 个已满；总分 8.50 分，不低于 7 分，评为“良”"
    assert card.of("丁").grade_reason == "总分 6.00 分，低于 7 分，评为“中”"
    assert card.of("丙", "en").grade_reason.startswith('the 1 places of "优" are taken; total 8.50')


def test_without_scores_in_the_conditions_the_reason_is_the_place():
    bands = grades(("A", {"top": 1}), ("B", {}))
    card = make_card(IMPORTED, {"甲": {"x": 95}, "乙": {"x": 90}}, grades=bands)
    assert [card.of(unit).grade for unit in card.units] == ["A", "B"]
    assert card.of("乙").grade_reason == "“A”名额 1 个已满；总分 9.00 分，评为“B”"


def test_rounding_decides_a_million_ties_rightly():
    generator = np.random.default_rng(1)
    numerators, denominators = generator.integers(0, 400, 300_000), generator.integers(1, 400, 300_000)
    points = generator.choice([100, 250, 500, 1000, 35], 300_000)
    values = numerators / denominators * points
    exact = half_up_quotient(numerators * points, denominators)
    ties = (2 * numerators * points) % denominators == 0
    assert ((2 * numerators * points) // denominators % 2 == 1)[ties].sum() > 1000
    assert (half_up_floats(values, tolerance(float(values.max()))) == exact).all()
    assert (half_up_floats(-values, tolerance(float(values.max()))) == -exact).all()
    assert (np.round(values).astype(int) != exact).any()


def test_awkward_denominators_are_decided_exactly():
    # 0.5 hundredth minus one part in 10^13: float64 cannot see it, the fraction can.
    rule = {"rule": "Linear", "of": {"measure": "Ratio", "num": "a", "den": "b"}, "knots": [[0, 0], [1, 1]]}
    big = 10**13
    units = {"甲": {"a": 5 * big, "b": 10**3 * big}, "乙": {"a": 5 * big - 1, "b": 10**3 * big}}
    card = make_card(rule, units, 1)
    assert [card.leaf(unit, "1").points for unit in units] == [1, 0]
    fine = {
        "甲": {"a": "0.005", "b": 1},
        "乙": {"a": "0.00499999999999999", "b": 1},
        "丙": {"a": "0.005000000000000001", "b": 1},
    }
    card = make_card(rule, fine, 1)
    assert [card.leaf(unit, "1").points for unit in fine] == [1, 0, 1]


def test_thresholds_met_exactly_are_met_and_missed_by_a_hair_are_missed():
    tiers = {
        "rule": "Tiers",
        "of": {"measure": "Ratio", "num": "a", "den": "b", "times": 100},
        "bounds": [90],
        "shares": [1],
    }
    units = {
        "甲": {"a": "0.27", "b": "0.3"},
        "乙": {"a": "0.269999999999999999", "b": "0.3"},
        "丙": {"a": 27, "b": 30},
    }
    assert [make_card(tiers, units).leaf(unit, "1").points for unit in units] == [1000, 0, 1000]
    strict = make_card({**tiers, "strict": True}, units)
    assert [strict.leaf(unit, "1").points for unit in units] == [0, 0, 0]


@pytest.mark.parametrize("seed", range(12))
def test_order_of_units_and_strangers_change_nothing(seed):
    draw = RandomTable(seed)
    table, facts = draw.table(), draw.facts(6)
    scheme = scoring.Scheme.from_json({"scheme": "r", "tables": [table]})
    relative = [
        leaf.code
        for leaf in scheme.tables["类"].leaves
        if leaf.rule.reads_relative()
        or "average" in (leaf.missing, leaf.void, leaf.not_applicable, table["missing"], table["void"])
    ]
    first = scoring.score(scheme, "类", Facts.from_rows(rows_of(facts)))
    turned = scoring.score(scheme, "类", Facts.from_rows(rows_of(dict(reversed(facts.items())))))
    more = scoring.score(scheme, "类", Facts.from_rows(rows_of({**facts, "stranger": draw.unit()})))
    assert first.digest == turned.digest
    for unit in facts:
        leaves = {leaf.code: leaf.points for leaf in first.leaves(unit)}
        assert leaves == {leaf.code: leaf.points for leaf in turned.leaves(unit)}
        again = {leaf.code: leaf.points for leaf in more.leaves(unit)}
        assert all(leaves[code] == again[code] for code in leaves if code not in relative)
        assert first.of(unit).rank == turned.of(unit).rank
        assert first.of(unit).attainable[0] <= first.of(unit).total <= first.of(unit).attainable[1]


def test_displayed_leaves_add_up_to_the_displayed_total():
    for seed in range(30):
        draw = RandomTable(seed)
        table, facts = draw.table(), draw.facts(5)
        scheme = scoring.Scheme.from_json({"scheme": "r", "tables": [table]})
        card = scoring.score(scheme, "类", Facts.from_rows(rows_of(facts)))
        for unit in facts:
            each = card.of(unit)
            if each.applicable == int(card.table.full * 100):
                assert sum(leaf.points for leaf in card.leaves(unit)) == each.regular


def test_an_unknown_item_of_a_unit():
    with pytest.raises(KeyError):
        make_card(IMPORTED, {"甲": {"x": 1}}).leaf("甲", "9")


def test_facts_of_a_leaf_can_be_traced():
    card = make_card(IMPORTED, {"甲": {"x": 90}})
    fact = card.leaf("甲", "1").facts[0]
    assert (fact.unit, fact.field, str(fact.value), fact.status) == ("甲", "x", "90", Status.REPORTED)
    assert card.leaf("甲", "1").full_text == "10.00"
