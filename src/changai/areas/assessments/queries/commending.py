"""The public notice of a commendation: who reads it, and which nominees a veto speaks against."""

from dataclasses import dataclass

from django.db.models import QuerySet

from changai.areas.assessments.models import Commendation
from changai.areas.assessments.queries.uses import struck_units
from changai.areas.organisations.queries import names_on, units_with_codes
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows

_PUBLIC = (Commendation.Status.NOTICE, Commendation.Status.DECIDED)


def noticed_commendations(actor: Actor) -> QuerySet[Commendation]:
    """Return the lists of which notice is given or that are settled, the newest first: everybody at work reads them."""
    rows = Commendation.objects.select_related("round").order_by("-notice_from", "-pk")
    return rows.filter(status__in=_PUBLIC) if allows(actor, "commendation.view") else rows.none()


def noticed_commendation_for(actor: Actor, commendation_id: int) -> Commendation:
    """Return one of them.

    :raises NotVisible: when there is none, or no notice of it is given
    """
    found = noticed_commendations(actor).filter(pk=commendation_id).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class StruckNominees:
    """Nominees a veto speaks against: `own` stand for the struck unit itself, `near` for something called after it."""

    own: tuple[str, ...]
    near: tuple[str, ...]


def struck_nominees(commendation: Commendation) -> StruckNominees:
    """Return a sentence for each nominee whose unit a veto strikes in the round the list rests on."""
    struck = struck_units(commendation.round)
    if not struck:
        return StruckNominees((), ())
    units = units_with_codes(struck)
    then = names_on([unit.pk for unit in units], Month.of(commendation.round.last_month).last_on)
    own, near = [], []
    for row in commendation.nominees:
        for unit in units:
            names = {unit.name, unit.short_name, then[unit.pk]} - {""}
            told = f"{row['name']}（{row['employer']}）：{then[unit.pk]}因一票否决（{struck[unit.code][1]}）不能列入"
            if row["employer"] in names:
                own.append(f"{told}，请删去。")
            elif row["employer"].startswith(tuple(names)):
                near.append(f"{told}，请核对该人选是否属于该单位。")
    return StruckNominees(tuple(own), tuple(near))
