"""What was ordered of a result: drawings, commendations, talks and circulars."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import F, QuerySet

from changai.areas.accounts.queries import holders_of
from changai.areas.assessments.models import (
    Accountability,
    Commendation,
    LeafOwner,
    LeafReview,
    Round,
    Score,
    Sensitivity,
)
from changai.areas.assessments.queries.amendments import approved_amendments
from changai.areas.assessments.queries.checking import open_doubts
from changai.areas.assessments.queries.confirming import open_objections
from changai.areas.assessments.queries.rounds import round_for
from changai.areas.assessments.queries.standing import bands_of
from changai.areas.assessments.rules import accountability_hindrance, deciding_bar, verifying_bar
from changai.areas.organisations.models import Unit
from changai.areas.organisations.queries import names_on
from changai.areas.schemes.queries import scheme_of
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.core.quotas import Quota, QuotaFinding, check_quotas, cut_at
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import allows


def open_sensitivities() -> QuerySet[Sensitivity]:
    """Return the drawings that were ordered and not done, the oldest first; for the job."""
    return Sensitivity.objects.filter(done_at__isnull=True).select_related("round__scheme").order_by("pk")


_SETTLED = (Round.Status.DECIDING, Round.Status.NOTICE, Round.Status.PUBLISHED)


def accountabilities_of(round_: Round) -> QuerySet[Accountability]:
    """Return the talks and circulars of a round, the newest first."""
    return Accountability.objects.filter(round=round_).select_related("unit").order_by("-pk")


def accountability_for(actor: Actor, accountability_id: int) -> Accountability:
    """Return one of them.

    :raises NotVisible: when there is none for this actor
    """
    found = Accountability.objects.filter(pk=accountability_id).select_related("unit").first()
    if found is None:
        raise NotVisible
    found.round = round_for(actor, found.round_id)
    return found


def hindrance_of(round_: Round, unit: Unit, move: str) -> str:
    """Return why a unit may not be held to account on this result just now, or nothing."""
    return accountability_hindrance(
        is_full=round_.is_full,
        is_settled=round_.status in _SETTLED,
        open_objections=open_objections(round_).filter(unit=unit).count(),
        open_doubts=open_doubts(round_).filter(unit=unit).count(),
        is_published=round_.status == Round.Status.PUBLISHED,
        move=move,
    )


def bar_to(actor: Actor, made: Accountability, move: str) -> str:
    """Return why this person may not take the move, or nothing: one proposes, another verifies, a third may decide.

    In a small office who proposes may decide, but nobody proposes and verifies, or verifies and decides.
    """
    if move == "review":
        return verifying_bar(
            is_proposer=made.proposed_by_id == actor.person_id,
            is_only_decider=allows(actor, "use.decide")
            and not holders_of(Role.OFFICE_HEAD).exclude(pk=actor.person_id or 0).exists(),
        )
    verified = [row for row in made.course if row["move"] == "review"]
    return deciding_bar() if move == "decide" and any(_is_by(row, actor) for row in verified) else ""


def _is_by(row: dict[str, str | int | None], actor: Actor) -> bool:
    # Steps of before name no account.
    return row["person"] == actor.person_id if "person" in row else row["by"] == actor.name


def hindrance_of_course(round_: Round) -> str:
    """Return why no unit at all may be held to account on this result, or nothing."""
    return accountability_hindrance(
        is_full=round_.is_full,
        is_settled=round_.status in _SETTLED,
        open_objections=0,
        open_doubts=0,
        is_published=round_.status == Round.Status.PUBLISHED,
        move="propose",
    )


def warnings_of(round_: Round, unit: Unit) -> list[str]:
    """Return what speaks for caution: figures nobody reviewed, units whose places cannot be told from this one's."""
    return [*_unreviewed(round_, unit), *_level_with(round_, unit)]


def _unreviewed(round_: Round, unit: Unit) -> list[str]:
    owned = LeafOwner.objects.filter(round=round_)
    reviewed = LeafReview.objects.filter(round=round_, unit=unit).values("code")
    names = list(owned.exclude(code__in=reviewed).values_list("name", flat=True))
    if not names:
        return []
    told = "、".join(names[:5]) + ("等" if len(names) > 5 else "")
    return [f"该单位有 {len(names)} 项指标的数据没有经归口审核（{told}），请不要以这些指标为依据。"]


def _level_with(round_: Round, unit: Unit) -> list[str]:
    bands = bands_of(round_)
    if bands is None:
        return ["名次对权重的敏感程度尚未测算，请先测算，再据名次约谈、通报。"]
    found = bands.of(unit.code)
    others = [place.name for place in found[1] if place.code != unit.code] if found else []
    if not others:
        return []
    told = "、".join(others[:5]) + ("等" if len(others) > 5 else "")
    return [f"该单位与{told}同在一档，权重稍有不同，先后就可能变化。请以具体事实为依据，不要只看名次。"]


def commendations_of(round_: Round) -> QuerySet[Commendation]:
    """Return the commendations on a round's result, the newest first."""
    return Commendation.objects.filter(round=round_).order_by("-pk")


def commendation_for(actor: Actor, commendation_id: int) -> Commendation:
    """Return one commendation.

    :raises NotVisible: when there is none for this actor
    """
    found = Commendation.objects.filter(pk=commendation_id).first()
    if found is None:
        raise NotVisible
    found.round = round_for(actor, found.round_id)
    return found


def quota_findings(commendation: Commendation) -> list[QuotaFinding]:
    """Return what the list comes to under each of its quotas."""
    quotas = [
        Quota(row["group"], _percent(row["least"]), _percent(row["most"]), row["base"])
        for row in commendation.quotas
        if "waived" not in row
    ]
    return check_quotas(quotas, [row["groups"] for row in commendation.nominees])


def _percent(text: str) -> Fraction | None:
    return Fraction(text) if text else None


@dataclass(frozen=True)
class FirstUnits:
    """The first units of a result for a number of places, and a sentence for each that stands high and is not in it."""

    chosen: tuple[str, ...]
    sentences: tuple[str, ...]


def first_units(round_: Round, places: int) -> FirstUnits:
    """Return the first `places` units; a veto keeps a unit out, and units level at the edge are never parted."""
    scores = list(
        Score.objects.filter(round=round_)
        .select_related("unit")
        .order_by(F("rank").asc(nulls_last=True), "unit__position", "pk")
    )
    named = names_on([score.unit_id for score in scores], Month.of(round_.last_month).last_on)
    called = {score.unit.code: named[score.unit_id] for score in scores}
    struck = struck_units(round_)
    open_scores = [
        (called[score.unit.code], score.rank)
        for score in scores
        if score.rank and score.unit.code not in struck
    ]
    told = [
        f"{called[code]}按得分应列第 {place} 名，因一票否决（{why}）不列入，名额由后一名递补。"
        for code, (place, why) in struck.items()
        if place <= places
    ]
    if approved_amendments(round_).exists():
        told.append("结果公布后有更正，名单按公布的名次列出，请对照更正登记核对。")
    cut = cut_at(open_scores, places)
    return FirstUnits(cut.chosen, (*told, *([cut.sentence] if cut.sentence else ())))


def struck_units(round_: Round) -> dict[str, tuple[int, str]]:
    """Return the units that a veto strikes, best first: the place their points would have, and the vetoes by name."""
    rows = [row for row in round_.result.get("units", []) if row["ranked"] or row["vetoes"]]
    # A veto may have taken the points; the place is that of what the unit had earned before.
    earned = {row["unit"]: Decimal(row["total"]) - Decimal(row["veto"]) for row in rows}
    names = {veto.code: veto.name for veto in scheme_of(round_.scheme).tables[round_.category].veto}
    found = {
        row["unit"]: (
            1 + sum(other > earned[row["unit"]] for other in earned.values()),
            "、".join(names.get(code, code) for code in row["vetoes"]),
        )
        for row in rows
        if row["vetoes"]
    }
    return dict(sorted(found.items(), key=lambda each: each[1][0]))
