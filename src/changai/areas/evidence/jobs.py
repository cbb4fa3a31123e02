"""Keeping the folder of files tidy."""

from datetime import datetime, timedelta

from changai.areas.evidence import storage
from changai.foundation.jobs.registry import job


@job("evidence.sweep", every=timedelta(hours=6))
def sweep_unfinished(at: datetime) -> str:
    """Remove what uploads interrupted more than a day ago left half-written."""
    return f"清理中断的上传 {storage.sweep(before=at - timedelta(days=1))} 个"
