"""Arranging a draft: indicators added, removed and moved; what stands beside the hundred; tables and their settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from changai.areas.schemes.actions._drafting import open_draft, save_draft, table_at, with_table
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules import LONGEST, tree
from changai.core import scoring
from changai.core.errors import Invalid, NotVisible
from changai.foundation.actions import action
from changai.foundation.actors import Actor

Change = Callable[[scoring.Table], scoring.Table]
Item = scoring.Bonus | scoring.Penalty | scoring.Veto


def _rearranged(
    actor: Actor,
    act: str,
    version_id: int,
    place: int,
    change: Change,
    *,
    sentence: str,
    version: int,
    at: datetime,
) -> SchemeVersion:
    """Change the tree of the table at `place`; codes by position and what waits to be confirmed follow."""
    row = open_draft(actor, version_id, version)
    scheme = scheme_of(row)
    table = table_at(scheme, place)
    try:
        changed, codes = tree.renumbered(change(table), table)
    except tree.Misplaced as misplaced:
        raise Invalid(str(misplaced)) from misplaced
    except KeyError:
        raise NotVisible("这项指标已被删除或移到别处，请刷新后再操作。") from None
    extras = tree.extra_codes(table)
    old = row.waiting.get(table.category, {})
    waiting = {codes.get(code, code): told for code, told in old.items() if code in codes or code in extras}
    leaves = {leaf.code for leaf in changed.leaves} | extras
    return save_draft(
        actor, act, row, replace(scheme, tables=with_table(scheme, table.category, changed)),
        sentence=sentence, at=at,
        waiting={**row.waiting, table.category: {code: each for code, each in waiting.items() if code in leaves}},
    )  # fmt: skip


@action("scheme.add")
def add_indicator(
    actor: Actor, version_id: int, place: int, *, parent: str, name: str, version: int, at: datetime
) -> str:
    """Add an indicator below `parent` ("": first level) and return its code.

    :raises Invalid: without a name, or below the third level
    """
    name = _name(name)
    made: list[str] = []

    def change(table: scoring.Table) -> scoring.Table:
        grown, code = tree.added(table, parent, name)
        made.append(tree.renumbered(grown, table)[1][code])
        return grown

    _rearranged(
        actor, "scheme.add", version_id, place, change, sentence=f"增加指标“{name}”", version=version, at=at
    )
    return made[0]


@action("scheme.drop")
def drop_indicator(
    actor: Actor, version_id: int, place: int, code: str, *, version: int, at: datetime
) -> SchemeVersion:
    """Remove an indicator and all below it."""
    return _rearranged(
        actor, "scheme.drop", version_id, place, lambda table: tree.dropped(table, code),
        sentence=f"删除指标 {code}", version=version, at=at,
    )  # fmt: skip


@action("scheme.move")
def move_indicator(
    actor: Actor,
    version_id: int,
    place: int,
    code: str,
    *,
    step: int = 0,
    below: str | None = None,
    version: int,
    at: datetime,
) -> SchemeVersion:
    """Move an indicator `step` places among its siblings, or below another one (`below`, "": first level)."""

    def change(table: scoring.Table) -> scoring.Table:
        return tree.moved(table, code, step=step) if below is None else tree.put_below(table, code, below)

    return _rearranged(
        actor, "scheme.move", version_id, place, change, sentence=f"移动指标 {code}", version=version, at=at
    )


@action("scheme.put")
def put_item(
    actor: Actor,
    version_id: int,
    place: int,
    item: Item,
    *,
    replaces: str = "",
    version: int,
    at: datetime,
) -> SchemeVersion:
    """Put a bonus, a penalty or a veto beside the table's hundred, in the place of the item `replaces`."""
    row = open_draft(actor, version_id, version)
    scheme = scheme_of(row)
    table = table_at(scheme, place)
    part = _part_of(item)
    items: list[Item] = list(getattr(table, part))
    if replaces:
        items = [item if each.code == replaces else each for each in items]
    else:
        items.append(replace(item, code=_free_code(table, part)))
    waiting = dict(row.waiting.get(table.category, {}))
    waiting.pop(replaces, None)
    changed = replace(table, **{part: tuple(items)})  # type: ignore[arg-type]  # the part holds such items
    return save_draft(
        actor, "scheme.put", row, replace(scheme, tables=with_table(scheme, table.category, changed)),
        sentence=f"{'修改' if replaces else '增加'}“{item.name}”", at=at,
        waiting={**row.waiting, table.category: waiting},
    )  # fmt: skip


@action("scheme.take_out")
def take_out_item(
    actor: Actor, version_id: int, place: int, code: str, *, version: int, at: datetime
) -> SchemeVersion:
    """Take a bonus, a penalty or a veto out of a table."""
    row = open_draft(actor, version_id, version)
    scheme = scheme_of(row)
    table = table_at(scheme, place)
    parts: dict[str, Any] = {
        name: tuple(each for each in getattr(table, name) if each.code != code) for name in PARTS
    }
    waiting = {key: told for key, told in row.waiting.get(table.category, {}).items() if key != code}
    changed = replace(table, **parts)
    return save_draft(
        actor, "scheme.take_out", row, replace(scheme, tables=with_table(scheme, table.category, changed)),
        sentence=f"删除 {code}", at=at, waiting={**row.waiting, table.category: waiting},
    )  # fmt: skip


PARTS = ("bonus", "penalty", "veto")


def _part_of(item: Item) -> str:
    if isinstance(item, scoring.Veto):
        return "veto"
    return "bonus" if isinstance(item, scoring.Bonus) else "penalty"


def _free_code(table: scoring.Table, part: str) -> str:
    letter = {"bonus": "B", "penalty": "P", "veto": "V"}[part]
    used = {each.code for name in PARTS for each in getattr(table, name)}
    number = 1
    while f"{letter}{number}" in used:
        number += 1
    return f"{letter}{number}"


@dataclass(frozen=True)
class TableSettings:
    """What holds for a whole table. Members are those of the scoring core's table."""

    members: Mapping[str, Any]
    grades: Sequence[scoring.Grade]
    ranking: scoring.Ranking


@action("scheme.set")
def set_table(
    actor: Actor, version_id: int, place: int, settings: TableSettings, *, version: int, at: datetime
) -> SchemeVersion:
    """Set what holds for a whole table: its category, full mark, policies, caps, grades and ranking.

    :raises Invalid: when another table is of that category
    """
    row = open_draft(actor, version_id, version)
    scheme = scheme_of(row)
    table = table_at(scheme, place)
    changed = replace(table, **settings.members, grades=tuple(settings.grades), ranking=settings.ranking)
    _check_category(scheme, changed.category, old=table.category)
    waiting = {
        changed.category if category == table.category else category: told
        for category, told in row.waiting.items()
    }
    return save_draft(
        actor, "scheme.set", row, replace(scheme, tables=with_table(scheme, table.category, changed)),
        sentence=f"修改“{changed.category}”表的规定", at=at, waiting=waiting,
    )  # fmt: skip


@action("scheme.add_table")
def add_table(
    actor: Actor, version_id: int, *, category: str, copied: int | None, version: int, at: datetime
) -> int:
    """Add a table of another category, empty or a copy of the table at place `copied`, and return its place.

    :raises Invalid: without a category, or when it has a table
    """
    row = open_draft(actor, version_id, version)
    scheme = scheme_of(row)
    category = category.strip()
    _check_category(scheme, category)
    table = scoring.Table(category, ())
    waiting = dict(row.waiting)
    if copied is not None:
        source = table_at(scheme, copied)
        table = replace(source, category=category)
        waiting[category] = dict(row.waiting.get(source.category, {}))
    save_draft(
        actor, "scheme.add_table", row, replace(scheme, tables={**scheme.tables, category: table}),
        sentence=f"增加“{category}”表", at=at, waiting=waiting,
    )  # fmt: skip
    return len(scheme.tables)


@action("scheme.drop_table")
def drop_table(actor: Actor, version_id: int, place: int, *, version: int, at: datetime) -> SchemeVersion:
    """Remove a whole table; the last one stays.

    :raises Invalid: when it is the only one
    """
    row = open_draft(actor, version_id, version)
    scheme = scheme_of(row)
    table = table_at(scheme, place)
    if len(scheme.tables) < 2:
        raise Invalid("至少要保留一张指标表。")
    tables = {category: each for category, each in scheme.tables.items() if category != table.category}
    waiting = {category: told for category, told in row.waiting.items() if category != table.category}
    return save_draft(
        actor, "scheme.drop_table", row, replace(scheme, tables=tables),
        sentence=f"删除“{table.category}”表", at=at, waiting=waiting,
    )  # fmt: skip


@action("scheme.rename")
def rename_scheme(
    actor: Actor, version_id: int, *, name: str, year: int, label: str, version: int, at: datetime
) -> SchemeVersion:
    """Change how a draft is called.

    :raises RecordMoved: when another version is called so
    """
    row = open_draft(actor, version_id, version)
    if not name.strip() or not label.strip():
        raise Invalid("请填写方案名称和版本号。")
    scheme = replace(scheme_of(row), scheme=name.strip(), year=year, version=label.strip())
    return save_draft(actor, "scheme.rename", row, scheme, sentence="修改名称或版本号", at=at)


def _check_category(scheme: scoring.Scheme, category: str, *, old: str = "") -> None:
    if not category or len(category) > LONGEST["类别"]:
        raise Invalid(f"请填写考核对象类别（不超过 {LONGEST['类别']} 个字）。")
    if category != old and category in scheme.tables:
        raise Invalid(f"已经有“{category}”这张指标表。")


def _name(name: str) -> str:
    plain = name.strip()
    if not plain or len(plain) > LONGEST["指标名称"]:
        raise Invalid(f"请填写指标名称（不超过 {LONGEST['指标名称']} 个字）。")
    return plain
