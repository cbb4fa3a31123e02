"""An index of several levels: indicators are aggregated to their parents, parents to theirs, up to one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from changai.core.scoring.composite.aggregate import arithmetic
from changai.core.scoring.fixedpoint import Floats


@dataclass(frozen=True, slots=True)
class Branch:
    """One element of the tree: its name, its parent (empty at the top) and its weight among its siblings."""

    name: str
    parent: str
    weight: float


def aggregate_tree(
    values: Mapping[str, Floats],
    branches: Sequence[Branch],
    aggregate: Callable[[Floats, Floats], Floats] = arithmetic,
) -> dict[str, Floats]:
    """Return the value of every element for every unit; `values` holds the normalised indicators.

    :raises ValueError: when an element is neither an indicator nor has children, or stands in a circle; when a
        weight is negative or siblings all weigh nothing.
    """
    children: dict[str, list[Branch]] = {}
    for branch in branches:
        children.setdefault(branch.parent, []).append(branch)
    found: dict[str, Floats] = {}

    def value_of(name: str, above: tuple[str, ...]) -> Floats:
        if name in above:
            raise ValueError(f"“{name}”的上级关系首尾相连")
        if name in children:
            parts = [value_of(child.name, (*above, name)) for child in children[name]]
            found[name] = aggregate(np.stack(parts, axis=1), _shares(name, children[name]))
        elif name in values:
            found[name] = values[name]
        else:
            raise ValueError(f"“{name}”既不是指标也没有下级")
        return found[name]

    if not children.get(""):
        raise ValueError("没有最上级，或上级关系首尾相连")
    for top in children[""]:
        value_of(top.name, ())
    return found


def effective_weights(branches: Sequence[Branch]) -> dict[str, float]:
    """Return the weight of every element in the whole: its share among its siblings times its parent's weight.

    The branches are those `aggregate_tree` accepts.
    """
    children: dict[str, list[Branch]] = {}
    for branch in branches:
        children.setdefault(branch.parent, []).append(branch)
    found: dict[str, float] = {}

    def spread(parent: str, weight: float) -> None:
        below = children.get(parent, [])
        for child, share in zip(below, _shares(parent, below) if below else (), strict=True):
            found[child.name] = found.get(child.name, 0.0) + weight * float(share)
            spread(child.name, weight * float(share))

    spread("", 1.0)
    return found


def _shares(name: str, children: Sequence[Branch]) -> Floats:
    weights = np.array([child.weight for child in children], dtype=float)
    if weights.min() < 0 or weights.sum() <= 0:
        raise ValueError(f"“{name}”的下级权重不能为负，且不能都为零")
    shares: Floats = weights / weights.sum()
    return shares
