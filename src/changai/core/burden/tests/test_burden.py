"""Indicators that burden the base are named; those that measure results are left in peace."""

import pytest

from changai.core.burden import RULES, Weight, Wording, review, scheme_findings
from changai.core.scoring.tests.make import make_leaf, make_scheme

NAMED = {
    "获省级以上领导批示每件加1分": "leaders_notes",
    "在省级以上媒体宣传报道每篇0.5分": "press",
    "工作信息被刊发": "press",
    "经验做法被转发": "experience_papers",
    "报送经验文章2篇": "experience_papers",
    "查看现场照片": "traces",
    "提供学习笔记": "study_notes",
    "工会App安装使用率达80%": "app_use",
    "人均学习时长": "app_use",
    "网络投票数": "app_use",
    "平台用户注册率": "app_use",
    "党委听取专题汇报不少于2次": "counts_of_meetings",
    "召开部署会": "meetings_and_papers",
    "印发年度工作方案得0.5分": "meetings_and_papers",
    "每周报送进展情况": "reports_on_reports",
}
AT_PEACE = [
    "领导批示件按期办结率",
    "不以拍照留痕评判工作",
    "职代会建制率",
    "召开职工代表大会的企业占比",
    "集体合同覆盖率",
    "高技能人才占技能人才比例",
    "创新工作室成果转化数",
    "培训任务完成率",
    "新就业形态劳动者入会人数",
    "企业登记注册率",
    "职代会无记名投票表决",
    "技能成长轨迹建档人数",
]


@pytest.mark.parametrize(("text", "key"), NAMED.items())
def test_a_burden_is_named(text, key):
    assert key in {found.rule.key for found in review([Wording("1", ("", text))])}


@pytest.mark.parametrize("text", AT_PEACE)
def test_results_and_denials_are_left_in_peace(text):
    assert not review([Wording("1", (text,))])


def test_every_rule_has_an_example():
    assert {rule.key for rule in RULES} == set(NAMED.values())


def test_a_scheme_is_read_with_its_bonus_items():
    leaf = make_leaf("1.1", "5", {"rule": "Fixed"}, wording="印发方案得分", evidence="方案文件")
    item = {
        "code": "B1",
        "name": "领导批示",
        "cap": "2",
        "rule": {"rule": "PerItem", "items": {"n": "1"}, "start": "0", "cap": "2"},
    }
    found = scheme_findings(make_scheme(leaf, bonus=[item]))
    assert [(finding.node_code, finding.severity.value) for finding in found] == [
        ("1.1", "warning"),
        ("B1", "error"),
    ]
    assert found[1].message() == (
        "指标 B1：“批示”，以领导批示评分，不得列入考核（依据：《整治形式主义为基层减负若干规定》），"
        "可改用：工作本身的结果，如任务按期完成率、问题办结率"
    )
    assert "keep it only with a written reason" in found[0].message("en")
    assert {rule.weight for rule in RULES} == set(Weight)
