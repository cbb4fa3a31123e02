"""Schemes as an office writes them: sentences of the closed set, merged cells, full-width digits, faults placed."""

from fractions import Fraction

import pytest

from changai.core.scoring import SchemeRefused, errors_of
from changai.core.scoring.rules import RULE
from changai.core.scoring.tabular import Places, Sheeted, read_sheets, scheme_from_sheets, scheme_to_sheets
from changai.core.scoring.tests.make import leaf_points
from changai.core.scoring.wordings import WORDINGS, UnknownWording, parse_figures, read_wording

RATE = {"measure": "Ratio", "num": "完成", "den": "计划", "times": "100", "unit": "%"}


@pytest.mark.parametrize(
    ("wording", "figures", "rule"),
    [
        (
            "按完成率得分，100%得满分",
            "完成/计划",
            {"rule": "Linear", "of": RATE, "knots": [["0", "0"], ["100", "1"]]},
        ),
        (
            "按完成比例计分。",
            "完成／计划",
            {"rule": "Linear", "of": RATE, "knots": [["0", "0"], ["100", "1"]]},
        ),
        (
            "按完成率得分，９５%及以上得满分",
            "完成率",
            {
                "rule": "Linear",
                "of": {"measure": "Value", "field": "完成率", "unit": "%"},
                "knots": [["0", "0"], ["95", "1"]],
            },
        ),
        (
            "100%得满分，60%以下不得分，其间按比例得分",
            "完成/计划",
            {"rule": "Linear", "of": RATE, "knots": [["60", "0"], ["100", "1"]]},
        ),
        (
            "达到90%得满分，否则不得分",
            "完成/计划",
            {"rule": "Tiers", "of": RATE, "bounds": ["90"], "shares": ["1"]},
        ),
        (
            "90%得满分，80%得60%，70%得2分，其余不得分",
            "完成/计划",
            {"rule": "Tiers", "of": RATE, "bounds": ["70", "80", "90"], "shares": ["0.2", "0.6", "1"]},
        ),
        (
            "不高于5%得满分；不高于10%得60%",
            "逾期率",
            {
                "rule": "Tiers",
                "of": {"measure": "Value", "field": "逾期率", "unit": "%"},
                "bounds": ["5", "10"],
                "shares": ["1", "0.6"],
                "descending": True,
            },
        ),
        (
            "3个以上得满分，2个得60%",
            "个数",
            {
                "rule": "Tiers",
                "of": {"measure": "Value", "field": "个数", "unit": "个"},
                "bounds": ["2", "3"],
                "shares": ["0.6", "1"],
            },
        ),
        ("完成越多得分越高", "个数", None),
        (
            "每迟报一次扣0.5分，每错报一次扣1分，扣完为止",
            "迟报、错报",
            {"rule": "PerItem", "items": {"迟报": "-0.5", "错报": "-1"}, "floor": "0", "counter": "次"},
        ),
        ("每少一项扣0.5分", "缺项", {"rule": "PerItem", "items": {"缺项": "-0.5"}, "floor": "0"}),
        (
            "每有一项加1分，最高不超过5分",
            "表彰",
            {"rule": "PerItem", "items": {"表彰": "1"}, "start": "0", "cap": "5"},
        ),
        (
            "每获一个得0.5分",
            "奖项",
            {"rule": "PerItem", "items": {"奖项": "0.5"}, "start": "0", "cap": "10", "counter": "个"},
        ),
        (
            "不低于20%得满分，每低1%扣0.05分，扣完为止",
            "占比",
            {
                "rule": "PerStep",
                "of": {"measure": "Value", "field": "占比", "unit": "%"},
                "target": "20",
                "per": "-0.05",
                "floor": "0",
            },
        ),
        (
            "不高于3件得满分，每高1件扣1分",
            "案件",
            {
                "rule": "PerStep",
                "of": {"measure": "Value", "field": "案件", "unit": "件"},
                "target": "3",
                "per": "-1",
                "side": "above",
                "floor": "0",
            },
        ),
        (
            "不高于3得满分，每高1扣1分",
            "案件",
            {
                "rule": "PerStep",
                "of": {"measure": "Value", "field": "案件"},
                "target": "3",
                "per": "-1",
                "side": "above",
                "floor": "0",
            },
        ),
        ("完成得满分，未完成不得分", "是否完成", {"rule": "Checklist", "items": {"是否完成": "10"}}),
        (
            "印发文件得0.5分、制定方案得1.5分",
            "文件、方案",
            {"rule": "Checklist", "items": {"文件": "0.5", "方案": "1.5"}},
        ),
        ("在2至8分内核定", "评分", {"rule": "Reviewed", "field": "评分", "lo": "2", "hi": "8"}),
        ("由考核组核定", "评分", {"rule": "Reviewed", "field": "评分"}),
    ],
)
def test_sentences_are_read_into_their_rule(wording, figures, rule):
    if rule is None:
        with pytest.raises(UnknownWording, match="不认识的评分规则"):
            read_wording(wording, parse_figures(figures), Fraction(10))
    else:
        assert RULE.write(read_wording(wording, parse_figures(figures), Fraction(10))) == rule


def test_every_example_shown_to_the_office_is_itself_understood():
    figures = {2: "甲、乙", 1: "甲"}
    for wording in WORDINGS:
        count = (
            2
            if (wording.example.count("，每") == 1 and "扣1分" in wording.example)
            or "印发" in wording.example
            else 1
        )
        read_wording(wording.example, parse_figures(figures[count]), Fraction(10))


@pytest.mark.parametrize(
    ("wording", "figures", "told"),
    [
        ("按完成率得分", "甲、乙", "需要一个数据项"),
        ("每少一项扣1分，每错一项扣2分", "甲", "规则写了 2 种情形"),
        ("90%得满分，90%得60%", "甲", "写了两次"),
        ("不低于90%得满分，不高于10%得60%", "甲", "须同为"),
        ("60%得满分，80%以下不得分，其间按比例得分", "甲", "须低于"),
        ("不低于20%得满分，每高1%扣1分", "甲", "须配"),
        ("完成得满分，否则不得分", "甲/乙", "需要一个数据项"),
    ],
)
def test_sentences_that_do_not_fit_their_figures_are_refused(wording, figures, told):
    with pytest.raises(UnknownWording, match=told):
        read_wording(wording, parse_figures(figures), Fraction(10))


def test_points_of_a_sentence_are_those_of_its_rule():
    rule = RULE.write(read_wording("每迟报一次扣0.5分，扣完为止", parse_figures("迟报"), Fraction(2)))
    assert leaf_points(rule, {"甲": {"迟报": 3}, "乙": {"迟报": 9}}, 2) == ["0.50", "0.00"]


HEADS = ["类别", "项目", "一级指标", "二级指标", "三级指标", "编号", "分值", "评分规则", "数据项"]


def office():
    return [
        ["某市考核指标表"],
        HEADS,
        [
            "县区",
            None,
            "思想引领（20分）",
            "学习教育",
            "月报报送",
            None,
            10,
            "每迟报一次扣0.5分，扣完为止",
            "迟报次数",
        ],
        [None, None, None, None, "培训", None, 10, "按完成率得分，100%得满分", "完成人数/计划人数"],
        [None, None, "素质提升", None, None, "9", "５０", "90%得满分，80%得60%", "取证人数/参培人数"],
        [None, None, "制度", None, None, None, "30", "在0至30分内核定", "制度分"],
        [None, "加分", "省级表彰", None, None, None, "3", "每有一项加1分，最高3分", "表彰数"],
        [
            None,
            "减分项",
            "通报",
            None,
            None,
            None,
            None,
            '{"rule": "PerItem", "items": {"通报数": -1}, "start": 0}',
            None,
        ],
        [None, "一票否决", "弄虚作假", None, None, None, None, "总分按系数0.5计", "弄虚作假"],
        [None, None, "合计", None, None, None, 100, None, None],
    ]


def refused(sheets):
    with pytest.raises(SchemeRefused) as fault:
        scheme_from_sheets(sheets)
    return [each.message() for each in fault.value.findings]


def refused_or_found(sheets):
    return [each.message() for each in errors_of(read_sheets(sheets).findings())]


def test_an_offices_sheet_with_merged_cells_and_full_width_digits():
    read = read_sheets({"Sheet1": office()}, name="考核方案")
    table = read.scheme.tables["县区"]
    assert [(node.code, node.name, str(node.points)) for node, _ in table.walk()] == [
        ("1", "思想引领", "20"),
        ("1.1", "学习教育", "20"),
        ("1.1.1", "月报报送", "10"),
        ("1.1.2", "培训", "10"),
        ("9", "素质提升", "50"),
        ("3", "制度", "30"),
    ]
    assert (table.bonus[0].cap, table.penalty[0].cap, table.veto[0].factor) == (3, None, Fraction(1, 2))
    assert read.places.of("县区", "1.1.2") == "Sheet1 第 4 行"
    assert (
        read.findings()[0]
        .message()
        .startswith("Sheet1 第 4 行 分母为零处理 列：指标 1.1.2：未规定分母为零时")
    )
    assert scheme_from_sheets(scheme_to_sheets(read.scheme)) == read.scheme


def test_repeated_names_mean_the_same_parent_and_a_new_name_opens_a_new_one():
    rows = [
        HEADS[2:],
        ["一", "甲", None, None, 4, "由考核组核定", "a"],
        ["一", "乙", None, None, 6, "由考核组核定", "b"],
        ["二", None, None, None, 90, "由考核组核定", "c"],
    ]
    table = scheme_from_sheets({"x": rows}).tables["全部"]
    assert [(node.name, int(node.points), len(node.children)) for node in table.nodes] == [
        ("一", 10, 2),
        ("二", 90, 0),
    ]


def test_a_workbook_without_a_rule_column_keeps_its_rules_under_the_standard():
    rows = [["一级指标", "分值", "评分标准", "数据项"], ["制度", 100, "由考核组核定", "a"]]
    assert scheme_from_sheets({"x": rows}).tables["全部"].nodes[0].rule.field == "a"


def test_all_faults_of_all_sheets_are_told_with_sheet_row_and_column():
    rows = office()
    rows[2][7] = "多做多得"
    rows[3][6] = "十"
    rows[4][1] = "别的"
    rows[5][8] = None
    rows[7][7] = "{"
    rows[8][7] = "扣很多"
    rows.append([None, None, None, "孤儿", None, None, 5, "由考核组核定", "x"])
    rows.append([None, None, None, None, None, None, 5, "由考核组核定", "x"])
    sheets = {
        "指标表": rows,
        "设置": [
            ["类别", "设置项", "内容"],
            ["", "音量", "9"],
            ["乡镇", "满分", "100"],
            ["", "缺报处理", "猜"],
        ],
        "等次": [["等次", "末位并列"], ["优", "看情况"]],
        "数据项": [["数据项"]],
    }
    told = "\n".join(refused(sheets))
    for part in (
        "指标表 第 3 行 评分规则 列：不认识的评分规则“多做多得”",
        "指标表 第 4 行 分值 列：“十”不是数字",
        "指标表 第 5 行 项目 列：“别的”不在可用的写法中",
        "指标表 第 6 行 数据项 列：没有写明评分所用的数据项",
        "指标表 第 8 行 评分规则 列：不是有效的 JSON",
        "指标表 第 9 行 评分规则 列：不认识的否决办法“扣很多”",
        "指标表 第 12 行 一级指标 列：没有指标名称",
        "设置 第 2 行 设置项 列：不认识的设置项“音量”",
        "设置 第 3 行 类别 列：指标表中没有类别“乡镇”",
        "设置 第 4 行 内容 列：“猜”不在可用的写法中",
        "等次 第 2 行 末位并列 列：“看情况”不在可用的写法中",
        "数据项：没有找到表头",
    ):
        assert part in told, part


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["甲"], ["乙"]], "没有找到表头，前十行内须有：分值、评分规则"),
        ([[*HEADS, "编号"], ["县区"]], "表头“编号”重复"),
        ([[*HEADS, "颜色"], ["县区"]], "不认识的表头“颜色”"),
        ([HEADS, ["县区", None, None, "没有上级", None, None, 5, "由考核组核定", "x"]], "缺少上一级指标"),
        (
            [HEADS, ["县区", "否决", "假", None, None, None, None, "总分计零", None]],
            "没有写明否决情形的数据项",
        ),
        ([HEADS, ["县区", None, "甲", None, None, None, None, "由考核组核定", "x"]], "没有分值"),
        ([HEADS, ["县区", None, "甲", None, None, None, 5, '{"rule": "Tiers"}', "x"]], "缺少“of”"),
    ],
)
def test_sheets_that_cannot_be_read(rows, told):
    assert any(told in each for each in refused({"指标表": rows}))


def test_empty_rows_are_passed_over_and_a_leaf_without_its_first_level_is_refused():
    rows = [HEADS, [None] * 9, ["县区", None, "甲", None, None, None, 100, "由考核组核定", "x"], [""]]
    assert len(scheme_from_sheets({"指标表": rows}).tables["县区"].nodes) == 1
    orphan = [HEADS, ["县区", None, None, "乙", "丙", None, 5, "由考核组核定", "x"]]
    assert any("缺少上一级指标" in each for each in refused({"指标表": orphan}))


def test_structure_faults_found_after_reading_are_placed_too():
    rows = [HEADS, ["县区", None, "甲", None, None, None, 100, "由考核组核定", "x"]]
    sheets = {"指标表": rows, "等次": [["等次", "最低分"], ["优", "很高"]], "说明": [["随意"]]}
    assert any("min 应为十进制数" in each for each in refused(sheets))
    assert refused({"甲": rows, "乙": rows}) == ["工作簿缺少“指标表”工作表"]


def test_two_tables_with_the_same_codes_are_told_apart_and_doubled_codes_name_both_rows():
    rows = [
        HEADS,
        ["县区", None, "素质", "培训", None, None, 20, "由考核组核定", "a"],
        [None, None, "素质", "月报", None, "9", 20, "由考核组核定", "b"],
        [None, None, "素质", "季报", None, "9", 60, "由考核组核定", "b"],
        ["企业", None, "素质（50分）", "培训", None, None, 30, "由考核组核定", "a"],
        [None, None, None, "月报", None, None, 10, "由考核组核定", "b"],
    ]
    assert refused_or_found({"表": rows}) == [
        "表 第 3、4 行 编号 列：“县区”指标 9：编号重复 2 次，请改为各不相同的编号",
        "表 分值 列：“企业”一级指标分值合计 50 分，应为 100 分",
        "表 第 5 行 分值 列：“企业”指标 1：下级分值合计 40 分，应为 50 分",
    ]


def test_what_came_from_no_sheet_keeps_the_address_it_has():
    read = read_sheets({"Sheet1": office()}, name="考核方案")
    assert Sheeted(read.scheme, Places()).findings() == read.scheme.validate()


def test_what_does_not_hold_together_is_told_beside_what_cannot_be_read():
    rows = [
        [*HEADS, "颜色"],
        ["县区", None, "甲", None, None, None, 60, "多做多得", "x"],
        [None, None, "乙", None, None, "1", 41, "由考核组核定", "x"],
    ]
    assert [each.split("，可")[0] for each in refused({"指标表": rows})] == [
        "指标表 第 1 行：不认识的表头“颜色”",
        "指标表 第 2 行 评分规则 列：不认识的评分规则“多做多得”",
        "指标表 第 2、3 行 编号 列：指标 1：编号重复 2 次，请改为各不相同的编号",
        "指标表 分值 列：“县区”一级指标分值合计 101 分，应为 100 分",
    ]
    rows.append([None, None, None, "没有上级", "丙", None, 5, "由考核组核定", "x"])
    rows.append([None, None, None, None, None, None, 5, "由考核组核定", "x"])
    assert not any("合计" in each for each in refused({"指标表": rows})), "a row without a node is in no sum"
    assert refused_or_found({"指标表": [HEADS]}) == ["至少要有一张指标表"]


def test_settings_grades_and_fields_are_read():
    rows = [HEADS, ["县区", None, "甲", None, None, None, 50, "由考核组核定", "考核得分"]]
    sheets = {
        "指标表": rows,
        "设置": [
            ["设置项", "内容"],
            ["方案名称", "年度考核"],
            ["年度", 2022],
            ["满分", 50],
            ["分母为零处理", "按平均分"],
            ["总分下限", "不限"],
            ["总分小数位数", "1"],
            ["折算满分", "10"],
            ["折算去向", "绩效"],
            ["排名依据", "指标得分"],
            ["并列时依次比较", "1、bonus"],
        ],
        "等次": [
            ["等次", "最低分", "名额比例", "名额", "末位并列", "不得评定情形"],
            ["优", 45, "0.3", 2, "不计入", "事故"],
            ["良"],
        ],
        "数据项": [["数据项", "名称", "单位"], ["score", "考核得分", "分"], ["accident", "事故", ""]],
    }
    scheme = scheme_from_sheets(sheets)
    table = scheme.tables["县区"]
    assert (scheme.scheme, scheme.year, table.full, table.void, table.floor) == (
        "年度考核",
        2022,
        50,
        "average",
        None,
    )
    assert (table.conversion.full, table.conversion.into, table.total_decimals) == (10, "绩效", 1)
    assert (table.ranking.by, table.ranking.tie_breakers) == ("regular", ("1", "bonus"))
    assert table.nodes[0].rule.field == "score"
    assert (table.grades[0].top, table.grades[0].ties, table.grades[0].bars) == (2, "out", ("accident",))
    assert scheme.labels["score"] == "考核得分"
    assert not scheme.validate()
    assert scheme_from_sheets(scheme_to_sheets(scheme)) == scheme


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("总分计零", {"effect": "zero"}),
        ("不参加排名", {"effect": "exclude_from_rank"}),
        ("等次不高于“合格”", {"effect": "grade_ceiling", "ceiling": "合格"}),
        ("等次不高于合格", {"effect": "grade_ceiling", "ceiling": "合格"}),
        ("其他", None),
    ],
)
def test_vetoes_are_written_in_words(text, effect):
    from changai.core.scoring.tabular.reading import read_veto

    assert read_veto(text) == effect
