"""Where a round of the full course stands: its steps, and the figures its next step depends on."""

from dataclasses import dataclass
from datetime import date

from changai.areas.assessments.models import Round
from changai.areas.assessments.queries.confirming import open_objections, participants, silent_units

ORDER = (
    Round.Status.OPEN,
    Round.Status.CHECKING,
    Round.Status.SCORED,
    Round.Status.CONFIRMING,
    Round.Status.DECIDING,
    Round.Status.NOTICE,
    Round.Status.PUBLISHED,
)


@dataclass(frozen=True)
class Progress:
    """How far a round of the full course has come. `place` counts from 0 in `ORDER`."""

    place: int
    units: int
    confirmed: int
    silent: int
    objections: int
    undecided: int
    is_notice_over: bool


def progress_of(round_: Round, today: date) -> Progress:
    """Return how far a round has come. Four queries."""
    parts = participants(round_)
    return Progress(
        place=ORDER.index(Round.Status(round_.status)),
        units=parts.count(),
        confirmed=parts.filter(confirmed_at__isnull=False).count(),
        silent=len(silent_units(round_)) if round_.status == Round.Status.CONFIRMING else 0,
        objections=round_.objections.count(),
        undecided=open_objections(round_).count(),
        is_notice_over=round_.notice_until is not None and today > round_.notice_until,
    )
