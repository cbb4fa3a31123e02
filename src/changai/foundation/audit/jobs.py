"""The chain is verified every night, and marked outside the database."""

from datetime import datetime, time

from changai.foundation.actors import Role
from changai.foundation.audit.anchors import drop_anchor, misfit
from changai.foundation.audit.verifier import verify_chain
from changai.foundation.jobs.registry import job
from changai.foundation.notices.outbox import notify


@job("audit.verify", daily_at=time(2, 30))
def verify_nightly(at: datetime) -> str:
    """Verify the whole chain; when it does not fit, tell the audit and the system administrator."""
    verdict = verify_chain()
    fault = f"第 {verdict.first_bad} 条：{verdict.reason}" if not verdict.is_whole else misfit()
    if fault:
        for role in (Role.AUDIT_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR):
            notify(f"审计日志校验不通过，{fault}。", at=at, role=role)
        return f"校验不通过，{fault}"
    drop_anchor(verdict, at=at)
    return f"校验通过，共 {verdict.lines} 条"
