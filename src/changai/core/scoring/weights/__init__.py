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
from changai.core.scoring.weights.benefit import benefit_of_the_doubt
from changai.core.scoring.weights.components import Factors, factors, varimax

__all__ = [
    "RANDOM_INDEX",
    "Advice",
    "Ahp",
    "Factors",
    "Priorities",
    "advise",
    "ahp",
    "benefit_of_the_doubt",
    "consistency_ratio",
    "critic",
    "entropy",
    "factors",
    "matrix_of",
    "points_of",
    "principal_components",
    "varimax",
]
