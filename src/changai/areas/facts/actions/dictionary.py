"""The dictionary: figures are added and changed here, and the ways to tell them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from changai.areas.facts import policies
from changai.areas.facts.models import Breakdown, Category, Fact, FactPart, Field, FieldVersion
from changai.areas.facts.rules import (
    range_fault,
)
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

__all__ = ["FieldEntry", "add_breakdown", "add_field", "edit_field"]

LONGEST_ITEM = 30


@dataclass(frozen=True)
class FieldEntry:
    """What the office writes about a field."""

    name: str
    unit_of_measure: str
    decimals: int
    definition: str
    source: str
    valid_from: date
    gathering: str = "sum"
    source_key: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    owner_id: int | None = None
    valid_to: date | None = None
    frequency: str = "month"
    direction: str = "neither"
    breakdown_id: int | None = None
    includes_below: bool = False


@action("field.add")
def add_field(actor: Actor, code: str, entry: FieldEntry, *, at: datetime) -> Field:
    """Add a figure to the dictionary and return it.

    :raises Invalid: when the code is taken or the entry contradicts itself
    """
    policies.require_edit_fields(actor)
    _check_entry(entry)
    if Field.objects.filter(code=code).exists():
        raise Invalid(f"编码“{code}”已被使用，请换一个编码。")
    field = Field.objects.create(code=code, **vars(entry))
    _keep_version(actor, field, entry, at)
    record(actor, "field.add", field, at=at, code=code)
    return field


# What the facts of a figure were given by: another source, unit or way of gathering would read them as something else.
_MEANING = {"source": "来源", "unit_of_measure": "计量单位", "gathering": "汇总方式"}


@action("field.edit")
def edit_field(actor: Actor, field_id: int, entry: FieldEntry, *, version: int, at: datetime) -> Field:
    """Change a figure's entry; its code stays.

    :raises RecordMoved: when somebody else changed it after `version` was read
    :raises Invalid: when the entry contradicts itself, or moves the source of a figure that has facts
    """
    policies.require_edit_fields(actor)
    _check_entry(entry)
    field = Field.objects.select_for_update().filter(pk=field_id).first()
    if field is None:
        raise NotVisible
    if field.version != version:
        raise RecordMoved("该数据项刚被他人修改，请刷新后核对再改。")
    _keep_the_meaning(field, entry)
    if field.breakdown_id != entry.breakdown_id and FactPart.objects.filter(fact__field=field).exists():
        raise Invalid("该数据项已有分项数据，不能改变分项方式；如确需改变，请停用后另设新的数据项。")
    changed = [name for name, value in vars(entry).items() if getattr(field, name) != value]
    if not field.versions.exists():
        _keep_version(actor, field, FieldEntry(**{name: getattr(field, name) for name in vars(entry)}), at)
    for name, value in vars(entry).items():
        setattr(field, name, value)
    field.version += 1
    field.save()
    _keep_version(actor, field, entry, at)
    record(actor, "field.edit", field, at=at, fields=changed)
    return field


def _keep_the_meaning(field: Field, entry: FieldEntry) -> None:
    changes = [
        name for attribute, name in _MEANING.items() if getattr(field, attribute) != getattr(entry, attribute)
    ]
    if changes and Fact.objects.filter(field=field).exists():
        raise Invalid(f"该数据项已有数据，不能改变{'、'.join(changes)}；如确需改变，请停用后另设新的数据项。")


def _keep_version(actor: Actor, field: Field, entry: FieldEntry, at: datetime) -> None:
    FieldVersion.objects.create(
        field=field,
        number=field.version,
        entry={name: None if value is None else str(value) for name, value in vars(entry).items()},
        changed_at=at,
        changed_by_name=actor.name,
    )


@action("breakdown.add")
def add_breakdown(actor: Actor, name: str, items: Sequence[str], *, at: datetime) -> Breakdown:
    """Add a way to tell figures apart, with its items in their order.

    :raises Invalid: without a name or two different items, or when there is one of this name
    """
    policies.require_edit_fields(actor)
    faults = []
    if not 1 <= len(name.strip()) <= LONGEST_ITEM:
        faults.append(f"分项方式的名称应为 1—{LONGEST_ITEM} 个字。")
    if Breakdown.objects.filter(name=name.strip()).exists():
        faults.append(f"“{name.strip()}”已经有了，请换一个名称。")
    listed = [item.strip() for item in items if item.strip()]
    if len(listed) < 2 or len(set(listed)) != len(listed) or max(map(len, listed)) > LONGEST_ITEM:
        faults.append(f"请至少写两个分项，一行一个，互不相同，每个不超过 {LONGEST_ITEM} 个字。")
    if faults:
        raise Invalid("分项方式有误，请更正。", faults=tuple(faults))
    breakdown = Breakdown.objects.create(name=name.strip())
    Category.objects.bulk_create(
        Category(breakdown=breakdown, name=item, position=place) for place, item in enumerate(listed, 1)
    )
    record(actor, "breakdown.add", breakdown, at=at, items=listed)
    return breakdown


def _check_entry(entry: FieldEntry) -> None:
    fault = range_fault(entry.minimum, entry.maximum)
    if entry.valid_to is not None and entry.valid_to < entry.valid_from:
        fault = "停用日期不能早于启用日期。"
    if fault:
        raise Invalid(fault)
