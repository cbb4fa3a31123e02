"""Taking evidence in."""

from datetime import datetime

from django.conf import settings

from changai.areas.evidence import storage
from changai.areas.evidence.models import EvidenceFile
from changai.areas.evidence.rules import TooLarge, cleaned_name, kind_of
from changai.areas.organisations import policies as organisations_policies
from changai.areas.organisations import queries as organisations
from changai.documents.intake.sandbox import parse_limited
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.quarantine import refusals_kept

_ARCHIVE = b"PK\x03\x04"
_INSPECTION = "changai.documents.intake.container:inspect"


def keep_file(
    actor: Actor, *, unit_id: int, name: str, content: bytes, at: datetime, once: str = ""
) -> EvidenceFile:
    """Keep a file for a unit and return its row; the same bytes under the same name are one row.

    The bytes are on the disk before the transaction of `add_file` opens: a slow disk must not hold the one
    write lock, and a row never points at nothing.

    :raises TooLarge: when it is bigger than `UPLOAD_LIMIT_BYTES`
    :raises Unreadable: when the kind is not taken in, the bytes are of another kind, or unpack to a bomb
    :raises NotVisible: when the actor does not reach the unit
    :raises NotAllowed: when the actor may not add evidence for it
    """
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // 2**20
        raise TooLarge(f"文件超过 {limit} MB，没有接收。请压缩图片、拆分文件后再上传。")
    name = cleaned_name(name)
    _require(actor, unit_id)
    with refusals_kept(actor, name=name, content=content, at=at):
        kind = kind_of(name, content)
        if content.startswith(_ARCHIVE):
            parse_limited(_INSPECTION, content, name=name)
    digest = storage.keep(content)
    size = len(content)
    return add_file(  # type: ignore[call-arg]  # every action takes `once`
        actor, unit_id=unit_id, name=name, kind=kind, digest=digest, size_bytes=size, at=at, once=once
    )


@action("evidence.add")
def add_file(
    actor: Actor, *, unit_id: int, name: str, kind: str, digest: str, size_bytes: int, at: datetime
) -> EvidenceFile:
    """Enter a file that lies in the storage under a unit and return its row. Call `keep_file` for bytes.

    :raises NotVisible: when the actor does not reach the unit
    :raises NotAllowed: when the actor may not add evidence for it
    """
    _require(actor, unit_id)
    file, is_new = EvidenceFile.objects.get_or_create(
        unit_id=unit_id,
        digest=digest,
        name=name,
        defaults={"kind": kind, "size_bytes": size_bytes, "added_by_name": actor.name, "added_at": at},
    )
    record(actor, "evidence.add", file, at=at, digest=digest, is_new=is_new)
    return file


def _require(actor: Actor, unit_id: int) -> None:
    unit = organisations.unit_for(actor, unit_id, "evidence.view")
    organisations_policies.require(actor, "evidence.add", unit.path)
