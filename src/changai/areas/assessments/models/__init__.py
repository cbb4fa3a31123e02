"""Scoring rounds: facts frozen, points explained, results that can be replayed to the same digest."""

from changai.areas.assessments.models.judging import ReviewedPoints
from changai.areas.assessments.models.objections import Objection
from changai.areas.assessments.models.results import LeafScore, Score
from changai.areas.assessments.models.rounds import FactsVersion, Participant, Round

__all__ = ["FactsVersion", "LeafScore", "Objection", "Participant", "ReviewedPoints", "Round", "Score"]
