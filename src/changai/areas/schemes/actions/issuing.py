"""Issuing a draft and superseding what was in force. What is issued never changes."""

from datetime import date, datetime

from django.db.models import Max

from changai.areas.reporting.actions import Origin, except_burden
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import require
from changai.areas.schemes.queries import ORIGIN, burdens_of, issue_faults, version_for
from changai.areas.schemes.rules import first_day_of, next_status
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("scheme.issue")
def issue_scheme(
    actor: Actor,
    version_id: int,
    *,
    version: int,
    reason: str = "",
    effective_from: date | None = None,
    effective_to: date | None = None,
    at: datetime,
) -> SchemeVersion:
    """Issue a draft under the next number of its year: it is fixed from now on. Earlier issued versions of the
    same year and name are superseded. Without `effective_from` it holds from the first day of its year.

    What the rules of burden speak against stays only with a written `reason`; the register of exceptions keeps it.

    :raises RecordMoved: when it is not a draft any more, or was changed meanwhile
    :raises Invalid: when it does not hold together, a rule is not confirmed or a comment not decided: each named;
        without a reason for what burdens the base
    """
    require(actor, "scheme.issue")
    version_for(actor, version_id)
    issued = SchemeVersion.objects.select_for_update().get(pk=version_id)
    if issued.version != version:
        raise RecordMoved(f"“{issued.name}”的草案刚被修改，请核对新内容后再印发。")
    status = next_status(issued.status, "issue")
    if status is None:
        raise RecordMoved(f"“{issued.name}”{issued.version_label} 版已经印发过了。")
    first = effective_from or first_day_of(issued.year)
    faults = issue_faults(issued)
    if effective_to is not None and effective_to < first:
        faults.append("有效期的截止日期早于施行日期，请改正。")
    if faults:
        raise Invalid(f"还有 {len(faults)} 处没有完成，不能印发。", faults=tuple(faults))
    if told := burdens_of(issued):
        origin = Origin(ORIGIN, issued.pk, str(issued))
        except_burden(actor, origin, told, reason=reason, verb="印发", at=at)
    _supersede(actor, issued, at=at)
    issued.status, issued.issued_at, issued.issued_by_name = status, at, actor.name
    issued.effective_from, issued.effective_to = first, effective_to
    issued.issue_number = _next_number(issued.year)
    issued.version += 1
    issued.save()
    issued.steps.all().delete()
    record(actor, "scheme.issue", issued, at=at, digest=issued.digest, number=issued.issue_number)
    return issued


def _supersede(actor: Actor, issued: SchemeVersion, *, at: datetime) -> None:
    earlier = SchemeVersion.objects.select_for_update().filter(
        name=issued.name, year=issued.year, status=SchemeVersion.Status.ISSUED
    )
    for old in earlier:
        old.status = SchemeVersion.Status.SUPERSEDED
        old.version += 1
        old.save(update_fields=["status", "version"])
        record(actor, "scheme.supersede", old, at=at, by=issued.pk)


def _next_number(year: int) -> int:
    last: int | None = SchemeVersion.objects.filter(year=year).aggregate(last=Max("issue_number"))["last"]
    return (last or 0) + 1
