"""The audit log and the matrix as workbooks."""

import json
from collections.abc import Iterable

from django.utils import timezone

from changai.documents.workbooks import Column, SheetContent
from changai.foundation.actors import ROLE_LABELS, Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.words import act_name
from changai.foundation.matrix import EVERYBODY, MATRIX, Scope

SCOPE_NAMES = {Scope.ALL: "全部", Scope.BRANCH: "本单位及下属", Scope.OWN: "本单位"}


def log_sheet(events: Iterable[AuditEvent]) -> SheetContent:
    """Return lines of the audit log as a sheet."""
    columns = (
        Column("序号", 5, "serial"), Column("时间", 5), Column("操作人", 6), Column("岗位", 5), Column("地址", 6),
        Column("操作", 8), Column("代码", 8), Column("对象", 8), Column("说明", 30), Column("封印", 8),
    )  # fmt: skip
    rows = [
        (
            event.sequence, f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}", event.actor_name,
            _role_name(event.role),
            event.address, act_name(event.act), event.act, f"{event.object_type} {event.object_id}".strip(),
            json.dumps(event.detail, ensure_ascii=False), event.mac,
        )
        for event in events
    ]  # fmt: skip
    return SheetContent("审计日志", "审计日志", columns, rows)


def _role_name(role: str) -> str:
    return str(Role(role).label) if role in ROLE_LABELS else role


def matrix_sheet() -> SheetContent:
    """Return the permission matrix as a sheet: one row a permission, one column a post."""
    columns = (
        Column("权限", 12),
        Column("代码", 9),
        *(Column(str(role.label), 6, "choice") for role in EVERYBODY),
    )
    rows = [
        (str(name), code, *(SCOPE_NAMES[grants[role]] if role in grants else "" for role in EVERYBODY))
        for code, (name, grants) in MATRIX.items()
    ]
    return SheetContent("权限一览", "岗位权限一览表", columns, rows, named=2)
