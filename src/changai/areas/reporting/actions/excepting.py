"""Why something is issued although rules of burden speak against it: the one register of exceptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from changai.areas.reporting import policies
from changai.areas.reporting.models import BurdenException, Form
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

LEAST_REASON, LONGEST_REASON = 8, 300

# Rule, sentence with its source, whether the source forbids it.
Told = tuple[str, str, bool]


@dataclass(frozen=True)
class Origin:
    """The record of another area that is issued: `schemes.version` 12, and what people call it."""

    type: str
    id: int
    label: str


def keep_exceptions(
    actor: Actor, about: Form | Origin, told: Sequence[Told], *, reason: str, verb: str, at: datetime
) -> list[BurdenException]:
    """Keep each finding with the reason. A step of the action that issues; `verb` is its button, such as 下发.

    :raises Invalid: without a reason that says something, or to who may not except the forbidden; `faults` names
        each finding
    """
    sentences, reason = tuple(sentence for _rule, sentence, _forbidden in told), reason.strip()
    if any(forbidden for _rule, _sentence, forbidden in told) and not policies.may_except_forbidden(actor):
        raise Invalid(
            f"有不得列入的内容，请删改；确需{verb}的，由办公室负责人说明理由后{verb}。", faults=sentences
        )
    if len(reason) < LEAST_REASON:
        raise Invalid(
            f"请先删改，或写明确需保留的理由（不少于 {LEAST_REASON} 个字）再{verb}。", faults=sentences
        )
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"理由不能超过 {LONGEST_REASON} 个字，现有 {len(reason)} 个字。", faults=sentences)
    if isinstance(about, Form):
        of: dict[str, object] = {"form": about}
    else:
        of = {"origin_type": about.type, "origin_id": str(about.id), "origin_label": about.label[:200]}
    return BurdenException.objects.bulk_create(
        BurdenException(
            rule=rule, finding=sentence[:500], is_forbidden=forbidden, reason=reason, made_at=at,
            made_by_name=actor.name, **of,
        )
        for rule, sentence, forbidden in told
    )  # fmt: skip


@action("burden.except")
def except_burden(
    actor: Actor, origin: Origin, told: Sequence[Told], *, reason: str, verb: str, at: datetime
) -> list[BurdenException]:
    """Keep why another area issues something against the rules of burden, within the action that issues it.

    :param told: what speaks against it, at least one finding
    :raises Invalid: without a reason that says something, or to who may not except the forbidden
    """
    kept = keep_exceptions(actor, origin, told, reason=reason, verb=verb, at=at)
    rules = [rule for rule, _sentence, _forbidden in told]
    record(actor, "burden.except", kept[0], at=at, origin=f"{origin.type} {origin.id}", rules=rules)
    return kept
