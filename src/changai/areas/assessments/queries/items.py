"""Everything of a table that decides a result: indicators, bonus, penalty and veto items, listed in one place."""

from dataclasses import dataclass

from changai.areas.assessments.models import LeafScore, Round, Score
from changai.areas.assessments.queries.frozen import fields_of, spoken
from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries import scheme_of, veto_effect
from changai.core import scoring


@dataclass(frozen=True)
class ScoredItem:
    """One item of a table: the fields it reads, and the data owner the scheme names for it, if any.

    `veto` is there for a veto, which has no points of its own.
    """

    code: str
    name: str
    fields: tuple[str, ...]
    data_owner: str = ""
    veto: scoring.Veto | None = None


def table_of_round(round_: Round) -> scoring.Table:
    """Return the table a round scores by."""
    return scheme_of(round_.scheme).tables[round_.category]


def scored_items(round_: Round) -> tuple[ScoredItem, ...]:
    """Return what a round is scored by in table order: indicators, bonus, penalty and veto items.

    Objections, corrections, the review of figures and the register of corrections all take an item from here.
    """
    table = table_of_round(round_)
    pointed: list[scoring.Node | scoring.Bonus | scoring.Penalty] = [
        *table.leaves, *table.bonus, *table.penalty,
    ]  # fmt: skip
    items = [
        ScoredItem(item.code, item.name, item.rule.fields() if item.rule else (), item.data_owner.strip())
        for item in pointed
    ]
    vetoes = [ScoredItem(veto.code, veto.name, (veto.when,), veto=veto) for veto in table.veto]
    return (*items, *vetoes)


def item_of(round_: Round, code: str) -> ScoredItem | None:
    """Return one item of a round's table, None when the table has none of this code."""
    return next((item for item in scored_items(round_) if item.code == code), None)


def item_name(round_: Round, code: str) -> str:
    """Return what an item is called, empty when the table has none of this code."""
    item = item_of(round_, code)
    return item.name if item else ""


def fields_of_item(round_: Round, code: str) -> tuple[str, ...]:
    """Return the fields that an item of a round's table reads."""
    item = item_of(round_, code)
    return item.fields if item else ()


@dataclass(frozen=True)
class VetoLine:
    """A veto of the table as it stands for one unit: its figure in words (None is not reported), what it does."""

    code: str
    name: str
    figure: str | None
    effect: str
    is_struck: bool


def veto_lines(round_: Round, unit: Unit) -> tuple[VetoLine, ...]:
    """Return every veto of the table and whether it struck the unit in the kept result."""
    vetoes = [item for item in scored_items(round_) if item.veto]
    if not vetoes:
        return ()
    struck = _struck(round_, unit)
    units = scheme_of(round_.scheme).units
    rows = fields_of(round_.frozen_facts).get(unit.code, {})
    return tuple(
        VetoLine(
            item.code,
            item.name,
            spoken(rows.get(item.fields[0], {}).get("value"), units.get(item.fields[0], "")),
            veto_effect(item.veto),
            item.code in struck,
        )
        for item in vetoes
        if item.veto
    )


def challengeable(score: Score) -> dict[str, str]:
    """Return the names, by code, of what a unit may object to: every item it has points of, every veto that struck."""
    leaves = LeafScore.objects.filter(score=score).order_by("position", "pk")
    struck = _struck(score.round, score.unit)
    vetoes = {item.code: item.name for item in scored_items(score.round) if item.veto and item.code in struck}
    return dict(leaves.values_list("code", "name")) | vetoes


def _struck(round_: Round, unit: Unit) -> set[str]:
    rows = (row for row in round_.result.get("units", []) if row["unit"] == unit.code)
    return {code for row in rows for code in row["vetoes"]}
