"""Figures against other months, lists of units, and words that hold to their rules."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from django.urls import reverse, set_script_prefix
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.accounts.tests.make import make_unit
from changai.areas.briefings import queries
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries.catalogue import FIRST_NAMED, MOST_NAMED, names
from changai.areas.briefings.queries.records import ABSENT, Record, address, worded
from changai.areas.briefings.rules import PAPER_KINDS, fitted
from changai.areas.briefings.tests.make import OCTOBER, OPENED, WRITTEN, MadeMonth, make_catalogue, sign_with
from changai.areas.facts.models import Field
from changai.areas.facts.tests.make import make_fact
from changai.areas.organisations.models import Level
from changai.areas.reporting.actions import open_period
from changai.areas.reporting.models import Report
from changai.areas.reporting.tests.make import OFFICER, TOO_LATE, make_form
from changai.core.periods import Month
from changai.documents.characters import close_set
from changai.documents.paper import Figure, Table, plain
from changai.foundation.actors import Actor

SEPTEMBER, LAST_OCTOBER = OCTOBER.plus(-1), OCTOBER.plus(-12)


def said(officer: Actor, name: str) -> str:
    return make_catalogue(officer).produce(name).text


@pytest.mark.django_db
def test_only_units_with_both_figures_are_compared(officer: Actor, month: MadeMonth) -> None:
    make_fact(month.early, month.trained, 3, month=SEPTEMBER)
    assert said(officer, "培训人次较上月") == "按可比口径较上月增加2人次"  # 5 against 3; 8 of 晚县 is new
    make_fact(month.late, month.trained, 10, month=SEPTEMBER)
    produced = make_catalogue(officer).produce("培训人次较上月")
    assert (produced.text, produced.formula) == ("与上月持平", "2 组可比数据：13 与 13 相比")
    assert len(produced.records) == 4


@pytest.mark.django_db
def test_a_year_is_compared_in_percent_few_in_their_own_measure(officer: Actor, month: MadeMonth) -> None:
    for unit, value in ((month.early, 4), (month.late, 4)):
        make_fact(unit, month.trained, value, month=LAST_OCTOBER)
    assert said(officer, "培训人次同比") == "较上年同期增加5人次"
    make_fact(month.early, month.trained, 100, month=Month(2025, 2))
    make_fact(month.early, month.trained, 50, month=Month(2026, 2))
    assert said(officer, "今年累计培训人次") == "63人次"
    assert said(officer, "今年累计培训人次同比") == "同比下降41.7%"


@pytest.mark.django_db
def test_percentages_are_compared_in_points(officer: Actor, month: MadeMonth) -> None:
    coverage = Field.objects.get(code="coverage")
    for unit, value in ((month.early, 7), (month.late, 3)):
        make_fact(unit, coverage, value, month=SEPTEMBER)
    assert said(officer, "建会率较上月") == "较上月提高1.5个百分点"  # 6.5 against 5.0
    assert said(officer, "建会率同比") == ABSENT


@given(st.decimals(-10_000, 10_000, places=1))
def test_a_difference_never_prints_a_minus_or_a_zero(moved: Decimal) -> None:
    words = worded(moved, ("增加", "减少"), "人", "上月")
    assert (words == "与上月持平") == (moved == 0)
    assert "-" not in words
    assert ("减少" in words) == (moved < 0)


@given(st.integers(0, 40))
def test_a_long_list_names_the_first_units_and_how_many_there_are(count: int) -> None:
    records = [Record("x", number, f"第{number}县", "", "", f"第{number}县") for number in range(count)]
    text, whole = names(records)[0], names(records, most=None)[0]
    assert whole.count("、") == max(count - 1, 0)
    if count <= MOST_NAMED:
        assert text == whole
    else:
        assert text.endswith(f"等{count}个单位")
        assert text.count("、") == FIRST_NAMED - 1


@pytest.mark.django_db
def test_a_unit_late_with_one_form_and_owing_another_is_named_with_the_form(
    officer: Actor, month: MadeMonth
) -> None:
    other = make_form()
    type(other).objects.filter(pk=other.pk).update(name="技能评价月报")
    open_period(OFFICER, other.pk, month=OCTOBER, at=OPENED)
    assert "晚县《月度台账》" in said(officer, "迟报情况")
    assert "晚县《技能评价月报》" in said(officer, "未报情况")
    assert "早县《" not in said(officer, "未报情况")  # it is late with nothing: its name says enough


@pytest.mark.django_db
def test_a_paper_about_one_unit_that_was_not_assessed_says_nothing_of_scores(
    officer: Actor, month: MadeMonth, round_: object
) -> None:
    outside = make_unit("外集团", level=Level.ENTERPRISE)
    catalogue = queries.catalogue_for(
        officer, OCTOBER, round_=round_, as_of=WRITTEN, units=frozenset({outside.pk})
    )  # type: ignore[arg-type]
    assert not {name for name in catalogue.names if "得分" in name}
    assert not {key for key in catalogue.drawn if "scores" in key or "losses" in key}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [kind for kind in PAPER_KINDS if not PAPER_KINDS[kind].tells_opinions])
def test_no_paper_of_a_good_month_says_zero_of_nothing_or_leaves_a_space(
    kind: str, officer: Actor, month: MadeMonth, round_: object
) -> None:
    for report in Report.objects.filter(status="open"):
        sign_with(report, percent="100", value="1", at=TOO_LATE)
    catalogue = queries.catalogue_for(officer, OCTOBER, round_=round_, as_of=WRITTEN)  # type: ignore[arg-type]
    blocks = fitted(PAPER_KINDS[kind].template, catalogue.names, catalogue.drawn, month=OCTOBER.label)
    paper = queries.sketch(
        Briefing(kind=kind, title="关于工作的公文", draft=blocks), catalogue, issued_on=WRITTEN.date()
    ).paper
    for block in paper.blocks:
        text = plain(getattr(block, "parts", ())) + getattr(block, "note", "")
        assert not re.search(
            r"（无）|(?<![\d.])0[份项个人]|增加0|以上|—|[\u4e00-\u9fff] \d|\d [\u4e00-\u9fff]", text
        )
        if isinstance(block, Table):
            assert all(close_set(part.text) == part.text for row in block.rows for cell in row for part in cell
                       if isinstance(part, Figure))  # fmt: skip


@pytest.mark.parametrize(
    ("screen", "paper"),
    [
        ("应报 3 个，退回 1 次", "应报3个，退回1次"),
        ("《办法》 3 条", "《办法》3条"),
        ("完成 98.6% 的任务", "完成98.6%的任务"),
        ("Web of Science 收录", "Web of Science收录"),
        ("甲 乙", "甲 乙"),
    ],
)
def test_papers_are_set_without_spaces_beside_figures(screen: str, paper: str) -> None:
    assert close_set(screen) == paper


@pytest.mark.django_db
def test_a_paper_reads_a_years_figures_once(
    officer: Actor,
    month: MadeMonth,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    make_fact(month.early, month.trained, 4, month=LAST_OCTOBER)
    catalogue = make_catalogue(officer)
    catalogue.produce("本月培训人次")
    with django_assert_num_queries(1):  # the year before; this one is there
        for name in (
            "今年累计培训人次",
            "培训人次较上月",
            "培训人次同比",
            "今年累计培训人次同比",
            "培训人次同比",
        ):
            assert catalogue.produce(name).name == name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["facts:fact", "tasks:task", "reporting:report", "assessments:score"])
@pytest.mark.parametrize("pk", [1, 10, 907])
def test_addresses_of_records_are_those_of_the_site(name: str, pk: int) -> None:
    assert address(name, pk) == reverse(name, args=[pk])
    set_script_prefix("/chan0gai/")
    try:
        assert address(name, pk) == reverse(name, args=[pk])
    finally:
        set_script_prefix("/")
