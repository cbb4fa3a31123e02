"""The folder of files, each under its SHA-256: `objects/ab/cd/abcd…`. Written once, never changed.

Areas above read their own kept files through `open_digest`, after their own permission check.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from changai.core.errors import Unavailable

logger = logging.getLogger("changai")


class Damaged(Unavailable):
    """A kept file is gone or no longer what its digest says. It is not served."""

    code: ClassVar[str] = "damaged"


def keep(content: bytes) -> str:
    """Keep the bytes and return their digest; they are on the disk, not in a cache, when this returns.

    The same bytes are kept once.
    """
    digest = hashlib.sha256(content).hexdigest()
    place = _place(digest)
    if not place.exists():
        _write(place, content)
    return digest


def open_digest(digest: str) -> bytes:
    """Return the bytes kept under `digest`, checked against it.

    :raises Damaged: when they are missing or no longer fit; the fault is logged
    """
    reason = fault_of(digest)
    if reason:
        logger.error("evidence %s: %s", digest, reason)
        raise Damaged("文件与登记的数字摘要不符，已停止提供。请联系系统管理员从备份恢复。", digest=digest)
    return _place(digest).read_bytes()


def fault_of(digest: str) -> str:
    """Return what is wrong with the file kept under `digest` in words, or an empty string."""
    place = _place(digest)
    if not place.exists():
        return "文件缺失"
    with place.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return "" if found == digest else "内容与摘要不符"


def sweep(*, before: datetime) -> int:
    """Remove the half-written files that an interrupted upload left before a moment, and return how many."""
    left = [file for file in _unfinished() if file.stat().st_mtime < before.timestamp()]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def _unfinished() -> Iterator[Path]:
    return settings.EVIDENCE_FOLDER.glob("incoming/*")


def _place(digest: str) -> Path:
    folder: Path = settings.EVIDENCE_FOLDER
    return folder / "objects" / digest[:2] / digest[2:4] / digest


def _write(place: Path, content: bytes) -> None:
    incoming: Path = settings.EVIDENCE_FOLDER / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(place)
    # Without this a power loss can forget the rename itself, and the folders made for it.
    for folder in (place.parent, place.parent.parent, place.parent.parent.parent):
        _synchronise(folder)


def _synchronise(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
