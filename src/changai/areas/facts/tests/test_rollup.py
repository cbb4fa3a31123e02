"""The sums over the tree against a slow reference, over made-up histories of moves, mergers and closings."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changai.areas.accounts.tests.make import make_person
from changai.areas.facts.models import Fact, Field
from changai.areas.facts.queries import rollup
from changai.areas.facts.tests.make import make_fact, make_field, make_unit
from changai.areas.organisations.models import Lineage, Unit, UnitVersion
from changai.core.periods import Month
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)
JAN, JUN = Month(2026, 1), Month(2026, 6)
UNITS = 7

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["move", "merge", "close"]),
        st.integers(0, 180),  # days after the start
        st.integers(1, UNITS - 1),
        st.integers(0, UNITS - 1),
    ),
    max_size=8,
)
PARENTS = st.tuples(*(st.integers(0, place) for place in range(UNITS - 1)))
FIGURES = st.lists(st.tuples(st.integers(0, UNITS - 1), st.integers(0, 5), st.integers(-3, 40)), max_size=12)


class History:
    """A tree with its past, kept as plain rows beside the database."""

    def __init__(self, parents: tuple[int, ...]) -> None:
        self.versions: dict[int, list[list[object]]] = {0: [[None, START, None]]}
        self.merged: dict[int, tuple[int, date]] = {}
        for child, parent in enumerate(parents, start=1):
            self.versions[child] = [[parent, START, None]]

    def is_open(self, unit: int) -> bool:
        return self.versions[unit][-1][2] is None

    def parent(self, unit: int) -> int | None:
        return self.versions[unit][-1][0]  # type: ignore[return-value]

    def is_below(self, unit: int | None, above: int) -> bool:
        while unit is not None:
            if unit == above:
                return True
            unit = self.parent(unit)
        return False

    def put(self, unit: int, parent: int, day: date) -> None:
        self.versions[unit][-1][2] = day
        self.versions[unit].append([parent, day, None])

    def play(self, kind: str, day: date, unit: int, other: int) -> None:
        if not (self.is_open(unit) and self.is_open(other)) or self.is_below(other, unit):
            return
        if kind == "move":
            self.put(unit, other, day)
            return
        children = [one for one in self.versions if self.is_open(one) and self.parent(one) == unit]
        heir = other if kind == "merge" else self.parent(unit)
        for child in children:
            self.put(child, heir, day)  # type: ignore[arg-type]
        self.versions[unit][-1][2] = day
        if kind == "merge":
            self.merged[unit] = (other, day)

    def heir(self, unit: int, day: date) -> int:
        while unit in self.merged and self.merged[unit][1] <= day:
            unit = self.merged[unit][0]
        return unit

    def above(self, unit: int, day: date) -> set[int]:
        """Return the units that a figure of `unit` counts for on a day: the reference, one step at a time."""
        found = {here := self.heir(unit, day)}
        while True:
            standing = [row for row in self.versions[here] if row[1] <= day]  # type: ignore[operator]
            parent = standing[-1][0]
            if parent is None:
                return found
            found.add(here := self.heir(parent, day))  # type: ignore[arg-type]

    def is_included(self, unit: int, above: int, reported: set[int], day: date) -> bool:
        """Return whether a unit between (or the one above itself) reported, so that its figure stands for this one."""
        return any(
            self.heir(one, day) != self.heir(unit, day)
            and self.heir(one, day) in self.above(unit, day)
            and above in self.above(one, day)
            for one in reported
        )


def store(history: History) -> list[Unit]:
    Fact.objects.all().delete()
    Lineage.objects.all().delete()
    UnitVersion.objects.all().delete()
    units = [make_unit(f"单位{place}") for place in range(UNITS)]
    UnitVersion.objects.all().delete()
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=units[unit], name="x", short_name="x", parent=None if parent is None else units[parent],
            valid_from=begin, valid_to=end,
        )
        for unit, rows in history.versions.items()
        for parent, begin, end in rows
    )  # fmt: skip
    Lineage.objects.bulk_create(
        Lineage(kind="merged", source=units[one], target=units[heir], happened_on=day, reason="x")
        for one, (heir, day) in history.merged.items()
    )
    return units


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARENTS, MOVES, FIGURES, st.integers(0, 220), st.sampled_from(["sum", "last"]), st.booleans())
def test_the_sums_are_those_of_the_slow_reference(
    parents: tuple[int, ...],
    moves: list[tuple[str, int, int, int]],
    figures: list[tuple[int, int, int]],
    as_of: int,
    gathering: str,
    includes_below: bool,  # noqa: FBT001
) -> None:
    """Where figures include those below, each sum is that over the top-most units that reported."""
    history = History(parents)
    for kind, offset, unit, other in sorted(moves, key=lambda move: move[1]):
        history.play(kind, START + timedelta(offset), unit, other)
    units = store(history)
    field = make_field(gathering=gathering, includes_below=includes_below)
    known = {(unit, month): Decimal(value) / 10 for unit, month, value in figures}
    Fact.objects.bulk_create(
        Fact(
            unit=units[unit], field=field, month=JAN.plus(month).first_on, value=value, status="REPORTED",
            origin_type="t", origin_id="1", origin_label="t", accepted_by_name="x",
            accepted_at="2026-07-01T00:00:00Z",
        )
        for (unit, month), value in known.items()
    )  # fmt: skip
    day = START + timedelta(as_of)

    expected: dict[tuple[int, Month], Decimal] = defaultdict(Decimal)
    then: dict[tuple[int, Month], Decimal] = defaultdict(Decimal)
    together: dict[int, Decimal] = defaultdict(Decimal)
    for (unit, offset), value in known.items():
        month = JAN.plus(offset)
        same = {one for one, place in known if place == offset and includes_below}
        for above in history.above(unit, day):
            if not history.is_included(unit, above, same, day):
                expected[units[above].pk, month] += value
            latest = offset == max(place for one, place in known if one == unit)
            others = same if gathering == "sum" else {one for one, _place in known if includes_below}
            if (gathering == "sum" or latest) and not history.is_included(unit, above, others, day):
                together[units[above].pk] += value
        for above in history.above(unit, month.last_on):
            if not history.is_included(unit, above, same, month.last_on):
                then[units[above].pk, month] += value

    assert {key: rolled.total for key, rolled in rollup.by_month(field, JAN, JUN, day).items()} == expected
    assert {key: rolled.total for key, rolled in rollup.then_by_month(field, JAN, JUN).items()} == then
    assert {key: rolled.total for key, rolled in rollup.whole(field, JAN, JUN, day).items()} == together
    root = history.heir(0, day)
    below = rollup.facts_below(units[root].pk, field, [JAN.plus(place) for place in range(6)], day)
    assert below.count() == len(known)


def merged_city() -> tuple[Field, Unit, Unit, Unit]:
    """Make a city of 甲区 and 乙区; on 1 April 甲区 went into 乙区."""
    city = make_unit("示范市", level="city")
    one, two = make_unit("甲区", parent=city), make_unit("乙区", parent=city)
    for unit, parent in ((city, None), (one, city), (two, city)):
        ends = date(2026, 4, 1) if unit == one else None
        UnitVersion.objects.update_or_create(
            unit=unit,
            defaults={
                "name": unit.name, "short_name": unit.name, "parent": parent, "valid_from": START, "valid_to": ends,
            },
        )  # fmt: skip
    Lineage.objects.create(
        kind="merged", source=one, target=two, happened_on=date(2026, 4, 1), reason="〔2026〕8号"
    )
    field = make_field()
    for month in range(1, 7):
        if month < 4:
            make_fact(one, field, 10, month=Month(2026, month))
        make_fact(two, field, 1, month=Month(2026, month))
    return field, city, one, two


def test_after_a_merger_there_are_two_series_and_neither_loses_a_figure() -> None:
    field, _city, one, two = merged_city()
    months = [JAN.plus(place) for place in range(6)]
    day = date(2026, 6, 30)

    now = {row.name: row for row in rollup.rollup_table(field, months, day=day, is_recast=True)}
    then = {row.name: row for row in rollup.rollup_table(field, months, day=day, is_recast=False)}

    def totals(row: rollup.RollupRow) -> list[int]:
        return [int(cell.total) if cell else 0 for cell in row.cells]

    assert set(now) == {"示范市", "乙区"}
    assert totals(now["乙区"]) == [11, 11, 11, 1, 1, 1]
    assert totals(then["乙区"]) == [1, 1, 1, 1, 1, 1]
    assert totals(then["甲区"]) == [10, 10, 10, 0, 0, 0]
    assert totals(now["示范市"]) == totals(then["示范市"]) == [11, 11, 11, 1, 1, 1]
    assert {now["示范市"].whole, then["示范市"].whole} == {rollup.Rolled(Decimal(36), 9)}
    assert [fact.unit for fact in rollup.facts_below(two.pk, field, [JAN], day)] == [one, two]
    only = rollup.rollup_table(field, months, day=day, is_recast=True, top_id=two.pk)
    assert [row.name for row in only] == ["乙区"]


def test_a_table_costs_one_question_for_its_sums(django_assert_num_queries: object) -> None:
    field, _city, _one, _two = merged_city()
    months = [JAN.plus(place) for place in range(6)]
    with django_assert_num_queries(3):  # type: ignore[operator]
        rollup.rollup_table(field, months, day=date(2026, 6, 30), is_recast=True)


def test_a_county_and_its_townships_count_once_and_the_page_says_why() -> None:
    city = make_unit("示范市", level="city")
    county = make_unit("示东区", parent=city)
    towns = [make_unit(name, parent=county) for name in ("城关镇", "河口镇")]
    for unit, parent in ((city, None), (county, city), *((town, county) for town in towns)):
        named = {"name": unit.name, "short_name": unit.name, "parent": parent, "valid_from": START}
        UnitVersion.objects.update_or_create(unit=unit, defaults=named)
    field = make_field(includes_below=True)
    facts = [
        make_fact(unit, field, value, month=JAN)
        for unit, value in ((county, 30), (towns[0], 10), (towns[1], 15))
    ]
    sums = rollup.by_month(field, JAN, JAN, JAN.last_on)
    assert [sums[unit.pk, JAN].total for unit in (city, county, *towns)] == [30, 30, 10, 15]
    assert rollup.included_in(city.pk, facts, JAN.last_on) == {facts[1].pk: county, facts[2].pk: county}
    client = Client()
    client.force_login(
        make_person(Role.OFFICE_OFFICER, city), backend="django.contrib.auth.backends.ModelBackend"
    )
    told = client.get(
        reverse("facts:rollup_rows"), {"field": field.code, "year": 2026, "unit": city.pk, "month": "2026-01"}
    )
    assert told.content.decode().count("不计入，已含在示东区的数中") == 2
    Field.objects.update(includes_below=False)
    field.refresh_from_db()
    assert rollup.by_month(field, JAN, JAN, JAN.last_on)[city.pk, JAN].total == 55
