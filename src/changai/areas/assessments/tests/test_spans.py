"""The spans of a round, what they are called, and the form that offers them."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.assessments.forms import RoundForm
from changai.areas.assessments.rules import HALF, MONTH, QUARTER, YEAR, Span, spans_of, usual_span
from changai.core.periods import Month

NOVEMBER = Month(2026, 11)
_months = st.builds(Month, st.integers(2020, 2030), st.integers(1, 12))


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("2026-01:2026-12", "2026年度"),
        ("2026-01:2026-06", "2026年上半年"),
        ("2026-07:2026-12", "2026年下半年"),
        ("2026-01:2026-03", "2026年第一季度"),
        ("2026-10:2026-12", "2026年第四季度"),
        ("2026-09:2026-09", "2026年9月"),
        ("2026-02:2026-04", "2026年2月至4月"),
        ("2025-12:2026-11", "2025年12月至2026年11月"),
    ],
)
def test_what_a_span_is_called(written: str, label: str) -> None:
    assert (Span.parse(written).label, str(Span.parse(written))) == (label, written)


@given(today=_months, months=st.sampled_from([YEAR, HALF, QUARTER, MONTH]))
def test_spans_offered_are_whole_have_begun_and_follow_each_other(today: Month, months: int) -> None:
    offered = list(spans_of(months, today))
    assert all(span.is_whole and span.months == months and span.first <= today for span in offered)
    assert offered[0].first <= today <= offered[0].last
    assert all(later.first == earlier.last.plus(1) for later, earlier in pairwise(offered))
    assert usual_span(today).last < today < usual_span(today).last.plus(4)


def form(**given: Any) -> RoundForm:
    return RoundForm([("1:县区", "县区")], NOVEMBER, {"table": "1:县区"} | given)


def test_the_form_takes_the_span_chosen_or_the_months_typed_and_no_contradiction() -> None:
    chosen = form(span="2026-07:2026-09")
    assert chosen.is_valid()
    assert chosen.order()[1]["first"] == Month(2026, 7)
    typed = form(first="2026-09", last="2026-10")
    assert typed.is_valid()
    assert typed.order()[1]["last"] == Month(2026, 10)
    assert form(span="2026-07:2026-09", first="2026-07", last="2026-09").is_valid()
    assert "自选月份" in str(form(span="2026-07:2026-09", first="2026-08").errors["span"])
    assert set(form().errors) == {"first", "last"}
    assert set(form(span="2019-01:2019-12").errors) == {"span", "first", "last"}
    assert set(form(first="十月", last="2026-10").errors) == {"first"}
