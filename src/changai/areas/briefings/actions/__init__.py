"""Every change of a paper, one function a button."""

from changai.areas.briefings.actions.archiving import (
    archive_folder,
    ask_archive,
    finish_archive,
    note_archive,
    ready_archive,
    sweep_archives,
)
from changai.areas.briefings.actions.attaching import attach_drawn, attach_papers
from changai.areas.briefings.actions.cancelling import annul_paper, cancel_briefing, restore_briefing
from changai.areas.briefings.actions.circulating import (
    answer_countersign,
    ask_countersigns,
    correct_paper,
    keep_opinions,
    press_receipts,
    receive_paper,
    withdraw_countersign,
)
from changai.areas.briefings.actions.deciding import (
    approve_briefing,
    freeze_briefing,
    issue_briefing,
    return_briefing,
    submit_briefing,
    take_back_briefing,
)
from changai.areas.briefings.actions.delivering import (
    freeze_letter,
    issue_letters,
    refuse_letter,
    sentence_of_failure,
    write_letters,
)
from changai.areas.briefings.actions.lettering import (
    number_letters,
    order_letters,
    retry_letters,
    stop_letters,
)
from changai.areas.briefings.actions.writing import keep_burden, start_briefing, write_briefing

__all__ = [
    "annul_paper",
    "answer_countersign",
    "approve_briefing",
    "archive_folder",
    "ask_archive",
    "ask_countersigns",
    "attach_drawn",
    "attach_papers",
    "cancel_briefing",
    "correct_paper",
    "finish_archive",
    "freeze_briefing",
    "freeze_letter",
    "issue_briefing",
    "issue_letters",
    "keep_burden",
    "keep_opinions",
    "note_archive",
    "number_letters",
    "order_letters",
    "press_receipts",
    "ready_archive",
    "receive_paper",
    "refuse_letter",
    "restore_briefing",
    "retry_letters",
    "return_briefing",
    "sentence_of_failure",
    "start_briefing",
    "stop_letters",
    "submit_briefing",
    "sweep_archives",
    "take_back_briefing",
    "withdraw_countersign",
    "write_briefing",
    "write_letters",
]
