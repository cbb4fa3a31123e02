"""Checks the whole chain and names the first line that does not fit."""

from dataclasses import dataclass

from django.conf import settings

from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.sealing import FIRST, SEALED_FIELDS, seal


@dataclass(frozen=True)
class Verdict:
    """What a verification found. `first_bad` is the sequence number of the first line that does not fit."""

    lines: int
    head: str
    first_bad: int | None = None
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        return self.first_bad is None


def verify_chain() -> Verdict:
    """Return the verdict over every line, oldest first; stops at the first that does not fit."""
    previous, expected = FIRST, 1
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        reason = _fault(event, previous, expected)
        if reason:
            return Verdict(expected - 1, previous, first_bad=event.sequence, reason=reason)
        previous, expected = event.mac, expected + 1
    return Verdict(expected - 1, previous)


def _fault(event: AuditEvent, previous: str, expected: int) -> str:
    if event.sequence != expected:
        return f"序号应为 {expected}，实为 {event.sequence}：其间有记录缺失"
    if event.previous_mac != previous:
        return "与上一条记录的封印不衔接"
    line = {name: getattr(event, name) for name in SEALED_FIELDS}
    if event.algorithm not in {"sm3", "sha256"} or seal(settings.AUDIT_KEY, line, at=event.at) != event.mac:
        return "内容与封印不符：该记录在写入后被改动过"
    return ""
