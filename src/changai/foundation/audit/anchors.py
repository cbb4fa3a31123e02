"""Marks of the chain outside the database: a chain rewritten or rolled back no longer meets them."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.verifier import Verdict


def drop_anchor(verdict: Verdict, *, at: datetime) -> None:
    """Append number and seal of the last verified line to the file of anchors; nothing for an empty chain."""
    if not verdict.lines or not verdict.is_whole:
        return
    _file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _file().open("a", encoding="ascii") as anchors:
        anchors.write(f"{at.isoformat(timespec='seconds')} {verdict.lines} {verdict.head}\n")


def misfit() -> str:
    """Return in a sentence which anchor the chain no longer meets, or an empty string."""
    if not _file().exists():
        return ""
    anchors = [line.split() for line in _file().read_text(encoding="ascii").splitlines()]
    sequences = [int(sequence) for _moment, sequence, _mac in anchors]
    seals = dict(AuditEvent.objects.filter(pk__in=sequences).values_list("sequence", "mac"))
    for moment, sequence, mac in anchors:
        if seals.get(int(sequence)) != mac:
            return f"第 {sequence} 条与 {moment} 在库外留存的封印不一致：日志曾被整体改写或回退"
    return ""


def _file() -> Path:
    folder: Path = settings.DATA_FOLDER
    return folder / "audit" / "anchors.txt"
