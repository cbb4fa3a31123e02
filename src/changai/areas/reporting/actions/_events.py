"""How what happens to obligations is written down beside them."""

from collections.abc import Iterable
from datetime import date, datetime

from changai.areas.reporting.models import Obligation, ObligationEvent
from changai.foundation.actors import Actor
from changai.foundation.rows import insert_rows

Kind = ObligationEvent.Kind


def keep_events(
    actor: Actor,
    obligations: Iterable[Obligation],
    kind: Kind,
    *,
    at: datetime,
    words: str = "",
    due_on: date | None = None,
) -> None:
    """Write down the same event for each obligation."""
    insert_rows(
        [
            ObligationEvent(
                obligation=obligation, kind=kind, at=at, by_name=actor.name, words=words[:300], due_on=due_on
            )
            for obligation in obligations
        ]
    )
