"""Sheets that ask for words and for figures item by item."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.facts.actions import add_breakdown
from changai.areas.facts.models import Fact
from changai.areas.reporting import queries
from changai.areas.reporting.actions import (
    CellEdit,
    FormEntry,
    NarrativeEntry,
    create_form,
    issue_form,
    report_no_change,
    save_cells,
)
from changai.areas.reporting.models import FigurePart, Report
from changai.areas.reporting.rules.figures import FigureEntry, PartEntry, Surroundings, faults_of_figures
from changai.areas.reporting.rules.sheets import WordsEntry, faults_of_words
from changai.areas.reporting.rules.snapshots import differences
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    OPENED,
    accept,
    liaison_of,
    make_field,
    make_report,
    make_unit,
    sign,
    the_office,
)
from changai.areas.reporting.tests.workbook_files import signed_in
from changai.core.errors import Invalid
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
WORDS = NarrativeEntry("特色亮点", "写一件办成的事", least=10, most=200)


def make_sheet(*, gathering: str = "sum") -> Report:
    """Return a sheet that asks a figure by sex and some words."""
    breakdown = add_breakdown(OFFICER, "按性别", ["男", "女"], at=OPENED)
    field = make_field(breakdown=breakdown, gathering=gathering)
    the_office()
    entry = FormEntry("月度台账", ("county",), [field.pk], part_ids=[field.pk], narratives=[WORDS])
    form = create_form(OFFICER, entry, at=OPENED)
    issue_form(OFFICER, form.pk, at=OPENED)
    return make_report(make_unit(), form)


def type_in(report: Report, *cells: tuple[str, str]) -> list[str]:
    edits = [CellEdit(ref, value) for ref, value in cells]
    outcome = save_cells(liaison_of(report.obligation.unit), report.pk, cells=edits, at=IN_TIME)
    return [cell.sentence for cell in outcome.refused]


def complete(report: Report) -> None:
    men, women = FigurePart.objects.filter(line__report=report).order_by("category__position")
    words = report.narrative_lines.get()
    refused = type_in(
        report, (f"part:{men.pk}:value", "3"), (f"part:{women.pk}:value", "2"),
        (f"words:{words.pk}:text", "三家企业建立了工匠学院。"),
    )  # fmt: skip
    assert refused == []


def test_parts_and_words_are_checked_signed_and_become_facts() -> None:
    report = make_sheet()
    field = report.figure_lines.get().field
    type_in(report, (f"figure:{field.pk}:value", "5"))
    assert [fault.sentence for fault in queries.faults_in(report)] == [
        f"数据“{field.name}”分项之和为 0，“本月数”为 5，相差 5，请核对。",
        "“特色亮点”未填写；确无此项情况的请写“无”。",
    ]
    complete(report)
    accept(sign(report))
    fact = Fact.objects.get(field=field, is_current=True)
    assert [(part.category.name, part.value) for part in fact.parts.all()] == [("男", 3), ("女", 2)]
    content = report.submissions.get().content
    assert [part["value"] for part in content["figures"][0]["parts"]] == ["3", "2"]
    assert content["words"][0]["text"] == "三家企业建立了工匠学院。"


def test_words_longer_than_asked_and_parts_that_are_no_numbers_are_refused_with_their_sentence() -> None:
    report = make_sheet()
    part = FigurePart.objects.filter(line__report=report).first()
    words = report.narrative_lines.get()
    assert part is not None
    assert type_in(report, (f"part:{part.pk}:value", "三"), (f"words:{words.pk}:text", "长" * 201)) == [
        "“三”不是数字，请只填数字。",
        "最多 200 字，现有 201 字，请精简。",
    ]
    assert (
        type_in(report, ("part:0:value", "3"), ("words:0:text", "无")) == ["表中没有这一格，请刷新页面。"] * 2
    )


def test_the_next_month_shows_what_was_said_and_a_month_without_change_repeats_it() -> None:
    report = make_sheet(gathering="last")
    complete(report)
    sign(report)
    later = make_report(report.obligation.unit, report.obligation.period.form, month=OCTOBER.plus(1))
    assert [part.last_value for part in FigurePart.objects.filter(line__report=later)] == [3, 2]
    assert later.narrative_lines.get().last_text == "三家企业建立了工匠学院。"
    report_no_change(liaison_of(report.obligation.unit), later.pk, at=IN_TIME)
    assert [part.value for part in FigurePart.objects.filter(line__report=later)] == [3, 2]
    assert queries.faults_in(later) == ()


def test_what_changed_in_parts_and_words_is_named() -> None:
    report = make_sheet()
    before = queries.content_of(report)
    complete(report)
    changed = {
        (one.line.rpartition("：")[2], one.after) for one in differences(before, queries.content_of(report))
    }
    assert changed == {("男", "3"), ("女", "2"), ("特色亮点", "三家企业建立了工匠学院。")}


def test_the_same_sheet_without_words_freezes_as_it_did_before_there_were_words() -> None:
    report = make_report(make_unit())
    assert "words" not in queries.content_of(report)


def test_a_form_refuses_parts_without_breakdown_and_words_without_sense() -> None:
    field = make_field()
    wrong = [NarrativeEntry("亮点", least=9, most=5), NarrativeEntry("亮点"), NarrativeEntry(" ", most=9999)]
    entry = FormEntry("台账", ("county",), [field.pk], part_ids=[field.pk], narratives=wrong)
    with pytest.raises(Invalid) as refused:
        create_form(OFFICER, entry, at=OPENED)
    assert len(refused.value.faults) == 5


@given(st.lists(st.integers(0, 10**9) | st.none(), min_size=1, max_size=8), st.integers(0, 10**9) | st.none())
def test_parts_are_at_fault_exactly_when_they_do_not_add_up(
    parts: list[int | None], value: int | None
) -> None:
    figure = FigureEntry(
        1, "persons", "培训人次",
        value=None if value is None else Decimal(value),
        remark="本县无此项",
        parts=tuple(
            PartEntry(place, str(place), None if part is None else Decimal(part)) for place, part in enumerate(parts)
        ),
    )  # fmt: skip
    wrong = value is not None and sum(part or 0 for part in parts) != value
    found = [fault.target for fault in faults_of_figures([figure], (), Surroundings()) if fault.is_open]
    assert found == (["part:0:value"] if wrong else [])


@given(st.text(alphabet="字。", max_size=40), st.integers(0, 20), st.integers(20, 40), st.booleans())
def test_words_have_at_most_one_fault(text: str, least: int, most: int, required: bool) -> None:  # noqa: FBT001
    faults = faults_of_words([WordsEntry(1, "亮点", text, least, most, required)])
    fits = least <= len(text) <= most if text else not required
    assert len(faults) == (0 if fits else 1)


def test_no_heading_of_the_sheet_takes_the_name_of_what_the_scripts_read() -> None:
    """Two elements of one name once left the whole sheet without script: nothing was saved while typing."""
    report = make_sheet()
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    page = client.get(reverse("reporting:sheet", args=[report.pk])).content.decode()
    names = re.findall(r'\sid="([^"]+)"', page)
    assert "narratives" in names
    assert [name for name, times in Counter(names).items() if times > 1] == []
