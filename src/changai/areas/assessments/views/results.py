"""One round: its state, the ranked table, the heat map, scoring, publication, the replay."""

from typing import Any
from urllib.parse import quote

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.exports import result_annex, result_workbook
from changai.areas.assessments.models import Round
from changai.areas.assessments.policies import may_drop_shown, sees_all, sees_unpublished
from changai.areas.assessments.rules import SHOWN, next_status
from changai.areas.assessments.views.announcing import announced_in, announcement_form
from changai.areas.assessments.views.places import index_crumb, press_there, round_crumb
from changai.areas.schemes.queries import scheme_of, sheet_of
from changai.core.errors import NotVisible, RecordMoved
from changai.foundation.actors import Actor
from changai.foundation.downloads import WORD, attachment, workbook_called
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, page, press, version_sent
from changai.foundation.ui.figures import written_points
from changai.foundation.ui.parts import ChartTable, Crumb, Tab, Tile

OPEN_SHOWN = 30
ANNEXES = {
    "docx": WORD,
    "pdf": "application/pdf",
}
TALL_CHART = 16
BEFORE_ASKING = (Round.Status.CHECKING, Round.Status.SCORED)


@page("assessment.view")
@require_safe
def show_round(request: Request, pk: int) -> HttpResponse:
    """Show a round: to the office what is still to do, to everybody the results they may open."""
    round_ = queries.round_for(request.actor, pk)
    shown = queries.standings(request.actor, round_)
    context: dict[str, Any] = {
        "round": round_,
        "shown": shown,
        "sees_all": sees_all(request.actor),
        "amended_count": queries.approved_amendments(round_).count() if round_.published_at else 0,
        "grades": sheet_of(scheme_of(round_.scheme), round_.category).grades,
        "breadcrumbs": [index_crumb(), Crumb(round_.name)],
    }
    if sees_all(request.actor) and shown.rows:
        context |= _heat(request, round_, shown) | _chart(shown)
    if sees_unpublished(request.actor):
        context |= _to_do(round_, shown) | {"may_drop": _may_drop(request.actor, round_)}
    if allows(request.actor, "assessment.run") and round_.status != Round.Status.PUBLISHED:
        context |= {"rate_doubts": queries.rate_doubts(round_)}
    if round_.is_full:
        context |= _course(request, round_)
    if allows(request.actor, "assessment.publish") and round_.status != Round.Status.PUBLISHED and shown.rows:
        context |= {"announcement_form": announcement_form(round_)}
    return render(request, "assessments/round.html", context)


@page("assessment.run")
@require_POST
def score(request: Request, pk: int) -> HttpResponse:
    """Freeze and score."""
    return press_there(request, actions.score_round, pk, page="round", done=_("已计分。"))


@page("assessment.publish")
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    """Publish the result."""
    announced = announced_in(request, pk)
    done = _("已公布，各单位可查看本单位的得分和说明。")
    return press_there(request, actions.publish_round, pk, page="round", done=done, announcement=announced)


@page("assessment.run")
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    """Take back a round opened by mistake."""
    return press(
        request, actions.drop_round, pk, version=version_sent(request), reason=request.POST.get("reason", ""),
        done=_("已作废。"), then=reverse("assessments:index"),
    )  # fmt: skip


@page("assessment.view")
@require_safe
def export(request: Request, pk: int) -> HttpResponse:
    """Download the results the actor may open as a workbook."""
    round_ = queries.round_for(request.actor, pk)
    content = result_workbook(round_, queries.standings(request.actor, round_))
    return workbook_called(f"{round_.name}结果", content)


@page("assessment.view")
@require_safe
def annex(request: Request, pk: int, kind: str) -> HttpResponse:
    """Download the result as the annex of a circular: as it is announced, or with `?whole=1` all the actor may open."""
    round_ = queries.round_for(request.actor, pk)
    if kind not in ANNEXES:
        raise NotVisible
    is_whole = request.GET.get("whole") == "1"
    shown = queries.standings(request.actor, round_) if is_whole else queries.announced_table(round_)
    if not shown.rows:
        raise RecordMoved("没有可以公布的内容：结果还没有公示或公布，或者公布范围是不公布。")
    content = result_annex(round_, shown, kind, on=timezone.localdate(round_.published_at))
    name = f"{round_.name}结果{'（内部）' if is_whole else ''}.{kind}"
    return attachment(name, content, media_type=ANNEXES[kind])


@page("assessment.view")
@require_safe
def show_replay(request: Request, pk: int) -> HttpResponse:
    """Score the frozen figures again, now, and say whether everything kept comes out the same."""
    round_ = queries.round_for(request.actor, pk)
    context = {
        "round": round_,
        "replay": queries.replay(round_) if round_.scored_at else None,
        "amendments": queries.replay_amendments(round_) if round_.published_at else [],
        "tells_differences": sees_all(request.actor),  # they name units
        "figures": len(round_.frozen_facts),
        "units": round_.scores.count(),
        "breadcrumbs": [index_crumb(), round_crumb(round_), Crumb(_("核对计分"))],
    }
    return render(request, "assessments/replay.html", context)


def _address(pk: int) -> str:
    return reverse("assessments:round", args=[pk])


def _may_drop(actor: Actor, round_: Round) -> bool:
    return _may(round_, "drop") and (round_.status not in SHOWN or may_drop_shown(actor))


def _to_do(round_: Round, shown: queries.Standings) -> dict[str, Any]:
    prefetch_related_objects([round_], "panelists", "reviewed")  # what is judged, and what moved, ask both
    judgements = queries.judgements(round_)
    waiting = [judgement for judgement in judgements if judgement.given is None]
    is_scored = round_.scored_at is not None and not round_.is_outdated
    units = len(shown.rows) or len(queries.assessed_units(round_))
    return {
        "tiles": _tiles(round_, shown, units, len(judgements), len(waiting)),
        "waiting": waiting[:OPEN_SHOWN],
        "waiting_count": len(waiting),
        "moved": queries.moved_figures(round_) if is_scored else [],
        "may_score": _may(round_, "score"),
        "may_judge": _may(round_, "judge"),
        "may_publish": _may(round_, "publish") and is_scored and not waiting and not round_.is_full,
        "is_judged": bool(judgements),
        "has_panel": bool(round_.panelists.all()),
    }


def _may(round_: Round, move: str) -> bool:
    return next_status(round_.status, move, round_.course) is not None


def _course(request: Request, round_: Round) -> dict[str, Any]:
    """Return the steps of the full course, the sentence of what comes next, and the own unit's part in it."""
    progress = queries.progress_of(round_, timezone.localdate())
    labels = (_("冻结数据"), _("自查审核"), _("计分"), _("事实确认"), _("申诉办理"), _("公示"), _("公布"))
    is_over = round_.status == Round.Status.PUBLISHED
    steps = [
        (
            label,
            "done" if place < progress.place or is_over else "now" if place == progress.place else "later",
        )
        for place, label in enumerate(labels)
    ]
    is_asking = allows(request.actor, "assessment.run") and round_.status in BEFORE_ASKING
    return {
        "steps": steps,
        "unfinished": queries.unfinished(round_) if is_asking else None,
        "progress": progress,
        "part": queries.part_of(request.actor, round_),
        "has_changes": round_.facts_version > 1,
    }


def _tiles(round_: Round, shown: queries.Standings, units: int, judged: int, waiting: int) -> list[Tile]:
    page_of_judging = "overview" if round_.panelists.all() else "judge"
    address = reverse(f"assessments:{page_of_judging}", args=[round_.pk]) if judged else ""
    tiles = [Tile(_("考核对象"), units, unit=_("个"))]
    if judged:
        state = "near" if waiting else "done"
        tiles.append(Tile(_("人工核定"), f"{judged - waiting}/{judged}", address, unit=_("项"), state=state))
    if shown.rows:
        unranked = len(shown.unranked)
        note = _("%(count)d 个未参加排名") % {"count": unranked} if unranked else ""
        tiles.append(Tile(_("参加排名"), shown.ranked, unit=_("个"), note=note))
        best = max(row.score.total_hundredths for row in shown.sheets)
        tiles.append(Tile(_("最高得分"), written_points(best), unit=_("分")))
    return tiles


def _heat(request: Request, round_: Round, shown: queries.Standings) -> dict[str, Any]:
    """Return the heat map, of one first-level indicator at a time (`?part=2`) where there are many leaves."""
    parts = queries.heat_parts(round_)
    chosen = next(
        (part for part in parts if part.code == request.GET.get("part")), parts[0] if parts else None
    )
    tabs = [
        Tab(part.name, f"?part={quote(part.code)}#heat", len(part.leaves), is_current=part is chosen)
        for part in parts
    ]
    return {"heat": queries.heat_map(shown, chosen), "heat_tabs": tabs}


def _chart(shown: queries.Standings) -> dict[str, Any]:
    bars = [
        {
            "value": row.score.total_hundredths / 100,
            "link": reverse("assessments:score", args=[row.score.pk]),
            # A bare 95 beside 94.93 would read as less exact: the label is what is printed.
            "label": {"formatter": written_points(row.score.total_hundredths)},
        }
        for row in shown.sheets
    ]
    option = {
        "xAxis": {"type": "value"},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [row.score.unit.short_name for row in shown.sheets],
            "axisLabel": {"interval": 0},
        },
        "series": [
            {
                "type": "bar",
                "name": _("总分"),
                "data": bars,
                "label": {"show": True, "position": "right"},
            }
        ],
    }
    rows = [[row.name, row.rank or "—", written_points(row.score.total_hundredths)] for row in shown.sheets]
    table = ChartTable([_("单位"), _("名次"), _("总分")], rows)
    return {"chart_option": option, "chart_table": table, "is_tall": len(shown.rows) > TALL_CHART}
