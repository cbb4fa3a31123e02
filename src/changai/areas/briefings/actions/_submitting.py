"""Every text that was handed to the head is kept, with what became of it."""

from datetime import datetime

from changai.areas.briefings.models import Briefing, Submittal
from changai.areas.briefings.queries.submittals import head_of
from changai.areas.briefings.rules import submitted_digest
from changai.foundation.actors import Actor


def keep_submittal(actor: Actor, briefing: Briefing, *, at: datetime) -> Submittal:
    """Keep title, head and blocks as they are handed over now, as the next of the paper."""
    head = head_of(briefing)
    return Submittal.objects.create(
        briefing=briefing,
        number=briefing.submittals.count() + 1,
        head=head,
        draft=briefing.draft,
        digest=submitted_digest(head, briefing.draft),
        submitted_at=at,
        submitted_by_name=actor.name,
    )


def settle_submittal(
    actor: Actor, briefing: Briefing, outcome: Submittal.Outcome, *, reason: str = "", at: datetime
) -> None:
    """Write beside the last text handed over what became of it, by whom and why; what became of it before is kept."""
    last = briefing.submittals.order_by("-number").first()
    if last is not None:
        if last.outcome and last.settled_at is not None:
            before = {"outcome": last.outcome, "reason": last.reason, "by": last.settled_by_name}
            last.earlier.append(before | {"at": last.settled_at.isoformat()})
        last.outcome, last.reason = outcome, reason
        last.settled_at, last.settled_by_name = at, actor.name
        last.save(update_fields=["earlier", "outcome", "reason", "settled_at", "settled_by_name"])
