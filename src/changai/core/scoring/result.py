"""`result.json`: the printed form of a scorecard. Every number is a decimal string."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from changai.core.scoring.decimals import fixed
from changai.core.scoring.model import Scheme
from changai.core.scoring.scorecard import ENGINE_VERSION, Scorecard
from changai.core.scoring.unitscore import LeafScore, UnitScore
from changai.core.scoring.voice import Language


def result(
    scheme: Scheme, cards: Iterable[Scorecard], *, lang: Language = "zh", seed: int | None = None
) -> dict[str, Any]:
    """Return the whole result of a scheme over its scored categories."""
    return {
        "scheme": {"name": scheme.scheme, "version": scheme.version, "digest": scheme.digest},
        "engine_version": ENGINE_VERSION,
        "seed": None if seed is None else str(seed),
        "tables": [card.result(lang) for card in cards],
    }


def table_result(card: Scorecard, lang: Language) -> dict[str, Any]:
    """Return one category: its digest and its units in the order of their places."""
    return {
        "category": card.table.category,
        "digest": card.digest,
        "units": [_unit(card, each, lang) for each in card.standings(lang)],
    }


def _unit(card: Scorecard, each: UnitScore, lang: Language) -> dict[str, Any]:
    def text(points: int) -> str:
        return fixed(points, card.decimals)

    lowest, highest = each.attainable
    return {
        "unit": each.unit,
        "regular": text(each.regular),
        "bonus": text(each.bonus),
        "penalty": text(each.penalty),
        "veto": text(each.veto),
        "total": card.total_text(each.total),
        "converted": None if each.converted is None else text(each.converted),
        "rank": None if each.rank is None else str(each.rank),
        "grade": each.grade,
        "grade_reason": each.grade_reason,
        "ranked": each.is_ranked,
        "unranked_reasons": list(each.unranked_reasons),
        "attainable": [card.total_text(lowest), card.total_text(highest)],
        "applicable": text(each.applicable),
        "vetoes": list(each.vetoes),
        "leaves": [_leaf(leaf, lang) for leaf in card.leaves(each.unit)],
        "adjustments": [_leaf(item, lang) for item in card.adjustments(each.unit)],
    }


def _leaf(leaf: LeafScore, lang: Language) -> dict[str, Any]:
    return {
        "code": leaf.code,
        "name": leaf.name,
        "points": leaf.points_text,
        "full": leaf.full_text,
        "status": str(leaf.status),
        "sentence": leaf.sentence(lang),
    }
