"""The texts of a paper that were handed to the head, and what changed from one to another."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from changai.areas.briefings.models import Briefing, Submittal
from changai.areas.briefings.queries.briefings import briefing_for
from changai.areas.briefings.rules import Edit, edits, head_edits
from changai.foundation.actors import Actor

# What stands around the text and is tracked with it.
HEAD = (
    "title", "number_code", "recipients", "signers", "urgency", "copy_to", "report_to", "send_to", "distribute_to",
    "copies",
)  # fmt: skip
ADDRESSEES = "addressees"


@dataclass(frozen=True)
class Decision:
    """What became of a text handed over, by whom, when and why."""

    outcome: Submittal.Outcome
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Text:
    """A text of a paper: its head by field, and its blocks."""

    head: dict[str, str]
    draft: list[dict[str, str]]


def head_of(briefing: Briefing) -> dict[str, str]:
    """Return what stands around the text now, by field; of the units it is sent to their names."""
    units = briefing.addressees.order_by("position", "pk").values_list("name", flat=True)
    return {name: str(getattr(briefing, name)) for name in HEAD} | {ADDRESSEES: "，".join(units)}


def text_now(briefing: Briefing) -> Text:
    """Return the text as it is written now."""
    return Text(head_of(briefing), briefing.draft)


def text_of(submittal: Submittal) -> Text:
    """Return the text as it was handed over."""
    return Text(submittal.head, submittal.draft)


def decisions(submittal: Submittal) -> list[Decision]:
    """Return everything that became of a text handed over, the first one first; nothing while it is open."""
    outcome = Submittal.Outcome
    found = [
        Decision(outcome(each["outcome"]), datetime.fromisoformat(each["at"]), each["by"], each["reason"])
        for each in submittal.earlier
    ]
    if submittal.settled_at is None:
        return found
    by, reason = submittal.settled_by_name, submittal.reason
    return [*found, Decision(outcome(submittal.outcome), submittal.settled_at, by, reason)]


def submittals(actor: Actor, briefing_id: int) -> QuerySet[Submittal]:
    """Return the texts of a paper that were handed to the head, the last first.

    :raises NotVisible: when there is no such paper for this actor
    """
    return briefing_for(actor, briefing_id).submittals.order_by("-number")


def changed_texts(before: Text, now: Text, named: dict[str, str]) -> list[Edit]:
    """Return what changed from one text to the other, the head first; fields one of them does not know are left out.

    :param named: what tables and charts are called, by source
    """
    known = before.head.keys() & now.head.keys()
    left, right = (
        {name: text for name, text in each.head.items() if name in known} for each in (before, now)
    )
    return [*head_edits(left, right), *edits(before.draft, now.draft, named)]
