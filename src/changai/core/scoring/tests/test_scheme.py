"""Reading, validating and writing schemes: every fault at once, round trips identical."""

import copy
import json
from decimal import Decimal
from fractions import Fraction

import pytest

from changai.core import scoring
from changai.core.scoring import Scheme, SchemeRefused, schemas
from changai.core.scoring.tests.make import RandomTable, make_leaf, make_scheme

VALUE = {"rule": "Imported", "field": "x"}


def body(**table):
    node = make_leaf("1", "100", VALUE)
    return {"scheme": "s", "tables": [{"category": "县区", "void": "zero", "nodes": [node], **table}]}


def errors(source):
    return [finding.message() for finding in scoring.errors_of(Scheme.from_json(source).validate())]


def refusal(source):
    with pytest.raises(SchemeRefused) as refused:
        Scheme.from_json(source)
    return [finding.message() for finding in refused.value.findings]


@pytest.mark.parametrize("seed", range(40))
def test_random_schemes_survive_json_and_sheets(seed):
    from changai.core.scoring.tabular import read_sheets, scheme_to_sheets

    table = RandomTable(seed).table()
    scheme = Scheme.from_json(
        {"scheme": "s", "year": 2022, "tables": [table, {**table, "category": "另一类"}]}
    )
    again = Scheme.from_json(scheme.to_json())
    assert again == scheme
    assert again.digest == scheme.digest
    assert read_sheets(scheme_to_sheets(scheme)).scheme == scheme


def test_digest_changes_with_content_and_not_with_form():
    first, spaced = Scheme.from_json(body()), Scheme.from_json(json.dumps(body(full="100.0"), indent=3))
    assert first.digest == spaced.digest
    assert first.digest != Scheme.from_json(body(missing="full")).digest


def test_structure_faults_are_all_told_at_once():
    source = body(cover="sixty", missing="maybe", bonus=[{"code": "B"}], colour="red", nodes="none")
    told = "\n".join(refusal(source))
    for part in (
        "cover 应为十进制数",
        "missing 只能是",
        "缺少“name”",
        "缺少“cap”",
        "不认识的项“colour”",
        "nodes 应为列表",
    ):
        assert part in told


def test_what_does_not_hold_together_is_told_in_the_answer_that_tells_what_cannot_be_read():
    doubled = [
        make_leaf("1", "60", {"rule": "Formula"}),
        make_leaf("1", "41", {"rule": "Reviewed", "field": "x"}),
    ]
    first = body(colour="red", cover="sixty", nodes=doubled)["tables"][0]
    second = body(category="企业", nodes=[make_leaf("2", "90", {"rule": "Reviewed", "field": "x"})])[
        "tables"
    ][0]
    told = refusal({"scheme": "s", "tables": [first, second]})
    assert [each.split("，可用")[0] for each in told] == [
        "“县区”：tables.[1] 不认识的项“colour”",
        "“县区”指标 1：rule 没有“Formula”这种写法",
        "“县区”：tables.[1].cover 应为十进制数，现为 'sixty'",
        "“县区”指标 1：编号重复 2 次，请改为各不相同的编号",
        "“企业”一级指标分值合计 90 分，应为 100 分",
    ], "of what stands where something could not be read, nothing is concluded"
    misspelt = {"rule": "PerItem", "items": {"x": "-1"}, "flor": "0"}
    told = refusal(body(nodes=[make_leaf("1", "100", misspelt)]))
    assert len(told) == 1, "the bound that is missed may be the misspelt one"
    del first["cover"]
    assert any(
        "“县区”一级指标分值合计 101 分" in each
        for each in refusal({"scheme": "s", "tables": [first, second]})
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "不是有效的 JSON"),
        ("[]", "最外层应为一个对象"),
        (
            '{"scheme": "s", "tables": [{"category": "c", "nodes": [], "full": 1e999999999}]}',
            "full 应为十进制数",
        ),
        ('{"scheme": "a", "scheme": "b"}', "不是有效的 JSON"),
        ('{"scheme": "s", "tables": [{"category": "c", "nodes": [], "full": NaN}]}', "full 应为十进制数"),
        ('{"scheme": 1.5, "tables": 3, "year": "x", "decimals": true}', "scheme 应为文字"),
    ],
)
def test_broken_text_is_refused(text, told):
    assert any(told in each for each in refusal(text))


def test_rules_outside_the_closed_set_and_broken_rules_are_refused():
    def with_rule(rule):
        return body(nodes=[make_leaf("1", "100", rule)])

    assert "没有“Formula”这种写法" in refusal(with_rule({"rule": "Formula", "text": "a+b"}))[0]
    assert "应为含“rule”的对象" in refusal(with_rule("a+b"))[0]
    assert "应为两个值的列表" in refusal(with_rule({"rule": "Linear", "of": "x", "knots": [[1, 2, 3]]}))[0]
    assert (
        "应为 true 或 false"
        in refusal(with_rule({"rule": "Tiers", "of": "x", "bounds": [1], "strict": "no"}))[0]
    )
    assert "应为整数" in refusal(with_rule({"rule": "ProportionToBest", "of": "x", "within": "two"}))[0]
    assert "对照" in refusal(with_rule({"rule": "PerItem", "items": ["x"]}))[0]
    assert (
        "没有“Guess”这种写法"
        in refusal(with_rule({"rule": "Linear", "of": {"measure": "Guess"}, "knots": []}))[0]
    )
    assert "应为对象" in refusal(body(veto=["V"]))[0]


def test_circular_objects_are_refused():
    node = make_leaf("1", "100", None)
    node["children"] = [node]
    assert "首尾相连" in refusal(body(nodes=[node]))[-1]


def test_two_tables_of_one_category_are_refused():
    table = body()["tables"][0]
    assert "类别“县区”有两张指标表" in refusal({"scheme": "s", "tables": [table, table]})[0]


def tree(points, *children):
    nodes = [make_leaf(f"1.{n}", each, VALUE) for n, each in enumerate(children, 1)]
    return {"code": "1", "name": "n", "points": points, "children": nodes}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"nodes": [tree("100", "40", "59")]}, "指标 1：下级分值合计 99 分，应为 100 分"),
        ({"nodes": [make_leaf("1", "99.5", VALUE)]}, "“县区”一级指标分值合计 99.5 分，应为 100 分"),
        ({"nodes": []}, "“县区”的指标表没有指标"),
        ({"nodes": [make_leaf("1", "50", VALUE), make_leaf("1", "50", VALUE)]}, "指标 1：编号重复 2 次"),
        ({"nodes": [make_leaf(" ", "100", VALUE)]}, "编号不能为空"),
        ({"nodes": [make_leaf("1", "100.001", VALUE)], "full": "100.001"}, "超出本方案的 2 位小数"),
        ({"nodes": [make_leaf("1", "0", VALUE), make_leaf("2", "100", VALUE)]}, "指标 1：分值须大于 0"),
        ({"nodes": [{"code": "1", "name": "n", "points": "100"}]}, "指标 1：末级指标没有评分规则"),
        ({"nodes": [{**tree("100", "100"), "rule": VALUE}]}, "指标 1：有下级指标，不能再有评分规则"),
        ({"cover": "60"}, "cover 须在 0 与 1 之间"),
        ({"rank_cover": "-1"}, "rank_cover 须在 0 与 1 之间"),
        ({"floor": "5", "ceiling": "4"}, "总分下限大于上限"),
        ({"ranking": {"tie_breakers": ["9"]}}, "并列时比较的“9”不是本表的指标"),
        ({"grades": [{"name": "优秀", "min": "90"}]}, "最末等次“优秀”不能再设条件"),
        (
            {"grades": [{"name": "良", "min": "80"}, {"name": "优", "min": "90"}, {"name": "差"}]},
            "等次须从高到低排列",
        ),
        ({"grades": [{"name": "优", "quota": "30"}, {"name": "优"}]}, "等次“优”重复"),
        ({"grades": [{"name": "优", "quota": "30"}, {"name": "良"}]}, "名额比例须在 0 与 1 之间"),
        ({"bonus": [{"code": "B", "name": "b", "cap": "0", "rule": VALUE}]}, "加分上限须大于 0"),
        (
            {"penalty": [{"code": "P", "name": "p", "cap": "-1", "rule": {"rule": "Fixed", "share": 0}}]},
            "减分上限须大于 0",
        ),
        ({"penalty": [{"code": "P", "name": "p", "rule": VALUE}]}, "超过允许的 0 分"),
        (
            {
                "bonus": [
                    {
                        "code": "B",
                        "name": "b",
                        "cap": "2",
                        "rule": {"rule": "PerItem", "items": {"x": "-1"}, "start": 0},
                    }
                ]
            },
            "低于允许的 0 分",
        ),
        (
            {"veto": [{"code": "V", "name": "v", "when": "z", "effect": "factor"}]},
            "须给出 0 到 1 之间的 factor",
        ),
        (
            {"veto": [{"code": "V", "name": "v", "when": "z", "effect": "grade_ceiling", "ceiling": "合格"}]},
            "不在等次表中",
        ),
        ({"veto": [{"code": "V", "name": "v", "when": " ", "effect": "zero"}]}, "数据项名称为空"),
    ],
)
def test_every_invariant_is_checked_and_names_its_node(change, told):
    assert any(told in each for each in errors(body(**change))), errors(body(**change))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"rule": "Linear", "of": "x", "knots": [[0, 0]]}, "knots 至少两点"),
        ({"rule": "Linear", "of": "x", "knots": [[0, 0], [1, "1.5"]]}, "最高可得 150 分，超过允许的 100 分"),
        ({"rule": "Tiers", "of": "x", "bounds": [1], "shares": []}, "须且只须填一项"),
        ({"rule": "Tiers", "of": "x", "bounds": [1, 2], "shares": [1]}, "个数不一致"),
        ({"rule": "Tiers", "of": "x", "bounds": [2, 1], "shares": [0, 1]}, "分档界限须逐档递增"),
        ({"rule": "PerItem", "items": {}}, "items 不能为空"),
        ({"rule": "PerItem", "items": {"x": "-1"}}, "没有下限"),
        ({"rule": "PerItem", "items": {"x": "1"}, "start": 0}, "没有上限"),
        ({"rule": "PerItem", "items": {"x": "1"}, "floor": 5, "cap": 4}, "floor 大于 cap"),
        ({"rule": "PerStep", "of": "x", "target": 1, "per": 1, "step": 0, "cap": 100}, "step 须大于 0"),
        ({"rule": "Checklist", "items": {"x": "0"}}, "各项分值须大于 0"),
        ({"rule": "Reviewed", "field": "x", "lo": 5, "hi": 4}, "hi 小于 lo"),
        ({"rule": "Imported", "field": "x", "out_of": 0}, "out_of 须大于 0"),
        ({"rule": "Grades", "judges": []}, "judges 不能为空"),
        ({"rule": "Grades", "judges": ["a"], "trim_above": 1}, "trim_above 不能小于 2"),
        ({"rule": "RankPoints", "of": "x", "step": "-0.1"}, "step 不能为负数"),
        ({"rule": "RankPoints", "of": "x", "shares": ["0.5", "1"]}, "位次分值须逐位不增"),
        (
            {"rule": "RelativeToAverage", "of": "x", "per": "-1", "step": 0, "floor": 2, "cap": 1},
            "step 须大于 0",
        ),
        ({"rule": "Escalating", "field": "x", "losses": [2, 1]}, "losses 不能为空"),
        (
            {"rule": "BaseChange", "of": "x", "base": 1, "up": -1, "up_cap": 1, "down": 1, "down_cap": 1},
            "不小于 0",
        ),
        ({"rule": "WithinTarget", "of": "x", "target": 0}, "target 须大于 0"),
        ({"rule": "Sum", "parts": []}, "parts 不能为空"),
        ({"rule": "Accumulate", "of": VALUE, "periods": ["1", "1"], "cap": 100}, "periods 不能为空或重复"),
    ],
)
def test_flaws_of_rules_are_found(rule, told):
    assert any(told in each for each in errors(body(nodes=[make_leaf("1", "100", rule)])))


def test_percent_written_as_a_share_is_asked_about():
    rule = {
        "rule": "Linear",
        "of": {"measure": "Value", "field": "x", "unit": "%"},
        "knots": [[0, 0], ["0.95", 1]],
    }
    findings = Scheme.from_json(body(nodes=[make_leaf("1", "100", rule)])).validate()
    assert [each.severity for each in findings] == [scoring.Severity.WARNING]
    assert "是否把 95% 写成了 0.95" in findings[0].message_zh


def test_a_full_mark_nobody_can_reach_is_warned_about():
    rule = {"rule": "Checklist", "items": {"a": "60", "b": "30"}}
    findings = Scheme.from_json(body(nodes=[make_leaf("1", "100", rule)])).validate()
    assert [(each.severity, each.message()) for each in findings] == [
        (scoring.Severity.WARNING, "指标 1：规则最高只能得 90 分，100 分的满分谁也得不到")
    ]


def test_undecided_zero_denominators_are_warned_about():
    rule = {"rule": "Linear", "of": {"measure": "Ratio", "num": "a", "den": "b"}, "knots": [[0, 0], [1, 1]]}
    source = body(nodes=[make_leaf("1", "100", rule)])
    del source["tables"][0]["void"]
    assert "分母为零" in Scheme.from_json(source).validate()[0].message_zh
    assert "zero denominator" in Scheme.from_json(source).validate()[0].message("en")


def test_declared_fields_are_the_only_ones():
    source = {**body(), "fields": [{"name": "y", "label": "乙"}, {"name": "y", "label": "乙"}]}
    told = errors(source)
    assert any("数据项“x”没有在 fields 中声明" in each for each in told)
    assert any("数据项“y”声明了两次" in each for each in told)


def test_four_levels_and_odd_decimals_and_no_table_are_refused():
    deep = make_leaf("1.1.1.1", "100", VALUE)
    for code in ("1.1.1", "1.1", "1"):
        deep = {"code": code, "name": code, "points": "100", "children": [deep]}
    assert any("指标最多 3 级" in each for each in errors(body(nodes=[deep])))
    assert errors({**body(), "decimals": 5}) == ["decimals 只能是 0 到 4"]
    assert errors({"scheme": "s", "tables": []}) == ["至少要有一张指标表"]


def test_scoring_refuses_a_scheme_that_does_not_hold_together():
    scheme = Scheme.from_json(body(full="99"))
    with pytest.raises(SchemeRefused, match="合计 100 分，应为 99 分"):
        scoring.score(scheme, "县区", scoring.Facts.from_rows([]))


def test_schemas_describe_what_is_written():
    schema = schemas.scheme_schema()
    names = {each["properties"]["rule"]["const"] for each in schema["$defs"]["rule"]["oneOf"]}
    assert {"Linear", "When", "Accumulate"} <= names
    assert json.loads(json.dumps(schema)) == schema
    assert schemas.facts_schema()["type"] == "array"
    card = scoring.score(make_scheme(("1", 100, VALUE)), "县区", scoring.Facts.from_rows([]))
    written = scoring.result(card.scheme, [card])
    properties = schemas.result_schema()["properties"]
    assert set(written) == set(properties)


def test_numbers_are_read_and_written_exactly():
    from changai.core.scoring.decimals import (
        NotANumber,
        fixed,
        half_up,
        show,
        to_decimal,
        to_number,
        write_number,
    )

    assert to_number("１２.５") == Fraction(25, 2)
    assert to_number(0.1) == Fraction(1, 10)
    assert write_number(to_number("1/3")) == "1/3"
    assert write_number(Fraction(-25, 100)) == "-0.25"
    assert [fixed(-5, 2), fixed(7, 0), show(Fraction(1, 3)), half_up(Fraction(-5, 2))] == [
        "-0.05",
        "7",
        "0.33",
        -3,
    ]
    for wrong in (
        None,
        True,
        "1e5",
        "95%",
        "1,000",
        "NaN",
        float("inf"),
        "",
        "9" * 50,
        "１２％",
        Decimal("1e999999999"),
        Decimal("1e-99"),
        10**60,
    ):
        with pytest.raises(NotANumber):
            to_decimal(wrong)


def test_from_json_does_not_change_what_it_reads():
    source = body()
    kept = copy.deepcopy(source)
    Scheme.from_json(source)
    assert source == kept
