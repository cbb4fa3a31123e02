"""How tables lie on A4: whatever stands in them, no type below eight points, nothing cut off, heads even."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from changai.documents.characters import width_in_characters
from changai.documents.table_fitting import (
    A4_MM,
    LEAST_PT,
    SIDE_MM,
    TYPE_PT,
    Fit,
    Measure,
    even_head,
    excel_width,
    fitted,
    lines_of,
    measure_figures,
    measure_text,
    row_height,
)

WIDEST_DIGIT_MM = 7.42 / 96 * 25.4
texts = st.text("产业工人队伍建设改革，。（）abc=+@-1234567890 ", max_size=200)
columns = st.one_of(
    st.builds(lambda title, cells: measure_text(title, cells, most=None), texts, st.lists(texts, max_size=5)),
    st.builds(
        lambda title, numbers: measure_figures(title, [f"{number:,}" for number in numbers]),
        texts,
        st.lists(st.integers(-(10**12), 10**12), max_size=5),
    ),
)


def printed_mm(fit: Fit, first: int, last: int) -> float:
    return sum(excel_width(width) + 5 / 7 for width in fit.widths[first:last]) * WIDEST_DIGIT_MM


def pages_of(fit: Fit) -> list[float]:
    """Return how wide each page across is at full size, the columns that name the row on all but the first."""
    edges = [0, *fit.starts, len(fit.widths)]
    named = printed_mm(fit, 0, fit.repeated)
    return [printed_mm(fit, first, last) + (named if first else 0.0) for first, last in pairwise(edges)]


@given(st.lists(columns, min_size=1, max_size=40))
def test_every_page_across_holds_its_columns_in_a_type_that_can_be_read(measures: list[Measure]) -> None:
    fit = fitted(measures, repeated=1)
    room = A4_MM[fit.is_landscape] - 2 * SIDE_MM
    for page in pages_of(fit):
        assert TYPE_PT * min(1.0, room / page) >= LEAST_PT
        if fit.starts:
            assert page * fit.scale_percent / 100 <= room + 0.5
    assert TYPE_PT * fit.scale_percent / 100 >= LEAST_PT


@given(st.lists(columns, min_size=1, max_size=40))
def test_no_number_and_no_word_breaks(measures: list[Measure]) -> None:
    for measure, width in zip(measures, fitted(measures).widths, strict=True):
        assert width >= measure.least - 0.01


@given(st.lists(columns, min_size=12, max_size=40))
def test_no_page_across_holds_a_single_column(measures: list[Measure]) -> None:
    fit = fitted(measures, repeated=1)
    edges = [0, *fit.starts, len(fit.widths)]
    assert all(last - first >= 2 for first, last in pairwise(edges))


def test_a_narrow_table_stands_upright_and_a_wide_one_lies() -> None:
    short = measure_text("单位", ["示东区"], most=None)
    figures = measure_figures("人数", ["1,234"])
    assert not fitted([short, figures]).is_landscape
    assert fitted([short] + [figures] * 14).is_landscape


@pytest.mark.parametrize(
    ("title", "width", "even"), [("任务编号", 3.4, 4.3), ("任务编号", 2.3, 2.3), ("单位", 3.0, 3.0)]
)
def test_no_head_leaves_a_character_alone(title: str, width: float, even: float) -> None:
    assert even_head(title, width) == pytest.approx(even)


@example("0。。", 2.0)
@given(texts, st.floats(2, 40))
def test_a_row_is_never_lower_than_its_text_spread_out(text: str, width: float) -> None:
    assert lines_of(text, width) >= sum(
        max(1, -(-width_in_characters(line) // width)) for line in text.split("\n")
    )
    assert row_height([text], [width]) <= 409


def test_a_row_shows_the_longest_of_its_cells() -> None:
    assert row_height(["产" * 30, 5, None], [10.0, 4.0, 4.0]) > row_height(
        ["产" * 9, 5, None], [10.0, 4.0, 4.0]
    )
