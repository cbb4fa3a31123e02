"""Whatever the office does in whatever order, the tree stays a tree and every day keeps its names."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changai.areas.accounts.tests.make import MOMENT, make_unit
from changai.areas.organisations import actions, queries
from changai.areas.organisations.actions import NewUnit
from changai.areas.organisations.models import Level, Lineage, Unit
from changai.core.errors import ActionRefused
from changai.foundation.actors import Actor

BEGAN = date(2024, 1, 1)

steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "rename", "move", "merge", "split", "close"]),
        st.integers(0, 9),
        st.integers(0, 9),
        st.integers(0, 40),
    ),
    max_size=12,
)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def take(officer: Actor, step: tuple[str, int, int, int], day: date, number: int) -> None:
    """Carry out one step on two of the units, as the office would."""
    verb, first, second, _gap = step
    units = list(Unit.objects.order_by("pk"))
    one, other = units[first % len(units)], units[second % len(units)]
    new = NewUnit(f"s{number}", f"新{number}", f"新{number}", "sub")
    common = {"on": day, "at": MOMENT}
    seen = {"version": one.version}
    match verb:
        case "add":
            actions.add_unit(officer, new, parent_id=one.pk, **common)
        case "rename":
            actions.rename_unit(officer, one.pk, **seen, name=f"名{number}", short_name="名", **common)
        case "move":
            actions.move_unit(officer, one.pk, **seen, parent_id=other.pk, **common)
        case "merge":
            actions.merge_units(officer, [one.pk], target_id=other.pk, reason="合并", **common)
        case "split":
            parts = [new, NewUnit(f"t{number}", f"又{number}", f"又{number}", "sub")]
            actions.split_unit(officer, one.pk, parts, **seen, ends=True, reason="拆分", **common)
        case "close":
            actions.close_unit(officer, one.pk, **seen, reason="撤销", **common)


@given(steps=steps)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_tree_stays_a_tree_and_days_keep_their_names(officer: Actor, city_unit: Unit, steps: Any) -> None:
    with undone():
        for _ in range(3):
            make_unit(level=Level.SUB, parent=city_unit, founded_on=BEGAN)
        day = BEGAN
        told: dict[date, dict[int, str]] = {}
        for number, step in enumerate(steps):
            day += timedelta(days=step[3])
            try:
                take(officer, step, day, number)
            except ActionRefused:
                continue
            told[day] = dict(Unit.objects.filter(closed_on__isnull=True).values_list("pk", "name"))
        assert_tree(day)
        for on, names in told.items():
            assert dict(queries.versions_on(on).values_list("unit_id", "name")) == names


def assert_tree(today: date) -> None:
    units = {unit.pk: unit for unit in Unit.objects.all()}
    for unit in units.values():
        parent = units[unit.parent_id] if unit.parent_id else None
        assert unit.path == f"{parent.path if parent else ''}{unit.pk}."  # so there are no loops
        versions = list(unit.versions.all())
        assert versions[0].valid_from == unit.founded_on
        assert versions[-1].valid_to == unit.closed_on
        assert all(one.valid_to == other.valid_from for one, other in pairwise(versions))
        if unit.is_open:
            assert (versions[-1].name, versions[-1].parent_id) == (unit.name, unit.parent_id)
            assert parent is None or parent.is_open
    for line in Lineage.objects.select_related("source", "target"):
        assert line.happened_on >= line.source.founded_on
        assert line.source.closed_on == line.happened_on
    inside = sum(1 + branch.size for branch in queries.tree_on(today))
    assert inside == sum(unit.is_open for unit in units.values())
