"""What people do with a round: open it, freeze, judge, score, ask the units, settle objections, publish."""

from changai.areas.assessments.actions.confirming import (
    ask_units,
    close_confirmation,
    confirm_facts,
    halt_notice,
    start_notice,
)
from changai.areas.assessments.actions.freezing import correct_figures, freeze_round
from changai.areas.assessments.actions.judging import give_points
from changai.areas.assessments.actions.objecting import (
    accept_reply,
    ask_review,
    name_reviewer,
    pass_deadline,
    press_clock,
    raise_objection,
    reply_to_objection,
    review_objection,
    withdraw_objection,
)
from changai.areas.assessments.actions.opening import drop_round, open_round
from changai.areas.assessments.actions.publishing import publish_round
from changai.areas.assessments.actions.scoring import score_round

__all__ = [
    "accept_reply",
    "ask_review",
    "ask_units",
    "close_confirmation",
    "confirm_facts",
    "correct_figures",
    "drop_round",
    "freeze_round",
    "give_points",
    "halt_notice",
    "name_reviewer",
    "open_round",
    "pass_deadline",
    "press_clock",
    "publish_round",
    "raise_objection",
    "reply_to_objection",
    "review_objection",
    "score_round",
    "start_notice",
    "withdraw_objection",
]
