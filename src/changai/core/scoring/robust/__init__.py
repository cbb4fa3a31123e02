"""How far ranks depend on choices: other weights, errors in the figures, indicators left out.

Nothing here is official: the official rank is fixed by the scheme. These answers are for whoever designs
the next table.
"""

from changai.core.scoring.robust.choices import SobolIndices, policy_places, rank_shift_indices, sobol
from changai.core.scoring.robust.drawn import (
    concentration_of_experts,
    draw_weights,
    spread_to_concentration,
)
from changai.core.scoring.robust.errors import FactError, error_ranks
from changai.core.scoring.robust.report import Robustness, UnitRobustness, robustness

__all__ = [
    "FactError",
    "Robustness",
    "SobolIndices",
    "UnitRobustness",
    "concentration_of_experts",
    "draw_weights",
    "error_ranks",
    "policy_places",
    "rank_shift_indices",
    "robustness",
    "sobol",
    "spread_to_concentration",
]
