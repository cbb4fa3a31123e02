"""What people do with a round: open it, judge, score, publish."""

from changai.areas.assessments.actions.judging import give_points
from changai.areas.assessments.actions.opening import drop_round, open_round
from changai.areas.assessments.actions.publishing import publish_round
from changai.areas.assessments.actions.scoring import score_round

__all__ = ["drop_round", "give_points", "open_round", "publish_round", "score_round"]
