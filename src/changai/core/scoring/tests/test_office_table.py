"""Tables as offices keep them: title rows, merged cells, points in names, full-width digits, two head rows."""

from fractions import Fraction

import pytest

from changai.core.scoring.findings import SchemeRefused
from changai.core.scoring.tabular import read_office_table, year_in

HEADS = ["序号", "一级指标", "二级指标", "三级指标", "分值", "评分标准", "数据来源", "考核方式"]
ROWS = [
    ["附件1"],
    ["示范市2026年评价考核指标体系"],
    HEADS,
    [
        "１",
        "一、组织领导（１５分）",
        "机制运行",
        "到期任务完成率",
        "10",
        "按完成率得分，100%得满分",
        "市产改办",
        "查资料",
    ],
    ["２", "", "", "月报报送", "５", "每月上报，每少一次扣0.5分，扣完为止", "市产改办", "查资料"],
    [
        "３",
        "二、素质提升（85分）",
        "技能培训",
        "培训任务完成率",
        "45",
        "达到90％得满分，否则不得分",
        "市人社局",
        "抽样",
    ],
    ["４", "", "", "培训效果", "40", "视情况酌情扣分", "市总工会", "座谈"],
    ["", "合　计", "", "", "100"],
    ["加分项"],
    ["5", "获得省级以上表彰", "", "", "2", "每有一项加1分，最高2分", "市总工会", ""],
    ["一票否决"],
    ["6", "弄虚作假", "", "", "", "不参加排名"],
    ["注：本表由办公室解释，每少一项扣0.5分"],
]
MERGED = [(1, 1, 1, 8), (4, 2, 5, 2), (4, 3, 5, 3), (6, 2, 7, 2), (6, 3, 7, 3)]  # fmt: skip


def test_the_tree_the_points_and_the_texts_are_read() -> None:
    found = read_office_table("表", ROWS, MERGED, category="县区")
    tree = [(node.code, node.name, str(node.points), level) for node, level in found.table.walk()]
    assert tree == [
        ("1", "组织领导", "15", 1), ("1.1", "机制运行", "15", 2), ("1.1.1", "到期任务完成率", "10", 3),
        ("1.1.2", "月报报送", "5", 3), ("2", "素质提升", "85", 1), ("2.1", "技能培训", "85", 2),
        ("2.1.1", "培训任务完成率", "45", 3), ("2.1.2", "培训效果", "40", 3),
    ]  # fmt: skip
    leaf = found.table.leaves[2]
    assert (leaf.data_owner, leaf.verification, leaf.rule) == ("市人社局", "抽样", None)
    assert (found.title, year_in(found.title)) == ("示范市2026年评价考核指标体系", 2026)
    assert [(bonus.code, bonus.cap) for bonus in found.table.bonus] == [("B1", Fraction(2))]
    assert [veto.name for veto in found.table.veto] == ["弄虚作假"]
    assert found.table.full == 100


def test_every_scoring_sentence_waits_for_a_person_with_its_place() -> None:
    found = read_office_table("表", ROWS, MERGED, category="县区")
    told = {each.code: (each.place, each.proposal.certainty) for each in found.waiting}
    assert told["1.1.1"] == ("表 第 4 行 F 列", "whole")
    assert told["1.1.2"] == ("表 第 5 行 F 列", "part")
    assert told["2.1.2"] == ("表 第 7 行 F 列", "judged")
    assert set(told) == {"1.1.1", "1.1.2", "2.1.1", "2.1.2", "B1", "V1"}


def test_points_merged_over_several_rows_belong_to_what_stands_over_them() -> None:
    rows = [
        ["项目", "分值", "考核内容", "分值", "评分标准"],
        ["组织建设", "20", "组织领导", "5", "完成得满分，未完成不得分"],
        ["", "", "规范化建设", "15", "完成得满分，未完成不得分"],
        ["民主管理", "10", "职代会", "", "未召开不得分"],
    ]
    merged = [(2, 1, 3, 1), (2, 2, 3, 2)]
    nodes = read_office_table("表", rows, merged, category="县区").table.nodes
    assert [(node.name, node.points) for node in nodes] == [("组织建设", 20), ("民主管理", 10)]
    assert [child.points for child in nodes[0].children] == [5, 15]


def test_two_head_rows_are_one() -> None:
    rows = [
        ["序号", "指标", "", "考核", ""],
        ["", "一级指标", "二级指标", "基准分值", "评分细则"],
        ["1", "队伍壮大", "建会率", "10", "达到90%得满分，否则不得分"],
    ]
    table = read_office_table("表", rows, [(1, 2, 1, 3), (1, 4, 1, 5)], category="县区").table
    assert [(node.name, level) for node, level in table.walk()] == [("队伍壮大", 1), ("建会率", 2)]


def test_every_fault_is_told_at_once_with_its_place() -> None:
    rows = [
        HEADS,
        ["1", "", "机制运行", "甲", "十分", "完成得满分，未完成不得分"],
        ["2", "素质提升", "培训", "乙", "若干", "完成得满分，未完成不得分"],
        ["3", "", "", "", "5", "完成得满分"],
    ]
    with pytest.raises(SchemeRefused) as refused:
        read_office_table("考核表", rows, category="县区")
    told = [finding.message() for finding in refused.value.findings]
    assert any("考核表 第 2 行 B 列：缺少上一级指标" in each for each in told)
    assert any("考核表 第 3 行 E 列" in each and "若干" in each for each in told)
    assert any("考核表 第 4 行 B 列：没有指标名称" in each for each in told)


def test_a_sheet_without_such_heads_says_what_is_missing() -> None:
    with pytest.raises(SchemeRefused, match="没有找到表头"):
        read_office_table("表", [["姓名", "电话"], ["甲", "1"]], category="县区")


def test_columns_nothing_was_taken_from_are_named() -> None:
    rows = [["考核项目", "分值", "评分标准", "往年情况"], ["甲", "100", "完成得满分，未完成不得分", "良好"]]
    assert read_office_table("表", rows, category="县区").unread == ("往年情况",)


def test_a_table_without_an_indicator_says_so_and_an_empty_row_names_nothing() -> None:
    with pytest.raises(SchemeRefused, match="表头下面没有指标"):
        read_office_table("表", [HEADS, ["", "合计", "", "", ""]], category="县区")
    rows = [HEADS, ["1", "甲", "乙", "丙", "10", "由考核组核定"], ["2", "", "", "", "", "说明"]]
    assert len(read_office_table("表", rows, category="县区").table.leaves) == 1


def test_penalties_are_read_and_points_in_name_and_column_agree() -> None:
    rows = [
        HEADS,
        ["1", "甲（10分）", "乙", "丙", "10", "由考核组核定"],
        ["减分项"],
        ["2", "发生重大事件", "", "", "5", "每起扣5分"],
    ]
    table = read_office_table("表", rows, category="县区").table
    assert [(item.code, item.cap) for item in table.penalty] == [("P1", Fraction(5))]
    heads = ["一级指标", "分值", "二级指标", "分值", "评分标准"]
    inner = read_office_table(
        "表", [heads, ["甲（10分）", "10", "乙", "10", "由考核组核定"]], category="县区"
    )
    assert [str(node.points) for node, _ in inner.table.walk()] == ["10", "10"]


def test_points_in_the_rows_of_one_indicator_are_added() -> None:
    rows = [
        HEADS,
        ["1", "甲", "乙", "丙", "4", "由考核组核定"],
        ["", "", "", "", "6", "由考核组核定"],
    ]
    table = read_office_table("表", rows, [(2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 3, 4)], category="县区").table
    assert [str(leaf.points) for leaf in table.leaves] == ["10"]


def test_shares_of_the_whole_are_points_of_a_hundred() -> None:
    rows = [
        ["一级指标", "权重", "二级指标", "权重", "评分细则"],
        ["组织推动", "0.4", "任务按期完成率", "0.25", "按期完成率×分值"],
        ["", "", "月报报送", "0.15", "每迟报1次扣1分，扣完为止"],
        ["工作成效", "0.6", "政策供给", "0.6", "每出台1项得20分"],
        ["合计", "1", "", "1"],
        ["加分项", "", "获省级推广", "", "每项加2分，最高加5分"],
    ]
    merged = [(2, 1, 3, 1), (2, 2, 3, 2)]
    table = read_office_table("表", rows, merged, category="成员单位").table
    assert [(node.code, str(node.points)) for node, _level in table.walk()] == [
        ("1", "40"), ("1.1", "25"), ("1.2", "15"), ("2", "60"), ("2.1", "60"),
    ]  # fmt: skip
    assert (table.full, [(bonus.name, bonus.cap) for bonus in table.bonus]) == (100, [("获省级推广", 5)])


def test_a_form_to_be_filled_in_is_read_without_its_blanks_and_signatures() -> None:
    rows = [
        ["", "直属企业考核评分表"],
        ["", "单位：                    考核时间：   年  月  日"],
        ["", "类别", "考核项目", "考核内容", "标准分", "考核办法", "得分"],
        ["", "一、组织建设（２０分）", "1.党组织领导", "列入议题", "１０", "列入得10分，未列入不得分", ""],
        ["", "", "2.机构健全", "专人负责", "10", "每缺一项扣5分", ""],
        ["", "", "", "", "", "", ""],
        ["", "合  计", "", "", "２０", "", ""],
        ["", "考核组签字："],
    ]
    found = read_office_table("企业类", rows, [(4, 2, 5, 2)], category="企业")
    assert found.title == "直属企业考核评分表"
    assert [(leaf.name, str(leaf.points), leaf.wording) for leaf in found.table.leaves] == [
        ("列入议题", "10", "列入得10分，未列入不得分"), ("专人负责", "10", "每缺一项扣5分"),
    ]  # fmt: skip
    assert len(found.table.nodes) == 1
    assert [each.proposal.certainty for each in found.waiting] == ["whole", "whole"]
