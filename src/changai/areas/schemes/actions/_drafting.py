"""How an action takes hold of a draft, and keeps what it changed with the way back."""

from datetime import datetime, timedelta
from typing import Any

from changai.areas.schemes.models import DraftStep, SchemeVersion
from changai.areas.schemes.policies import require
from changai.areas.schemes.queries import labelled, version_for
from changai.core import scoring
from changai.core.errors import NotVisible, RecordMoved
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.versions import require_version

MOST_STEPS = 60
# A person who goes on writing at the same place makes one step, not one a second.
SAME_STEP = timedelta(minutes=10)


def open_draft(actor: Actor, version_id: int, version: int | None = None) -> SchemeVersion:
    """Return the draft, locked. `version` is what the page had shown; None where the place itself is compared.

    :raises NotVisible: when there is none for this actor
    :raises NotAllowed: when the actor may not write indicator systems
    :raises RecordMoved: when it has been issued, or changed since
    """
    version_for(actor, version_id)
    require(actor, "scheme.edit")
    row = SchemeVersion.objects.select_for_update().get(pk=version_id)
    if not row.is_draft:
        raise RecordMoved("这一版已印发，不能再修改。如需调整，请以它为底稿新建一版。")
    if version is not None:
        require_version(row, version)
    return row


def table_at(scheme: scoring.Scheme, place: int) -> scoring.Table:
    """Return the table at a place of the scheme, counted from 0.

    :raises NotVisible: when there is none
    """
    tables = list(scheme.tables.values())
    if not 0 <= place < len(tables):
        raise NotVisible
    return tables[place]


def with_table(scheme: scoring.Scheme, old: str, table: scoring.Table) -> dict[str, scoring.Table]:
    """Return the tables of the scheme with the one of category `old` replaced, in the same order."""
    return {
        (table.category if category == old else category): (table if category == old else each)
        for category, each in scheme.tables.items()
    }


def keep_way_back(actor: Actor, row: SchemeVersion, *, sentence: str, at: datetime, place: str = "") -> None:
    """Keep what the draft says now as the way back from the step that begins."""
    last = row.steps.first()
    if place and last and (last.place, last.by_name) == (place, actor.name) and at - last.at < SAME_STEP:
        last.at = at
        last.save(update_fields=["at"])
        return
    before = {"content": row.content, "waiting": row.waiting}
    DraftStep.objects.create(
        scheme=row, sentence=sentence[:200], place=place[:80], before=before, at=at, by_name=actor.name
    )
    old = row.steps.values_list("pk", flat=True)[MOST_STEPS:]
    row.steps.filter(pk__in=list(old)).delete()


def save_draft(
    actor: Actor,
    act: str,
    row: SchemeVersion,
    scheme: scoring.Scheme,
    *,
    sentence: str,
    at: datetime,
    place: str = "",
    waiting: dict[str, Any] | None = None,
) -> SchemeVersion:
    """Save what a step made of the draft, with the way back and a line of the audit log.

    :raises RecordMoved: when the name, year and version it now has belong to another version
    """
    named = labelled(scheme)
    keep_way_back(actor, row, sentence=sentence, at=at, place=place)
    key = {"name": named.scheme, "year": named.year or row.year, "version_label": named.version}
    if SchemeVersion.objects.filter(**key).exclude(pk=row.pk).exists():
        raise RecordMoved(f"“{named.scheme}”{key['year']} 年度已有 {named.version} 版，请改用别的版本号。")
    for name, value in key.items():
        setattr(row, name, value)
    row.content, row.digest = named.to_dict(), named.digest
    if waiting is not None:
        row.waiting = {category: codes for category, codes in waiting.items() if codes}
    row.version += 1
    row.save()
    record(actor, act, row, at=at, digest=row.digest, step=sentence)
    return row
