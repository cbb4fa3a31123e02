import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import make_person
from changai.areas.facts.models import Field
from changai.areas.facts.tests.make import make_fact, make_field, make_office, make_unit
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db


def signed_in(role: Role, unit: object = None) -> Client:
    client = Client()
    client.force_login(make_person(role, unit), backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client


def test_the_table_opens_every_figure() -> None:
    unit, field = make_unit("示范县"), make_field("training.persons", name="培训人次")
    fact = make_fact(unit, field, 412)

    page = signed_in(Role.OFFICE_OFFICER, make_office()).get(
        reverse("facts:figures"), {"field": "training.persons"}
    )

    assert page.status_code == 200
    assert "示范县" in page.text
    assert f'href="{reverse("facts:fact", args=[fact.pk])}"' in page.text
    assert "412" in page.text


def test_a_figure_tells_where_it_comes_from_and_what_it_was() -> None:
    unit, field = make_unit(), make_field()
    old = make_fact(unit, field, 412)
    new = make_fact(unit, field, 405)
    client = signed_in(Role.OFFICE_OFFICER, make_office())

    page = client.get(reverse("facts:fact", args=[new.pk]))
    assert f'href="{reverse("reporting:report", args=[1])}"' in page.text
    assert "办公室甲" in page.text
    assert "412" in page.text
    assert "已被更正" in client.get(reverse("facts:fact", args=[old.pk])).text


def test_strangers_do_not_find_it() -> None:
    fact = make_fact(make_unit(), make_field())
    address = reverse("facts:fact", args=[fact.pk])

    assert signed_in(Role.UNIT_LIAISON, make_unit()).get(address).status_code == 404
    assert signed_in(Role.AUDIT_ADMINISTRATOR).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_export_holds_the_same_figures() -> None:
    unit, field = make_unit("示范县"), make_field("a", name="培训人次")
    make_fact(unit, field, 412)
    make_fact(make_unit("临山县"), field, None)

    answer = signed_in(Role.OFFICE_OFFICER, make_office()).get(reverse("facts:export"), {"field": "a"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"示范县", 412, "未报送"} <= cells


def test_the_office_keeps_the_dictionary_on_pages() -> None:
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    entry = {
        "code": "training.persons", "name": "培训人次", "unit_of_measure": "人次", "decimals": 0,
        "definition": "结业人次", "source": "report", "gathering": "sum", "frequency": "month",
        "direction": "neither", "valid_from": "2026-01-01",
    }  # fmt: skip

    assert client.post(reverse("facts:field_new"), entry).status_code == 303
    field = Field.objects.get()
    again = client.post(reverse("facts:field_new"), entry)
    assert again.status_code == 422
    edit = reverse("facts:field_edit", args=[field.pk])
    assert client.post(edit, entry | {"name": "职工培训人次", "version_read": 1}).status_code == 303
    assert client.post(edit, entry | {"name": "别的", "version_read": 1}).status_code == 409
    wrong = client.post(edit, entry | {"minimum": 2, "maximum": 1, "version_read": 2})
    assert wrong.status_code == 422
    assert "最小值不能大于最大值" in wrong.text
    field.refresh_from_db()
    assert (field.name, field.version) == ("职工培训人次", 2)
    assert "职工培训人次" in client.get(reverse("facts:dictionary"), {"source": "report"}).text
    assert "结业人次" in client.get(reverse("facts:field", args=[field.pk])).text


def test_others_only_read_the_dictionary() -> None:
    field = make_field()
    client = signed_in(Role.UNIT_LIAISON, make_unit())

    page = client.get(reverse("facts:field", args=[field.pk]))
    assert page.status_code == 200
    assert "修改" not in page.text
    assert client.get(reverse("facts:field_edit", args=[field.pk])).status_code == 403


def test_an_empty_dictionary_has_an_empty_page() -> None:
    client = signed_in(Role.OFFICE_OFFICER, make_office())

    assert "数据项目录还是空的" in client.get(reverse("facts:figures")).text
    assert client.get(reverse("facts:export")).status_code == 422
