"""What changes the table of figures."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from changai.areas.facts import policies
from changai.areas.facts.models import Fact, FactPart, Field
from changai.areas.facts.rules import (
    NOT_REPORTED,
    REPORTED,
    FactInput,
    NotAFigure,
    check_size,
    differs,
    range_of,
    written,
)
from changai.areas.organisations import queries as organisations
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.periods import Month
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.rows import insert_rows, insert_values, update_rows

__all__ = [
    "Accepted",
    "Entered",
    "FactInput",
    "UnitFigures",
    "accept_facts",
    "accept_month",
    "enter_figures",
]


@dataclass(frozen=True)
class Accepted:
    """How many figures are new, replace an earlier one, or say what was known already."""

    added: int
    superseded: int
    unchanged: int


@dataclass(frozen=True)
class UnitFigures:
    """The figures of a month that one record gives of its unit; `origin_label` names the record."""

    unit_id: int
    figures: Sequence[FactInput]
    origin_id: int | str
    origin_label: str


@dataclass(frozen=True)
class Entered:
    """A figure the office enters; `was` is what the page had shown. None means not reported."""

    field_id: int
    value: Decimal | None
    was: Decimal | None


Told = tuple[UnitFigures, FactInput]


@action("fact.accept")
def accept_facts(
    actor: Actor,
    *,
    unit_id: int,
    month: Month,
    figures: Sequence[FactInput],
    origin_type: str,
    origin_id: int | str,
    origin_label: str,
    at: datetime,
) -> Accepted:
    """Take over one unit's figures of a month from one record.

    A figure that says what is in force already adds nothing; another value supersedes, never overwrites.

    :raises NotVisible: when the unit is outside the actor's reach
    :raises Invalid: when a value does not go with its status, or a figure comes twice
    """
    policies.require_accept(actor, unit_id)
    unit = organisations.unit_for(actor, unit_id, "report.review")
    given = UnitFigures(unit_id, figures, origin_id, origin_label)
    outcome = _take_over(actor, [given], month, origin_type, at)
    record(
        actor,
        "fact.accept",
        unit,
        at=at,
        month=str(month),
        origin=f"{origin_type} {origin_id}",
        **vars(outcome),
    )
    return outcome


@action("fact.accept_many")
def accept_month(
    actor: Actor, given: Sequence[UnitFigures], *, month: Month, origin_type: str, at: datetime
) -> Accepted:
    """Take over the figures that many units' records give of one month, all at once.

    :raises NotVisible: when a unit is outside the actor's reach
    :raises Invalid: when a value does not go with its status, or a figure comes twice
    """
    units = {one.unit_id for one in given}
    for unit_id in units:
        policies.require_accept(actor, unit_id)
    if organisations.visible_to(actor, "report.review").filter(pk__in=units).count() != len(units):
        raise NotVisible
    outcome = _take_over(actor, given, month, origin_type, at)
    record(
        actor,
        "fact.accept_many",
        "facts.fact",
        at=at,
        month=str(month),
        origin=origin_type,
        units=len(units),
        **vars(outcome),
    )
    return outcome


def _take_over(
    actor: Actor, given: Sequence[UnitFigures], month: Month, origin_type: str, at: datetime
) -> Accepted:
    for one in given:
        _check_figures(one.figures)
    told = [(one, figure) for one in given for figure in one.figures]
    in_force = _in_force({one.unit_id for one in given}, month, {figure.field_id for _one, figure in told})
    parts = _parts_of(in_force.values())
    news = [
        (one, figure)
        for one, figure in told
        if _is_news(in_force.get((one.unit_id, figure.field_id)), figure, parts)
    ]
    replaced = [in_force[key] for one, figure in news if (key := (one.unit_id, figure.field_id)) in in_force]
    # First the old ones step back: the database holds one figure in force for unit, field and month.
    Fact.objects.filter(pk__in=[fact.pk for fact in replaced]).update(is_current=False)
    same = {
        "month": month.first_on,
        "origin_type": origin_type,
        "accepted_by_name": actor.name,
        "accepted_at": at,
    }
    _keep(news, replaced, same)
    return Accepted(len(news) - len(replaced), len(replaced), len(told) - len(news))


def _keep(news: Sequence[Told], replaced: Sequence[Fact], same: Mapping[str, Any]) -> None:
    """Write the new figures. Most stand alone; only those that replace one or have items need to learn their key."""
    before = {(fact.unit_id, fact.field_id) for fact in replaced}
    linked: list[Told] = []
    alone: list[Told] = []
    for one, figure in news:
        is_linked = figure.parts or (one.unit_id, figure.field_id) in before
        (linked if is_linked else alone).append((one, figure))
    insert_values(Fact, _OWN, (_own(one, figure) for one, figure in alone), **same)
    added = Fact.objects.bulk_create(
        Fact(**dict(zip(_OWN, _own(one, figure), strict=True)), **same) for one, figure in linked
    )
    _link(replaced, added)
    insert_rows(
        [
            FactPart(fact=fact, category_id=category_id, value=value)
            for fact, (_one, figure) in zip(added, linked, strict=True)
            for category_id, value in figure.parts
        ]
    )


_OWN = ("unit_id", "field_id", "value", "status", "origin_id", "origin_label")


def _own(one: UnitFigures, figure: FactInput) -> tuple[int, int, Decimal | None, str, str, str]:
    """Return what a figure has of its own, as `_OWN` names it."""
    return one.unit_id, figure.field_id, figure.value, figure.status, str(one.origin_id), one.origin_label


@action("fact.enter")
def enter_figures(
    actor: Actor, unit_id: int, *, month: Month, figures: Sequence[Entered], at: datetime
) -> Accepted:
    """Set one unit's figures of a month that the office hands down or verifies itself.

    :raises NotVisible: when the unit is outside the actor's reach
    :raises Invalid: when a figure has another source, is too fine, or out of the range of its field
    :raises RecordMoved: when somebody else set a figure after the page was read
    """
    policies.require_enter(actor)
    known = {field.pk: field for field in Field.objects.filter(pk__in=[given.field_id for given in figures])}
    if any(field.source != Field.Source.OFFICE for field in known.values()) or len(known) != len(figures):
        raise Invalid("只能填写由办公室下达或核验的数据，请刷新页面后重试。")
    in_force = _in_force({unit_id}, month, known)
    for given in figures:
        _check_size(given, known[given.field_id])
        _check_unmoved(given, in_force.get((unit_id, given.field_id)), known[given.field_id])
    return accept_facts(
        actor,
        unit_id=unit_id,
        month=month,
        figures=[
            FactInput(given.field_id, given.value, NOT_REPORTED if given.value is None else REPORTED)
            for given in figures
        ],
        origin_type="facts.office",
        origin_id=unit_id,
        origin_label=f"办公室下达和核验 {month.label}",
        at=at,
    )


def _check_size(given: Entered, field: Field) -> None:
    if given.value is None:
        return
    minimum, maximum = range_of(field.unit_of_measure, field.minimum, field.maximum)
    try:
        check_size(given.value, decimals=field.decimals, minimum=minimum, maximum=maximum)
    except NotAFigure as fault:
        raise Invalid(f"“{field.name}”{fault}") from fault


def _check_unmoved(given: Entered, fact: Fact | None, field: Field) -> None:
    now = fact.value if fact else None
    if now == given.was:
        return
    who = fact.accepted_by_name if fact else "他人"
    raise RecordMoved(
        f"“{field.name}”刚被 {who} 改为 {written(now) or '未报送'}，您填的没有保存，请核对后再填。"
    )


def _check_figures(figures: Sequence[FactInput]) -> None:
    if not all(given.is_sound for given in figures):
        raise Invalid("已报送的数据必须有数值，其他状态不得带数值；分项之和应等于总数。")
    if len({given.field_id for given in figures}) != len(figures):
        raise Invalid("同一数据项出现了两次，请核对来源。")


def _in_force(
    unit_ids: Collection[int], month: Month, field_ids: Collection[int]
) -> dict[tuple[int, int], Fact]:
    rows = Fact.objects.select_for_update().filter(
        unit_id__in=unit_ids, month=month.first_on, field_id__in=field_ids, is_current=True
    )
    return {(fact.unit_id, fact.field_id): fact for fact in rows}


def _parts_of(facts: Iterable[Fact]) -> dict[int, list[tuple[int, Decimal]]]:
    found: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    rows = FactPart.objects.filter(fact__in=[fact.pk for fact in facts])
    for fact_id, category_id, value in rows.values_list("fact_id", "category_id", "value"):
        found[fact_id].append((category_id, value))
    return found


def _is_news(fact: Fact | None, given: FactInput, parts: Mapping[int, Sequence[tuple[int, Decimal]]]) -> bool:
    return fact is None or differs(fact.value, fact.status, given, parts=parts.get(fact.pk, ()))


def _link(replaced: Sequence[Fact], added: Sequence[Fact]) -> None:
    successors = {(fact.unit_id, fact.field_id): fact for fact in added}
    for fact in replaced:
        fact.is_current = False
        fact.superseded_by = successors[fact.unit_id, fact.field_id]
    update_rows(replaced, ["superseded_by"])
