"""Every night the whole chain is verified; a break is logged for the audit administrator."""

import logging
from datetime import datetime, timedelta

from changai.foundation.actors import Role
from changai.foundation.audit.verifier import verify_chain
from changai.foundation.jobs.schedule import job
from changai.foundation.notices.outbox import notify

logger = logging.getLogger("changai.audit")


@job("audit.verify", every=timedelta(days=1))
def verify(now: datetime) -> str:
    """Verify every line, and tell the audit administrator of the first that does not fit."""
    verdict = verify_chain()
    if verdict.is_whole:
        return f"{verdict.lines} lines, head {verdict.head[:16]}"
    logger.critical("audit log broken at line %s: %s", verdict.first_bad, verdict.reason)
    sentence = f"审计日志第 {verdict.first_bad} 条与封印不符：{verdict.reason}。请立即核查。"
    notify(sentence, at=now, role=Role.AUDIT_ADMINISTRATOR, link="/accounts/audit/")
    return sentence
