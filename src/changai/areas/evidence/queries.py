"""Reads of evidence: the rows an actor reaches, and the checked bytes."""

from collections.abc import Iterator

from django.db.models import QuerySet

from changai.areas.evidence import storage
from changai.areas.evidence.models import EvidenceFile
from changai.areas.organisations import queries as organisations
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor


def visible_to(actor: Actor) -> QuerySet[EvidenceFile]:
    """Return the files whose unit the actor reaches, newest first."""
    return EvidenceFile.objects.filter(unit__in=organisations.visible_to(actor, "evidence.view"))


def file_for(actor: Actor, file_id: int) -> EvidenceFile:
    """Return one file's row.

    :raises NotVisible: when there is none, or none for this actor
    """
    file = visible_to(actor).filter(pk=file_id).first()
    if file is None:
        raise NotVisible
    return file


def read_file(actor: Actor, file_id: int) -> tuple[EvidenceFile, bytes]:
    """Return a file's row and its bytes, checked against the digest.

    :raises NotVisible: when there is none, or none for this actor
    :raises storage.Damaged: when the bytes no longer fit
    """
    file = file_for(actor, file_id)
    return file, storage.open_digest(file.digest)


def read_within(file_id: int) -> tuple[EvidenceFile, bytes]:
    """Return a file's row and its checked bytes, for an area that found it in a record the reader may open.

    :raises NotVisible: when there is none
    :raises storage.Damaged: when the bytes no longer fit
    """
    file = EvidenceFile.objects.filter(pk=file_id).first()
    if file is None:
        raise NotVisible
    return file, storage.open_digest(file.digest)


def faulty_files() -> Iterator[tuple[str, str, str]]:
    """Yield (digest, name, what is wrong) for every kept file that is missing or changed. Reads all."""
    seen = EvidenceFile.objects.order_by("digest", "pk").values_list("digest", "name")
    last = ""
    for digest, name in seen.iterator(chunk_size=1000):
        if digest != last and (reason := storage.fault_of(digest)):
            yield digest, name, reason
        last = digest
