"""更正登记: the published result with its approved corrections, each a version of its own that replays."""

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from changai.areas.assessments.models import Amendment, Round, Score
from changai.areas.assessments.policies import sees_unpublished, told
from changai.areas.assessments.queries.confirming import Figure, frozen_figures
from changai.areas.assessments.queries.correcting import (
    Corrected,
    Correction,
    Mover,
    correction_of,
    corrections_named,
    movers_named,
    names_read_by,
)
from changai.areas.assessments.queries.frozen import Frozen, card_of
from changai.areas.assessments.queries.kept import kept_result
from changai.areas.assessments.queries.replays import Replay
from changai.areas.assessments.queries.rounds import assessed_units, round_for
from changai.areas.assessments.rules import Told
from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows


def approved_amendments(round_: Round) -> QuerySet[Amendment]:
    """Return the approved corrections of a published result, the first first."""
    return Amendment.objects.filter(round=round_, status=Amendment.Status.APPROVED).order_by("number")


def waiting_amendments() -> QuerySet[Amendment]:
    """Return the corrections that wait for the head's decision, the oldest first."""
    waiting = Amendment.objects.filter(status=Amendment.Status.PROPOSED)
    return (
        waiting.select_related("unit", "round").defer("round__frozen_facts", "round__result").order_by("pk")
    )


def amendments_visible_to(actor: Actor) -> QuerySet[Amendment]:
    """Return the corrections the actor may read of: all for the office, approved ones for others who read results."""
    if not allows(actor, "assessment.view"):
        return Amendment.objects.none()
    found = Amendment.objects.select_related("unit", "round__scheme").defer("round__frozen_facts")
    return found if sees_unpublished(actor) else found.filter(status=Amendment.Status.APPROVED)


def amendment_for(actor: Actor, amendment_id: int) -> Amendment:
    """Return one correction.

    :raises NotVisible: when there is none for this actor
    """
    found = amendments_visible_to(actor).filter(pk=amendment_id).first()
    if found is None:
        raise NotVisible
    found.round = round_for(actor, found.round_id)
    return found


def facts_in_force(round_: Round, amendments: Collection[Amendment] | None = None) -> list[Frozen]:
    """Return the frozen figures of a published result with its approved corrections, or only those given, applied."""
    made = approved_amendments(round_) if amendments is None else amendments
    after = {
        (row["after"]["unit"], row["after"]["field"]): row["after"]
        for amendment in made
        for row in amendment.corrections
    }
    return [after.get((row["unit"], row["field"]), row) for row in round_.frozen_facts]


def round_in_force(round_: Round) -> Round:
    """Return the round with the figures in force; it is for working out, never for saving."""
    amended = copy(round_)
    amended.frozen_facts = facts_in_force(round_)
    return amended


def amended(
    round_: Round, unit_id: int, values: Mapping[str, str], *, by: str, at: datetime
) -> Corrected | None:
    """Return what correcting figures of a published result comes to, None when nothing would change.

    :raises Invalid: for a field the round does not read, or a value that is no figure
    :raises FactsRefused: when a rule cannot take a corrected figure
    :raises NotVisible: when the unit was not assessed
    """
    units = assessed_units(round_)
    unit = next((each for each in units if each.pk == unit_id), None)
    if unit is None:
        raise NotVisible
    return correction_of(round_in_force(round_), units, unit, values, by=by, at=at)


@dataclass(frozen=True)
class ShownAmendment:
    """One correction as the reader is told of it: without `corrections` and `movers` it does not concern him."""

    kept: Amendment
    unit: str
    corrections: tuple[Correction, ...]
    movers: tuple[Mover, ...]

    @property
    def is_told(self) -> bool:
        return bool(self.corrections or self.movers)


def shown_amendments(actor: Actor, round_: Round) -> list[ShownAmendment]:
    """Return the register of a round, the latest first: whole for those who see all, to units what concerns them."""
    names = names_read_by(actor, round_, Unit.objects.filter(scores__round=round_))
    labels = scheme_of(round_.scheme).labels
    rows = amendments_visible_to(actor).filter(round=round_).order_by("-pk")
    return [
        ShownAmendment(
            row,
            names.get(row.unit.code, ""),
            corrections_named(row.corrections, names, labels),
            movers_named(_moves_of(row), names),
        )
        for row in rows
    ]


def figures_in_force(round_: Round, unit: Unit, code: str) -> list[Figure]:
    """Return the figures one indicator of one unit is scored from, approved corrections applied."""
    return frozen_figures(round_in_force(round_), unit, code)


def _moves_of(amendment: Amendment) -> list[dict[str, Any]]:
    """Return who moved; of a proposal, who would move on top of what is approved by now."""
    if not amendment.is_open:
        moves: list[dict[str, Any]] = amendment.moves
        return moves
    base = approved_amendments(amendment.round).count()
    return _would_move(amendment.pk, (amendment.proposed_at, amendment.version, base))


@lru_cache(maxsize=32)
def _would_move(amendment_id: int, base: tuple[object, ...]) -> list[dict[str, Any]]:
    del base  # what the moves depend on: it is part of the key
    amendment = Amendment.objects.select_related("round__scheme").get(pk=amendment_id)
    try:
        came_to = amended(
            amendment.round, amendment.unit_id, amendment.values, by="", at=amendment.proposed_at
        )
    except scoring.FactsRefused:
        return []
    return came_to.rescored.moves if came_to and came_to.rescored else []


@dataclass(frozen=True)
class Line:
    """One unit's points, place and grade in a result as printed; points as text."""

    total: str
    rank: int | None
    grade: str
    converted: str | None


def lines_of(result: Mapping[str, Any]) -> dict[str, Line]:
    """Return the lines of a kept result by the code of the unit."""
    return {
        row["unit"]: Line(
            row["total"], int(row["rank"]) if row["rank"] else None, row["grade"] or "", row["converted"]
        )
        for row in result.get("units", [])
    }


def amended_lines(round_: Round) -> dict[str, Line]:
    """Return the lines of the result in force of the units whose line is another than the published one."""
    latest = approved_amendments(round_).order_by("-number").first()
    if latest is None:
        return {}
    before = lines_of(round_.result)
    return {code: line for code, line in lines_of(latest.result).items() if before.get(code) != line}


@dataclass(frozen=True)
class AmendedScore:
    """A published result that has been corrected: its line as published and in force, and by which corrections."""

    score: Score
    before: Line
    after: Line
    amendments: tuple[Amendment, ...]


def amended_score(score: Score) -> AmendedScore | None:
    """Return what corrections came to for one unit, None when none concerned it."""
    concerned = [
        row
        for row in approved_amendments(score.round)
        if any(move["unit"] == score.unit.code for move in row.moves) or row.unit_id == score.unit_id
    ]
    if not concerned:
        return None
    before = lines_of(score.round.result)[score.unit.code]
    after = amended_lines(score.round).get(score.unit.code, before)
    return AmendedScore(score, before, after, tuple(concerned))


def amended_scores(actor: Actor, ids: Collection[int]) -> list[AmendedScore]:
    """Return those of the results, by their ids, that read otherwise since corrections, as far as the actor is told
    of both.
    """
    scores = (
        Score.objects.filter(pk__in=ids, round__amendments__status=Amendment.Status.APPROVED)
        .select_related("unit", "round")
        .defer("round__frozen_facts")
        .distinct()
    )
    found = (amended_score(score) for score in scores)
    return [
        each
        for each in found
        if each is not None
        and each.before != each.after
        and all(
            told(actor, each.score.round, each.score.unit.path, line.rank, line.grade) >= Told.PLACE
            for line in (each.before, each.after)
        )
    ]


def amended_rounds() -> QuerySet[Round]:
    """Return the published rounds with an approved correction."""
    corrected = Amendment.objects.filter(status=Amendment.Status.APPROVED).values("round_id")
    return Round.objects.filter(pk__in=corrected).order_by("-last_month", "-pk")


def replay_amendments(round_: Round) -> list[tuple[Amendment, Replay]]:
    """Score the figures of every corrected version of a result again and compare it with what is kept."""
    made = list(approved_amendments(round_))
    return [(row, _replayed(round_, row, made[: place + 1])) for place, row in enumerate(made)]


def _replayed(round_: Round, amendment: Amendment, upto: list[Amendment]) -> Replay:
    try:
        card = card_of(round_, facts_in_force(round_, upto))
    except scoring.FactsRefused as refused:
        return Replay("", tuple(finding.message() for finding in refused.findings))
    is_same = card.digest == amendment.result_digest and kept_result(card) == amendment.result
    fault = _("第 %(number)d 次更正后的结果与重新计算的不一致。") % {"number": amendment.number or 0}
    return Replay(card.digest, () if is_same else (fault,))


def archived_amendments(round_: Round) -> list[tuple[int, scoring.Scorecard]]:
    """Return the scorecard of every corrected version of a result with its number."""
    made = list(approved_amendments(round_))
    return [
        (row.number or 0, card_of(round_, facts_in_force(round_, made[: place + 1])))
        for place, row in enumerate(made)
    ]
