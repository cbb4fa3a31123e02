"""全市总览: the leader's one page - three sentences, progress, punctuality, ranking, decisions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from changai.areas.assessments import queries as assessments
from changai.areas.assessments.models import Score
from changai.areas.briefings.rules import SLIGHT_LAG_POINTS
from changai.areas.plans import queries as plans
from changai.areas.plans.models import Plan
from changai.areas.reporting import queries as reporting
from changai.areas.tasks import queries as tasks
from changai.areas.tasks.rules import CLAIMED, CONTESTED
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.pages import page
from changai.foundation.ui.figures import written_month
from changai.foundation.ui.parts import ChartTable, Tile

MONTHS_SHOWN = 12
LAG_PERCENT = 10
MOST_LISTED = 8


@page("state.view")
def show_state(request: HttpRequest) -> HttpResponse:
    """Show the programme's state in a month (`?month=2026-10`; by default the last one that is due)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate()
    month = _month(request, today)
    rates = reporting.rates(month)
    parts = _parts(actor, month)
    lagging = list(reporting.lagging_lines(month))
    round_ = assessments.published_rounds().filter(last_month__lte=month.first_on, category="县区").first()
    scores = list(assessments.scores_visible_to(actor, round_)) if round_ else []
    claims = tasks.visible_to(actor)
    context: dict[str, Any] = {
        "month": month,
        "earlier": month.plus(-1),
        "later": month.plus(1) if month < Month.of(today) else None,
        "sentences": _sentences(rates, parts, lagging, month),
        "tiles": _tiles(claims, rates, len(lagging), month),
        "parts": parts,
        "lagging": lagging[:MOST_LISTED],
        "lagging_count": len(lagging),
        "contested": claims.filter(status=CONTESTED),
        "round": round_,
        "scores": scores,
        "months": _months(month),
    }
    context |= {"parts_chart": _parts_chart(parts), "parts_table": _parts_table(parts)}
    context |= _months_chart(context["months"]) | _scores_chart(scores)
    return render(request, "web/state.html", context)


def _month(request: HttpRequest, today: date) -> Month:
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        # Reports come in during the first days of the next month: till mid-month the last one is open.
        return Month.of(today).plus(-1 if today.day >= 12 else -2)


@dataclass(frozen=True)
class PartState:
    """A part of the plan: where it is, where it should be, and the light for the gap."""

    name: str
    percent: Decimal
    scheduled: Decimal
    lines: int
    address: str

    @property
    def state(self) -> str:
        gap = self.scheduled - self.percent
        if self.percent >= 100:
            return "done"
        return "overdue" if gap > LAG_PERCENT else "near" if gap > SLIGHT_LAG_POINTS else "on_track"

    @property
    def word(self) -> str:
        words = {"done": _("已完成"), "overdue": _("滞后"), "near": _("略慢"), "on_track": _("正常")}
        return words[self.state]


def _parts(actor: Actor, month: Month) -> list[PartState]:
    issued = plans.visible_to(actor).filter(status=Plan.Status.ISSUED).order_by("pk")
    return [
        PartState(part.label, part.percent, part.scheduled, part.lines, reverse("plans:plan", args=[plan.pk]))
        for plan in issued
        for part in reporting.progress_by_part(plan.pk, month)
        if part.parent_id is None
    ]


def _sentences(rates: reporting.Rates, parts: list[PartState], lagging: list[Any], month: Month) -> list[str]:
    """Return three sentences made by rules: progress, reporting, what lags."""
    slow = [part.name for part in parts if part.state in {"overdue", "near"}]
    told = []
    if parts:
        worst = _slow_words(slow) if slow else _("进度总体正常")
        told.append(
            _("%(month)s，%(count)d 项工作整体推进，%(worst)s。")
            % {"month": written_month(month), "count": len(parts), "worst": worst}
        )
    if rates.owed:
        values = {
            "owed": rates.owed,
            "on_time": rates.on_time,
            "percent": rates.punctuality_percent,
            "missing": rates.missing,
        }
        told.append(
            _("应报月报 %(owed)d 份，按时 %(on_time)d 份（%(percent)s%%），未报 %(missing)d 份。") % values
        )
    units = {line.report.obligation.unit_id for line in lagging}
    told.append(
        _("滞后任务 %(tasks)d 项，涉及 %(units)d 个单位。") % {"tasks": len(lagging), "units": len(units)}
        if lagging
        else _("本月没有滞后任务。")
    )
    return told


def _slow_words(slow: list[str]) -> str:
    return _("其中%(names)s低于序时进度超过%(points)d个百分点") % {
        "names": _("、").join(slow), "points": SLIGHT_LAG_POINTS,
    }  # fmt: skip


def _tiles(claims: Any, rates: reporting.Rates, lagging_count: int, month: Month) -> list[Tile]:
    live = claims.filter(status=CLAIMED, offered_at__date__lte=month.last_on)
    completed = live.filter(completed_on__lte=month.last_on).count()
    board = reverse("reporting:board") + f"?month={month}"
    percent = rates.punctuality_percent
    return [
        Tile(_("已认领任务"), live.count(), reverse("tasks:index"), unit=_("项")),
        Tile(_("已完成任务"), completed, reverse("tasks:index") + "?tab=done", unit=_("项")),
        Tile(_("按时报送率"), "—" if percent is None else f"{percent}", board, unit="%"),
        Tile(
            _("滞后任务"), lagging_count, "#lagging", unit=_("项"), state="overdue" if lagging_count else ""
        ),
    ]


def _parts_chart(parts: list[PartState]) -> dict[str, Any]:
    return {
        "xAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "yAxis": {"type": "category", "inverse": True, "data": [part.name for part in parts]},
        "legend": {},
        "series": [
            {"type": "bar", "name": _("完成进度"), "data": [float(round(part.percent, 1)) for part in parts]},
            {
                "type": "bar",
                "name": _("序时进度"),
                "data": [float(round(part.scheduled, 1)) for part in parts],
            },
        ],
    }


def _parts_table(parts: list[PartState]) -> ChartTable:
    rows = [[part.name, f"{part.percent:.1f}%", f"{part.scheduled:.1f}%"] for part in parts]
    return ChartTable([_("工作"), _("完成进度"), _("序时进度")], rows)


def _months(month: Month) -> list[tuple[Month, reporting.Rates]]:
    found = [(each, reporting.rates(each)) for each in month.plus(1 - MONTHS_SHOWN).until(month)]
    return [(each, rates) for each, rates in found if rates.owed]


def _months_chart(months: list[tuple[Month, reporting.Rates]]) -> dict[str, Any]:
    percents = [float(rates.punctuality_percent or 0) for _month, rates in months]
    option = {
        "xAxis": {"type": "category", "data": [str(month) for month, _rates in months]},
        "yAxis": {"type": "value", "min": 0, "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [{"type": "line", "name": _("按时报送率"), "data": percents}],
    }
    rows = [
        [written_month(month), rates.owed, rates.on_time, f"{rates.punctuality_percent}%"]
        for month, rates in months
    ]
    return {
        "months_chart": option,
        "months_table": ChartTable([_("月份"), _("应报"), _("按时"), _("按时报送率")], rows),
    }


def _scores_chart(scores: list[Score]) -> dict[str, Any]:
    bars = [
        {"value": score.total_hundredths / 100, "link": reverse("assessments:score", args=[score.pk])}
        for score in scores
    ]
    option = {
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "inverse": True, "data": [score.unit.name for score in scores]},
        "series": [{"type": "bar", "name": _("得分"), "data": bars}],
    }
    rows = [[score.rank or "—", score.unit.name, f"{score.total_hundredths / 100:.2f}"] for score in scores]
    return {"scores_chart": option, "scores_table": ChartTable([_("名次"), _("单位"), _("得分")], rows)}
