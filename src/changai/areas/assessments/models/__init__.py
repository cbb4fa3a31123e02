"""Scoring rounds: facts frozen, points explained, results that can be replayed to the same digest."""

from changai.areas.assessments.models.judging import ReviewedPoints
from changai.areas.assessments.models.results import LeafScore, Score
from changai.areas.assessments.models.rounds import Round

__all__ = ["LeafScore", "ReviewedPoints", "Round", "Score"]
