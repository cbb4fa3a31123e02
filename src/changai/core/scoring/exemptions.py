"""Indicators the organiser declared not applicable before the assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from changai.core.scoring.facts import Facts
from changai.core.scoring.fixedpoint import Mask
from changai.core.scoring.model import Table

Exemptions = Mapping[tuple[str, str], str] | Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Exempted:
    """Approved exemptions, spread from inner nodes to their leaves."""

    reasons: Mapping[tuple[str, str], str]
    masks: Mapping[str, Mask]
    by_leaf: Mapping[tuple[str, str], str]

    def reason(self, unit: str, code: str) -> str:
        """Return why this unit is exempt from this leaf, empty when no reason was given."""
        return self.by_leaf.get((unit, code), "")


def spread(table: Table, facts: Facts, exemptions: Exemptions) -> Exempted:
    """Return the exemptions of all leaves.

    :raises KeyError: when an exemption names an unknown unit or node.
    """
    reasons = dict(exemptions) if isinstance(exemptions, Mapping) else dict.fromkeys(exemptions, "")
    nodes = {node.code: node for node, _ in table.walk()} if reasons else {}
    masks: dict[str, Mask] = {}
    by_leaf: dict[tuple[str, str], str] = {}
    for (unit, code), reason in reasons.items():
        for leaf in nodes[code].leaves():
            mask = masks.setdefault(leaf.code, np.zeros(len(facts.units), dtype=bool))
            mask[facts.place(unit)] = True
            by_leaf[unit, leaf.code] = reason
    return Exempted(reasons, masks, by_leaf)
