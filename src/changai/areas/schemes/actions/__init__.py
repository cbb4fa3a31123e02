"""What is done to indicator systems: drafted, sent out for comment, issued, superseded."""

from changai.areas.schemes.actions.answering import (
    add_comment,
    decline_answer,
    drop_comment,
    send_answer,
    sign_answer,
    take_back_answer,
)
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
from changai.areas.schemes.actions.consulting import (
    circulate_draft,
    close_consultation,
    decide_comment,
    extend_consultation,
    merge_comments,
    part_comment,
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
    "add_comment",
    "add_indicator",
    "add_table",
    "adopt_file",
    "adopt_tables",
    "circulate_draft",
    "close_consultation",
    "decide_comment",
    "decline_answer",
    "deducting",
    "discard_draft",
    "drop_comment",
    "drop_indicator",
    "drop_table",
    "extend_consultation",
    "issue_scheme",
    "keep_draft",
    "load_scheme",
    "merge_comments",
    "move_indicator",
    "part_comment",
    "put_item",
    "read_office_file",
    "read_rule",
    "read_scheme",
    "rename_scheme",
    "send_answer",
    "set_table",
    "sign_answer",
    "start_scheme",
    "take_back_answer",
    "take_out_item",
    "undo_step",
    "weigh_indicators",
    "write_indicator",
]
