"""Where weights come from: experts' judgements (AHP), and statistics as advice that never writes points."""

from changai.core.scoring.weights.advice import Advice, advise, critic, entropy, principal_components
from changai.core.scoring.weights.ahp import (
    RANDOM_INDEX,
    Ahp,
    Priorities,
    ahp,
    consistency_ratio,
    matrix_of,
    points_of,
)

__all__ = [
    "RANDOM_INDEX",
    "Advice",
    "Ahp",
    "Priorities",
    "advise",
    "ahp",
    "consistency_ratio",
    "critic",
    "entropy",
    "matrix_of",
    "points_of",
    "principal_components",
]
