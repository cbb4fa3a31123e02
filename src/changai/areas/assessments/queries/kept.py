"""The columns a result is kept in: what the scorecard says of a unit and of its indicators."""

from collections.abc import Collection, Mapping
from typing import Any

from changai.areas.schemes.rules import MOST_DECIMALS
from changai.core import scoring

Frozen = dict[str, Any]


def kept_score(card: scoring.Scorecard, code: str) -> dict[str, Any]:
    """Return the columns of the row `Score` of one unit."""
    row, english = card.of(code), card.of(code, "en")
    lowest, highest = row.attainable
    return {
        "total_hundredths": _hundredths(card, row.total),
        "regular_hundredths": _hundredths(card, row.regular),
        "bonus_hundredths": _hundredths(card, row.bonus),
        "penalty_hundredths": _hundredths(card, row.penalty),
        "veto_hundredths": _hundredths(card, row.veto),
        "converted_hundredths": None if row.converted is None else _hundredths(card, row.converted),
        "lowest_hundredths": _hundredths(card, lowest),
        "highest_hundredths": _hundredths(card, highest),
        "rank": row.rank,
        "grade": row.grade or "",
        "grade_reason": row.grade_reason,
        "grade_reason_en": english.grade_reason,
        "unranked_reason": "；".join(row.unranked_reasons),
        "unranked_reason_en": "; ".join(english.unranked_reasons),
        "branches": _branches(card, code),
    }


def _branches(card: scoring.Scorecard, code: str) -> list[Frozen]:
    inner = {node.code: node for node in card.nodes(code)}
    leaves = {leaf.code: leaf for leaf in card.leaves(code)}
    rows = []
    for node, level in card.table.walk():
        found = inner.get(node.code) or (leaves[node.code] if level == 1 else None)
        if found is not None:
            rows.append(
                {
                    "code": node.code,
                    "name": node.name,
                    "level": level,
                    "points": _hundredths(card, found.points),
                    "full": _hundredths(card, found.full),
                    "applicable": _hundredths(card, getattr(found, "applicable", found.full)),
                    "is_reweighted": getattr(found, "is_reweighted", False),
                }
            )
    return rows


def kept_leaves(
    card: scoring.Scorecard, code: str, by_field: Mapping[str, Frozen], *, only: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Return the columns of the rows `LeafScore` of one unit, or of those of its indicators that are in `only`.

    :param by_field: the frozen rows of that unit
    """
    leaves = (*card.leaves(code), *card.adjustments(code))
    return [
        {
            "kind": leaf.kind,
            "code": leaf.code,
            "name": leaf.name,
            "position": place,
            "points_hundredths": _hundredths(card, leaf.points),
            "full_hundredths": _hundredths(card, leaf.full),
            "status": str(leaf.status),
            "policy": leaf.outcome.policy,
            "sentence": leaf.sentence("zh"),
            "sentence_en": leaf.sentence("en"),
            "inputs": [by_field[fact.field] for fact in leaf.facts if fact.field in by_field],
        }
        for place, leaf in enumerate(leaves, start=1)
        if only is None or leaf.code in only
    ]


def _hundredths(card: scoring.Scorecard, points: int) -> int:
    scale: int = 10 ** (MOST_DECIMALS - card.decimals)
    return int(points) * scale


def kept_result(card: scoring.Scorecard) -> dict[str, Any]:
    """Return every unit's points and place as they are printed; indicators and sentences have rows of their own."""
    units = [
        {
            "unit": row.unit,
            "regular": card.text(row.regular),
            "bonus": card.text(row.bonus),
            "penalty": card.text(row.penalty),
            "veto": card.text(row.veto),
            "total": card.text(row.total),
            "converted": None if row.converted is None else card.text(row.converted),
            "rank": None if row.rank is None else str(row.rank),
            "grade": row.grade,
            "ranked": row.is_ranked,
            "attainable": [card.text(points) for points in row.attainable],
            "applicable": card.text(row.applicable),
            "vetoes": list(row.vetoes),
        }
        for row in card.standings()
    ]
    return {"category": card.table.category, "digest": card.digest, "units": units}
