"""What two versions of an indicator system differ in: the tree, the points, the words."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from changai.core.scoring import Bonus, Node, Penalty, Scheme, Table, Veto
from changai.core.scoring.decimals import show
from changai.core.scoring.rules import RULE

_TOKENS = re.compile(r"\d+(?:\.\d+)?%?|[A-Za-z]+|\s+|.", re.DOTALL)
_ALIKE = 0.6
TEXTS = {
    "data_owner": "数据来源",
    "evidence": "佐证材料",
    "verification": "核验方式",
    "responsible": "责任单位",
    "orientation": "导向说明",
    "nature": "性质",
    "direction": "方向",
    "missing": "未报送时",
    "not_applicable": "不适用时",
    "void": "分母为零时",
}

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Difference:
    """One indicator that is not as it was. `kinds` are some of added, removed, moved, renamed, points, wording,
    rule, texts. `wording` is cut into (same | gone | new, words); `told` says the rest in sentences.
    """

    kinds: tuple[str, ...]
    code_before: str
    code_after: str
    name: str
    name_before: str
    points_before: str
    points_after: str
    place_before: str
    place_after: str
    wording: Words
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableDifference:
    """What one category's table differs in; `kind` is added, removed, or changed. `told` are its settings."""

    category: str
    kind: str
    told: tuple[str, ...]
    rows: tuple[Difference, ...]


def differences(before: Scheme, after: Scheme) -> tuple[TableDifference, ...]:
    """Return the tables that differ, in the order of the later version, removed ones last."""
    found = [
        _tables(before.tables.get(category), table, category) for category, table in after.tables.items()
    ]
    found += [
        TableDifference(category, "removed", (), ())
        for category in before.tables
        if category not in after.tables
    ]
    return tuple(each for each in found if each is not None)


def word_difference(before: str, after: str) -> Words:
    """Return the words of both texts in order: (same | gone | new, words). Numbers are never cut in two."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    pieces: list[tuple[str, str]] = []
    for step, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(("same", "".join(old[first:last])))
            continue
        if last > first:
            pieces.append(("gone", "".join(old[first:last])))
        if end > start:
            pieces.append(("new", "".join(new[start:end])))
    return tuple(pieces)


def _tables(before: Table | None, after: Table, category: str) -> TableDifference | None:
    if before is None:
        return TableDifference(category, "added", (), ())
    rows = (*_node_rows(before, after), *_item_rows(before, after))
    told = tuple(_settings(before, after))
    return TableDifference(category, "changed", told, rows) if rows or told else None


@dataclass(frozen=True)
class _Placed:
    node: Node
    parent: str
    parent_name: str


def _placed(table: Table) -> list[_Placed]:
    found: list[_Placed] = []

    def walk(nodes: Sequence[Node], parent: str, name: str) -> None:
        for node in nodes:
            found.append(_Placed(node, parent, name))
            walk(node.children, node.code, node.name)

    walk(table.nodes, "", "")
    return found


def _node_rows(before: Table, after: Table) -> Iterator[Difference]:
    old, new = _placed(before), _placed(after)
    pairs = _pairs(old, new)
    codes = {pairs[place].node.code: each.node.code for place, each in enumerate(new) if place in pairs}
    for place, each in enumerate(new):
        earlier = pairs.get(place)
        if earlier is None:
            yield _added(each)
        elif (row := _changed(earlier, each, codes)) is not None:
            yield row
    kept = {id(each) for each in pairs.values()}
    for each in old:
        if id(each) not in kept:
            yield Difference(
                ("removed",), each.node.code, "", each.node.name, each.node.name, show(each.node.points), "",
                each.parent_name, "", word_difference(each.node.wording, ""),
            )  # fmt: skip


def _added(each: _Placed) -> Difference:
    return Difference(
        ("added",), "", each.node.code, each.node.name, "", "", show(each.node.points), "", each.parent_name,
        word_difference("", each.node.wording),
    )  # fmt: skip


def _pairs(old: list[_Placed], new: list[_Placed]) -> dict[int, _Placed]:
    """Return for each later indicator (by its place) the earlier one it was: by name and place, by name, by code."""
    found: dict[int, _Placed] = {}
    taken: set[int] = set()

    def take(fits: Callable[[_Placed, _Placed], bool]) -> None:
        for place, each in enumerate(new):
            if place in found:
                continue
            match = next((other for other in old if id(other) not in taken and fits(other, each)), None)
            if match is not None:
                found[place] = match
                taken.add(id(match))

    take(lambda a, b: a.node.name == b.node.name and a.parent_name == b.parent_name)
    take(lambda a, b: a.node.name == b.node.name)
    take(lambda a, b: a.node.code == b.node.code and _is_alike(a.node, b.node))
    take(lambda a, b: _likeness(a.node.name, b.node.name) > _ALIKE)
    return found


def _is_alike(first: Node, second: Node) -> bool:
    if bool(first.children) != bool(second.children):
        return False
    same_rule = first.rule is not None and first.rule == second.rule
    same_words = bool(first.wording) and _likeness(first.wording, second.wording) > _ALIKE
    return same_rule or same_words or _likeness(first.name, second.name) > _ALIKE / 2 or bool(first.children)


def _likeness(first: str, second: str) -> float:
    return SequenceMatcher(None, first, second).ratio()


def _changed(before: _Placed, after: _Placed, codes: dict[str, str]) -> Difference | None:
    old, new = before.node, after.node
    kinds = []
    if codes.get(before.parent, before.parent) != after.parent:
        kinds.append("moved")
    if old.name != new.name:
        kinds.append("renamed")
    if old.points != new.points:
        kinds.append("points")
    if old.wording != new.wording:
        kinds.append("wording")
    if old.rule != new.rule and not (old.points != new.points and _writes_same(old, new)):
        kinds.append("rule")
    told = tuple(_texts(old, new))
    if told:
        kinds.append("texts")
    if not kinds:
        return None
    return Difference(
        tuple(kinds), old.code, new.code, new.name, old.name, show(old.points), show(new.points),
        before.parent_name, after.parent_name, word_difference(old.wording, new.wording), told,
    )  # fmt: skip


def _writes_same(old: Node, new: Node) -> bool:
    """Return whether only shares of changed points moved inside the rule."""
    return (
        (old.rule is None) == (new.rule is None)
        and old.rule is not None
        and new.rule is not None
        and (
            {**RULE.write(old.rule), "shares": 0, "cap": 0} == {**RULE.write(new.rule), "shares": 0, "cap": 0}
        )
    )


def _texts(old: Node, new: Node) -> Iterator[str]:
    for name, label in TEXTS.items():
        first, second = getattr(old, name) or "", getattr(new, name) or ""
        if first != second:
            yield f"{label}：{first or '（空）'} → {second or '（空）'}"


def _item_rows(before: Table, after: Table) -> Iterator[Difference]:
    for part in ("bonus", "penalty", "veto"):
        old = {each.name: each for each in getattr(before, part)}
        new = {each.name: each for each in getattr(after, part)}
        for name, each in new.items():
            earlier = old.get(name)
            if earlier is None:
                yield _item("added", None, each)
            elif earlier != each:
                yield _item("points" if _cap(earlier) != _cap(each) else "rule", earlier, each)
        for name, each in old.items():
            if name not in new:
                yield _item("removed", each, None)


def _item(
    kind: str, before: Bonus | Penalty | Veto | None, after: Bonus | Penalty | Veto | None
) -> Difference:
    named = after or before
    assert named is not None  # noqa: S101 - one of the two is given
    return Difference(
        (kind,), before.code if before else "", after.code if after else "", named.name,
        before.name if before else "", _cap(before), _cap(after), "", "",
        word_difference(_wording(before), _wording(after)),
    )  # fmt: skip


def _cap(item: Bonus | Penalty | Veto | None) -> str:
    cap = getattr(item, "cap", None)
    return "" if cap is None else show(cap)


def _wording(item: Bonus | Penalty | Veto | None) -> str:
    return str(getattr(item, "wording", "") or getattr(item, "document", "") or "")


def _settings(before: Table, after: Table) -> Iterator[str]:
    labels = {
        "full": "满分", "missing": "未报送时", "not_applicable": "不适用时", "void": "分母为零时",
        "bonus_cap": "加分合计上限", "penalty_cap": "减分合计上限",
    }  # fmt: skip
    for name, label in labels.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{label}有变动"
    if before.grades != after.grades:
        yield "等次有变动"
    if before.ranking != after.ranking:
        yield "排名办法有变动"
