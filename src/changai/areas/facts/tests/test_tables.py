"""Tables issued for good, and the pages of sums."""

import hashlib
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import make_person
from changai.areas.facts.actions import TableOrder, issue_table
from changai.areas.facts.models import Fact, IssuedTable
from changai.areas.facts.queries.tables import TableSpan, table_content
from changai.areas.facts.rules.tables import digest_of_content, table_sheet
from changai.areas.facts.tests.make import actor_of, make_fact, make_field, make_office
from changai.areas.facts.tests.test_rollup import JAN, merged_city
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid, NotAllowed
from changai.core.periods import Month
from changai.documents.workbooks import write_workbook
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
JULY = datetime(2026, 7, 3, 1, 0, tzinfo=UTC)
OFFICER = actor_of(Role.OFFICE_OFFICER, name="办公室甲")


def half_year(*, is_recast: bool = False) -> TableSpan:
    return TableSpan([JAN.plus(place) for place in range(6)], date(2026, 6, 30), is_recast)


def body(page: str) -> str:
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def signed_in(role: Role, unit: Unit) -> Client:
    client = Client()
    client.force_login(make_person(role, unit), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_june_table_downloaded_in_december_is_the_same_to_the_byte() -> None:
    field, _city, one, two = merged_city()
    table = issue_table(OFFICER, TableOrder("上半年汇总表", field.pk, half_year()), at=JULY)
    client = signed_in(Role.LEADER, make_office())
    july = client.get(reverse("facts:table_workbook", args=[table.pk])).content
    page = client.get(reverse("facts:table", args=[table.pk])).text

    make_fact(two, field, 99, month=Month(2026, 6))
    Unit.objects.filter(pk=one.pk).update(name="改名区")
    field.name, field.decimals = "改名的数据项", 2
    field.save()

    december = client.get(reverse("facts:table_workbook", args=[table.pk])).content
    again = client.get(reverse("facts:table", args=[table.pk])).text
    assert december == july
    assert hashlib.sha256(december).hexdigest() == table.workbook_digest
    table.refresh_from_db()
    assert digest_of_content(table.content) == table.digest
    # The writer itself is reproducible: the frozen content gives the frozen bytes.
    assert write_workbook([table_sheet(table.content)], created=JULY) == july
    assert body(again) == body(page)
    assert "定表以后的数据变动" in again
    rows = list(openpyxl.load_workbook(io.BytesIO(july)).worksheets[0].iter_rows(values_only=True))
    assert ("　甲区", 10, 10, 10, None, None, None, 30) in rows


def test_a_table_is_issued_by_the_office_with_a_title_and_figures() -> None:
    field, _city, _one, _two = merged_city()
    empty = make_field()
    with pytest.raises(Invalid, match="表名"):
        issue_table(OFFICER, TableOrder(" ", field.pk, half_year()), at=JULY)
    with pytest.raises(Invalid, match="没有数据"):
        issue_table(OFFICER, TableOrder("空表", empty.pk, half_year()), at=JULY)
    with pytest.raises(NotAllowed):
        issue_table(actor_of(Role.LEADER), TableOrder("表", field.pk, half_year()), at=JULY)
    for number in (1, 2):
        assert issue_table(OFFICER, TableOrder("表", field.pk, half_year()), at=JULY).number == number


def test_a_table_says_what_changed_among_the_units() -> None:
    field, _city, _one, _two = merged_city()
    content = table_content(field, half_year(is_recast=True), "表")
    assert content["changes"] == ["2026-04-01 “甲区”并入“乙区”（〔2026〕8号）"]
    assert "新口径" in table_sheet(content).note


def test_rates_are_averaged_and_never_added() -> None:
    _field, _city, _one, two = merged_city()
    rate = make_field(unit_of_measure="%", decimals=1)
    make_fact(two, rate, 90, month=JAN)
    make_fact(Unit.objects.get(name="甲区"), rate, 80, month=JAN)
    rows = table_content(rate, half_year(is_recast=True), "表")["rows"]
    assert [row["cells"][0] for row in rows] == ["85", "85"]


def test_the_sums_open_to_named_figures_and_a_unit_sees_its_own_branch() -> None:
    field, city, _one, two = merged_city()
    office = signed_in(Role.OFFICE_OFFICER, make_office())
    asked = {"field": field.code, "year": 2026, "day": "2026-06-30"}

    page = office.get(reverse("facts:rollup"), asked).text
    assert "“甲区”并入“乙区”" in page
    assert "甲区</th>" not in page
    assert "甲区</th>" in office.get(reverse("facts:rollup"), asked | {"basis": "then"}).text
    listed = office.get(reverse("facts:rollup_rows"), asked | {"unit": two.pk, "month": "2026-01"}).text
    assert "甲区" in listed
    assert office.get(reverse("facts:rollup_rows"), asked).status_code == 404
    assert office.post(reverse("facts:issue_table"), asked | {"title": "上半年"}).status_code == 303
    assert "上半年" in office.get(reverse("facts:tables")).text
    own = signed_in(Role.UNIT_LIAISON, two)
    assert "示范市</th>" not in own.get(reverse("facts:rollup"), asked).text
    assert own.get(reverse("facts:rollup_rows"), asked | {"unit": city.pk}).status_code == 404
    assert own.get(reverse("facts:tables")).status_code == 404
    assert own.get(reverse("facts:table", args=[IssuedTable.objects.get().pk])).status_code == 404
    assert Fact.objects.count() == 9
    assert office.get(reverse("facts:rollup"), {"day": "x", "year": "x", "field": "x"}).status_code == 200
