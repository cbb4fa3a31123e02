"""Every change of state of monthly reporting, one function a button."""

from changai.areas.reporting.actions.checks import (
    RuleEntry,
    check_report,
    create_check,
    discard_check,
    edit_check,
    install_default_checks,
    switch_off_check,
    switch_on_check,
    try_check,
)
from changai.areas.reporting.actions.commenting import comment_cell, settle_thread
from changai.areas.reporting.actions.composing import (
    FormEntry,
    NarrativeEntry,
    create_form,
    discard_form,
    edit_form,
    issue_form,
    retire_form,
    revise_form,
)
from changai.areas.reporting.actions.correcting import (
    CorrectionEntry,
    approve_correction,
    ask_correction,
    refuse_correction,
)
from changai.areas.reporting.actions.excepting import Origin, except_burden
from changai.areas.reporting.actions.filling import (
    CellEdit,
    CellOutcome,
    attach_evidence,
    confirm_prefilled,
    detach_evidence,
    place_evidence,
    save_cells,
)
from changai.areas.reporting.actions.obliging import (
    close_period,
    count_next,
    remind_missing,
)
from changai.areas.reporting.actions.opening import lay_out_next, list_owed, open_period
from changai.areas.reporting.actions.planning import plan_month, unplan_month
from changai.areas.reporting.actions.relieving import answer_repeated, say_repeated
from changai.areas.reporting.actions.reminding import save_reminder_plan, send_reminders, send_supervision
from changai.areas.reporting.actions.repeating import report_no_change, undo_no_change
from changai.areas.reporting.actions.reviewing import (
    BulkOutcome,
    Complaint,
    accept_part,
    accept_report,
    accept_reports,
    return_report,
)
from changai.areas.reporting.actions.routing import add_reason, drop_route, edit_reason, set_route
from changai.areas.reporting.actions.sending import (
    send_back_to_liaison,
    sign_report,
    submit_report,
    withdraw_report,
)
from changai.areas.reporting.actions.settling import (
    ask_extension,
    end_obligation,
    exempt_obligation,
    extend_obligation,
    grant_extension,
    refuse_extension,
    restore_obligation,
    transfer_obligation,
    withdraw_extension,
)
from changai.areas.reporting.actions.unlocking import confirm_unlocking, refuse_unlocking, unlock_report
from changai.areas.reporting.actions.visiting import note_visit
from changai.areas.reporting.actions.watching import join_claims, lock_late

__all__ = [
    "BulkOutcome",
    "CellEdit",
    "CellOutcome",
    "Complaint",
    "CorrectionEntry",
    "FormEntry",
    "NarrativeEntry",
    "Origin",
    "RuleEntry",
    "accept_part",
    "accept_report",
    "accept_reports",
    "add_reason",
    "answer_repeated",
    "approve_correction",
    "ask_correction",
    "ask_extension",
    "attach_evidence",
    "check_report",
    "close_period",
    "comment_cell",
    "confirm_prefilled",
    "confirm_unlocking",
    "count_next",
    "create_check",
    "create_form",
    "detach_evidence",
    "discard_check",
    "discard_form",
    "drop_route",
    "edit_check",
    "edit_form",
    "edit_reason",
    "end_obligation",
    "except_burden",
    "exempt_obligation",
    "extend_obligation",
    "grant_extension",
    "install_default_checks",
    "issue_form",
    "join_claims",
    "lay_out_next",
    "list_owed",
    "lock_late",
    "note_visit",
    "open_period",
    "place_evidence",
    "plan_month",
    "refuse_correction",
    "refuse_extension",
    "refuse_unlocking",
    "remind_missing",
    "report_no_change",
    "restore_obligation",
    "retire_form",
    "return_report",
    "revise_form",
    "save_cells",
    "save_reminder_plan",
    "say_repeated",
    "send_back_to_liaison",
    "send_reminders",
    "send_supervision",
    "set_route",
    "settle_thread",
    "sign_report",
    "submit_report",
    "switch_off_check",
    "switch_on_check",
    "transfer_obligation",
    "try_check",
    "undo_no_change",
    "unlock_report",
    "unplan_month",
    "withdraw_extension",
    "withdraw_report",
]
