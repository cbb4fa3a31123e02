"""Every change of the dictionary, of figures, and of their history."""

from changai.areas.facts.actions.dictionary import FieldEntry, add_breakdown, add_field, edit_field
from changai.areas.facts.actions.figures import (
    Accepted,
    Entered,
    FactInput,
    UnitFigures,
    accept_facts,
    accept_month,
    enter_figures,
)
from changai.areas.facts.actions.tables import TableOrder, issue_table

__all__ = [
    "Accepted",
    "Entered",
    "FactInput",
    "FieldEntry",
    "TableOrder",
    "UnitFigures",
    "accept_facts",
    "accept_month",
    "add_breakdown",
    "add_field",
    "edit_field",
    "enter_figures",
    "issue_table",
]
