"""What people do with a round: open it, freeze, judge, score, ask the units, settle objections, publish."""

from changai.areas.assessments.actions.amending import (
    approve_amendment,
    propose_amendment,
    refuse_amendment,
    withdraw_amendment,
)
from changai.areas.assessments.actions.checking import (
    OwnPoints,
    give_own_points,
    hand_in_self_check,
    reopen_self_check,
)
from changai.areas.assessments.actions.commending import (
    decide_commendation,
    drop_commendation,
    move_accountability,
    notice_commendation,
    propose_accountability,
    return_commendation,
    save_commendation,
    settle_objection,
    start_commendation,
    take_objection,
)
from changai.areas.assessments.actions.confirming import (
    ask_units,
    close_confirmation,
    confirm_facts,
    halt_notice,
    start_notice,
)
from changai.areas.assessments.actions.exempting import ask_exemption, settle_exemption
from changai.areas.assessments.actions.freezing import correct_figures, freeze_round, take_correction
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
from changai.areas.assessments.actions.panels import dismiss_panelist, give_panel_points, name_panelist
from changai.areas.assessments.actions.publishing import publish_round
from changai.areas.assessments.actions.reviewing import (
    SiteFinding,
    Verdict,
    assign_owner,
    review_figures,
    settle_doubt,
    take_verification,
)
from changai.areas.assessments.actions.scoring import score_round
from changai.areas.assessments.actions.using import (
    ask_bands,
    keep_bands,
)
from changai.areas.assessments.actions.weighing import (
    close_weighing,
    hand_in_pairs,
    judge_pairs,
    open_weighing,
)

__all__ = [
    "OwnPoints",
    "SiteFinding",
    "Verdict",
    "accept_reply",
    "approve_amendment",
    "ask_bands",
    "ask_exemption",
    "ask_review",
    "ask_units",
    "assign_owner",
    "close_confirmation",
    "close_weighing",
    "confirm_facts",
    "correct_figures",
    "decide_commendation",
    "dismiss_panelist",
    "drop_commendation",
    "drop_round",
    "freeze_round",
    "give_own_points",
    "give_panel_points",
    "give_points",
    "halt_notice",
    "hand_in_pairs",
    "hand_in_self_check",
    "judge_pairs",
    "keep_bands",
    "move_accountability",
    "name_panelist",
    "name_reviewer",
    "notice_commendation",
    "open_round",
    "open_weighing",
    "pass_deadline",
    "press_clock",
    "propose_accountability",
    "propose_amendment",
    "publish_round",
    "raise_objection",
    "refuse_amendment",
    "reopen_self_check",
    "reply_to_objection",
    "return_commendation",
    "review_figures",
    "review_objection",
    "save_commendation",
    "score_round",
    "settle_doubt",
    "settle_exemption",
    "settle_objection",
    "start_commendation",
    "start_notice",
    "take_correction",
    "take_objection",
    "take_verification",
    "withdraw_amendment",
    "withdraw_objection",
]
