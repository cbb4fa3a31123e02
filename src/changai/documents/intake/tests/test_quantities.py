"""Figures and dates in the wording of official plans."""

from decimal import Decimal

import pytest

from changai.documents.intake.measures import is_demand, sentences
from changai.documents.intake.numerals import from_chinese, to_chinese
from changai.documents.intake.quantities import dates_in, quantities_in


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "bound"),
    [
        ("不少于20场", 20, None, "场", "at_least"),
        ("1.5万人次", 15_000, None, "人次", ""),
        ("98.09万人", 980_900, None, "人", ""),
        ("60余项", 60, None, "项", "at_least"),
        ("260余个工种", 260, None, "个工种", "at_least"),
        ("９５％以上", 95, None, "%", "at_least"),
        ("不低于30%", 30, None, "%", "at_least"),
        ("百分之九十五", 95, None, "%", ""),
        ("3—5家", 3, 5, "家", ""),
        ("三至五家", 3, 5, "家", ""),
        ("1,234名", 1234, None, "名", ""),
        ("五项", 5, None, "项", ""),
        ("两次", 2, None, "次", ""),
        ("三十名", 30, None, "名", ""),
        ("两万人次", 20_000, None, "人次", ""),
        ("2.5个百分点", Decimal("2.5"), None, "个百分点", ""),
        ("不超过3个工作日", 3, None, "个工作日", "at_most"),
        ("约200件", 200, None, "件", "about"),
        ("至少一次", 1, None, "次", "at_least"),
        ("每季度召开一次", 1, None, "次", ""),
        ("20000元", 20_000, None, "元", ""),
        ("3亿元", 300_000_000, None, "元", ""),
    ],
)
def test_a_figure(text: str, low: int, high: int | None, unit: str, bound: str) -> None:
    (quantity,) = quantities_in(f"全年{text}。")
    assert (quantity.low, quantity.high, quantity.unit, quantity.bound) == (low, high, unit, bound)
    assert quantity.text in text


@pytest.mark.parametrize(
    "text",
    [
        "第二批试点",
        "拥护“两个确立”",
        "一项系统工程",
        "打造一批阵地",
        "十分重视",
        "2026年",
        "“十四五”规划",
        "党的二十大",
        "五位一体",
        "千家万户",
    ],
)
def test_no_figure(text: str) -> None:
    assert quantities_in(text) == ()


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("2022年底前", "2022-12-31"),
        ("2022年年底", "2022-12-31"),
        ("2026年6月底前", "2026-06-30"),
        ("2024年2月底", "2024-02-29"),
        ("2026年3月1日前", "2026-03-01"),
        ("2026年2月30日", None),
        ("2026年13月", None),
        ("2026年10月", "2026-10"),
        ("２０２６年１０月", "2026-10"),
        ("2025年", "2025"),
        ("2026年第三季度", "2026-Q3"),
        ("2026年上半年", "2026-H1"),
        ("2026—2028年", "2026/2028"),
        ("每月", "P1M"),
        ("每月25日前", "P1M"),
        ("每季度", "P3M"),
        ("每半年", "P6M"),
        ("每两年", "P2Y"),
        ("每年", "P1Y"),
        ("逐月", "P1M"),
        ("年底前", None),
        ("6月底前", None),
        ("第三季度", None),
    ],
)
def test_a_date(text: str, normal: str | None) -> None:
    (found,) = dates_in(f"要{text}完成。")
    assert (found.text, found.normal) == (text, normal)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("年底前", "2026-12-31"),
        ("6月底前", "2026-06-30"),
        ("第三季度", "2026-Q3"),
        ("下半年", "2026-H2"),
        ("9月", "2026-09"),
    ],
)
def test_a_date_without_year_in_the_plan_of_a_year(text: str, normal: str) -> None:
    assert dates_in(text, year=2026)[0].normal == normal


def test_several_dates_keep_their_order_and_do_not_overlap() -> None:
    found = dates_in("2026年6月底前完成调研，每季度通报，2027年底前验收。")
    assert [date.text for date in found] == ["2026年6月底前", "每季度", "2027年底前"]


@pytest.mark.parametrize(
    "text",
    [
        "各单位要抓好落实。",
        "要紧紧围绕中心任务。",
        "要不断加强宣传。",
        "建立健全长效机制。",
        "市总工会牵头制定实施细则。",
        "全市技能人才达到100万人以上。",
        "年底前，由市委督查委牵头，组成调研督查组。",
        "一是选树工匠三十名。",
        "三年累计培训15万人次以上。",
        "各县区每季度报送一次。",
        "持续开展“求学圆梦”行动。",
    ],
)
def test_a_demand(text: str) -> None:
    assert is_demand(text)


@pytest.mark.parametrize(
    "text",
    [
        "产业工人队伍建设改革是重大决策部署。",
        "省委高度重视产改工作。",
        "会上提出了明确要求。",
        "贺信要求“各级党委要深化改革”。",
        "先后出台60余项配套政策，开展竞赛260个工种。",
        "我们也要清醒地看到存在的问题。",
        "这为改革提供了重要遵循。",
        "重点抓好以下三项：",
        "主要任务是总结经验。",
        "累计培训1.5万人。",
        "截至目前，累计培训15万人次以上。",
    ],
)
def test_no_demand(text: str) -> None:
    assert not is_demand(text)


def test_sentences() -> None:
    text = "抓好三件事：一是建台账，做到一事一记；二是“办实事。”三是评\n优。长句子，\n接着说。"
    assert list(sentences(text)) == [
        "抓好三件事：",
        "一是建台账，做到一事一记；",
        "二是“办实事。”三是评",
        "优。",
        "长句子，\n接着说。",
    ]


def test_chinese_numerals_go_both_ways() -> None:
    assert all(from_chinese(to_chinese(number)) == number for number in range(10_000))
    assert [to_chinese(number) for number in (0, 10, 12, 20, 105, 110, 1001)] == [
        "零",
        "十",
        "十二",
        "二十",
        "一百零五",
        "一百一十",
        "一千零一",
    ]
    assert from_chinese("二〇二六") == 2026
    assert from_chinese("十五") == 15
    assert from_chinese("甲") is None
    assert from_chinese("") is None
