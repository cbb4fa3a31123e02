"""What a form costs: sums, medians, the yearly line."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.core.burden import meter
from changai.core.burden.meter import Asked, YearLine

KINDS = st.dictionaries(st.sampled_from(sorted(meter.MINUTES)), st.integers(0, 500))
ASKED = st.builds(Asked, KINDS, st.integers(0, 200))
START = datetime(2026, 10, 25, 1, tzinfo=UTC)


def test_a_sheet_of_two_figures_one_known_and_a_paragraph() -> None:
    asked = Asked({"figure": 1, "prefilled": 1, "words": 1})
    assert (asked.cells, asked.fields, asked.minutes) == (2, 2, Decimal("21.5"))
    assert Asked({"figure": 60}, 60).hours == Decimal("9.0")


@given(st.lists(ASKED, max_size=6))
def test_what_many_sheets_cost_is_the_sum_of_what_each_costs(each: list[Asked]) -> None:
    whole = meter.total(each)
    assert whole.minutes == sum((one.minutes for one in each), Decimal(0))
    assert whole.cells == sum(one.cells for one in each)


@given(ASKED, st.integers(1, 50))
def test_a_figure_filled_in_beforehand_costs_less_than_one_asked(asked: Asked, known: int) -> None:
    more, prefilled = asked + Asked({"figure": known}, 0), asked + Asked({"prefilled": known}, 0)
    assert prefilled.minutes < more.minutes
    assert prefilled.cells < more.cells


@given(st.lists(st.integers(0, 10_000), max_size=30))
def test_time_on_a_sheet_never_counts_pauses_and_never_exceeds_the_clock(seconds: list[int]) -> None:
    moments = [START + timedelta(seconds=one) for one in seconds]
    worked = meter.active_minutes(moments)
    span = Decimal((max(seconds) - min(seconds)) if seconds else 0) / 60
    assert 0 <= worked <= span
    assert worked == meter.active_minutes(reversed(moments))


def test_a_night_between_two_cells_is_no_work() -> None:
    moments = [
        START,
        START + timedelta(minutes=5),
        START + timedelta(hours=14),
        START + timedelta(hours=14, minutes=7),
    ]
    assert meter.active_minutes(moments) == 12


def test_a_median_is_told_only_once_there_is_history() -> None:
    assert meter.measured_minutes([Decimal(9)] * 4) is None
    assert meter.measured_minutes([Decimal(9), Decimal(20), Decimal(30), Decimal(31), Decimal(400)]) == 30


@pytest.mark.parametrize(
    ("now", "before", "risen", "percent"),
    [
        (Asked({"figure": 10}, 1), Asked({"figure": 9}, 1), True, "9.8"),
        (Asked({"figure": 9}, 1), Asked({"figure": 10}, 1), False, "-8.9"),
        (Asked({"figure": 9}, 1), meter.NOTHING, False, None),
        # Fewer hours, but more cells: what was filled in beforehand is asked again.
        (Asked({"part": 12}, 1), Asked({"figure": 8}, 1), True, "-21.6"),
    ],
)
def test_the_yearly_line(now: Asked, before: Asked, risen: bool, percent: str | None) -> None:  # noqa: FBT001
    line = YearLine(now, before)
    assert line.has_risen == risen
    assert line.change_percent == (None if percent is None else Decimal(percent))
