import re
from itertools import pairwise

import pytest

from changai.documents import layout
from changai.documents.characters import width_in_characters
from changai.documents.titles import title_lines


def test_grid_fits_the_block() -> None:
    height = layout.BLOCK_HEIGHT_MM * layout.PT_PER_MM
    width = layout.BLOCK_WIDTH_MM * layout.PT_PER_MM
    assert (
        layout.LINES_PER_PAGE * layout.LINE_PITCH_PT
        <= height
        < (layout.LINES_PER_PAGE + 1) * layout.LINE_PITCH_PT
    )
    assert width >= layout.CHARACTERS_PER_LINE * layout.CHARACTER_ADVANCE_PT
    assert width < (layout.CHARACTERS_PER_LINE + 1) * layout.CHARACTER_ADVANCE_PT
    assert (layout.MARGIN_RIGHT_MM, layout.MARGIN_BOTTOM_MM) == (26.0, 35.0)


@pytest.mark.parametrize(
    "title",
    [
        "关于2026年第三季度全市产业工人队伍建设改革重点任务推进情况的通报",
        "示范市总工会办公室关于开展2026年上半年产业工人队伍建设改革工作督查检查考核情况和下半年重点工作安排的通报",
        "全市产业工人队伍建设改革工作推进会召开",
        "Q" * 70,
        "",
    ],
)
def test_titles_are_cut_without_loss(title: str) -> None:
    lines = title_lines(title, 19)
    assert "".join(lines) == title
    assert all(width_in_characters(line) <= 19 for line in lines)
    for line in lines[1:]:
        assert line[0] not in "的和与及，、）》"


def test_title_breaks_between_words() -> None:
    lines = title_lines("关于2026年第三季度全市产业工人队伍建设改革重点任务推进情况的通报", 19)
    assert lines == ("关于2026年第三季度", "全市产业工人队伍建设改革", "重点任务推进情况的通报")


LINES_OF_TITLES = {
    "关于印发《示范市2026年产业工人队伍建设改革工作要点》和"
    "《示范市产业工人技能提升三年行动方案（2026—2028年）》的通知": 4,
    "关于进一步做好2026年下半年全市新就业形态劳动者权益维护和产业工人队伍建设改革重点任务推进落实情况专项督查"
    "发现问题整改工作及有关典型经验做法推广应用的通知": 6,
    "关于转发《示范市人民政府办公室关于加强新就业形态劳动者权益保障的实施意见》的通知": 3,
    "示范市产业工人队伍建设改革协调小组办公室关于2026年第三季度工作情况的报告": 3,
}


@pytest.mark.parametrize("title", LINES_OF_TITLES)
def test_a_long_title_keeps_its_words_whole_and_forms_a_trapezium_or_a_rhomb(title: str) -> None:
    lines = title_lines(title, 19, names=("示范市总工会",))
    assert len(lines) <= LINES_OF_TITLES[title]
    cut = "|".join(lines)
    kept = ("示范市", "新就业形态劳动者", "产业工人", "队伍建设", "整改", "工作", "办公室", "行动方案")
    assert all(cut.count(word) == title.count(word) for word in kept)
    assert not re.search("《.{0,2}[|]|[|].{0,2}》", cut)
    widths = [width_in_characters(line) for line in lines]
    widest = widths.index(max(widths))
    assert all(after >= before - 1 for before, after in pairwise(widths[: widest + 1]))
    assert all(after <= before + 1 for before, after in pairwise(widths[widest:]))
    assert max(widths) - min(widths) >= 1


def test_a_title_that_is_no_title_is_cut_in_time() -> None:
    lines = title_lines("关于x字、" * 2000, 19)
    assert "".join(lines) == "关于x字、" * 2000
    assert not any(line.startswith("、") for line in lines)


def test_writers_own_break_is_kept() -> None:
    assert title_lines("短的一行\n第二行", 19) == ("短的一行", "第二行")


@pytest.mark.parametrize(
    "name", ["简报", "产改工作简报", "示范市产业工人队伍建设改革工作简报", "很长的刊名" * 9, ""]
)
def test_masthead_fits_its_place(name: str) -> None:
    kind = layout.masthead_type(name)
    widest = max(
        (width_in_characters(line) * (kind.size_pt + kind.spacing_pt) for line in kind.lines), default=0
    )
    assert widest <= layout.BLOCK_WIDTH_MM * layout.PT_PER_MM
    assert kind.size_pt <= layout.MASTHEAD_MAX_PT


def test_issuer_line_shrinks_for_long_names() -> None:
    short = layout.issuer_line("示范市产改办", "2026年10月12日")
    long = layout.issuer_line("示范市产业工人队伍建设改革协调小组办公室", "2026年10月12日")
    assert (short.size_pt, short.indent_pt) == (layout.SIZE_3_PT, layout.SIZE_3_PT)
    assert long.size_pt < short.size_pt


def test_date_begins_two_characters_right_of_the_signature() -> None:
    assert layout.signature_starts(20, 7) == (6, 8)


def test_date_longer_than_the_signature_stands_two_characters_in() -> None:
    assert layout.signature_starts(4, 7) == (17, 19)


def test_only_low_tables_are_kept_whole() -> None:
    short = [["甲县", "1", "100.0%"]] * layout.WHOLE_TABLE_LINES
    assert layout.fits_whole((2.0, 1.0, 1.0), short)
    assert not layout.fits_whole((2.0, 1.0, 1.0), [*short, short[0]])
    assert not layout.fits_whole((1.0, 1.0), [["字" * 200, ""]])
    assert layout.fits_whole((1.0,), [])


def test_printer_and_day_are_drawn_together_only_when_they_must() -> None:
    assert layout.printed_spacing("示范市总工会办公室", "2026年11月5日印发") == 0.0
    assert -2.5 <= layout.printed_spacing("示" * 24, "2026年11月15日印发") < 0.0
    assert layout.printed_spacing("示" * 90, "2026年11月15日印发") == layout.LEAST_PRINTED_SPACING_PT
    assert layout.printed_spacing("", "") == 0.0


def test_the_imprint_counts_the_room_beside_digits_and_the_hang_of_later_lines() -> None:
    assert layout.imprint_line_count("抄送：市委办公室。") == 1
    names = "，".join(f"市第{number}产业工人工作委员会" for number in range(30))
    assert layout.imprint_line_count(f"抄送：{names}。") > len(names) / 26


LONG_TITLES = {
    "示范市产业工人队伍建设改革协调小组办公室关于印发《示范市2026年产业工人队伍建设改革工作要点》的通知": 3,
    "关于报送2026年上半年产业工人队伍建设改革工作总结和下半年工作安排的通知": 3,
    "关于对2026年第三季度全市产业工人队伍建设改革重点任务推进缓慢单位予以通报的通报": 3,
    "关于转发省产业工人队伍建设改革协调小组办公室《关于做好产业工人技能提升行动有关工作的通知》的通知": 3,
    "关于组织开展全市产业工人队伍建设改革专项督查和年度评价考核工作的通知": 2,
    "关于征求《示范市县区产业工人队伍建设改革评价考核指标体系（征求意见稿）》意见的函": 3,
    "关于进一步健全完善企业职业技能等级认定制度和技能人才激励机制的建议书": 2,
    "中共示范市委办公室 示范市人民政府办公室关于深化产业工人队伍建设改革的实施意见": 3,
    "关于2026年度产业工人队伍建设改革考核结果的通报": 2,
    "关于示范重型机械集团有限公司劳动和技能竞赛工作情况的调研报告": 2,
    "关于调整示范市产业工人队伍建设改革协调小组成员及办公室组成人员的通知": 2,
    "关于做好新就业形态劳动者集中入会和权益保障有关工作的提示函": 2,
}


@pytest.mark.parametrize(("title", "count"), LONG_TITLES.items())
def test_long_titles_have_even_lines_and_no_broken_word(title: str, count: int) -> None:
    lines = title_lines(title, 19)
    assert len(lines) == count
    assert "".join(lines) == title
    assert min(map(width_in_characters, lines)) >= 7
    words = (
        "产业工人队伍建设改革",
        "协调小组",
        "办公室",
        "示范市",
        "2026年",
        "考核",
        "通知",
        "技能",
        "工作要点",
    )
    broken = [word for word in words if title.count(word) != sum(line.count(word) for line in lines)]
    assert broken == []


def test_a_line_of_the_imprint_does_not_begin_with_a_mark() -> None:
    assert layout.imprint_line_count("抄送：" + "工" * 25 + "。") == 1
    assert layout.imprint_line_count("抄送：" + "工" * 26 + "。") == 2
    assert layout.imprint_line_count("抄送：" + "工" * 26 + "工" * 26 + "。") == 3
    assert layout.imprint_line_count("抄送：" + "工" * 26 + "工" * 24 + "，工，工") == 3
