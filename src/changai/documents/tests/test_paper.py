import json
from dataclasses import replace

import pytest

from changai.documents.paper import (
    Briefing,
    Figure,
    Heading,
    Table,
    TableColumn,
    figures,
    heading_label,
    text_lines,
)
from changai.documents.tests.make import HOSTILE, make_bars, make_full_paper, make_paper


def test_paper_comes_back_from_json_unchanged() -> None:
    paper = make_full_paper()
    copy = Briefing.from_dict(json.loads(json.dumps(paper.to_dict())))
    assert copy == paper
    assert copy.digest == paper.digest


def test_digest_changes_with_any_figure() -> None:
    paper = make_paper(Heading(1, ("完成", Figure("done", "12"), "项")))
    other = make_paper(Heading(1, ("完成", Figure("done", "13"), "项")))
    moved = make_paper(Heading(1, ("完成", Figure("done:corrected", "12"), "项")))
    assert len({paper.digest, other.digest, moved.digest}) == 3


def test_hostile_text_is_kept_in_the_record_but_not_its_lone_surrogate() -> None:
    paper = make_paper(Heading(1, (HOSTILE.replace("\ud800", ""),)))
    assert Briefing.from_dict(json.loads(json.dumps(paper.to_dict()))) == paper
    assert len(paper.digest) == 64


def test_figures_come_in_reading_order_with_those_of_tables_and_charts() -> None:
    keys = [figure.key for figure in figures(make_full_paper())]
    assert keys[:2] == ["done", "rate"]
    assert keys[2].startswith("rate:1:")
    assert keys[-1] == "rate:14"


def test_unknown_block_is_refused() -> None:
    values = make_paper().to_dict()
    values["blocks"] = [{"kind": "script"}]
    with pytest.raises(ValueError, match="script"):
        Briefing.from_dict(values)


def test_table_row_must_have_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="row 1"):
        Table("表", (TableColumn("一"), TableColumn("二")), (((("只有一个",)),),))


def test_chart_series_must_have_a_value_for_each_category() -> None:
    with pytest.raises(ValueError, match="one value"):
        replace(make_bars(3), categories=("甲", "乙"))


@pytest.mark.parametrize(
    ("level", "ordinal", "label"),
    [
        (1, 1, "一、"),
        (1, 10, "十、"),
        (1, 11, "十一、"),
        (2, 20, "（二十）"),
        (2, 23, "（二十三）"),
        (3, 4, "4."),
        (4, 5, "（5）"),
    ],
)
def test_heading_labels(level: int, ordinal: int, label: str) -> None:
    assert heading_label(level, ordinal) == label


def test_draft_has_a_gap_for_its_number() -> None:
    assert replace(make_paper(), issue_number=None, total_number=None).issue_text == "第　期"
    assert make_paper().issue_text == "第9期（总第21期）"


def test_imprint_lines_end_with_a_full_stop() -> None:
    assert make_paper().imprint.printed_lines == (
        ("报", "省产改办。"),
        ("送", "市产改协调小组各成员单位。"),
        ("发", "各县（区）总工会。"),
        ("", "（共印120份）"),
    )


def test_line_ends_make_paragraphs() -> None:
    assert text_lines(("一\r\n\r\n二", Figure("k", "\u20283"), "\x0b")) == ("一", "二", "3")
