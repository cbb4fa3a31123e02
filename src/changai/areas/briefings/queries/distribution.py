"""Whom an issued paper was sent to, and who has signed for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from changai.areas.accounts.queries import people_of
from changai.areas.briefings.models import Briefing, Distribution, Receipt
from changai.areas.briefings.queries.briefings import listed_to, visible_to
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Level, Unit
from changai.foundation.actors import Actor, Role
from changai.foundation.matrix import allows

SIGNS = (Role.UNIT_LIAISON, Role.UNIT_HEAD)


@dataclass(frozen=True)
class ReceiptLine:
    """One unit and its receipt; `sent` is empty for a unit that signed though the paper was not sent to it."""

    unit: Unit
    sent: Distribution | None
    receipt: Receipt | None
    has_account: bool
    heir: Unit | None = None  # of a unit that is no more: the one it was merged into, which signs for it

    @property
    def is_open(self) -> bool:
        return self.receipt is None


def units_sent_to(briefing: Briefing, on: date) -> list[Unit]:
    """Return the units an issued paper goes to, to be signed for; none for a paper nobody signs for.

    A circular without addressees goes to the member units, counties and enterprises that exist on the day and have
    somebody to sign: units below them get it from those.
    """
    if not briefing.paper_kind.may_address:
        return []
    chosen = list(briefing.addressees.order_by("position", "code", "pk"))
    if chosen:
        return chosen
    units = list(organisations.open_units(Level.MEMBER, Level.COUNTY, Level.ENTERPRISE, on=on))
    signing = _with_people(unit.pk for unit in units)
    return [unit for unit in units if unit.pk in signing]


def receipt_lines(briefing: Briefing) -> list[ReceiptLine]:
    """Return every unit the paper was sent to or that signed for it, in the tree's order."""
    sent = {each.unit_id: each for each in briefing.distributions.select_related("unit")}
    signed = {each.unit_id: each for each in briefing.receipts.select_related("unit")}
    units = {pk: each.unit for pk, each in sent.items()} | {pk: each.unit for pk, each in signed.items()}
    heirs = organisations.heirs_of(units)
    signing = _with_people({*units, *(heir.pk for heir in heirs.values())})
    ordered = sorted(units.values(), key=lambda unit: (unit.position, unit.code, unit.pk))
    return [
        ReceiptLine(
            unit,
            sent.get(unit.pk),
            signed.get(unit.pk),
            heirs.get(unit.pk, unit).pk in signing,
            heirs.get(unit.pk),
        )
        for unit in ordered
    ]


def papers_sent_out(actor: Actor) -> QuerySet[Briefing]:
    """Return the issued papers that are signed for, newest first, with `sent` and `signed` counts of units.

    Whoever may not see receipts gets none.
    """
    if not allows(actor, "receipt.view"):
        return Briefing.objects.none()
    issued = listed_to(actor).filter(
        status=Briefing.Status.ISSUED, pk__in=Distribution.objects.values("briefing_id")
    )
    counted = with_receipts(issued).select_related("annulment")
    return counted.order_by(F("issued_at").desc(nulls_last=True), "-pk")


def with_receipts(briefings: QuerySet[Briefing]) -> QuerySet[Briefing]:
    """Return the papers with `sent`, to how many units, `signed`, how many of those have signed, and `unsigned`."""
    sent = Distribution.objects.filter(briefing=OuterRef("pk"))
    signed = Receipt.objects.filter(briefing=OuterRef("briefing_id"), unit=OuterRef("unit_id"))
    counted = briefings.annotate(sent=_count(sent), signed=_count(sent.filter(Exists(signed))))
    return counted.annotate(unsigned=F("sent") - F("signed"))


def _count(rows: QuerySet[Distribution]) -> Coalesce:
    counted = rows.order_by().values("briefing").annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted), 0)


def papers_received(actor: Actor) -> QuerySet[Briefing]:
    """Return the issued papers sent to the actor's unit or to one merged into it, newest first."""
    if not allows(actor, "paper.receive"):
        return Briefing.objects.none()
    sent = sent_to_own(actor)
    return visible_to(actor).filter(status=Briefing.Status.ISSUED, pk__in=sent.values("briefing_id"))


def papers_to_receive(actor: Actor) -> QuerySet[Briefing]:
    """Return the papers sent to the actor's unit or its predecessors and not signed for, the oldest first."""
    signed = Receipt.objects.filter(briefing=OuterRef("briefing_id"), unit=OuterRef("unit_id"))
    waiting = sent_to_own(actor).exclude(Exists(signed))
    found = papers_received(actor).filter(annulment__isnull=True, pk__in=waiting.values("briefing_id"))
    return found.order_by("issued_at", "pk")


def sent_to_own(actor: Actor) -> QuerySet[Distribution]:
    """Return what was sent to the actor's unit and to those merged into it."""
    own = organisations.stood_for_by(actor.unit_id or 0)
    return Distribution.objects.filter(unit__in=own.values("pk"))


def units_to_sign(actor: Actor, briefing: Briefing) -> list[int]:
    """Return for which units the actor has yet to sign for a paper: the own one, and those merged into it."""
    sent = list(sent_to_own(actor).filter(briefing=briefing).values_list("unit_id", flat=True))
    signed = set(briefing.receipts.values_list("unit_id", flat=True))
    return [unit_id for unit_id in sent or [actor.unit_id or 0] if unit_id not in signed]


def own_receipt(actor: Actor, briefing: Briefing) -> Receipt | None:
    """Return the receipt of the actor's unit or of one it stands for; None while it has yet to sign."""
    if units_to_sign(actor, briefing):
        return None
    own = organisations.stood_for_by(actor.unit_id or 0)
    return briefing.receipts.filter(unit__in=own.values("pk")).first()


def to_press(briefing: Briefing, on: date) -> list[Distribution]:
    """Return to whom a reminder to sign may go today: units that have not signed and were not reminded that day."""
    signed = set(briefing.receipts.values_list("unit_id", flat=True))
    rows = briefing.distributions.select_for_update().order_by("pk")
    return [each for each in rows if each.unit_id not in signed and not _is_on(each, on)]


def _is_on(sent: Distribution, on: date) -> bool:
    return sent.pressed_at is not None and timezone.localdate(sent.pressed_at) == on


def _with_people(unit_ids: Iterable[int]) -> set[int]:
    """Return which of the units have somebody who can sign in."""
    people = people_of(unit_ids, SIGNS).order_by()
    return {unit_id for unit_id in people.values_list("unit_id", flat=True) if unit_id}
