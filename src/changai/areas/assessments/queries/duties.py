"""What a round waits for from the actor: to check, to review, to judge, to confirm, to answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from changai.areas.assessments.models import (
    Accountability,
    Commendation,
    Exemption,
    Objection,
    Participant,
    Round,
)
from changai.areas.assessments.queries.amendments import waiting_amendments
from changai.areas.assessments.queries.checking import rounds_to_review
from changai.areas.assessments.queries.confirming import open_objections, others_who_name
from changai.areas.assessments.queries.panels import panels_waiting
from changai.areas.assessments.queries.rounds import visible_to
from changai.areas.assessments.queries.uses import bar_to
from changai.areas.assessments.queries.weighing import weighings_waiting
from changai.foundation.actors import OFFICE, Actor
from changai.foundation.matrix import allows


@dataclass(frozen=True)
class Duty:
    """One thing a round waits for, and where it is done."""

    label: str
    address: str
    due_on: date | None = None


def duties(actor: Actor, today: date) -> list[Duty]:
    """Return what rounds wait for from the actor, the soonest due first."""
    found = [
        *_of_unit(actor),
        *_of_owner(actor),
        *_of_person(actor),
        *_of_objections(actor),
        *_of_office(actor),
        *_of_rounds(actor, today),
        *_of_uses(actor, today),
    ]
    return sorted(found, key=lambda duty: duty.due_on or date.max)


def _of_unit(actor: Actor) -> Iterator[Duty]:
    if not allows(actor, "assessment.answer") or not actor.unit_id:
        return
    parts = (
        Participant.objects.filter(unit=actor.unit_id).select_related("round").defer("round__frozen_facts")
    )
    for part in parts.filter(
        round__status__in=[Round.Status.OPEN, Round.Status.CHECKING, Round.Status.CONFIRMING]
    ):
        round_, named = part.round, {"name": part.round.name}
        if round_.status == Round.Status.OPEN:
            yield Duty(_("“%(name)s”：可申请不适用指标") % named, _address("exemptions", round_))
        elif round_.status == Round.Status.CHECKING and part.self_checked_at is None:
            yield Duty(_("“%(name)s”：开展自查自评") % named, _address("self_check", round_))
        elif round_.status == Round.Status.CONFIRMING and part.confirmed_at is None:
            yield Duty(
                _("“%(name)s”：确认事实或提出申诉") % named, _address("round", round_), round_.confirm_until
            )


def _of_owner(actor: Actor) -> Iterator[Duty]:
    if allows(actor, "leaf.review") and actor.role not in OFFICE:
        for round_ in rounds_to_review(actor):
            yield Duty(
                _("“%(name)s”：审核归口指标数据") % {"name": round_.name}, _address("review_figures", round_)
            )


def _of_person(actor: Actor) -> Iterator[Duty]:
    if not actor.person_id:
        return
    for round_ in panels_waiting(actor):
        yield Duty(_("“%(name)s”：评审打分") % {"name": round_.name}, _address("panel", round_))
    for weighing in weighings_waiting(actor):
        label = _("专家评权：%(name)s") % {"name": f"{weighing.scheme} {weighing.category}"}
        yield Duty(label, reverse("assessments:pairs", args=[weighing.pk]), weighing.due_on)


def _of_office(actor: Actor) -> Iterator[Duty]:
    if allows(actor, "assessment.publish"):
        for amendment in waiting_amendments():
            named = {"name": amendment.round.name, "unit": amendment.unit.short_name}
            yield Duty(_("“%(name)s”：审批对%(unit)s的更正") % named, _address("amendments", amendment.round))
    if not _is_settling(actor):
        return
    asked = Exemption.objects.filter(status=Exemption.Status.ASKED, round__status=Round.Status.OPEN)
    for round_ in Round.objects.filter(pk__in=asked.values("round")).order_by("pk"):
        yield Duty(_("“%(name)s”：审批不适用申请") % {"name": round_.name}, _address("exemptions", round_))


def _of_rounds(actor: Actor, today: date) -> Iterator[Duty]:
    """Yield the step each round waits for, when it is the actor who takes it."""
    if not allows(actor, "assessment.run"):
        return
    going = visible_to(actor).exclude(status__in=[Round.Status.PUBLISHED, Round.Status.DROPPED])
    for round_ in going.defer("frozen_facts"):
        if told := _next_step(actor, round_, today):
            # Over since that day: what comes next is due now.
            over = round_.notice_until if round_.status == Round.Status.NOTICE else None
            yield Duty(told % {"name": round_.name}, _address("round", round_), over)


def _next_step(actor: Actor, round_: Round, today: date) -> str:
    may_publish = allows(actor, "assessment.publish")
    match round_.status:
        case Round.Status.OPEN:
            return _("“%(name)s”：冻结数据") if round_.is_full else _("“%(name)s”：完成核定并计分")
        case Round.Status.CHECKING:
            return _("“%(name)s”：自查、审核、评审完成后计分")
        case Round.Status.SCORED if round_.is_full:
            return _("“%(name)s”：请各单位确认事实")
        case Round.Status.SCORED if may_publish:
            return _("“%(name)s”：公布结果")
        case Round.Status.DECIDING if may_publish and not open_objections(round_).exists():
            return _("“%(name)s”：公示结果")
        case Round.Status.NOTICE if may_publish and round_.notice_until and today > round_.notice_until:
            return _("“%(name)s”：公示期满，公布结果")
    return ""


def _of_uses(actor: Actor, today: date) -> Iterator[Duty]:
    """Yield the talks that wait to be verified by another, decided or closed, and the lists whose notice is over."""
    if not allows(actor, "use.edit"):
        return
    may_decide = allows(actor, "use.decide")
    moves = {"proposed": "review", "reviewed": "decide", "decided": "close"}
    wanted = set(moves) if may_decide else {"proposed", "decided"}
    standing = Accountability.objects.exclude(round__status=Round.Status.DROPPED)
    for made in standing.filter(status__in=wanted).select_related("unit").order_by("pk"):
        if bar_to(actor, made, moves[made.status]):
            continue
        named = {
            "unit": made.unit.short_name,
            "kind": made.get_kind_display(),
            "state": made.get_status_display(),
        }
        address = reverse("assessments:uses", args=[made.round_id])
        yield Duty(_("%(kind)s%(unit)s：%(state)s") % named, address)
    lists = Commendation.objects.exclude(round__status=Round.Status.DROPPED)
    over = lists.filter(status=Commendation.Status.NOTICE, notice_until__lt=today)
    for made_list in over.order_by("pk") if may_decide else ():
        address = reverse("assessments:commendation", args=[made_list.pk])
        label = _("“%(title)s”公示期满，确定名单") % {"title": made_list.title}
        yield Duty(label, address, made_list.notice_until)


def _is_settling(actor: Actor) -> bool:
    return allows(actor, "objection.reply") and actor.role in OFFICE


def _of_objections(actor: Actor) -> Iterator[Duty]:
    """Yield the objections that wait for the actor's unit, for the actor as who reviews them, or for the office."""
    answered, reviewing = Objection.Status.ANSWERED, Objection.Status.REVIEWING
    wanted = Q(pk__in=[])
    if allows(actor, "assessment.answer") and actor.unit_id:
        wanted |= Q(status=answered, unit=actor.unit_id)
    if actor.person_id:
        wanted |= Q(status=reviewing, reviewer=actor.person_id)
    if _is_settling(actor):
        standing = ~Q(round__status=Round.Status.DROPPED)
        unnamed = Q(status=reviewing, reviewer__isnull=True)
        not_mine = Q(replied_by__isnull=True) | ~Q(replied_by=actor.person_id or 0)
        unnamed &= not_mine | Q(~Exists(others_who_name(actor.person_id)))
        wanted |= standing & (Q(status=Objection.Status.RAISED) | unnamed)
    for objection in Objection.objects.filter(wanted):
        yield Duty(
            _told(objection) % {"name": objection.name},
            reverse("assessments:objection", args=[objection.pk]),
            objection.due_on,
        )


def _told(objection: Objection) -> str:
    if objection.status == Objection.Status.ANSWERED:
        return _("申诉已答复，请接受或申请复核：%(name)s")
    if objection.status == Objection.Status.RAISED:
        return _("答复申诉：%(name)s")
    return _("复核申诉：%(name)s") if objection.reviewer_id else _("确定申诉复核人：%(name)s")


def _address(name: str, round_: Round) -> str:
    return reverse(f"assessments:{name}", args=[round_.pk])
