"""How an action takes hold of a report: locked, visible, allowed, and in the version the person saw."""

from django.urls import reverse

from changai.areas.reporting import policies
from changai.areas.reporting.models import Report
from changai.areas.reporting.queries import visible_to
from changai.areas.reporting.rules.moves import FILL, SIGN, SUBMIT
from changai.core.errors import NotVisible, RecordMoved
from changai.foundation.actors import Actor


def take(actor: Actor, report_id: int, move: str, *, version: int | None = None) -> Report:
    """Return the report, locked for this transaction, when the actor may make the move.

    :raises NotVisible: when there is none for this actor
    :raises NotAllowed: when it is not for the actor to do
    :raises RecordMoved: when the report is past it, or was changed after `version` was read
    """
    found = visible_to(actor).filter(pk=report_id).order_by("pk")
    report = found.select_for_update(of=("self",)).first()
    if report is None:
        raise NotVisible
    policies.require(actor, move, report)
    if version is not None and version != report.version:
        raise RecordMoved("这份月报在您打开之后又有改动，请刷新页面，看清最新内容后再办理。")
    if move in _MAKING and actor.person_id is not None and actor.person_id not in report.hands:
        report.hands = [*report.hands, actor.person_id]
    return report


_MAKING = frozenset({FILL, SUBMIT, SIGN})


def keep(report: Report, *names: str) -> None:
    """Save the named fields, who has a hand in the report, and raise the version."""
    report.version += 1
    report.save(update_fields=[*names, "hands", "version"])


def times_back(report: Report) -> int:
    """Return how often the report came back to its unit: returned, or unlocked and not accepted since."""
    return report.times_returned + (report.reopened_at is not None)


def sheet_address(report: Report) -> str:
    """Return the path of the page where the unit fills the report."""
    return reverse("reporting:sheet", args=[report.pk])


def sign_address(report: Report) -> str:
    """Return the path of the page where the unit's head signs the report."""
    return reverse("reporting:sign", args=[report.pk])


def report_address(report: Report) -> str:
    """Return the lasting path of the report."""
    return reverse("reporting:report", args=[report.pk])


def title_of(report: Report) -> str:
    """Return how the report is called in a sentence, such as `2026年10月月报`."""
    month = report.obligation.period.month
    return f"{month.year}年{month.month}月月报"


def take_to_comment(actor: Actor, report_id: int) -> Report:
    """Return the report, locked for this transaction, when the actor may comment on its cells now.

    :raises NotVisible: when there is none for this actor
    :raises NotAllowed: when it is not for the actor to do
    :raises RecordMoved: when its month is closed
    """
    report = visible_to(actor).filter(pk=report_id).order_by("pk").select_for_update(of=("self",)).first()
    if report is None:
        raise NotVisible
    policies.require_comment(actor, report)
    return report


def cell_address(report: Report, cell: str) -> str:
    """Return the path of the page of one cell."""
    return reverse("reporting:cell", args=[report.pk, cell])
