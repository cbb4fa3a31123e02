"""The steps that arrange a tree: nothing is lost, codes stay unique and by position."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.schemes.rules import tree
from changai.areas.schemes.tests.make import scheme_dict
from changai.core.scoring import Scheme, Table

TABLE = Scheme.from_json(scheme_dict()).tables["县区"]
KINDS = st.sampled_from(["add", "up", "down", "below", "drop"])
STEPS = st.lists(st.tuples(KINDS, st.integers(0, 9), st.integers(0, 9)), max_size=12)


def step(table: Table, kind: str, first: int, second: int) -> Table:
    codes = [node.code for node, _level in table.walk()]
    if not codes:
        return table
    code, other = codes[first % len(codes)], ["", *codes][second % (len(codes) + 1)]
    if kind == "add":
        return tree.added(table, other, f"新{first}{second}")[0]
    if kind == "below":
        return tree.put_below(table, code, other)
    if kind == "drop":
        return tree.dropped(table, code)
    return tree.moved(table, code, step=-1 if kind == "up" else 1)


@given(STEPS)
def test_whatever_is_arranged_codes_are_unique_and_by_position(steps: list[tuple[str, int, int]]) -> None:
    table = TABLE
    for kind, first, second in steps:
        before = Counter(node.name for node, _level in table.walk())
        try:
            changed = step(table, kind, first, second)
        except tree.Misplaced:
            continue
        table, _codes = tree.renumbered(changed, table)
        assert tree.is_positional(table)
        assert max((level for _node, level in table.walk()), default=0) <= tree.MOST_LEVELS
        after = Counter(node.name for node, _level in table.walk())
        if kind in {"up", "down", "below"}:
            assert after == before
        elif kind == "add" and before:
            assert all(after[name] >= count for name, count in before.items())


def test_a_scored_indicator_hands_its_rule_to_its_first_child() -> None:
    changed, code = tree.added(TABLE, "1.1", "新指标")
    inner = tree.node_at(changed, "1.1")
    assert (inner.rule, code) == (None, "1.1.2")
    assert [(child.name, child.points, child.rule is None) for child in inner.children] == [
        ("培训任务完成率", 60, False), ("新指标", 0, True),
    ]  # fmt: skip


def test_what_the_tree_does_not_allow_is_told() -> None:
    for act in (
        lambda: tree.put_below(TABLE, "1", "1.1"),
        lambda: tree.put_below(TABLE, "2", "1.1"),
        lambda: tree.moved(TABLE, "1", step=-1),
    ):
        with pytest.raises(tree.Misplaced):
            act()
    with pytest.raises(KeyError):
        tree.with_points(TABLE, {"9": Fraction(1)})
