"""Whether a record is still as the person saw it who now changes it."""

from django.db.models import Model
from django.utils import timezone

from changai.core.errors import RecordMoved
from changai.foundation.audit.models import AuditEvent


def require_version(seen: Model, version: int) -> None:
    """Let the change pass when the record (a model with `version`) still has the version the person saw.

    :raises RecordMoved: otherwise, naming who changed it last, and when
    """
    if seen.version != version:  # type: ignore[attr-defined]
        raise RecordMoved(f"{last_change(seen)}修改了同一条记录，请刷新后再操作。")


def last_change(seen: Model) -> str:
    """Return who wrote the audit log's last line of the record, and when, such as 张三已于11月3日 09:05."""
    label = seen._meta.label_lower
    told = AuditEvent.objects.filter(object_type=label, object_id=str(seen.pk))
    last = told.order_by("-sequence").first()
    if last is None:
        return "有人已"
    moment = timezone.localtime(last.at)
    return f"{last.actor_name}已于{moment.month}月{moment.day}日 {moment:%H:%M}"
