"""The tree of one table while it is written: pure steps that lose no indicator and keep codes in order."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from changai.core.scoring import Node, Table

MOST_LEVELS = 3
_ZERO = Fraction(0)
_POSITIONAL = re.compile(r"\d+(?:\.\d+){0,2}")


class Misplaced(ValueError):
    """A step the tree does not allow; the text is the sentence that says why."""


def node_at(table: Table, code: str) -> Node:
    """Return the node of a code.

    :raises KeyError: when there is none
    """
    for node, _level in table.walk():
        if node.code == code:
            return node
    raise KeyError(code)


def parent_code(table: Table, code: str) -> str:
    """Return the code of the node above, "" for a first-level one.

    :raises KeyError: when there is no such node
    """
    if any(node.code == code for node in table.nodes):
        return ""
    for node, _level in table.walk():
        if any(child.code == code for child in node.children):
            return node.code
    raise KeyError(code)


def level_of(table: Table, code: str) -> int:
    """Return the level of a node, counted from 1.

    :raises KeyError: when there is none
    """
    return next(level for node, level in table.walk() if node.code == code) if code else 0


def with_node(table: Table, code: str, node: Node) -> Table:
    """Return the table with the node of a code replaced.

    :raises KeyError: when there is none
    """
    node_at(table, code)
    return _mapped(table, lambda each: node if each.code == code else each)


def with_points(table: Table, points: Mapping[str, Fraction]) -> Table:
    """Return the table with these points, by code.

    :raises KeyError: when a code is unknown
    """
    for code in points:
        node_at(table, code)
    return _mapped(table, lambda each: replace(each, points=points.get(each.code, each.points)))


def added(table: Table, parent: str, name: str) -> tuple[Table, str]:
    """Return the table with a new last node below `parent` ("" for the first level), and its code.

    A leaf that gets its first child hands its rule and points on to a child of its own name.

    :raises Misplaced: below the third level
    :raises KeyError: when there is no such parent
    """
    if level_of(table, parent) >= MOST_LEVELS:
        raise Misplaced(f"指标最多 {MOST_LEVELS} 级，不能再设下级。")
    fresh = _fresh_code(table, parent)
    if not parent:
        return replace(table, nodes=(*table.nodes, Node(fresh, name, _ZERO))), fresh
    above = node_at(table, parent)
    if above.children or above.rule is None:
        grown = replace(above, children=(*above.children, Node(fresh, name, _ZERO)))
        return with_node(table, parent, grown), fresh
    first = replace(above, code=fresh)
    second = f"{parent}.2"
    inner = Node(above.code, above.name, above.points, children=(first, Node(second, name, _ZERO)))
    return with_node(table, parent, inner), second


def dropped(table: Table, code: str) -> Table:
    """Return the table without a node and what is below it.

    :raises KeyError: when there is none
    """
    node_at(table, code)
    return replace(table, nodes=_without(table.nodes, code))


def moved(table: Table, code: str, *, step: int) -> Table:
    """Return the table with a node `step` places further down (negative: up) among its siblings.

    :raises Misplaced: when it stands at the edge already
    """
    siblings = _siblings(table, parent_code(table, code))
    place = next(index for index, node in enumerate(siblings) if node.code == code)
    target = place + step
    if not 0 <= target < len(siblings):
        raise Misplaced("已经在最前或最后，不能再移动。")
    order = list(siblings)
    order.insert(target, order.pop(place))
    return _with_siblings(table, parent_code(table, code), tuple(order))


def put_below(table: Table, code: str, parent: str) -> Table:
    """Return the table with a node, and all below it, as the last child of `parent` ("": first level).

    :raises Misplaced: below itself, below a scored indicator, or deeper than three levels
    """
    node = node_at(table, code)
    if parent and any(each.code == parent for each in _branch(node)):
        raise Misplaced("不能移到自己的下级之中。")
    if parent and (above := node_at(table, parent)).rule is not None and not above.children:
        raise Misplaced(f"“{above.name}”是末级指标，已有评分规则，不能再放入下级。")
    if level_of(table, parent) + _height(node) > MOST_LEVELS:
        raise Misplaced(f"移过去后会超过 {MOST_LEVELS} 级。")
    without = dropped(table, code)
    return _with_siblings(without, parent, (*_siblings(without, parent), node))


def renumbered(table: Table, before: Table | None = None) -> tuple[Table, dict[str, str]]:
    """Return the table with codes by position (1, 1.1, 1.1.1), and the new code of each old one.

    A table whose codes were not by position before (`before`) keeps its own.
    """
    if before is not None and not is_positional(before):
        return table, {node.code: node.code for node, _level in table.walk()}
    codes: dict[str, str] = {}

    def number(nodes: tuple[Node, ...], prefix: str) -> tuple[Node, ...]:
        made = []
        for place, node in enumerate(nodes, start=1):
            code = f"{prefix}{place}"
            codes[node.code] = code
            made.append(replace(node, code=code, children=number(node.children, f"{code}.")))
        return tuple(made)

    nodes = number(table.nodes, "")
    breakers = tuple(
        codes.get(name, name) for name in table.ranking.tie_breakers if name not in _gone(table, codes)
    )
    return replace(table, nodes=nodes, ranking=replace(table.ranking, tie_breakers=breakers)), codes


def is_positional(table: Table) -> bool:
    """Return whether every code says where its node stands."""
    numbered, codes = renumbered(table)
    return bool(numbered.nodes) is bool(table.nodes) and all(old == new for old, new in codes.items())


def extra_codes(table: Table) -> set[str]:
    """Return the codes of what stands beside the hundred."""
    codes = [bonus.code for bonus in table.bonus] + [penalty.code for penalty in table.penalty]
    return {*codes, *(veto.code for veto in table.veto)}


def _gone(table: Table, codes: Mapping[str, str]) -> set[str]:
    return {name for name in table.ranking.tie_breakers if _POSITIONAL.fullmatch(name) and name not in codes}


def _mapped(table: Table, change: Callable[[Node], Node]) -> Table:
    def over(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(change(replace(node, children=over(node.children))) for node in nodes)

    return replace(table, nodes=over(table.nodes))


def _without(nodes: tuple[Node, ...], code: str) -> tuple[Node, ...]:
    return tuple(replace(node, children=_without(node.children, code)) for node in nodes if node.code != code)


def _siblings(table: Table, parent: str) -> tuple[Node, ...]:
    return node_at(table, parent).children if parent else table.nodes


def _with_siblings(table: Table, parent: str, nodes: tuple[Node, ...]) -> Table:
    if not parent:
        return replace(table, nodes=nodes)
    return with_node(table, parent, replace(node_at(table, parent), children=nodes))


def _branch(node: Node) -> list[Node]:
    return [node, *(below for child in node.children for below in _branch(child))]


def _height(node: Node) -> int:
    return 1 + max((_height(child) for child in node.children), default=0)


def _fresh_code(table: Table, parent: str) -> str:
    used = {node.code for node, _level in table.walk()}
    used |= extra_codes(table)
    prefix = f"{parent}." if parent else ""
    place = len(_siblings(table, parent)) + 1
    while f"{prefix}{place}" in used:
        place += 1
    return f"{prefix}{place}"
