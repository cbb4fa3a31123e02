"""Every change of the tree and of what stands beside it."""

from changai.areas.organisations.actions._history import NewUnit
from changai.areas.organisations.actions.groups import add_group, add_grouping, rename_group, sort_unit
from changai.areas.organisations.actions.restructure import merge_units, split_unit
from changai.areas.organisations.actions.roster import import_units
from changai.areas.organisations.actions.settings import name_liaison, save_city
from changai.areas.organisations.actions.units import (
    add_unit,
    close_unit,
    move_unit,
    number_unit,
    rename_unit,
)

__all__ = [
    "NewUnit",
    "add_group",
    "add_grouping",
    "add_unit",
    "close_unit",
    "import_units",
    "merge_units",
    "move_unit",
    "name_liaison",
    "number_unit",
    "rename_group",
    "rename_unit",
    "save_city",
    "sort_unit",
    "split_unit",
]
