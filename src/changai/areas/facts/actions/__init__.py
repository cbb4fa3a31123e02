"""Every change of the dictionary, of figures, and of their history."""

from changai.areas.facts.actions.figures import (
    Accepted,
    Entered,
    FactInput,
    FieldEntry,
    accept_facts,
    add_breakdown,
    add_field,
    edit_field,
    enter_figures,
)

__all__ = [
    "Accepted",
    "Entered",
    "FactInput",
    "FieldEntry",
    "accept_facts",
    "add_breakdown",
    "add_field",
    "edit_field",
    "enter_figures",
]
