"""Reads of indicator systems."""

from dataclasses import dataclass

from django.db.models import QuerySet

from changai.areas.facts.models import Field
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import sees_drafts
from changai.areas.schemes.rules import reviewed_fields
from changai.core import scoring
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows


def visible_to(actor: Actor) -> QuerySet[SchemeVersion]:
    """Return the versions the actor may see, newest first."""
    if not allows(actor, "scheme.view"):
        return SchemeVersion.objects.none()
    versions = SchemeVersion.objects.order_by("-year", "-pk")
    return versions if sees_drafts(actor) else versions.exclude(status=SchemeVersion.Status.DRAFT)


def version_for(actor: Actor, version_id: int) -> SchemeVersion:
    """Return one version.

    :raises NotVisible: when there is none for this actor
    """
    found = visible_to(actor).filter(pk=version_id).first()
    if found is None:
        raise NotVisible
    return found


def scheme_of(version: SchemeVersion) -> scoring.Scheme:
    """Return the scoring core's scheme of a version."""
    return scoring.Scheme.from_json(version.content)


@dataclass(frozen=True)
class NodeRow:
    """One row of the printed table: a node with its level and, for a leaf, how it is scored and from what."""

    code: str
    name: str
    level: int
    points: str
    is_leaf: bool
    wording: str
    fields: tuple[str, ...]
    data_owner: str
    evidence: str


def node_rows(table: scoring.Table) -> list[NodeRow]:
    """Return the rows of a table in print order, with the dictionary's names for the fields."""
    names = dict(Field.objects.filter(code__in=table.fields()).values_list("code", "name"))
    rows = []
    for node, level in table.walk():
        fields = node.rule.fields() if node.rule else ()
        rows.append(
            NodeRow(
                code=node.code,
                name=node.name,
                level=level,
                points=f"{float(node.points):g}",
                is_leaf=node.rule is not None,
                wording=node.wording,
                fields=tuple(names.get(code, code) for code in fields),
                data_owner=node.data_owner,
                evidence=node.evidence,
            )
        )
    return rows


def unknown_fields(scheme: scoring.Scheme) -> list[str]:
    """Return the fields the scheme reads that the dictionary does not hold and no reviewer gives."""
    wanted = {name for table in scheme.tables.values() for name in table.fields()}
    judged = {name for table in scheme.tables.values() for name in reviewed_fields(table)}
    known = set(Field.objects.filter(code__in=wanted).values_list("code", flat=True))
    return sorted(wanted - known - judged)
