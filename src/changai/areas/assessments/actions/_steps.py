"""Steps that every action of a round takes: lock it, compare the version the person saw, move it on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from changai.areas.assessments.models import Round
from changai.areas.assessments.policies import require
from changai.areas.assessments.queries import round_for
from changai.areas.assessments.rules import next_status
from changai.areas.organisations.models import Unit
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.foundation.actors import Actor


def locked(actor: Actor, round_id: int, permission: str) -> Round:
    """Return the round, locked for this transaction, when the actor sees it and holds the permission.

    :raises NotVisible: when there is none for this actor
    :raises NotAllowed: without the permission
    """
    round_for(actor, round_id)
    require(actor, permission)
    found = Round.objects.select_for_update(of=("self",)).select_related("scheme").defer("frozen_facts")
    return found.get(pk=round_id)


def locked_for_all(round_id: int) -> Round:
    """Return the round, locked, for people whose part in it is checked by the caller: owners, reviewers.

    :raises NotVisible: when there is none
    """
    standing = Round.objects.exclude(status=Round.Status.DROPPED).defer("frozen_facts")
    found = standing.select_for_update(of=("self",)).select_related("scheme").filter(pk=round_id).first()
    if found is None:
        raise NotVisible
    return found


def locked_for_unit(actor: Actor, round_id: int) -> Round:
    """Return the round, locked, for a unit that acts before it may see its result.

    :raises NotAllowed: when the actor does not act for a unit
    """
    require(actor, "assessment.answer")
    return locked_for_all(round_id)


def check_version(round_: Round, version: int) -> None:
    """Let pass when the round is still as the person saw it.

    :raises RecordMoved: otherwise
    """
    if round_.version != version:
        raise RecordMoved(f"“{round_.name}”刚刚被他人更新，请刷新后再操作。")


def move_on(round_: Round, move: str, otherwise: str) -> None:
    """Give the round its status after the move.

    :raises RecordMoved: with the sentence `otherwise`, when the move is not open
    """
    status = next_status(round_.status, move, round_.course)
    if status is None:
        raise RecordMoved(otherwise)
    round_.status = status


@contextmanager
def without_refused(round_: Round, units: Sequence[Unit]) -> Iterator[None]:
    """Tell figures that no rule can take in the names people know, as one refusal.

    :raises Invalid: when scoring inside refuses facts
    """
    try:
        yield
    except scoring.FactsRefused as refused:
        labels = scheme_of(round_.scheme).labels
        raise Invalid(
            "有数据不符合评分规则的要求，没有计分。请先核实更正。",
            faults=tuple(_fault(finding, units, labels) for finding in refused.findings),
        ) from refused


def _fault(finding: scoring.Finding, units: Sequence[Unit], labels: dict[str, str]) -> str:
    names = {unit.code: unit.name for unit in units}
    coded = f"{finding.unit}的“{finding.field}”"
    named = f"{names.get(finding.unit, finding.unit)}的“{labels.get(finding.field, finding.field)}”"
    return finding.message().replace(coded, named, 1)
