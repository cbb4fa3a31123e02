"""What the office does to a plan: take it in, correct the proposed tree, assign units, issue it."""

from changai.areas.plans.actions.assignments import assign_measure, assign_measures, link_clauses
from changai.areas.plans.actions.clauses import (
    add_clause,
    demote_clause,
    merge_clause,
    promote_clause,
    split_clause,
)
from changai.areas.plans.actions.corrections import undo_correction
from changai.areas.plans.actions.measures import (
    add_measure,
    drop_measures,
    edit_measure,
    merge_measure,
    restore_measures,
    split_measure,
)
from changai.areas.plans.actions.papers import add_plan, discard_plan, edit_plan, issue_plan, upload_plan

__all__ = [
    "add_clause",
    "add_measure",
    "add_plan",
    "assign_measure",
    "assign_measures",
    "demote_clause",
    "discard_plan",
    "drop_measures",
    "edit_measure",
    "edit_plan",
    "issue_plan",
    "link_clauses",
    "merge_clause",
    "merge_measure",
    "promote_clause",
    "restore_measures",
    "split_clause",
    "split_measure",
    "undo_correction",
    "upload_plan",
]
