"""Classic composite indices, so that an analyst can rebuild a published one. Nothing here is official scoring."""

from changai.core.scoring.composite.aggregate import AGGREGATIONS, borda, copeland, geometric, topsis, vikor
from changai.core.scoring.composite.index import Branch, aggregate_tree
from changai.core.scoring.composite.normalise import NORMALISATIONS, goalposts, normalise
from changai.core.scoring.composite.treat import impute_by_group, kurtosis, skewness, treat

__all__ = [
    "AGGREGATIONS",
    "NORMALISATIONS",
    "Branch",
    "aggregate_tree",
    "borda",
    "copeland",
    "geometric",
    "goalposts",
    "impute_by_group",
    "kurtosis",
    "normalise",
    "skewness",
    "topsis",
    "treat",
    "vikor",
]
