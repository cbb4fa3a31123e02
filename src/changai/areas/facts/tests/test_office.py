"""What the office sets and verifies: the sheet, its cells, and who may fill it."""

import json
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import make_person
from changai.areas.facts.actions import Entered, enter_figures
from changai.areas.facts.models import Fact, Field
from changai.areas.facts.rules import NotAFigure, typed_figure, written
from changai.areas.facts.tests.make import (
    AT,
    OCTOBER,
    actor_of,
    make_fact,
    make_field,
    make_office,
    make_unit,
)
from changai.areas.organisations.models import Unit
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Role


@pytest.mark.parametrize(
    ("typed", "value"),
    [("", None), (" ", None), ("１，２００", 1200), ("1,200.50", Decimal("1200.5")), ("-3", -3)],
)
def test_figures_are_read_as_people_type_them(typed: str, value: Decimal | None) -> None:
    assert typed_figure(typed, decimals=2, minimum=None, maximum=None) == value


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("三百", "不是数字"),
        ("NaN", "超出"),
        ("1e20", "超出"),
        ("1.5", "应为整数"),
        ("-1", "不应小于 0"),
        ("2", "不应大于 1"),
    ],
)
def test_what_cannot_be_the_figure_is_told(typed: str, told: str) -> None:
    with pytest.raises(NotAFigure, match=told):
        typed_figure(typed, decimals=0, minimum=Decimal(0), maximum=Decimal(1))


def test_a_figure_stands_in_a_cell_without_trailing_zeros() -> None:
    assert [written(value) for value in (None, Decimal("0.0000"), Decimal("1200.5000"), Decimal(100))] == [
        "", "0", "1200.5", "100",
    ]  # fmt: skip


OFFICER = actor_of(Role.OFFICE_OFFICER, name="办公室甲")


def office_field(code: str = "target", **named: object) -> Field:
    return make_field(code, name="培训任务数", source=Field.Source.OFFICE, **named)


def enter(
    unit: Unit, field: Field, value: int | None, *, was: int | None = None, actor: object = OFFICER
) -> object:
    figure = Entered(
        field.pk, None if value is None else Decimal(value), None if was is None else Decimal(was)
    )
    return enter_figures(actor, unit.pk, month=OCTOBER, figures=[figure], at=AT)


@pytest.mark.django_db
def test_a_correction_supersedes_and_clearing_is_not_reported() -> None:
    unit, field = make_unit(), office_field()
    enter(unit, field, 2600)
    enter(unit, field, 3000, was=2600)
    enter(unit, field, None, was=3000)
    history = list(Fact.objects.order_by("pk").values_list("value", "status", "is_current"))
    assert history == [(2600, "REPORTED", False), (3000, "REPORTED", False), (None, "NOT_REPORTED", True)]
    assert Fact.objects.filter(origin_type="facts.office").count() == 3


@pytest.mark.django_db
def test_nobody_is_overwritten_unseen() -> None:
    unit, field = make_unit(), office_field()
    enter(unit, field, 2600)
    with pytest.raises(RecordMoved, match="办公室甲 改为 2600"):
        enter(unit, field, 100, actor=actor_of(Role.OFFICE_HEAD, name="办公室乙"))
    assert Fact.objects.get().value == 2600


@pytest.mark.django_db
def test_figures_of_another_source_are_not_entered_here() -> None:
    unit = make_unit()
    with pytest.raises(Invalid):
        enter(unit, make_field("asked"), 5)
    with pytest.raises(NotVisible):
        enter_figures(
            OFFICER, 0, month=OCTOBER, figures=[Entered(office_field().pk, Decimal(1), None)], at=AT
        )
    assert not Fact.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.UNIT_LIAISON, Role.COUNTY_REVIEWER, Role.LEADER, Role.INSPECTOR])
def test_only_the_office_enters(role: Role) -> None:
    unit = make_unit()
    with pytest.raises(NotAllowed):
        enter(unit, office_field(), 5, actor=actor_of(role, unit))


# The sheet


def browser(role: Role = Role.OFFICE_OFFICER) -> Client:
    client = Client()
    client.force_login(make_person(role, make_office()), backend="django.contrib.auth.backends.ModelBackend")
    return client


def save_address(month: str = "2026-10", level: str = "county") -> str:
    return reverse("facts:office_save", args=[month, level])


def send(client: Client, *cells: tuple[str, str, str]) -> HttpResponse:
    body = {"version": 0, "cells": [{"ref": ref, "value": value, "was": was} for ref, value, was in cells]}
    return client.post(
        save_address(), json.dumps(body), content_type="application/json", headers={"Accept": "application/json"}
    )  # fmt: skip


@pytest.mark.django_db
def test_the_sheet_holds_units_and_office_fields_of_the_month() -> None:
    unit, field = make_unit("示范县"), office_field()
    make_field("asked", name="培训人次")
    make_fact(unit, field, 2600)
    page = browser().get(reverse("facts:office"), {"month": "2026-10", "level": "county"}).content.decode()
    assert "示范县" in page
    assert f'name="cell-{unit.pk}:{field.pk}" data-ref="{unit.pk}:{field.pk}" value="2600"' in page
    assert "培训人次" not in page


@pytest.mark.django_db
def test_what_was_set_last_is_shown_and_a_truth_is_chosen() -> None:
    unit, target = make_unit(), office_field(gathering=Field.Gathering.LAST)
    flag = office_field("flag", unit_of_measure="是/否", gathering=Field.Gathering.LAST)
    make_fact(unit, target, 2600, month=OCTOBER.plus(-2))
    make_fact(unit, target, 2700, month=OCTOBER.plus(-1))
    make_fact(unit, flag, 1, month=OCTOBER.plus(-1))
    client = browser()
    page = client.get(reverse("facts:office"), {"month": "2026-10", "level": "county"}).content.decode()
    assert 'placeholder="上次 2700"' in page
    assert "（上次：是）" in page
    make_fact(unit, flag, 5)
    page = client.get(reverse("facts:office"), {"month": "2026-10", "level": "county"}).content.decode()
    assert '<option value="5" selected>5</option>' in page
    answer = send(client, (f"{unit.pk}:{flag.pk}", "2700", "5")).json()
    assert answer["refused"][0]["sentence"].startswith("不应大于 1")


@pytest.mark.django_db
def test_cells_are_saved_and_each_refusal_names_its_cell() -> None:
    unit, other = make_unit(), make_unit()
    field, flag = office_field(), office_field("flag", minimum=Decimal(0), maximum=Decimal(1))
    make_fact(other, field, 7)
    answer = send(
        browser(), (f"{unit.pk}:{field.pk}", "2,600", ""), (f"{unit.pk}:{flag.pk}", "2", ""),
        (f"{other.pk}:{field.pk}", "9", "8"),
    ).json()  # fmt: skip
    assert [cell["ref"] for cell in answer["saved"]] == [f"{unit.pk}:{field.pk}"]
    refused = {cell["ref"]: (cell["sentence"], cell["value"]) for cell in answer["refused"]}
    assert refused[f"{unit.pk}:{flag.pk}"][0].startswith("不应大于 1")
    assert "办公室甲 改为 7" in refused[f"{other.pk}:{field.pk}"][0]
    assert refused[f"{other.pk}:{field.pk}"][1] == "7"
    assert Fact.objects.get(unit=unit, is_current=True).value == 2600


@pytest.mark.django_db
def test_the_form_saves_what_was_changed_and_gives_back_what_was_not_taken() -> None:
    unit, field = make_unit(), office_field()
    client, ref = browser(), f"{unit.pk}:{field.pk}"
    answer = client.post(save_address(), {f"cell-{ref}": "三千", f"was-{ref}": ""})
    assert answer.status_code == 422
    assert 'value="三千"' in answer.content.decode()
    assert client.post(save_address(), {f"cell-{ref}": "3000", f"was-{ref}": ""}).status_code == 303
    assert client.post(save_address(), {f"cell-{ref}": "3000", f"was-{ref}": "3000"}).status_code == 303
    assert Fact.objects.count() == 1


@pytest.mark.django_db
def test_addresses_and_bodies_that_cannot_be() -> None:
    client = browser()
    for asked in ({"month": "2026-13"}, {"month": "x"}, {"level": "city"}):
        assert client.get(reverse("facts:office"), asked).status_code == 404
    for body in ("[]", "{", '{"cells": [{"ref": "a", "value": "1", "was": ""}]}'):
        assert client.post(save_address(), body, content_type="application/json").status_code == 422
    assert send(client, ("9:9", "1", "")).status_code == 422
    for role in (Role.UNIT_LIAISON, Role.COUNTY_REVIEWER, Role.LEADER):
        assert browser(role).get(reverse("facts:office")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("value", "told"), [("2", "不应大于 1"), ("-1", "不应小于 0"), ("0.5", "应为整数")])
def test_yes_or_no_is_kept_by_the_action_too(value: str, told: str) -> None:
    field = make_field(source="office", unit_of_measure="是/否")
    with pytest.raises(Invalid, match=f"“{field.name}”.*{told}"):
        enter_figures(
            OFFICER, make_unit().pk, month=OCTOBER, figures=[Entered(field.pk, Decimal(value), None)], at=AT
        )
    assert not Fact.objects.exists()
