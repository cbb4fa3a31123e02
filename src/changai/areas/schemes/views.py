"""Pages of indicator systems: the list, one version as a printable table, upload, issue, workbooks."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.schemes import actions, queries
from changai.areas.schemes.exports import blank_workbook, scheme_workbook
from changai.areas.schemes.forms import SchemeForm
from changai.areas.schemes.policies import sees_drafts
from changai.core import burden, scoring
from changai.core.errors import ActionRefused, AlreadyDone, Invalid, RecordMoved, Unreadable
from changai.foundation.downloads import WORKBOOK, attachment
from changai.foundation.pages import Request, page, press, see_other, version_sent
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab

FAULTS_SHOWN = 200


@page("scheme.view")
@require_safe
def show_list(request: Request) -> HttpResponse:
    """List the versions the actor may see."""
    listing = Listing(request.GET, queries.visible_to(request.actor))
    return render(request, "schemes/list.html", {"listing": listing})


@page("scheme.view")
@require_safe
def show_scheme(request: Request, pk: int) -> HttpResponse:
    """Show one version as the table it is printed as, a tab for each category."""
    version = queries.version_for(request.actor, pk)
    scheme = queries.scheme_of(version)
    asked = request.GET.get("category", "")
    category = asked if asked in scheme.tables else next(iter(scheme.tables), "")
    context: dict[str, Any] = {
        "version": version,
        "sheet": queries.sheet_of(scheme, category),
        "tabs": _tabs(scheme, category),
        "findings": _findings(scheme) if sees_drafts(request.actor) else [],
        "replaced": queries.issued_before(version),
        "breadcrumbs": [_home(), Crumb(str(version))],
    }
    return render(request, "schemes/scheme.html", context)


@page("scheme.edit")
@require_http_methods(["GET", "POST"])
def load(request: Request) -> HttpResponse:
    """Load a draft from a file; its faults are shown beside the form and nothing is kept."""
    form = SchemeForm(request.POST, request.FILES) if request.method == "POST" else SchemeForm()
    refusal: ActionRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _load(request, form)
        except AlreadyDone:
            raise
        except (Invalid, Unreadable, RecordMoved) as refused:
            refusal = refused
    faults = getattr(refusal, "faults", ())
    context = {
        "form": form,
        "refusal": refusal,
        "faults": faults[:FAULTS_SHOWN],
        "more": max(0, len(faults) - FAULTS_SHOWN),
        "breadcrumbs": [_home(), Crumb(_("导入指标体系"))],
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "schemes/load.html", context, status=status)


@page("scheme.issue")
@require_POST
def issue(request: Request, pk: int) -> HttpResponse:
    """Issue a draft."""
    return press(
        request, actions.issue_scheme, pk, version=version_sent(request),
        done=_("已印发，今后不能再修改；如需调整请导入新版本。"), then=reverse("schemes:scheme", args=[pk]),
    )  # fmt: skip


@page("scheme.view")
@require_safe
def download(request: Request, pk: int) -> HttpResponse:
    """Download one version as a workbook that loads back as the same scheme."""
    version = queries.version_for(request.actor, pk)
    name = f"{version.name}（{version.year}年 {version.version_label} 版）.xlsx"
    return attachment(name, scheme_workbook(version), media_type=WORKBOOK)


@page("scheme.edit")
@require_safe
def download_blank(request: Request) -> HttpResponse:  # noqa: ARG001 - a view
    """Download the empty workbook."""
    content = blank_workbook(timezone.localdate().year, created=timezone.now())
    return attachment("指标体系空白表.xlsx", content, media_type=WORKBOOK)


def _load(request: Request, form: SchemeForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    content = file.read()
    once = request.POST.get("once", "")
    version = actions.load_scheme(
        request.actor, file_name=file.name, content=content, at=timezone.now(), once=once
    )
    messages.success(request, _("已导入为草案，请核对后印发。"))
    return see_other(reverse("schemes:scheme", args=[version.pk]))


def _tabs(scheme: scoring.Scheme, current: str) -> list[Tab]:
    if len(scheme.tables) < 2:
        return []
    return [
        Tab(category, f"?{urlencode({'category': category})}", len(table.leaves), category == current)
        for category, table in scheme.tables.items()
    ]


def _findings(scheme: scoring.Scheme) -> list[str]:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return [finding.message(language) for finding in (*scheme.validate(), *burden.scheme_findings(scheme))]


def _home() -> Crumb:
    return Crumb(_("指标体系"), reverse("schemes:index"))
