"""What the machine itself needs done."""

from datetime import datetime, time, timedelta

from django.contrib.sessions.models import Session

from changai.foundation import quarantine, staging
from changai.foundation.jobs.registry import job


@job("sessions.clear", daily_at=time(3, 0))
def clear_sessions(at: datetime) -> str:
    """Remove the rows of sessions that are over. Receipts stay: they prove what was handed in."""
    removed, _tables = Session.objects.filter(expire_date__lt=at).delete()
    return f"清理过期会话 {removed} 个"


@job("staging.sweep", every=timedelta(hours=6))
def sweep_staged_files(at: datetime) -> str:
    """Remove uploads that were previewed and not confirmed within a day."""
    return f"清理未确认的上传 {staging.sweep(before=at - timedelta(days=1))} 个"


@job("quarantine.sweep", daily_at=time(3, 20))
def sweep_quarantine(at: datetime) -> str:
    """Remove uploads that lie in quarantine longer than 30 days."""
    return f"清理 30 天前的上传原件 {quarantine.sweep(before=at - quarantine.KEPT)} 个"
