"""Uploaded files as they came, kept under their digest for 30 days, whether they were taken or refused.

Every upload of the product is read inside `refusals_kept`: what is refused leaves one audit line, so that a person
who asks "why was my file not taken" gets an answer, and the office can look at the bytes. Nothing here is ever parsed
or served as a page.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from changai.core.errors import ActionRefused, Invalid, NotVisible, RecordMoved, Unreadable
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.writer import record
from changai.foundation.matrix import scope_of

KEPT = timedelta(days=30)
_LONGEST_SENTENCE = 300
# How the parser reads files: raise it when it reads them otherwise, and what was kept is not taken any more.
_READINGS = 1


def digest_of(content: bytes) -> str:
    """Return the SHA-256 under which these bytes are kept."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes) -> str:
    """Keep the bytes of an upload and return their SHA-256; they are on the disk when this returns."""
    digest = digest_of(content)
    place = _folder() / digest
    if place.exists():
        os.utime(place)  # brought again: its 30 days begin again
        return digest
    _written(place, content)
    return digest


def _written(place: Path, content: bytes) -> None:
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, written = tempfile.mkstemp(dir=_folder(), prefix="incoming-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(written).rename(place)


def kept(digest: str) -> bytes:
    """Return the bytes kept under `digest`.

    :raises RecordMoved: when they are no longer kept or no longer fit
    """
    content = place_of(digest).read_bytes()
    if digest_of(content) != digest:
        raise RecordMoved("上传的文件已损坏，请重新上传。")
    return content


def place_of(digest: str) -> Path:
    """Return where the bytes under `digest` lie, for a reader that takes a file piece by piece.

    :raises RecordMoved: when they are no longer kept
    """
    place = _folder() / digest
    if not digest.isalnum() or not place.exists():
        raise RecordMoved("上传的文件已超过 30 天或已清理，请重新上传。")
    return place


def reading_of(digest: str, read: Callable[[], Any]) -> Any:
    """Return what `read` makes of the file under `digest` (JSON values), kept beside the file for the next process.

    A file is parsed in a child process, at a price: an upload of sixty is looked at again with every page.
    """
    place = _reading_place(digest)
    try:
        return json.loads(place.read_bytes())
    except (FileNotFoundError, ValueError):
        pass
    found = read()
    _written(place, json.dumps(found, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return found


def has_reading(digest: str) -> bool:
    """Return whether `reading_of` has one kept."""
    return _reading_place(digest).exists()


def _reading_place(digest: str) -> Path:
    return _folder() / f"{digest}.{_READINGS}.json"


@contextmanager
def refusals_kept(actor: Actor, *, name: str, content: bytes, at: datetime) -> Iterator[None]:
    """Let a refusal of the file that rises inside leave its trace: the bytes in quarantine and one audit line.

    One that has left it already, in a narrower `refusals_kept`, leaves no second.
    """
    try:
        yield
    except (Unreadable, Invalid) as refusal:
        if "kept_as" not in refusal.values:
            refusal.values["kept_as"] = digest = keep(content)
            reject_import(actor, name=name, digest=digest, refusal=refusal, at=at)
        raise


@action("import.rejected")
def reject_import(actor: Actor, *, name: str, digest: str, refusal: ActionRefused, at: datetime) -> None:
    """Enter in the log that a file was refused: its digest, its ending, the code and the sentences."""
    told = "".join((refusal.sentence, *getattr(refusal, "faults", ())))
    record(
        actor,
        "import.rejected",
        "import",
        at=at,
        digest=digest,
        ending=name.rpartition(".")[2].lower()[:10],
        code=refusal.code,
        reason=str(refusal.values.get("reason", "")),
        sentence=told[:_LONGEST_SENTENCE],
    )


def refusals_for(actor: Actor) -> QuerySet[AuditEvent]:
    """Return the log's lines of refused files that the actor may look at, the latest first."""
    if scope_of(actor.role, "refusal.view") is None:
        return AuditEvent.objects.none()
    return AuditEvent.objects.filter(object_type="import", act="import.rejected").order_by("-sequence")


@action("import.look")
def open_refused(actor: Actor, sequence: int, *, at: datetime) -> tuple[str, bytes]:
    """Return a safe name and the bytes of a refused file; who looked at it is in the log too.

    :raises NotVisible: when there is no such refusal for this actor
    :raises RecordMoved: when the file is no longer kept
    """
    line = refusals_for(actor).filter(sequence=sequence).first()
    if line is None:
        raise NotVisible
    digest = str(line.detail["digest"])
    content = kept(digest)
    record(actor, "import.look", "import", at=at, digest=digest)
    ending = "".join(mark for mark in str(line.detail.get("ending", "")) if mark.isalnum())
    return f"未接收的文件{sequence}.{ending or 'bin'}", content


def is_kept(digest: str) -> bool:
    """Return whether the bytes under `digest` still lie here."""
    return digest.isalnum() and (_folder() / digest).exists()


def sweep(*, before: datetime) -> int:
    """Remove what was brought before a moment, and return how many files."""
    old = [file for file in _folder().glob("*") if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    folder: Path = settings.DATA_FOLDER / "quarantine"
    return folder
