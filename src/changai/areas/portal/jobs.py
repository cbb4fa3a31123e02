"""What the clock does for the suggestions box."""

from datetime import datetime, time

from changai.areas.portal.actions import forget_origins
from changai.foundation.actors import MACHINE
from changai.foundation.jobs.registry import job


@job("portal.forget_origins", daily_at=time(3, 30))
def forget(at: datetime) -> str:
    """Empty the origins of yesterday's suggestions."""
    return f"清除意见建议的来源标记 {forget_origins(MACHINE, at=at)} 条"
