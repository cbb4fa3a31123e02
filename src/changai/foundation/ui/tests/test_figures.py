"""Figures and dates as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from changai.core.periods import Month
from changai.foundation.ui import figures


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (None, None, "—"),
        ("", 2, "—"),
        (0, None, "0"),
        (1234567, None, "1,234,567"),
        (Decimal("1234.50"), None, "1,234.50"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.004"), 2, "0.00"),
        (0.1 + 0.2, None, "0.3"),
        (2.675, 2, "2.68"),
        (Decimal("1E+3"), None, "1,000"),
        ("12.5", 1, "12.5"),
        ("不详", 2, "不详"),
        (Decimal("NaN"), None, "—"),
    ],
)
def test_numbers_carry_separators_and_no_noise(value, decimals, written):
    assert figures.written_number(value, decimals) == written


def test_percentages_and_points():
    assert figures.written_percent(Decimal("0.8525")) == "85.3%"
    assert figures.written_percent(None) == "—"
    assert figures.written_share(2, 3) == "66.7%"
    assert figures.written_share(0, 0) == "—"
    assert figures.written_points(1250) == "12.50"
    assert figures.written_points(None) == "—"


def test_dates_are_local_and_in_the_page_language():
    late_in_the_day = datetime(2026, 10, 30, 18, 5, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert figures.written_day(date(2026, 10, 31)) == "2026年10月31日"
        assert figures.written_day(late_in_the_day) == "2026年10月31日"
        assert figures.written_moment(late_in_the_day) == "2026年10月31日 02:05"
        assert figures.written_month(Month(2026, 10)) == "2026年10月"
        assert figures.written_month("2026-10-31") == "2026年10月"
        assert figures.written_day(None) == "—"


def test_deadlines_count_days_from_today():
    today = date(2026, 10, 31)
    with translation.override("zh-hans"):
        assert figures.written_deadline(date(2026, 11, 3), today) == "还有 3 天"
        assert figures.written_deadline(today, today) == "今天到期"
        assert figures.written_deadline(date(2026, 10, 29), today) == "逾期 2 天"
        assert figures.written_deadline(None, today) == ""


def test_sizes():
    assert [figures.written_size(size) for size in (None, 820, 12_700, 3_250_000)] == [
        "—",
        "820 B",
        "12.4 KB",
        "3.1 MB",
    ]


def test_dates_and_deadlines_are_written_in_english_too():
    with translation.override("en"):
        assert figures.written_day(date(2026, 10, 31)) == "31 October 2026"
        assert figures.written_moment(datetime(2026, 10, 30, 18, 5, tzinfo=UTC)) == "31 October 2026 02:05"
        assert figures.written_month("2026-10") == "October 2026"
        assert figures.written_deadline(date(2026, 11, 1), date(2026, 10, 31)) == "1 day left"
        assert figures.written_deadline(date(2026, 10, 29), date(2026, 10, 31)) == "2 days overdue"
