from datetime import date, timedelta

import pytest

from changai.areas.accounts.tests.make import FOUNDED, MOMENT, make_unit
from changai.areas.organisations import actions, queries
from changai.areas.organisations.actions import NewUnit
from changai.areas.organisations.models import City, Level, Lineage, Unit
from changai.areas.organisations.rules.roster import RosterRow, plan_roster
from changai.core.errors import Invalid, NotAllowed, NotVisible, RecordMoved
from changai.foundation.actors import Actor
from changai.foundation.audit.models import AuditEvent

TODAY = date(2026, 11, 2)
SPRING = date(2026, 3, 1)


def add(officer: Actor, code: str, parent: Unit, level: str = "sub", on: date = FOUNDED) -> Unit:
    return actions.add_unit(
        officer, NewUnit(code, f"单位{code}", f"单位{code}", level), parent_id=parent.pk, on=on, at=MOMENT
    )


def test_a_unit_begins_with_its_path_and_its_first_version(officer: Actor, city_unit: Unit) -> None:
    unit = add(officer, "301", city_unit, "member", SPRING)

    assert unit.path == f"{city_unit.path}{unit.pk}."
    assert queries.versions_on(SPRING).filter(unit=unit).count() == 1
    assert not queries.versions_on(SPRING - timedelta(days=1)).filter(unit=unit).exists()
    assert AuditEvent.objects.get().act == "unit.add"


def test_lists_keep_the_order_of_entry_across_levels(officer: Actor, city_unit: Unit) -> None:
    county = add(officer, "301", city_unit, "county")
    zone = add(officer, "301-1", county)
    later = add(officer, "302", city_unit, "county")
    assert list(Unit.objects.filter(pk__in=[county.pk, zone.pk, later.pk])) == [county, zone, later]


def test_a_code_is_used_once_for_ever(officer: Actor, city_unit: Unit) -> None:
    unit = add(officer, "301", city_unit)
    actions.close_unit(officer, unit.pk, version=1, on=SPRING, reason="机构改革", at=MOMENT)
    with pytest.raises(Invalid, match="已撤销"):
        add(officer, "301", city_unit)


def test_papers_of_before_keep_the_old_name(officer: Actor, unit_a: Unit) -> None:
    actions.rename_unit(officer, unit_a.pk, version=1, name="甲委", short_name="甲委", on=SPRING, at=MOMENT)
    unit = Unit.objects.get(pk=unit_a.pk)

    assert queries.name_on(unit, SPRING - timedelta(days=1)) == "甲局"
    assert queries.name_on(unit, SPRING) == unit.name == "甲委"
    assert queries.names_on([unit.pk], FOUNDED) == {unit.pk: "甲局"}


def test_a_change_of_what_somebody_else_changed_is_refused(officer: Actor, unit_a: Unit) -> None:
    actions.rename_unit(officer, unit_a.pk, version=1, name="甲委", short_name="甲委", on=SPRING, at=MOMENT)
    with pytest.raises(RecordMoved, match="刷新"):
        actions.rename_unit(officer, unit_a.pk, version=1, name="乙", short_name="乙", on=SPRING, at=MOMENT)


@pytest.mark.parametrize(
    ("on", "said"), [(TODAY + timedelta(days=1), "不能晚于今天"), (FOUNDED - timedelta(days=1), "不能早于")]
)
def test_a_change_takes_effect_after_the_last_and_not_tomorrow(
    officer: Actor, unit_a: Unit, on: date, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        actions.rename_unit(officer, unit_a.pk, version=1, name="甲委", short_name="甲委", on=on, at=MOMENT)


def test_everything_below_moves_along(officer: Actor, county: Unit, township: Unit, unit_a: Unit) -> None:
    below = make_unit("最下", level=Level.SUB, parent=township)
    actions.move_unit(officer, township.pk, version=1, parent_id=unit_a.pk, on=SPRING, at=MOMENT)

    below.refresh_from_db()
    assert below.path == f"{unit_a.path}{township.pk}.{below.pk}."
    assert queries.branch_on(county.pk, SPRING) == {county.pk}
    assert queries.branch_on(county.pk, SPRING - timedelta(days=1)) == {county.pk, township.pk, below.pk}


def test_a_unit_cannot_stand_below_itself(officer: Actor, township: Unit) -> None:
    below = make_unit(level=Level.SUB, parent=township)
    with pytest.raises(Invalid, match="自己的下属单位"):
        actions.move_unit(officer, township.pk, version=1, parent_id=below.pk, on=SPRING, at=MOMENT)


def test_a_merger_keeps_the_line_and_moves_what_is_below(
    officer: Actor, city_unit: Unit, county: Unit, township: Unit
) -> None:
    other = make_unit("丁县", level=Level.COUNTY, parent=city_unit)
    new = add(officer, "399", city_unit, "county", SPRING)
    actions.merge_units(
        officer, [county.pk, other.pk], target_id=new.pk, on=SPRING, reason="示政发〔2026〕1号", at=MOMENT
    )

    county.refresh_from_db()
    township.refresh_from_db()
    assert county.closed_on == SPRING
    assert township.path.startswith(new.path)
    lines = set(new.predecessors.values_list("source__name", "kind"))
    assert lines == {("丙县", "merged"), ("丁县", "merged")}
    assert {branch.name for branch in queries.tree_on(FOUNDED)[0].children} == {"丙县", "丁县", "市产改办"}
    assert {branch.name for branch in queries.tree_on(SPRING)[0].children} == {"单位399", "市产改办"}
    with pytest.raises(Invalid, match="已撤销"):
        actions.rename_unit(officer, county.pk, version=2, name="x", short_name="x", on=TODAY, at=MOMENT)


@pytest.mark.parametrize("ends", [True, False])
def test_a_division_keeps_the_line(officer: Actor, county: Unit, township: Unit, *, ends: bool) -> None:
    parts = [NewUnit(code, f"新{code}", f"新{code}", "county") for code in ("a1", "a2")]
    made = actions.split_unit(
        officer, county.pk, parts, version=1, ends=ends, on=SPRING, reason="区划调整", at=MOMENT
    )

    county.refresh_from_db()
    township.refresh_from_db()
    assert county.is_open is not ends
    assert township.path.startswith(made[0].path if ends else county.path)
    assert list(Lineage.objects.order_by("pk").values_list("kind", flat=True)) == ["split", "split"]
    assert {line.target for line in county.successors.all()} == set(made)


def test_a_unit_with_units_below_is_not_closed(officer: Actor, county: Unit, township: Unit) -> None:
    with pytest.raises(Invalid, match="还有 1 个下属单位"):
        actions.close_unit(officer, county.pk, version=1, on=SPRING, reason="撤销", at=MOMENT)


def test_liaisons_follow_each_other(officer: Actor, unit_a: Unit) -> None:
    actions.name_liaison(officer, unit_a.pk, name="张三", telephone="88880001", on=FOUNDED, at=MOMENT)
    actions.name_liaison(officer, unit_a.pk, name="李四", telephone="", on=SPRING, at=MOMENT)

    before = queries.liaison_on(unit_a, SPRING - timedelta(days=1))
    now = queries.liaison_on(unit_a, TODAY)
    assert (before and before.name, now and now.name) == ("张三", "李四")


def test_a_unit_is_in_one_group_of_a_grouping(officer: Actor, unit_a: Unit) -> None:
    grouping = actions.add_grouping(officer, name="考核分类", at=MOMENT)
    first = actions.add_group(officer, grouping.pk, name="综合部门", at=MOMENT)
    second = actions.add_group(officer, grouping.pk, name="执法部门", at=MOMENT)
    actions.sort_unit(officer, unit_a.pk, group_ids=[first.pk], at=MOMENT)

    with pytest.raises(Invalid, match="只能归入一类"):
        actions.sort_unit(officer, unit_a.pk, group_ids=[first.pk, second.pk], at=MOMENT)
    with pytest.raises(Invalid, match="已经有了"):
        actions.rename_group(officer, second.pk, name="综合部门", at=MOMENT)
    assert list(queries.groups_of(unit_a)) == [first]


def test_the_names_of_the_bodies_are_settings(officer: Actor) -> None:
    names = {
        "city_name": "样板市",
        "body_name": "联席会议",
        "office_name": "联办",
        "office_short_name": "产改办",
    }
    actions.save_city(officer, version=1, **names, at=MOMENT)
    with pytest.raises(RecordMoved):
        actions.save_city(officer, version=1, **names, at=MOMENT)
    with pytest.raises(Invalid):
        actions.save_city(officer, version=2, **(names | {"body_name": " "}), at=MOMENT)
    assert City.objects.get().body_name == "联席会议"


def test_an_import_crosses_moves_and_is_carried_out_once(
    officer: Actor, city_unit: Unit, county: Unit, township: Unit
) -> None:
    lower = make_unit("下", level=Level.SUB, parent=township)
    rows = [
        RosterRow(2, lower.code, "下", "下", "sub", county.code),
        RosterRow(3, township.code, "总工会", "总工会", "sub", lower.code, liaison="王五", telephone="1"),
        RosterRow(4, "n2", "新二", "新二", "sub", "n1"),
        RosterRow(5, "n1", "新一", "新一", "member", city_unit.code, position=5),
    ]
    plan = plan_roster(rows, queries.standing_units(), queries.known_groups())
    actions.import_units(officer, rows, fingerprint=plan.fingerprint, digest="d", on=SPRING, at=MOMENT)

    for unit in Unit.objects.select_related("parent"):
        assert unit.path == f"{unit.parent.path if unit.parent else ''}{unit.pk}."
    assert Unit.objects.get(pk=township.pk).parent == lower
    liaison = queries.liaison_on(township, TODAY)
    assert liaison is not None
    assert liaison.name == "王五"
    with pytest.raises(RecordMoved, match="预览之后"):
        actions.import_units(officer, rows, fingerprint=plan.fingerprint, digest="d", on=SPRING, at=MOMENT)


def test_a_faulty_import_changes_nothing(officer: Actor, city_unit: Unit) -> None:
    right = RosterRow(2, "n1", "新一", "新一", "member", city_unit.code)
    rows = [right, RosterRow(3, "n2", "", "", "sub", "?")]
    plan = plan_roster(rows, queries.standing_units(), queries.known_groups())
    with pytest.raises(Invalid, match="还有错误"):
        actions.import_units(officer, rows, fingerprint=plan.fingerprint, digest="d", on=SPRING, at=MOMENT)
    assert not Unit.objects.filter(code="n1").exists()


def test_only_the_office_keeps_the_tree(
    liaison: Actor, leader: Actor, system_administrator: Actor, unit_a: Unit
) -> None:
    for actor in (liaison, leader, system_administrator):
        with pytest.raises(NotAllowed):
            actions.rename_unit(actor, unit_a.pk, version=1, name="x", short_name="x", on=SPRING, at=MOMENT)


def test_a_unit_that_is_not_there_is_not_found(officer: Actor) -> None:
    with pytest.raises(NotVisible):
        actions.move_unit(officer, 999_999, version=1, parent_id=1, on=SPRING, at=MOMENT)
