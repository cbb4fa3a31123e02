"""What is done to indicator systems: drafted, sent out for comment, issued, superseded."""

from changai.areas.schemes.actions.arranging import (
    TableSettings,
    add_indicator,
    add_table,
    drop_indicator,
    drop_table,
    move_indicator,
    put_item,
    rename_scheme,
    set_table,
    take_out_item,
)
from changai.areas.schemes.actions.issuing import issue_scheme
from changai.areas.schemes.actions.loading import keep_draft, load_scheme, read_scheme
from changai.areas.schemes.actions.starting import (
    Named,
    adopt_file,
    adopt_tables,
    discard_draft,
    read_office_file,
    start_scheme,
)
from changai.areas.schemes.actions.writing import (
    Indicator,
    deducting,
    read_rule,
    undo_step,
    weigh_indicators,
    write_indicator,
)

__all__ = [
    "Indicator",
    "Named",
    "TableSettings",
    "add_indicator",
    "add_table",
    "adopt_file",
    "adopt_tables",
    "deducting",
    "discard_draft",
    "drop_indicator",
    "drop_table",
    "issue_scheme",
    "keep_draft",
    "load_scheme",
    "move_indicator",
    "put_item",
    "read_office_file",
    "read_rule",
    "read_scheme",
    "rename_scheme",
    "set_table",
    "start_scheme",
    "take_out_item",
    "undo_step",
    "weigh_indicators",
    "write_indicator",
]
