"""What an open sheet asks every few seconds: who else is here, and what they wrote."""

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.models import CellChange
from changai.areas.reporting.rules.moves import FILL
from changai.core.errors import Invalid
from changai.foundation.pages import Request, page

LONGEST_REF = 60


@page("report.fill")
@require_POST
def live(request: Request, pk: int) -> HttpResponse:
    """Note where the person stands and answer with the others, their changes and the open comments."""
    seen, cell = _asked(request.body)
    now = timezone.now()
    report = queries.report_for(request.actor, pk)
    actions.note_visit(request.actor, report, cell=cell, at=now)
    changes = queries.changes_after(report, seen)
    return JsonResponse(
        {
            "seen": changes[-1].pk if changes else seen,
            "version": report.version,
            "changes": [_told(change) for change in changes],
            "people": [
                {"id": visit.person_id, "name": visit.name, "cell": visit.cell}
                for visit in queries.people_on(request.actor, report, at=now)
            ],
            "threads": queries.open_threads(report),
            "lock": policies.lock_reason(request.actor, report)
            if not policies.may(request.actor, FILL, report)
            else "",
        }
    )


def _asked(body: bytes) -> tuple[int, str]:
    try:
        asked = json.loads(body)
        return int(asked["seen"]), str(asked.get("cell", ""))[:LONGEST_REF]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise Invalid("提交的内容不完整，请刷新页面后重试。") from wrong


def _told(change: CellChange) -> dict[str, Any]:
    at = timezone.localtime(change.at)
    return {
        "ref": change.cell,
        "value": change.value,
        "version": change.version,
        "by": change.by_name,
        "sentence": _("%(name)s %(time)s 填写") % {"name": change.by_name, "time": f"{at:%H:%M}"},
    }
