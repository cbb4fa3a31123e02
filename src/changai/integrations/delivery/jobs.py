"""The clock of the messages."""

from datetime import datetime, timedelta

from changai.foundation.jobs.registry import job
from changai.integrations.delivery.sending import deliver_due


@job("delivery.send", every=timedelta(seconds=20), longest=timedelta(minutes=30))
def send_deliveries(at: datetime) -> str:
    """Send the messages that are due."""
    outcome = deliver_due(at)
    return f"已办理待发消息 {outcome['tried']} 条"
