"""What two versions differ in, found by name and place; words are compared one by one."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from changai.areas.schemes.rules import tree
from changai.areas.schemes.rules.differences import Difference, differences, word_difference
from changai.areas.schemes.tests.make import scheme_dict
from changai.core.scoring import Scheme, Table

SCHEME = Scheme.from_json(scheme_dict())
TABLE = SCHEME.tables["县区"]


def rows(changed: Table) -> list[Difference]:
    after = replace(SCHEME, tables={"县区": changed})
    return [row for table in differences(SCHEME, after) for row in table.rows]


def test_equal_versions_differ_in_nothing() -> None:
    assert differences(SCHEME, Scheme.from_json(SCHEME.to_dict())) == ()


def test_points_names_and_wording_are_told_apart() -> None:
    node = tree.node_at(TABLE, "1.2")
    changed = replace(node, name="月报报送及时性", points=Fraction(25), wording="迟报一次扣2分")
    (row,) = rows(tree.with_node(TABLE, "1.2", changed))
    assert row.kinds == ("renamed", "points", "wording")
    assert (row.points_before, row.points_after, row.name_before) == ("30", "25", "月报及时性")
    assert row.wording == (("same", "迟报一次扣"), ("gone", "1"), ("new", "2"), ("same", "分"))


def test_a_moved_indicator_is_not_a_new_one() -> None:
    moved, _codes = tree.renumbered(tree.put_below(TABLE, "1.1", ""))
    (row,) = [row for row in rows(moved) if "moved" in row.kinds]
    assert (row.name, row.code_before, row.code_after) == ("培训任务完成率", "1.1", "3")
    assert (row.place_before, row.place_after) == ("素质提升", "")
    assert not [row for row in rows(moved) if {"added", "removed"} & set(row.kinds)]


def test_what_came_and_what_went() -> None:
    grown, _code = tree.added(TABLE, "1", "新的指标")
    assert [row.kinds for row in rows(grown)] == [("added",)]
    shrunk = tree.dropped(TABLE, "2")
    assert [(row.kinds, row.name) for row in rows(shrunk)] == [(("removed",), "典型经验")]
    other = replace(SCHEME, tables={"直属企业": TABLE})
    assert [(table.category, table.kind) for table in differences(SCHEME, other)] == [
        ("直属企业", "added"), ("县区", "removed"),
    ]  # fmt: skip


def test_settings_of_a_table_are_told() -> None:
    (found,) = differences(
        SCHEME, replace(SCHEME, tables={"县区": replace(TABLE, missing="average", grades=())})
    )
    assert found.told == ("未报送时有变动", "等次有变动")


@given(st.text(max_size=40), st.text(max_size=40))
def test_both_texts_can_be_read_off_the_difference(before: str, after: str) -> None:
    words = word_difference(before, after)
    assert "".join(text for step, text in words if step != "new") == before
    assert "".join(text for step, text in words if step != "gone") == after


def test_numbers_are_never_cut_in_two() -> None:
    assert ("gone", "0.5") in word_difference("扣0.5分", "扣0.8分")
