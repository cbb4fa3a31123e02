"""What papers ask of those who receive them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.core.burden import paper_findings


def keys(text: str) -> list[str]:
    return [finding.rule.key for finding in paper_findings([("第 1 段", text)])]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("请各单位于12月底前报送贯彻落实情况。", "asks_reports_on_reports"),
        ("各县区每月5日前报工作台账。", "asks_monthly"),
        ("请每周报送进度。", "asks_often"),
        ("请提交现场照片。", "asks_traces"),
        ("各单位应当制定实施方案。", "asks_papers"),
        ("请报送领导批示情况。", "asks_leaders_notes"),
    ],
)
def test_demands_are_found_with_the_article_they_rest_on(text: str, key: str) -> None:
    assert key in keys(text)
    found = next(each for each in paper_findings([("第 1 段", text)]) if each.rule.key == key)
    assert (found.code, "规定" in found.rule.source_zh) == ("第 1 段", True)
    assert found.words in text


@pytest.mark.parametrize(
    "text",
    [
        "本月召开工作推进会议3次，印发文件2份。",
        "会议听取了贯彻落实情况汇报。",
        "本月应报送月报的单位64个，按时报送54个。",
        "请加快办理，在完成时限前办结。",
        "不得要求基层报送贯彻落实情况。",
        "请各单位按月报名参加培训。",
        "请于12月底前报送培训计划。",
    ],
)
def test_what_is_told_or_denied_is_no_burden(text: str) -> None:
    assert keys(text) == []


@given(st.text(max_size=200))
def test_any_text_is_read_and_found_words_stand_in_it(text: str) -> None:
    for finding in paper_findings([("甲", text)]):
        assert finding.words in text
