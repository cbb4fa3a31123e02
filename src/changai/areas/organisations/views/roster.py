"""The tree as a workbook: export, upload, preview, confirm."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.organisations import actions, queries
from changai.areas.organisations.exports import roster_sheet
from changai.areas.organisations.forms.roster import RosterForm, read_roster
from changai.areas.organisations.rules.roster import Plan, RosterRow, Verdict, plan_roster
from changai.core.errors import ActionRefused, RecordMoved
from changai.documents.workbooks import write_workbook
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, page, press, see_other
from changai.foundation.staging import stage, staged
from changai.foundation.ui.parts import Crumb, Tile

ROWS_SHOWN = 500


@page("unit.view")
@require_safe
def export(request: Request) -> HttpResponse:  # noqa: ARG001 - a view
    """Download the tree of today."""
    now = timezone.now()
    title = _("%(city)s产改工作组织机构") % {"city": queries.city().city_name}
    sheet = roster_sheet(queries.standing_units().values(), queries.known_groups(), title=title)
    content = write_workbook([sheet], created=now)
    return workbook_called(f"{title}{timezone.localdate():%Y%m%d}", content)


@page("unit.edit")
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Bring a workbook; it is only looked at."""
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            digest = stage(request, read_roster)
        except ActionRefused as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return see_other(_preview_address(digest, form.cleaned_data["on"]))
    context = {"form": form, "breadcrumbs": _crumbs(_("导入机构表"))}
    return render(request, "organisations/roster_upload.html", context, status=422 if form.errors else 200)


@page("unit.edit")
@require_safe
def preview(request: Request, digest: str, on: str) -> HttpResponse:
    """Show what the workbook would change; nothing is saved."""
    name, _rows, plan = _planned(request, digest)
    told = [row for row in plan.rows if row.verdict is not Verdict.UNCHANGED]
    context = {
        "name": name,
        "digest": digest,
        "on": _effective(on),
        "plan": plan,
        "rows": sorted(told, key=lambda row: row.verdict is not Verdict.FAULTY)[:ROWS_SHOWN],
        "more": max(0, len(told) - ROWS_SHOWN),
        "tiles": [
            Tile(_("新增"), plan.count(Verdict.ADDED), state="waiting"),
            Tile(_("变更"), plan.count(Verdict.CHANGED), state="near"),
            Tile(_("无变化"), plan.count(Verdict.UNCHANGED)),
            Tile(
                _("有错误"), plan.count(Verdict.FAULTY), state="overdue" if plan.count(Verdict.FAULTY) else ""
            ),
        ],
        "has_work": bool(plan.count(Verdict.ADDED) + plan.count(Verdict.CHANGED)),
        "breadcrumbs": _crumbs(_("核对导入内容")),
    }
    return render(request, "organisations/roster_preview.html", context)


@page("unit.edit")
@require_POST
def confirm(request: Request, digest: str, on: str) -> HttpResponse:
    """Carry out what was previewed."""
    _name, rows, plan = _planned(request, digest)
    counts = {"added": plan.count(Verdict.ADDED), "changed": plan.count(Verdict.CHANGED)}
    fingerprint = request.POST.get("fingerprint", "")
    return press(
        request, actions.import_units, tuple(rows), fingerprint=fingerprint, digest=digest, on=_effective(on),
        done=_("已导入：新增 %(added)d 个单位，变更 %(changed)d 个单位。") % counts,
        then=reverse("organisations:tree"),
    )  # fmt: skip


def _planned(request: Request, digest: str) -> tuple[str, list[RosterRow], Plan]:
    name, content = staged(request, digest)
    rows = read_roster(content, name=name)
    return name, rows, plan_roster(rows, queries.standing_units(), queries.known_groups())


def _preview_address(digest: str, on: date) -> str:
    return reverse("organisations:roster_preview", args=[digest, on.isoformat()])


def _effective(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as fault:
        raise RecordMoved("网址中的生效日期有误，请重新上传。") from fault


def _crumbs(title: str) -> list[Crumb]:
    return [Crumb(_("组织机构"), reverse("organisations:tree")), Crumb(title)]
