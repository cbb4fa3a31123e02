"""What a workbook of the tree would change: shown as a preview, then carried out whole or not at all."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from changai.areas.organisations.rules.units import LEVEL_NAMES, naming_faults, nesting_fault


class Verdict(StrEnum):
    """What becomes of one row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(frozen=True)
class RosterRow:
    """One row as written. `None` in an optional field: the workbook does not have that column.

    `addresses` tells the cell of each field; `faults` are those found while the cells were read.
    """

    number: int
    code: str
    name: str
    short_name: str
    level: str
    parent_code: str
    position: int | None = None
    liaison: str | None = None
    telephone: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class StandingUnit:
    """A unit of the tree as it is now; `groups` maps a grouping's name to the group's."""

    code: str
    name: str
    short_name: str
    level: str
    parent_code: str
    position: int
    liaison: str = ""
    telephone: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = True


@dataclass(frozen=True)
class PlannedRow:
    """One row with what becomes of it; `changes` and `faults` are sentences for people."""

    row: RosterRow
    verdict: Verdict
    changes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All rows of a workbook with what becomes of them."""

    rows: tuple[PlannedRow, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict is verdict for row in self.rows)

    @property
    def is_sound(self) -> bool:
        """Return whether the plan can be carried out: there are rows, and none of them is faulty."""
        return bool(self.rows) and not self.count(Verdict.FAULTY)

    @property
    def fingerprint(self) -> str:
        """Return a digest of what was previewed: a plan made again over a changed tree has another one."""
        told = repr([(row.row.number, row.verdict, row.changes, row.faults) for row in self.rows])
        return hashlib.sha256(told.encode()).hexdigest()


def plan_roster(
    rows: Sequence[RosterRow],
    standing: Mapping[str, StandingUnit],
    known_groups: Mapping[str, frozenset[str]],
) -> Plan:
    """Return what the rows would change in the tree of `standing` units, by code.

    Units that the workbook leaves out stay as they are. `known_groups` maps each grouping to its groups.
    """
    times = Counter(row.code for row in rows)
    levels = {code: unit.level for code, unit in standing.items() if unit.is_open}
    levels |= {row.code: row.level for row in rows if row.level in LEVEL_NAMES}
    parents = {code: unit.parent_code for code, unit in standing.items()}
    parents |= {row.code: row.parent_code for row in rows}
    return Plan(
        tuple(_planned(row, _Surroundings(standing, known_groups, times, levels, parents)) for row in rows)
    )


@dataclass(frozen=True)
class _Surroundings:
    """What one row is judged against: the tree as it is, and as the whole workbook would make it."""

    standing: Mapping[str, StandingUnit]
    known_groups: Mapping[str, frozenset[str]]
    times: Mapping[str, int]
    levels: Mapping[str, str]
    parents: Mapping[str, str]


def _planned(row: RosterRow, around: _Surroundings) -> PlannedRow:
    faults = row.faults or tuple(_located(row, around))
    if faults:
        return PlannedRow(row, Verdict.FAULTY, faults=faults)
    unit = around.standing.get(row.code)
    if unit is None:
        place = (f"层级：{LEVEL_NAMES[row.level]}", f"上级：{_shown(row.parent_code)}")
        return PlannedRow(row, Verdict.ADDED, place)
    changes = tuple(_changes(row, unit))
    return PlannedRow(row, Verdict.CHANGED if changes else Verdict.UNCHANGED, changes)


def _located(row: RosterRow, around: _Surroundings) -> list[str]:
    """Return the row's faults, each with the address of its cell."""
    found = [*naming_faults(row.code, row.name, row.short_name).items(), *_standing_faults(row, around)]
    return [f"{row.addresses.get(name, f'第 {row.number} 行')}：{sentence}" for name, sentence in found]


def _standing_faults(row: RosterRow, around: _Surroundings) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    unit = around.standing.get(row.code)
    if around.times[row.code] > 1:
        found.append(
            ("code", f"编号 {row.code} 在文件中出现了 {around.times[row.code]} 次，每个单位只能有一行。")
        )
    if unit is not None and not unit.is_open:
        found.append(("code", f"编号 {row.code} 的单位已撤销，不能再用。"))
    if unit is not None and row.level != unit.level:
        found.append(("level", f"现为“{LEVEL_NAMES[unit.level]}”，层级不能通过导入修改。"))
    found += [("parent_code", fault) for fault in _parent_faults(row, around)]
    if row.telephone and not row.liaison:
        found.append(("telephone", "填了办公电话，没有填联络员姓名。"))
    for grouping, group in row.groups.items():
        if group and group not in around.known_groups.get(grouping, frozenset()):
            found.append((f"group:{grouping}", f"“{grouping}”中没有“{group}”这一类，请先在“分类”页添加。"))
    return found


def _parent_faults(row: RosterRow, around: _Surroundings) -> list[str]:
    if row.parent_code and row.parent_code not in around.levels:
        return [f"没有编号为 {row.parent_code} 的单位，请核对上级编号。"]
    if _loops(row.code, around.parents):
        return ["单位不能成为自己下属单位的下级，请核对上级编号。"]
    unit = around.standing.get(row.code)
    if unit is not None and unit.parent_code == row.parent_code:
        return []  # it stands there already; the workbook does not put it there
    fault = nesting_fault(row.level, around.levels[row.parent_code] if row.parent_code else None)
    return [fault] if fault else []


def _loops(code: str, parents: Mapping[str, str]) -> bool:
    seen = {code}
    above = parents.get(code, "")
    while above:
        if above in seen:
            return True
        seen.add(above)
        above = parents.get(above, "")
    return False


def _changes(row: RosterRow, unit: StandingUnit) -> list[str]:
    pairs: list[tuple[str, object, object]] = [
        ("名称", unit.name, row.name),
        ("简称", unit.short_name, row.short_name),
        ("上级", unit.parent_code, row.parent_code),
        ("排序", unit.position, row.position),
        ("联络员", unit.liaison, row.liaison),
        ("办公电话", unit.telephone, row.telephone),
    ]
    pairs += [(grouping, unit.groups.get(grouping, ""), group) for grouping, group in row.groups.items()]
    return [f"{name}：{_shown(was)} → {_shown(will)}" for name, was, will in pairs if will not in {None, was}]


def _shown(value: object) -> str:
    return "（空）" if value == "" else str(value)
