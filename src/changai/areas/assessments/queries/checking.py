"""Exemptions, self-checks and the review of figures by those who own them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from changai.areas.assessments.models import Exemption, LeafOwner, LeafReview, Participant, Round, SelfScore
from changai.areas.assessments.policies import is_own
from changai.areas.assessments.queries.flags import flags_of
from changai.areas.assessments.queries.frozen import Frozen, card_of, fields_of, inputs_now, spoken
from changai.areas.assessments.queries.items import fields_of_item, scored_items, table_of_round
from changai.areas.assessments.queries.rounds import assessed_units
from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.rules import MOST_DECIMALS
from changai.core import scoring
from changai.core.errors import NotVisible
from changai.foundation.actors import OFFICE, Actor

NAMED = 5  # names a sentence holds before it says 等


def full_marks(round_: Round) -> dict[str, tuple[str, Decimal]]:
    """Return name and full mark of every indicator of a round, by code, in table order."""
    return {
        leaf.code: (leaf.name, Decimal(leaf.points.numerator) / Decimal(leaf.points.denominator))
        for leaf in table_of_round(round_).leaves
    }


def granted(round_: Round) -> list[dict[str, str]]:
    """Return the exemptions granted, as a round freezes them."""
    rows = (
        Exemption.objects.filter(round=round_).filter(status=Exemption.Status.GRANTED).select_related("unit")
    )
    return [{"unit": row.unit.code, "code": row.code, "reason": row.reason} for row in rows.order_by("pk")]


def exemptions_visible_to(actor: Actor, round_: Round) -> QuerySet[Exemption]:
    """Return the requests not to be assessed that the actor reads: all to the office, else the own branch's."""
    rows = Exemption.objects.filter(round=round_).select_related("unit").order_by("status", "asked_at", "pk")
    if actor.role in OFFICE:
        return rows
    return rows.filter(unit__path__startswith=actor.unit_path) if actor.unit_path else rows.none()


def owners_by_scheme(round_: Round) -> list[LeafOwner]:
    """Return who confirms the figures of each item, by the data owner the scheme names; unsaved rows."""
    known: dict[str, Unit] = {}
    for unit in Unit.objects.filter(closed_on__isnull=True).order_by("-position", "pk"):
        known |= {unit.short_name: unit, unit.name: unit}
    return [
        LeafOwner(
            round=round_, code=item.code, name=item.name, position=place,
            unit=known.get(item.data_owner), named=item.data_owner,
        )
        for place, item in enumerate(scored_items(round_))
    ]  # fmt: skip


def owned_by(actor: Actor, round_: Round) -> QuerySet[LeafOwner]:
    """Return the indicators whose figures the actor confirms: the own unit's; to the office every one."""
    owners = LeafOwner.objects.filter(round=round_).select_related("unit").order_by("position", "pk")
    return owners if actor.role in OFFICE else owners.filter(unit=actor.unit_id or 0)


def reviewed_round(actor: Actor, round_id: int) -> Round:
    """Return a round in which the actor confirms figures.

    :raises NotVisible: when the actor owns none of its indicators, or its facts are not frozen
    """
    found = (
        Round.objects.exclude(status=Round.Status.DROPPED)
        .select_related("scheme")
        .filter(pk=round_id)
        .first()
    )
    if found is None or found.frozen_at is None or not owned_by(actor, found).exists():
        raise NotVisible
    return found


def open_doubts(round_: Round) -> QuerySet[LeafReview]:
    """Return the doubts of a round that are not settled."""
    doubted = LeafReview.objects.filter(
        round=round_, verdict=LeafReview.Verdict.DOUBTED, settled_at__isnull=True
    )
    return doubted.select_related("unit").order_by("unit__position", "code", "pk")


def doubts_about(round_: Round, corrections: list[dict[str, Frozen]]) -> list[LeafReview]:
    """Return the open doubts that corrected figures settle."""
    changed = {(row["after"]["unit"], row["after"]["field"]) for row in corrections}
    fields = {item.code: item.fields for item in scored_items(round_)}
    return [
        doubt
        for doubt in open_doubts(round_)
        if any((doubt.unit.code, name) in changed for name in fields.get(doubt.code, ()))
    ]


@dataclass(frozen=True)
class CheckedLeaf:
    """A line of a self-check: the own points, the computed ones once the own are given, and the figures used."""

    code: str
    name: str
    full: int
    own: SelfScore | None
    computed: int | None
    figures: tuple[tuple[str, str | None], ...]
    is_open: bool

    @property
    def gap(self) -> int | None:
        """Own minus computed points, in hundredths."""
        return (
            None if self.own is None or self.computed is None else self.own.points_hundredths - self.computed
        )


def self_check(part: Participant) -> list[CheckedLeaf]:
    """Return a unit's self-check. What was computed is shown only beside points the unit has given itself."""
    round_ = part.round
    card = card_of(round_, inputs_now(round_, assessed_units(round_)))
    own = {row.code: row for row in SelfScore.objects.filter(participant=part).select_related("evidence")}
    rows = fields_of(round_.frozen_facts).get(part.unit.code, {})
    scheme = scheme_of(round_.scheme)
    scale = 10 ** (MOST_DECIMALS - card.decimals)
    return [
        CheckedLeaf(
            code=leaf.code,
            name=leaf.name,
            full=leaf.full * scale,
            own=own.get(leaf.code),
            computed=leaf.points * scale if leaf.code in own and leaf.outcome.policy != "open" else None,
            figures=tuple(
                (
                    scheme.labels.get(fact.field, fact.field),
                    spoken(rows[fact.field]["value"], scheme.units.get(fact.field, "")),
                )
                for fact in leaf.facts
                if fact.field in rows
            ),
            is_open=leaf.outcome.policy == "open",
        )
        for leaf in card.leaves(part.unit.code)
    ]


@dataclass(frozen=True)
class ReviewRow:
    """One unit in the review of an item, with what checks and verifications on site ask to look at.

    `computed` is None for a veto, which has no points of its own.
    """

    unit: Unit
    figures: tuple[tuple[str, str | None], ...]
    computed: int | None
    own: SelfScore | None
    verdict: LeafReview | None
    verified: tuple[LeafReview, ...]
    flags: tuple[str, ...]
    is_own: bool

    @property
    def weight(self) -> int:
        """How early it stands in the queue: findings on site, then checks, then the rest."""
        return 2 * sum(row.is_open_doubt for row in self.verified) + len(self.flags)

    @property
    def is_unremarkable(self) -> bool:
        """Return whether nothing speaks against the figures: no finding, no open doubt, not the reviewer's own unit."""
        return not (self.is_own or self.flags or any(found.is_open_doubt for found in self.verified))


@dataclass(frozen=True)
class Queue:
    """The review of one indicator: what to look at first stands first. `words` say how many findings chance gives."""

    rows: tuple[ReviewRow, ...]
    words: str
    flagged: int = field(default=0)


def review_queue(actor: Actor, round_: Round, code: str) -> Queue:
    """Return the units of one indicator, those the checks point to first; checks never change points."""
    units = assessed_units(round_)
    inputs = inputs_now(round_, units)
    card, rows_of = card_of(round_, inputs), fields_of(inputs)
    flags, words = flags_of(round_, card, code)
    own = {
        row.participant.unit_id: row
        for row in SelfScore.objects.filter(participant__round=round_, code=code).select_related(
            "participant", "evidence"
        )
    }
    reviews: dict[int, list[LeafReview]] = defaultdict(list)
    for review in LeafReview.objects.filter(round=round_, code=code).order_by("pk"):
        reviews[review.unit_id].append(review)
    rows = [
        _row(
            actor,
            unit,
            _figures(round_, code, rows_of.get(unit.code, {})),
            _computed(card, unit.code, code),
            own.get(unit.pk),
            reviews[unit.pk],
            flags[unit.code],
        )
        for unit in units
    ]
    ordered = sorted(rows, key=lambda row: -row.weight)
    return Queue(tuple(ordered), words, sum(bool(row.flags) for row in rows))


def _row(
    actor: Actor,
    unit: Unit,
    figures: tuple[tuple[str, str | None], ...],
    computed: int | None,
    own: SelfScore | None,
    reviews: list[LeafReview],
    flags: list[str],
) -> ReviewRow:
    return ReviewRow(
        unit=unit,
        figures=figures,
        computed=computed,
        own=own,
        verdict=next((row for row in reviews if not row.origin_type), None),
        verified=tuple(row for row in reviews if row.origin_type),
        flags=tuple(flags),
        is_own=is_own(actor, unit),
    )


def _figures(round_: Round, code: str, rows: Mapping[str, Frozen]) -> tuple[tuple[str, str | None], ...]:
    scheme = scheme_of(round_.scheme)
    return tuple(
        (scheme.labels.get(name, name), spoken(rows[name]["value"], scheme.units.get(name, "")))
        for name in fields_of_item(round_, code)
        if name in rows
    )


def _computed(card: scoring.Scorecard, unit: str, code: str) -> int | None:
    if any(veto.code == code for veto in card.table.veto):
        return None
    scale: int = 10 ** (MOST_DECIMALS - card.decimals)
    return card.leaf(unit, code).points * scale


@dataclass(frozen=True)
class OwnerProgress:
    """How far an owner has come with an indicator."""

    owner: LeafOwner
    reviewed: int
    doubts: int


def owner_progress(round_: Round) -> list[OwnerProgress]:
    """Return how far the review of each indicator has come."""
    reviews: dict[str, list[LeafReview]] = defaultdict(list)
    for review in LeafReview.objects.filter(round=round_, origin_type=""):
        reviews[review.code].append(review)
    return [
        OwnerProgress(owner, len(reviews[owner.code]), sum(row.is_open_doubt for row in reviews[owner.code]))
        for owner in LeafOwner.objects.filter(round=round_).select_related("unit").order_by("position", "pk")
    ]


@dataclass(frozen=True)
class Unfinished:
    """What has not come in before scoring: units without a self-check, items whose figures are not all reviewed."""

    units: tuple[str, ...]
    items: tuple[str, ...]

    @property
    def named_units(self) -> str:
        """The first of the units, to be read."""
        return _first_of(self.units)

    @property
    def named_items(self) -> str:
        """The first of the items, to be read."""
        return _first_of(self.items)


def unfinished(round_: Round) -> Unfinished:
    """Return which units have not checked themselves and which items have figures nobody reviewed. Four queries."""
    parts = Participant.objects.filter(round=round_).select_related("unit").order_by("unit__position", "pk")
    exempt = Counter(row["code"] for row in round_.exemptions)
    assessed = len(parts)
    return Unfinished(
        tuple(part.unit.short_name for part in parts if part.self_checked_at is None),
        tuple(
            row.owner.name
            for row in owner_progress(round_)
            if row.reviewed < assessed - exempt[row.owner.code]
        ),
    )


def _first_of(names: tuple[str, ...]) -> str:
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")


def rounds_to_review(actor: Actor) -> QuerySet[Round]:
    """Return the rounds whose figures wait for the actor's own unit."""
    mine = LeafOwner.objects.filter(round=OuterRef("pk"), unit=actor.unit_id or 0)
    return Round.objects.filter(Exists(mine), status=Round.Status.CHECKING).order_by("pk")


def self_score_totals(round_: Round) -> dict[int, int]:
    """Return the sum of every unit's self-scores in hundredths, by the id of the unit."""
    sums: dict[int, int] = defaultdict(int)
    rows = SelfScore.objects.filter(participant__round=round_).values_list(
        "participant__unit", "points_hundredths"
    )
    for unit, points in rows:
        sums[unit] += points
    return dict(sums)


def checking_round(actor: Actor, round_id: int) -> Round:
    """Return a round of the full course in which the actor's own unit is assessed, at any step.

    :raises NotVisible: when there is none
    """
    own = Q(participants__unit=actor.unit_id or 0)
    rounds = Round.objects.exclude(status=Round.Status.DROPPED).select_related("scheme")
    found = rounds.filter(own, pk=round_id).first()
    if found is None:
        raise NotVisible
    return found


def exemption_for(actor: Actor, exemption_id: int) -> Exemption:
    """Return one request not to be assessed.

    :raises NotVisible: when there is none for this actor
    """
    found = Exemption.objects.select_related("round__scheme", "unit").filter(pk=exemption_id).first()
    if found is None or not exemptions_visible_to(actor, found.round).filter(pk=found.pk).exists():
        raise NotVisible
    return found


def doubt_for(actor: Actor, review_id: int) -> LeafReview:
    """Return one verdict on an indicator of a unit, for the office.

    :raises NotVisible: when there is none, or the actor is not of the office
    """
    found = LeafReview.objects.select_related("unit").filter(pk=review_id).first()
    if found is None or actor.role not in OFFICE:
        raise NotVisible
    return found
