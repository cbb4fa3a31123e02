"""What forms and notices may not ask for."""

import pytest

from changai.core.burden import (
    ASKING_RULES,
    Wording,
    asking_findings,
    asks_attachment,
    length_fault,
    sentence_of,
)


def keys_of(text: str) -> set[str]:
    return {finding.rule.key for finding in asking_findings([Wording("", (text,))])}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("获得市领导批示情况", "asks_leaders_notes"),
        ("省级以上媒体报道篇数", "asks_press"),
        ("每季度报送经验做法2篇", "asks_experience"),
        ("附活动现场照片不少于3张", "asks_traces"),
        ("系统截图", "asks_traces"),
        ("撰写心得体会", "asks_study_notes"),
        ("公众号关注人数和点赞情况", "asks_app_use"),
        ("本月召开推进会议", "asks_meetings"),
        ("印发文件数", "asks_meetings"),
        ("报送贯彻落实情况", "asks_reports_on_reports"),
        ("学习贯彻会议精神情况", "asks_reports_on_reports"),
        ("请制定本单位实施方案", "asks_papers"),
        ("每周报送进度", "asks_often"),
        ("请于今日下班前反馈", "asks_often"),
        ("纸质版盖章后同时报电子版", "asks_twice"),
        ("附身份证复印件", "asks_persons"),
    ],
)
def test_what_burdens_is_found_with_the_clause_it_breaks(text: str, key: str) -> None:
    findings = [found for found in asking_findings([Wording("亮点", (text,))]) if found.rule.key == key]
    assert findings, keys_of(text)
    assert "依据：" in sentence_of(findings[0])
    assert sentence_of(findings[0]).startswith("亮点：")


@pytest.mark.parametrize(
    "text",
    [
        "当月结业的职工技能培训人次", "领导批示件办结数", "新建工会数", "困难职工帮扶户数", "存在的主要问题和原因",
        "截止日报出的单位数", "当日报出的单位数",
        "不要求报送照片，不得拍照留痕", "下一步需要市级协调解决的事项", "集体合同签订率", "劳动和技能竞赛场次",
    ],
)  # fmt: skip
def test_what_measures_work_is_left_alone(text: str) -> None:
    assert keys_of(text) == set()


def test_every_rule_has_a_source_and_an_alternative_in_both_languages() -> None:
    for rule in ASKING_RULES:
        assert all((rule.zh, rule.en, rule.source_zh, rule.source_en, rule.instead_zh, rule.instead_en)), (
            rule.key
        )
    assert len({rule.key for rule in ASKING_RULES}) == len(ASKING_RULES)


def test_a_notice_has_a_longest_length() -> None:
    fault = length_fault("字" * 4001 + "\n  ", is_special=True)
    assert fault
    assert (fault.length, fault.longest) == (4001, 4000)
    assert length_fault("字" * 4001, is_special=False) is None


@pytest.mark.parametrize("text", ["写明举措，附通知扫描件", "请提供结业证明", "上传签订的集体合同文件"])
def test_an_item_that_demands_a_file_is_told(text: str) -> None:
    assert asks_attachment(["亮点", text])


@pytest.mark.parametrize(
    "text",
    [
        "按合同文本统计，已续签的计入",
        "口径见附件清单",
        "不需附佐证材料",
        "佐证材料无须上传扫描件",
        "由人社部门提供的名单统计",
    ],
)
def test_an_item_that_demands_no_file_is_left_alone(text: str) -> None:
    assert not asks_attachment(["亮点", text])
