from dataclasses import replace

import pytest

from changai.areas.organisations.rules.roster import RosterRow, StandingUnit, Verdict, plan_roster
from changai.areas.organisations.rules.units import nesting_fault

CITY = StandingUnit("001", "示范市", "示范市", "city", "", 1)
BUREAU = StandingUnit("101", "市教育局", "教育局", "member", "001", 10, "张三", "0571-1", {"分类": "综合"})
CLOSED = StandingUnit("102", "市旧局", "旧局", "member", "001", 20, is_open=False)
STANDING = {unit.code: unit for unit in (CITY, BUREAU, CLOSED)}
GROUPS = {"分类": frozenset({"综合", "执法"})}
SAME = RosterRow(
    2, "101", "市教育局", "教育局", "member", "001", 10, "张三", "0571-1", {"分类": "综合"},
    addresses={"code": "A2", "parent_code": "E2", "level": "D2", "group:分类": "J2"},
)  # fmt: skip


def test_a_row_that_says_what_is_changes_nothing() -> None:
    plan = plan_roster([SAME], STANDING, GROUPS)
    assert plan.rows[0].verdict is Verdict.UNCHANGED
    assert plan.is_sound


def test_columns_that_are_missing_change_nothing() -> None:
    bare = replace(SAME, position=None, liaison=None, telephone=None, groups={})
    assert plan_roster([bare], STANDING, GROUPS).rows[0].verdict is Verdict.UNCHANGED


def test_changes_are_told_one_by_one() -> None:
    row = replace(SAME, name="市教育体育局", liaison="", telephone="", groups={"分类": "执法"})
    plan = plan_roster([row], STANDING, GROUPS)
    assert plan.rows[0].changes == (
        "名称：市教育局 → 市教育体育局",
        "联络员：张三 → （空）",
        "办公电话：0571-1 → （空）",
        "分类：综合 → 执法",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (replace(SAME, parent_code="999"), "E2：没有编号为 999 的单位"),
        (replace(SAME, parent_code="102"), "E2：没有编号为 102 的单位"),
        (replace(SAME, parent_code=""), "E2：成员单位应有上级单位"),
        (replace(SAME, parent_code="101"), "E2：单位不能成为自己下属单位的下级"),
        (replace(SAME, level="county"), "D2：现为“成员单位”"),
        (replace(SAME, code="102"), "A2：编号 102 的单位已撤销"),
        (replace(SAME, code="汉字"), "A2：编号应为"),
        (replace(SAME, name=""), "第 2 行：名称应为"),
        (replace(SAME, groups={"分类": "其他"}), "J2：“分类”中没有“其他”这一类"),
        (replace(SAME, liaison=""), "第 2 行：填了办公电话"),
        (replace(SAME, faults=("B2 单元格：错误值",)), "B2 单元格：错误值"),
    ],
)
def test_faults_name_their_cell(row: RosterRow, said: str) -> None:
    plan = plan_roster([row], STANDING, GROUPS)
    assert not plan.is_sound
    assert any(fault.startswith(said) for fault in plan.rows[0].faults)


def test_a_code_stands_once_and_loops_through_new_rows_are_found() -> None:
    twice = plan_roster([SAME, replace(SAME, number=3)], STANDING, GROUPS)
    assert twice.count(Verdict.FAULTY) == 2
    one = RosterRow(2, "301", "一", "一", "sub", "302")
    other = RosterRow(3, "302", "二", "二", "sub", "301")
    assert plan_roster([one, other], STANDING, GROUPS).count(Verdict.FAULTY) == 2


def test_a_new_unit_may_stand_below_another_new_one() -> None:
    child = RosterRow(2, "302", "科", "科", "sub", "301")
    parent = RosterRow(3, "301", "局", "局", "member", "001")
    plan = plan_roster([child, parent], STANDING, GROUPS)
    assert [row.verdict for row in plan.rows] == [Verdict.ADDED, Verdict.ADDED]


def test_an_empty_workbook_is_not_sound() -> None:
    assert not plan_roster([], STANDING, GROUPS).is_sound


def test_a_plan_over_another_tree_has_another_fingerprint() -> None:
    renamed = STANDING | {"101": replace(BUREAU, name="市教委")}
    first, second = plan_roster([SAME], STANDING, GROUPS), plan_roster([SAME], renamed, GROUPS)
    assert first.fingerprint != second.fingerprint
    assert first.fingerprint == plan_roster([SAME], STANDING, GROUPS).fingerprint


def test_levels_nest_as_the_programme_does() -> None:
    assert not nesting_fault("county", "city")
    assert not nesting_fault("sub", "sub")
    assert "县区不能设在成员单位之下" in nesting_fault("county", "member")
    assert "没有上级" in nesting_fault("city", "city")
