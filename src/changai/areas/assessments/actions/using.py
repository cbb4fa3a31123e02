"""What the office orders of a result: drawing how far places depend on the weights."""

from datetime import datetime

from changai.areas.assessments.actions._steps import locked
from changai.areas.assessments.models import Sensitivity
from changai.core.errors import NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("assessment.ask_bands")
def ask_bands(actor: Actor, round_id: int, *, at: datetime) -> Sensitivity:
    """Order the drawing for the result as it stands; the job draws it behind the page.

    :raises RecordMoved: without a result, or when it was ordered for this result before
    """
    round_ = locked(actor, round_id, "use.edit")
    if not round_.result_digest or round_.is_outdated:
        raise RecordMoved("请先计分，再测算名次对权重的敏感程度。")
    ordered, is_new = Sensitivity.objects.get_or_create(
        round=round_,
        result_digest=round_.result_digest,
        defaults={"asked_by_name": actor.name, "asked_at": at},
    )
    if not is_new:
        raise RecordMoved("这次结果已经安排测算，稍后刷新页面即可查看。")
    record(actor, "assessment.ask_bands", round_, at=at, result=round_.result_digest)
    return ordered


@action("assessment.draw_bands")
def keep_bands(
    actor: Actor, sensitivity_id: int, *, report: dict[str, object], refusal: str, at: datetime
) -> Sensitivity:
    """Keep what the draws came to, or why nothing could be drawn.

    :raises NotVisible: when it was kept before
    """
    ordered = Sensitivity.objects.select_for_update().filter(pk=sensitivity_id, done_at__isnull=True).first()
    if ordered is None:
        raise NotVisible
    ordered.report, ordered.refusal, ordered.done_at = report, refusal, at
    ordered.save(update_fields=["report", "refusal", "done_at"])
    record(actor, "assessment.draw_bands", ordered, at=at, result=ordered.result_digest)
    return ordered
