"""What corrections of accepted figures (更正登记) mean for rounds that keep the figures they replaced."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.queries.amendments import round_in_force
from changai.areas.assessments.queries.correcting import Corrected, correction_of
from changai.areas.assessments.queries.frozen import Frozen, figures_now
from changai.areas.assessments.queries.items import scored_items
from changai.areas.assessments.queries.rounds import assessed_units, visible_to
from changai.areas.assessments.rules import next_status
from changai.areas.organisations.models import Unit
from changai.areas.reporting.models import Correction
from changai.areas.schemes.queries import scheme_of
from changai.core.errors import Invalid
from changai.core.scoring import FactsRefused
from changai.foundation.actors import Actor

# Each is scored again to say who would move, so the page looks at the newest.
MOST_ROUNDS = 12


@dataclass(frozen=True)
class Touched:
    """A round that keeps a figure of the corrected month: what it keeps, what the figure says today, who would move.

    `way` is what can be done: `same` (it says what the figure says today), `take` (correct the frozen figure),
    `score` (score again), `object` (only an objection corrects now), `amend` (published: amended in
    a register of its own).
    """

    round: Round
    unit: Unit
    label: str
    kept: Frozen
    now: Frozen
    way: str
    came_to: Corrected | None = field(repr=False)

    @property
    def code(self) -> str:
        """The first item that reads the figure, empty when only a bar of a grade does."""
        reading = (item.code for item in scored_items(self.round) if self.kept["field"] in item.fields)
        return next(reading, "")

    @property
    def score_id(self) -> int | None:
        """The unit's result, None while there is none."""
        return Score.objects.filter(round=self.round, unit=self.unit).values_list("pk", flat=True).first()

    @property
    def moves(self) -> list[dict[str, Any]]:
        return self.came_to.rescored.moves if self.came_to and self.came_to.rescored else []


def touched_by(actor: Actor, correction: Correction, *, at: datetime) -> list[Touched]:
    """Return the rounds the actor sees that keep the figure an approved correction changed, the newest first."""
    rounds = visible_to(actor).filter(first_month__lte=correction.month, last_month__gte=correction.month)
    found = (touched(round_, correction, by=actor.name, at=at) for round_ in rounds[:MOST_ROUNDS])
    return [one for one in found if one is not None]


def touched(round_: Round, correction: Correction, *, by: str, at: datetime) -> Touched | None:
    """Return how a correction touches one round; None when the round keeps no such figure."""
    code, unit = correction.field.code, correction.unit
    in_force = round_in_force(round_) if round_.published_at else round_
    kept = next(
        (row for row in in_force.frozen_facts if (row["unit"], row["field"]) == (unit.code, code)), None
    )
    if kept is None or correction.status != Correction.Status.APPROVED:
        return None
    units = assessed_units(round_)
    now = figures_now(round_, [unit])[unit.code].get(code)
    if now is None:
        return None
    is_same = (kept["value"], kept["status"]) == (now["value"], now["status"])
    label = scheme_of(round_.scheme).labels.get(code, code)
    way = "same" if is_same else _way(round_)
    came_to = None if is_same else _came_to(in_force, units, unit, now, correction.pk, by=by, at=at)
    return Touched(round_, unit, label, kept, now, way, came_to)


def _way(round_: Round) -> str:
    if round_.status == Round.Status.PUBLISHED:
        return "amend"
    if next_status(round_.status, "correct", round_.course) is not None:
        return "take"
    return "object" if round_.is_full else "score"


def _came_to(
    round_: Round, units: list[Unit], unit: Unit, now: Frozen, number: int, *, by: str, at: datetime
) -> Corrected | None:
    try:
        return correction_of(
            round_,
            units,
            unit,
            {now["field"]: now["value"] or ""},
            by=by,
            at=at,
            trail={"facts": now["facts"], "registered": number},
        )
    except (FactsRefused, Invalid):
        return None
