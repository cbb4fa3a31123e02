"""The audit log and the matrix as workbooks."""

import json
from collections.abc import Iterable

from django.utils import timezone

from changai.documents.workbooks import Column, SheetContent
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.words import act_name
from changai.foundation.matrix import EVERYBODY, MATRIX, Scope

SCOPE_NAMES = {Scope.ALL: "全部", Scope.BRANCH: "本单位及下属", Scope.OWN: "本单位"}


def log_sheet(events: Iterable[AuditEvent]) -> SheetContent:
    """Return lines of the audit log as a sheet."""
    columns = (
        Column("序号", 5, "whole"), Column("时间", 10), Column("操作人", 8), Column("岗位", 8), Column("地址", 8),
        Column("操作", 10), Column("代码", 10), Column("对象", 12), Column("说明", 24), Column("封印", 18),
    )  # fmt: skip
    rows = [
        (
            event.sequence, f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}", event.actor_name, event.role,
            event.address, act_name(event.act), event.act, f"{event.object_type} {event.object_id}".strip(),
            json.dumps(event.detail, ensure_ascii=False), event.mac,
        )
        for event in events
    ]  # fmt: skip
    return SheetContent("审计日志", "审计日志", columns, rows)


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
    return SheetContent("权限一览", "岗位权限一览表", columns, rows)
