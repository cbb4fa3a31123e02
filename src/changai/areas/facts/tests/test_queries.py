from decimal import Decimal

import pytest

from changai.areas.facts.models import Field
from changai.areas.facts.queries import (
    current_facts,
    fact_for,
    fact_history,
    field_by_id,
    fields_on,
    gathered,
    table_of,
    visible_to,
    years_with_facts,
)  # fmt: skip
from changai.areas.facts.tests.make import OCTOBER, actor_of, make_fact, make_field, make_unit
from changai.core.errors import NotVisible
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
OFFICER = actor_of(Role.OFFICE_OFFICER)


def test_a_unit_reads_its_own_branch() -> None:
    county, field = make_unit(), make_field()
    township, elsewhere = make_unit(parent=county), make_unit()
    own, below, foreign = (make_fact(unit, field) for unit in (county, township, elsewhere))

    assert set(visible_to(actor_of(Role.UNIT_LIAISON, county))) == {own, below}
    assert set(visible_to(OFFICER)) == {own, below, foreign}
    assert not visible_to(actor_of(Role.AUDIT_ADMINISTRATOR)).exists()
    with pytest.raises(NotVisible):
        fact_for(actor_of(Role.UNIT_LIAISON, county), foreign.pk)


def test_current_facts_leave_out_what_was_superseded() -> None:
    unit, field = make_unit(), make_field("a")
    make_fact(unit, field, 5)
    new = make_fact(unit, field, 6)

    assert list(current_facts([unit.pk], ["a"], [OCTOBER])) == [new]
    assert [fact.value for fact in fact_history(new)] == [Decimal(6), Decimal(5)]


def test_gathered_follows_the_field() -> None:
    unit, silent = make_unit(), make_unit()
    flow, stock = make_field("flow"), make_field("stock", gathering=Field.Gathering.LAST)
    for value, month in ((3, OCTOBER.plus(-1)), (4, OCTOBER)):
        make_fact(unit, flow, value, month=month)
        make_fact(unit, stock, value, month=month)

    found = gathered([unit.pk, silent.pk], ["flow", "stock"], OCTOBER.plus(-9), OCTOBER)

    assert found[unit.pk, "flow"].value == 7
    assert found[unit.pk, "stock"].value == 4
    assert len(found[unit.pk, "flow"].fact_ids) == 2
    assert found[silent.pk, "flow"].status == "NOT_REPORTED"


def test_gathered_costs_two_queries(django_assert_num_queries: object) -> None:
    units = [make_unit() for _ in range(3)]
    field = make_field("flow")
    for unit in units:
        make_fact(unit, field)

    with django_assert_num_queries(2):  # type: ignore[operator]
        gathered([unit.pk for unit in units], ["flow"], OCTOBER.plus(-11), OCTOBER)


def test_the_table_has_a_row_for_every_unit_with_figures() -> None:
    first, second, field = make_unit(), make_unit(), make_field()
    make_fact(second, field, 2)
    make_fact(first, field, 1)
    make_fact(first, field, 4, month=OCTOBER.plus(-1))
    make_unit()

    rows = table_of(OFFICER, field, [OCTOBER.plus(-1), OCTOBER])

    assert [(row.name, row.total) for row in rows] == [(first.name, Decimal(5)), (second.name, Decimal(2))]
    assert rows[1].cells[0] is None
    assert years_with_facts(OFFICER) == [2026]


def test_fields_are_in_force_from_and_up_to_their_days() -> None:
    field = make_field(valid_to=OCTOBER.last_on)

    assert field in fields_on(OCTOBER.first_on)
    assert field not in fields_on(OCTOBER.last_on)
    assert field not in fields_on(OCTOBER.first_on, "register")
    assert field_by_id(field.pk) == field
    with pytest.raises(NotVisible):
        field_by_id(0)
