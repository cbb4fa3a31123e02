from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.core.errors import Invalid
from changai.core.workdays import Holiday, read_notice, read_year

# The arrangements as announced; the words between the dates are shortened.
NOTICE_2024 = """国务院办公厅关于2024年
部分节假日安排的通知
国办发明电〔2023〕7号
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
国务院办公厅
2023年10月25日"""
NOTICE_2025 = """国务院办公厅关于2025年部分节假日安排的通知　国办发明电〔2024〕12号
春节自农历除夕起放假调休8天，国庆节自10月1日起放假调休7天，如逢中秋节则合并放假8天。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
国务院办公厅 2024年11月12日"""


def plan(**changed):
    return {
        "year": 2026,
        "source": "通知",
        "holidays": [{"name": "元旦", "first": "2026-01-01", "last": "2026-01-03"}],
        "workdays": ["2026-01-04"],
    } | changed


def faults_of(written):
    with pytest.raises(Invalid) as refused:
        read_year(written)
    return refused.value.faults or (refused.value.sentence,)


def test_a_plan_is_read_and_written_alike():
    read = read_year(plan(number="国办发明电〔2025〕1号", published_on="2025-11-04"))
    assert read_year(read.as_json()) == read
    assert read.holidays == (Holiday("元旦", date(2026, 1, 1), date(2026, 1, 3)),)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"year": "x"}, "年份应在 2000 到 2100 之间。"),
        ({"source": " "}, "请写明出处（国务院办公厅通知的名称）。"),
        ({"holidays": []}, "没有任何放假日期。"),
        ({"holidays": {}}, "缺少“holidays”一项，或其内容不是列表。"),
        ({"holidays": ["x"]}, "“holidays”中的每一项应写明 name、first、last。"),
        ({"workdays": ["2026-13-01"]}, "“2026-13-01”不是日期，应写作 2026-01-01 的样式。"),
        ({"workdays": ["2026-01-05"]}, "上班日2026年1月5日本来就是工作日，请核对。"),
        ({"workdays": ["2026-01-03"]}, "上班日2026年1月3日又在元旦假期内。"),
        ({"workdays": ["2026-01-04", "2026-01-04"]}, "上班日2026年1月4日重复。"),
        ({"workdays": ["2027-01-02"]}, "上班日2027年1月2日不在2026年内。"),
        (
            {"holidays": [{"name": "元旦", "first": "2026-01-03", "last": "2026-01-01"}]},
            "元旦（2026年1月3日至2026年1月1日）的起止日期不对：应先起后止，不超过 14 天。",
        ),
        (
            {"holidays": [{"name": "元旦", "first": "2025-01-01", "last": "2025-01-01"}]},
            "元旦（2025年1月1日至2025年1月1日）不在2026年内。",
        ),
        (
            {
                "holidays": [
                    {"name": "元旦", "first": "2026-01-01", "last": "2026-01-03"},
                    {"name": "春节", "first": "2026-01-03", "last": "2026-01-05"},
                ]
            },
            "元旦和春节的日期重叠。",
        ),
    ],
)
def test_what_could_not_be_announced_is_refused_with_its_reason(changed, sentence):
    assert sentence in faults_of(plan(**changed))


@pytest.mark.parametrize("written", [None, 3, [], "x"])
def test_other_content_is_refused(written):
    assert "年度日历文件" in faults_of(written)[0]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["year", "source", "holidays", "workdays", "name", "first", "last"]), inner
            )
        ),
    )
)
def test_no_content_breaks_the_reader(written):
    with suppress(Invalid):
        read_year(written)


def test_the_notice_of_2024_is_read():
    read = read_notice(NOTICE_2024)
    assert (read.year, read.number, read.published_on) == (2024, "国办发明电〔2023〕7号", date(2023, 10, 25))
    assert read.source == "国务院办公厅关于2024年部分节假日安排的通知"
    assert len(read.holidays) == 7
    assert read.holidays[1] == Holiday("春节", date(2024, 2, 10), date(2024, 2, 17))
    assert len(read.workdays) == 8


def test_the_notice_of_2025_is_read():
    read = read_notice(NOTICE_2025)
    assert read.holidays[-1] == Holiday("国庆节、中秋节", date(2025, 10, 1), date(2025, 10, 8))
    assert read.holidays[1] == Holiday("春节", date(2025, 1, 28), date(2025, 2, 4))
    assert [day.isoformat() for day in read.workdays] == [
        "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    ]  # fmt: skip


def test_new_year_may_begin_in_december():
    read = read_notice(
        "国务院办公厅关于2023年部分节假日安排的通知一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。"
        "二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。"
    )
    assert read.holidays[0].first_on == date(2022, 12, 31)


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("共8天。1月26日", "共9天。1月26日", "春节写明共 9 天，按日期计为 8 天，请核对。"),
        ("5月1日（周四）", "5月1日（周五）", "劳动节一项中5月1日应为星期四，与通知所写不符。"),
        ("4月4日（周五）至6日（周日）放假，", "", "清明节一项中没有读到放假日期。"),
        ("4月4日", "4月44日", "清明节一项中的“4月44日(周五)至”不是日期。"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(was, now, sentence):
    with pytest.raises(Invalid) as refused:
        read_notice(NOTICE_2025.replace(was, now))
    assert sentence in refused.value.faults


@given(st.text(max_size=60))
def test_other_text_is_refused(text):
    with pytest.raises(Invalid):
        read_notice(text)
