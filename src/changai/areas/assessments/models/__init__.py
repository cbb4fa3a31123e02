"""Scoring rounds: facts frozen, points explained, results that can be replayed to the same digest."""

from changai.areas.assessments.models.amendments import (
    Amendment,
)
from changai.areas.assessments.models.checking import Exemption, LeafOwner, LeafReview, SelfScore
from changai.areas.assessments.models.commending import Accountability, Commendation
from changai.areas.assessments.models.judging import Panelist, PanelPoints, ReviewedPoints
from changai.areas.assessments.models.objections import Objection
from changai.areas.assessments.models.results import LeafScore, Score
from changai.areas.assessments.models.rounds import FactsVersion, Participant, Round
from changai.areas.assessments.models.uses import Sensitivity
from changai.areas.assessments.models.weighing import Expert, PairJudgement, Weighing

__all__ = [
    "Accountability",
    "Amendment",
    "Commendation",
    "Exemption",
    "Expert",
    "FactsVersion",
    "LeafOwner",
    "LeafReview",
    "LeafScore",
    "Objection",
    "PairJudgement",
    "PanelPoints",
    "Panelist",
    "Participant",
    "ReviewedPoints",
    "Round",
    "Score",
    "SelfScore",
    "Sensitivity",
    "Weighing",
]
