"""A draft run before it is issued: who gains and loses, what does not distinguish, what it costs; nothing is kept."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from changai.areas.accounts.tests.make import MOMENT, make_unit
from changai.areas.facts.models import Fact, Field
from changai.areas.organisations.models import Level, Unit
from changai.areas.schemes.models import DraftStep, SchemeVersion
from changai.areas.schemes.queries.trial import Terms, compared, run_table, trial_units
from changai.areas.schemes.tests.make import make_dictionary, make_draft, make_issued, scheme_dict
from changai.core.periods import Month
from changai.foundation.actors import Actor

SignIn = Callable[[Actor], Client]
TERMS = Terms(Month(2026, 1), Month(2026, 3), "full")
TRAINED = (90, 60, 60)


@pytest.fixture(autouse=True)
def dictionary(db: None) -> None:
    make_dictionary()


@pytest.fixture
def counties(city_unit: Unit) -> list[Unit]:
    """Three counties with figures of one month: the first trained most and was late most."""
    units = [make_unit(name, level=Level.COUNTY, parent=city_unit) for name in ("甲县", "乙县", "丙县")]
    fields = {field.code: field for field in Field.objects.all()}
    for unit, trained, late in zip(units, TRAINED, (20, 0, 0), strict=True):
        for code, value in (("trained", trained), ("target", 100), ("late", late)):
            Fact.objects.create(
                unit=unit, field=fields[code], month=date(2026, 3, 1), value=Decimal(value), status="REPORTED",
                origin_type="test", origin_id="1", origin_label="测试", accepted_by_name="测试", accepted_at=MOMENT,
            )  # fmt: skip
    return units


def other_points() -> dict[str, object]:
    """Return the tables of a draft that gives punctuality more."""
    table = scheme_dict()["tables"][0]
    table["nodes"][0]["children"][0]["points"] = "30"
    table["nodes"][0]["children"][1]["points"] = "60"
    return {"tables": [table], "version": "2.0"}


def test_who_gains_and_who_loses_against_the_current_version(
    officer: Actor, office_head: Actor, counties: list[Unit]
) -> None:
    current, draft = make_issued(officer, office_head), make_draft(officer, **other_points())
    units = trial_units("县区", TERMS.last)
    assert {unit.name for unit in units} >= {"甲县", "乙县", "丙县"}
    units = [unit for unit in units if unit in counties]
    before, after = (run_table(each, "县区", TERMS, units=units) for each in (current, draft))
    rows = dict(compared(after, before, units))
    # 甲: 54+10+10 = 74 before, 27+40+10 = 77 after; 乙, 丙: 36+30+10 = 76 before, 18+60+10 = 88 after.
    assert (rows["甲县"].total, rows["甲县"].other_total, rows["甲县"].gained) == ("77.00", "74.00", "+3.00")
    assert (rows["乙县"].total, rows["乙县"].other_total) == ("88.00", "76.00")
    assert [row.rank for row in rows.values()] == [1, 1, 3]


def test_what_an_indicator_does_is_told(officer: Actor, counties: list[Unit]) -> None:
    run = run_table(make_draft(officer), "县区", TERMS, units=counties)
    assert run.trial is not None
    leaves = {leaf.code: leaf for leaf in run.trial.leaves}
    assert (leaves["1.1"].lowest, leaves["1.1"].highest) == ("36.00", "54.00")
    assert "flat" in leaves["2"].notes
    assert run.trial.costs.asked == 0
    assert sum(leaf.influence for leaf in run.trial.leaves) == pytest.approx(1)
    absent = run_table(make_draft(officer), "县区", Terms(Month(2020, 1), Month(2020, 1)), units=counties)
    assert absent.trial is not None
    assert absent.trial.count("unavailable") == 2


def test_what_is_asked_of_units_costs_hours(officer: Actor, counties: list[Unit]) -> None:
    Field.objects.filter(code__in=["trained", "late"]).update(source=Field.Source.REPORT)
    run = run_table(make_draft(officer), "县区", TERMS, units=counties)
    assert run.trial is not None
    assert (run.trial.costs.asked, str(run.trial.costs.hours)) == (2, "2.6")


def test_figures_counted_twice_are_named(officer: Actor, counties: list[Unit], signed_in: SignIn) -> None:
    table = scheme_dict()["tables"][0]
    table["nodes"][1]["rule"] = table["nodes"][0]["children"][1]["rule"]
    draft = make_draft(officer, tables=[table], version="3")
    run = run_table(draft, "县区", TERMS, units=counties)
    assert run.trial is not None
    assert [(each.field, each.codes) for each in run.trial.doubled] == [("late", ("1.2", "2"))]
    page = signed_in(officer).get(f"{reverse('schemes:trial', args=[draft.pk])}?judged=full").content.decode()
    assert "数据“月报迟报次数”被 1.2、2 几项指标重复计分" in page


def test_what_cannot_be_run_says_why(officer: Actor, counties: list[Unit]) -> None:
    draft = make_draft(officer)
    assert "没有“企业”表" in run_table(draft, "企业", TERMS, units=counties).faults[0]
    SchemeVersion.objects.filter(pk=draft.pk).update(content=_unruled(draft))
    draft.refresh_from_db()
    assert "没有评分规则" in run_table(draft, "县区", TERMS, units=counties).faults[0]


def _unruled(draft: SchemeVersion) -> dict[str, object]:
    content: dict[str, object] = dict(draft.content)
    content["tables"][0]["nodes"][1].pop("rule")  # type: ignore[index]
    return content


def test_the_page_runs_a_draft_beside_another_and_keeps_nothing(
    signed_in: SignIn, officer: Actor, office_head: Actor, liaison: Actor, counties: list[Unit]
) -> None:
    issued, draft = make_issued(officer, office_head), make_draft(officer, **other_points())
    client = signed_in(officer)
    address = reverse("schemes:trial", args=[draft.pk])
    kept = (SchemeVersion.objects.count(), DraftStep.objects.count(), Fact.objects.count())
    page = client.get(f"{address}?first=2026-01&last=2026-03&judged=full&other={issued.pk}").content.decode()
    assert "与 1.0 版相比" in page
    assert "两版对照" in page
    assert "甲县" in page
    assert (SchemeVersion.objects.count(), DraftStep.objects.count(), Fact.objects.count()) == kept
    assert "截止月份早于起始月份" in client.get(f"{address}?first=2026-03&last=2026-01").content.decode()
    assert signed_in(liaison).get(address).status_code == 403


def test_assumed_figures_are_uploaded_run_and_forgotten(
    signed_in: SignIn, officer: Actor, counties: list[Unit]
) -> None:
    draft, client = make_draft(officer), signed_in(officer)
    span = "first=2026-01&last=2026-03&judged=full"
    if timezone.localdate() < date(2026, 4, 1):
        pytest.skip("the form offers past months only")
    sheet = client.get(f"{reverse('schemes:trial_figures', args=[draft.pk])}?{span}")
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    cells = {str(cell.value): cell for row in book.active.iter_rows() for cell in row if cell.value}  # type: ignore[union-attr]
    row, column = cells[counties[1].code].row, cells["技能培训人次"].column
    book.active.cell(row, column).value = "100"  # type: ignore[union-attr]
    address = f"{reverse('schemes:trial', args=[draft.pk])}?{span}"
    page = client.post(address, {"file": _file(book)}).content.decode()
    assert "按上传的假设数据试算" in page
    assert "100.00" in page
    assert not Fact.objects.filter(value=Decimal(100), field__code="trained").exists()
    book.active.cell(row, column).value = "很多人啊啊啊啊啊啊"  # type: ignore[union-attr]
    bad = client.post(address, {"file": _file(book)})
    assert bad.status_code == 422
    assert f"单元格 {cells['技能培训人次'].column_letter}{row}" in bad.content.decode()


def _file(book: openpyxl.Workbook) -> SimpleUploadedFile:
    written = io.BytesIO()
    book.save(written)
    return SimpleUploadedFile("假设.xlsx", written.getvalue())
