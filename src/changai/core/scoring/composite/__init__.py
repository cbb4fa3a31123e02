"""Classic composite indices, so that an analyst can rebuild a published one. Nothing here is official scoring."""

from changai.core.scoring.composite.aggregate import (
    AGGREGATIONS,
    arithmetic,
    borda,
    copeland,
    geometric,
    topsis,
    vikor,
)
from changai.core.scoring.composite.condorcet import Kemeny, kemeny
from changai.core.scoring.composite.index import Branch, aggregate_tree, effective_weights
from changai.core.scoring.composite.normalise import NORMALISATIONS, goalposts, normalise
from changai.core.scoring.composite.treat import denominate, impute_by_group, kurtosis, skewness, treat

__all__ = [
    "AGGREGATIONS",
    "NORMALISATIONS",
    "Branch",
    "Kemeny",
    "aggregate_tree",
    "arithmetic",
    "borda",
    "copeland",
    "denominate",
    "effective_weights",
    "geometric",
    "goalposts",
    "impute_by_group",
    "kemeny",
    "kurtosis",
    "normalise",
    "skewness",
    "topsis",
    "treat",
    "vikor",
]
