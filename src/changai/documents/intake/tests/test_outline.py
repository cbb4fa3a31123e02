"""The clause tree proposed from official papers; the plans in these tests are written for them."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import SPEECH

from changai.documents.intake.outline import Clause, Outline, propose

PLAN = """示产改〔2026〕3号

关于印发《示范市2026年产业工人队伍建设改革
工作要点》的通知

各县（市、区）党委，市直各单位：
　　现将工作要点印发给你们，请认真贯彻执行。

　　一、总体要求
　　到2026年底前，全市技能人才达到100万人以上。
　　二、重点任务
　　（一）强化思想引领
　　1.开展主题宣讲。每季度组织一次，全年不少于20场。
　　2. 建立联席会议制度，每半年召开一次会议。
　　3.2026年底前建成工匠学院3—5家
　　( 二 ）加强技能培训。一是举办竞赛，工种不少于30个；二是6月底前培训两万人次；三是选树工匠三十名。
　　（1）市总工会牵头制定计划
　　①摸清底数
　　三、保障措施
　　第一，加强领导。各单位要压实责任。
　　第二，强化督导。
2022年以来，累计培训1.5万人。
1.5万人已经入会。

附件：1.任务分工表
2.指标体系

　　　　　　　示范市产改办
　　　　　　　2026年1月15日
"""


def shape(clauses: tuple[Clause, ...]) -> list[object]:
    """Labels and headings as nested lists."""
    return [
        [f"{clause.label.strip()}{clause.heading}", *shape(clause.children)]
        if clause.children
        else f"{clause.label.strip()}{clause.heading}"
        for clause in clauses
    ]


def outline_of(text: str) -> Outline:
    outline = propose(text)
    assert outline.joined() == text
    return outline


@pytest.mark.skipif(not SPEECH.exists(), reason="the reference speech is not on this machine")
class TestSpeech:
    def test_three_parts_with_five_and_four_works(self) -> None:
        text = SPEECH.read_text(encoding="utf-8")
        outline = outline_of(text)
        assert outline.title == ""
        assert outline.preamble == text[: text.index("一、提升")]
        assert [clause.label for clause in outline.clauses] == ["一、", "二、", "三、"]
        first, second, third = outline.clauses
        assert first.children == ()
        assert [(work.label, work.heading) for work in second.children] == [
            ("一要", "强化思想引领"),
            ("二要", "强化建功立业"),
            ("三要", "强化素质提升"),
            ("四要", "强化权益维护"),
            ("五要", "强化队伍建设"),
        ]
        assert [work.heading for work in third.children] == [
            "抓好责任落实",
            "抓好机制建设",
            "抓好督查指导",
            "抓好典型培育",
        ]
        assert outline.closing.startswith("同志们，产业工人是创新驱动")
        assert second.children[0].body.startswith("要紧紧围绕")

    def test_background_is_no_measure_and_every_work_has_measures(self) -> None:
        first, second, third = propose(SPEECH.read_text(encoding="utf-8"), year=2022).clauses
        # The one sentence of the first part that orders something.
        assert [measure.text[:8] for measure in first.measures] == ["各级各部门要持续"]
        works = second.children + third.children
        assert all(work.measures for work in works)
        assert [len(work.measures) for work in second.children] == [2, 3, 3, 4, 3]
        assert not any(measure.quantities for measure in first.measures)
        dates = {
            (found.text, found.normal) for work in works for item in work.measures for found in item.dates
        }
        assert {("每月", "P1M"), ("年底前", "2022-12-31")} <= dates


def test_a_plan_of_every_level() -> None:
    outline = outline_of(PLAN)
    assert outline.title.startswith("示产改〔2026〕3号")
    assert outline.name == "关于印发《示范市2026年产业工人队伍建设改革工作要点》的通知"
    assert shape(outline.clauses) == [
        "一、总体要求",
        [
            "二、重点任务",
            ["（一）强化思想引领", "1.开展主题宣讲", "2.", "3.2026年底前建成工匠学院3—5家"],
            ["( 二 ）加强技能培训", ["（1）市总工会牵头制定计划", "①摸清底数"]],
        ],
        ["三、保障措施", "第一，加强领导", "第二，强化督导"],
    ]
    assert outline.closing.startswith("附件：1.任务分工表")
    texts = [measure.text for _, clause in outline.walk() for measure in clause.measures]
    assert "二是6月底前培训两万人次；" in texts
    assert "3.2026年底前建成工匠学院3—5家"[2:] in texts
    assert not any("累计" in text or "已经" in text for text in texts)


def test_measures_stand_in_their_clause_as_written() -> None:
    for _, clause in propose(PLAN).walk():
        rest = clause.heading + clause.text
        for measure in clause.measures:
            before, found, rest = rest.partition(measure.text)
            assert found, (measure.text, before)


def test_the_covering_notice_gives_way_to_the_plans_own_name() -> None:
    notice = "关于印发实施方案的通知\n\n各单位：\n现予印发。\n\n"
    text = notice + "示范市技能提升行动实施方案\n\n为推进工作，制定本方案。\n一、目标\n"
    assert outline_of(text).name == "示范市技能提升行动实施方案"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("一、甲\n二、乙\n四、丁\n", ["一、", "二、", "四、"]),  # skips
        ("1、甲\n2．乙\n３.丙\n", ["1、", "2．", "３."]),
        ("(一)甲\n（二)乙\n㈢丙\n", ["(一)", "（二)", "㈢"]),
        ("第一章 总则\n第二章　任务\n", ["第一章 ", "第二章　"]),
        ("第一条 为了推进工作，制定本办法。\n第二条 各单位应当落实。\n", ["第一条 ", "第二条 "]),
        ("一是建机制。\n二是强保障。\n", ["一是", "二是"]),
        ("⒈甲\n⒉乙\n", ["⒈", "⒉"]),
        ("1）甲\n2）乙\n", ["1）", "2）"]),
        ("十、甲\n十一、乙\n二十、丙\n", ["十、", "十一、", "二十、"]),
        ("　　一、甲\n\t二、乙\n", ["一、", "二、"]),
    ],
)
def test_labels(text: str, labels: list[str]) -> None:
    assert [clause.label for clause in outline_of(text).clauses] == labels


@pytest.mark.parametrize(
    "line",
    [
        "2022年，全市培训90万人次。",
        "1.5万人参加培训。",
        "3.15消费者权益日活动已举办。",
        "10、11月集中开展活动。",
        "一、二、三产业融合发展。",
        "一是建机制，二是强保障，三是抓落实。",
        "一是一，二是二。",
        "一要素市场不断完善。",
        "二要素改革。",
        "（2022）示产改3号文件。",
        "第二批试点任务。",
        "一方面要抓好培训。",
        "98.09万人取得证书。",
    ],
)
def test_lines_that_only_look_numbered(line: str) -> None:
    outline = outline_of(f"为做好工作，制定本方案。\n{line}\n各单位要抓好落实。\n")
    assert [clause.label for clause in outline.clauses] == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # levels missing
        ("一、甲\n1.乙\n（1）丙\n二、丁\n", [["一、甲", ["1.乙", "（1）丙"]], "二、丁"]),
        ("一、甲\n①乙\n②丙\n", [["一、甲", "①乙", "②丙"]]),
        # a deeper level first
        ("（一）甲\n（二）乙\n一、丙\n", ["（一）甲", "（二）乙", "一、丙"]),
        # numbering that starts again under each item
        ("一、甲\n1.乙\n2.丙\n二、丁\n1.戊\n", [["一、甲", "1.乙", "2.丙"], ["二、丁", "1.戊"]]),
        # numbered against the usual order
        (
            "1.甲\n（一）乙\n（二）丙\n2.丁\n（一）戊\n",
            [["1.甲", "（一）乙", "（二）丙"], ["2.丁", "（一）戊"]],
        ),
        # 一是 under different levels
        ("一、甲\n一是乙。\n二是丙。\n二、丁\n（一）戊\n一是己。\n二是庚。\n", None),
    ],
)
def test_depths(text: str, expected: list[object] | None) -> None:
    found = shape(outline_of(text).clauses)
    assert found == (
        expected or [["一、甲", "一是乙", "二是丙"], ["二、丁", ["（一）戊", "一是己", "二是庚"]]]
    )


def test_contents_and_attachments_are_no_items() -> None:
    text = (
        "示范市方案\n目　录\n一、甲……1\n二、乙\t12\n\n一、甲\n要抓好落实。\n二、乙\n（一）丙\n"
        "附件：\n1.表一\n2.表二\n\n附件1\n一、填表说明\n二、口径\n"
    )
    outline = outline_of(text)
    assert shape(outline.clauses) == ["一、甲", ["二、乙", "（一）丙"]]
    assert outline.closing.startswith("附件：\n1.表一")


def test_an_attached_plan_longer_than_its_notice_is_read() -> None:
    text = "通知标题\n各单位：\n一、抓紧落实。\n\n附件\n实施方案\n一、甲\n二、乙\n三、丙\n"
    assert [clause.heading for clause in outline_of(text).clauses][-3:] == ["甲", "乙", "丙"]


def test_signature_and_address_close_the_paper() -> None:
    signed = outline_of("一、甲\n正文要落实。\n\n　　示范市总工会\n　　2026年3月1日\n")
    assert signed.closing.strip().startswith("示范市总工会")
    assert signed.clauses[0].body == "正文要落实。"
    spoken = outline_of("在推进会上的讲话\n（2026年8月3日）\n\n同志们：\n一、甲\n要落实。\n谢谢大家！\n")
    assert (spoken.title, spoken.closing) == ("在推进会上的讲话", "谢谢大家！\n")
    chinese = outline_of("一、甲\n正文。\n示范市总工会\n二〇二六年三月一日\n")
    assert chinese.closing.startswith("示范市总工会")


def test_without_items_the_whole_text_is_one_clause_with_measures() -> None:
    outline = outline_of("工作安排\n各单位要在6月底前完成培训200人次。会议已经召开。\n")
    assert outline.title == "工作安排"
    (clause,) = outline.clauses
    assert (clause.label, clause.heading) == ("", "")
    assert [measure.text for measure in clause.measures] == ["各单位要在6月底前完成培训200人次。"]


@pytest.mark.parametrize(
    "text", ["", "\n", "　\n \n", "建立台账", "一、", "1.", "（一）\n（二）\n", "\n\n一、甲"]
)
def test_small_texts(text: str) -> None:
    outline_of(text)


def test_headings() -> None:
    def first(text: str) -> tuple[str, str]:
        clause = outline_of(text).clauses[0]
        return clause.heading, clause.body

    assert first("一、甲乙。丙要丁。\n") == ("甲乙", "丙要丁。")
    assert first("一、甲乙\n丙要丁。\n") == ("甲乙", "丙要丁。")
    assert first("一、工作目标：建成3家。\n") == ("工作目标", "建成3家。")
    assert first("1.全年举办竞赛5场。评选工匠。\n") == ("", "全年举办竞赛5场。评选工匠。")
    assert first("1.建立台账；\n2.开展检查；\n") == ("建立台账", "")
    long = "深入推进" * 20
    assert first(f"1.{long}\n") == ("", long)


def test_a_bare_item_has_its_measure_in_the_heading() -> None:
    (clause,) = outline_of("1.建立产改工作台账；\n").clauses
    assert [measure.text for measure in clause.measures] == ["建立产改工作台账"]


def test_json_has_the_fixed_shape() -> None:
    written = json.loads(json.dumps(propose(PLAN).as_json(), ensure_ascii=False))
    assert list(written) == ["title", "preamble", "clauses", "closing"]
    clause = written["clauses"][0]
    assert list(clause) == ["label", "heading", "text", "measures", "children"]
    assert clause["measures"][0]["quantities"] == [
        {"text": "达到100万人以上", "low": "1000000", "high": None, "unit": "人", "bound": "at_least"}
    ]
    assert clause["measures"][0]["dates"] == [{"text": "2026年底前", "normal": "2026-12-31"}]


# fmt: off
PIECES = st.sampled_from([
    "一、", "二、", "（一）", "1.", "2．", "1.2022年", "1.5万", "（1）", "①", "一要", "二要",
    "一是", "二是", "第一，", "第二，", "附件：", "附件1", "同志们，", "目录", "甲乙丙", "要落实",
    "不少于3家", "，", "。", "；", "：", "“", "”", "《", "》", "2026年1月5日", "年底前",
    "……3", "( 二 )", "第一章 ", "第三条 ", "\n", "\n\n", "　　", " ", "\t", "\r", "\x0b",
    "\u2028",
])
# fmt: on


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200))
def test_nothing_is_lost_and_measures_are_cut_from_the_text(text: str) -> None:
    outline = outline_of(text)
    for _, clause in outline.walk():
        assert all(
            measure.text and measure.text in clause.heading + clause.text for measure in clause.measures
        )


def test_a_plan_of_two_hundred_pages_is_quick() -> None:
    pages = "".join(
        f"（{number}）第{number}项工作\n"
        + "各单位要在2026年底前完成培训不少于200人次，建立健全长效机制。" * 20
        + "\n"
        for number in range(1, 250)
    )
    text = "一、总体要求\n" + pages
    assert len(text) > 200 * 600
    begun = time.monotonic()
    outline = outline_of(text)
    assert time.monotonic() - begun < 3
    assert len(outline.clauses[0].children) == 249


@pytest.mark.parametrize(
    "char",
    [
        "　",
        " ",
        "一",
        "1",
        "（",
        "每",
        "，",
        "“",
        "各",
        "0.",
        "一是",
        "第",
        "\n",
        "一、",
        "20",
        "附件\n",
        "要",
        "年",
        "一个",
        "1.\n",
    ],
)
def test_no_pattern_blows_up(char: str) -> None:
    text = char * (100_000 // len(char))
    begun = time.process_time()
    outline_of(text)
    outline_of("一、" + text)
    # A pattern that backtracks would take hours; the bound only keeps the suite from waiting for them.
    assert time.process_time() - begun < 30
