"""Files between upload and confirmation: kept aside under their digest, for the session that brought them.

The confirmation carries the digest, so that what is carried out is what was previewed.
"""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from changai.core.errors import RecordMoved, Unreadable
from changai.foundation.pages import Request
from changai.foundation.quarantine import refusals_kept

_KEY = "staged_files"
_KEPT_IN_SESSION = 10


class Reader(Protocol):
    """Reads a file, or refuses it."""

    def __call__(self, content: bytes, /, *, name: str) -> object: ...


def stage(request: Request, read: Reader, *, name: str = "file") -> str:
    """Keep the uploaded file `name` of a POST aside when `read` takes it, and return its digest.

    A file that is refused goes to the quarantine with the sentence.

    :raises Unreadable: when there is none, it is empty, too large, or `read` refuses it
    """
    uploaded = request.FILES.get(name)
    if uploaded is None or not uploaded.size:
        raise Unreadable("请选择要上传的文件；空文件不能接收。")
    if uploaded.size > settings.UPLOAD_LIMIT_BYTES:
        raise Unreadable(f"文件超过 {settings.UPLOAD_LIMIT_BYTES // 2**20} MB，没有接收。")
    content = uploaded.read()
    with refusals_kept(request.actor, name=uploaded.name or "", content=content, at=timezone.now()):
        read(content, name=uploaded.name or "")
    digest = hashlib.sha256(content).hexdigest()
    _write(digest, content)
    kept = [entry for entry in request.session.get(_KEY, []) if entry[0] != digest]
    request.session[_KEY] = [*kept, [digest, uploaded.name or ""]][-_KEPT_IN_SESSION:]
    return digest


def staged(request: HttpRequest, digest: str) -> tuple[str, bytes]:
    """Return name and bytes of a file this session has brought.

    :raises RecordMoved: when it has not, or the file is no longer kept
    """
    names = dict(request.session.get(_KEY, []))
    place = _folder() / digest if digest in names else None
    if place is None or not place.exists():
        raise RecordMoved("上传的文件已失效，请重新上传。")
    content = place.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise RecordMoved("上传的文件已损坏，请重新上传。")
    return names[digest], content


def sweep(*, before: datetime) -> int:
    """Remove what was brought before a moment, and return how many files."""
    old = [file for file in _folder().glob("*") if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    folder: Path = settings.DATA_FOLDER / "staged"
    return folder


def _write(digest: str, content: bytes) -> None:
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, written = tempfile.mkstemp(dir=_folder())
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(written).rename(_folder() / digest)
