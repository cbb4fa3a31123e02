"""The list of versions, one version as a printable table, its issue and its workbook."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.schemes import actions, queries
from changai.areas.schemes.exports import blank_workbook, scheme_workbook
from changai.areas.schemes.exports.annexes import scheme_annex
from changai.areas.schemes.forms.issuing import IssueForm
from changai.areas.schemes.policies import sees_drafts
from changai.areas.schemes.queries import consulting
from changai.areas.schemes.rules import first_day_of
from changai.areas.schemes.views.frame import frame, language, table_tabs
from changai.core import scoring
from changai.core.errors import Invalid, NotVisible
from changai.foundation.downloads import attachment, workbook_called
from changai.foundation.pages import Request, number_in, page, press, version_sent
from changai.foundation.ui.listing import Listing

ANNEXES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@page("scheme.view")
@require_safe
def show_list(request: Request) -> HttpResponse:
    """List the versions the actor may see."""
    listing = Listing(request.GET, queries.visible_to(request.actor))
    waiting = consulting.open_answers(request.actor, timezone.localdate())
    return render(request, "schemes/list.html", {"listing": listing, "waiting": waiting})


@page("scheme.view")
@require_safe
def show_scheme(request: Request, pk: int) -> HttpResponse:
    """Show one version as the table it is printed as, a tab for each category."""
    version = queries.version_for(request.actor, pk)
    scheme = queries.scheme_of(version)
    place = _place(request, scheme)
    category = list(scheme.tables)[place] if scheme.tables else ""
    is_office = sees_drafts(request.actor)
    burdens = queries.burdens_of(version) if is_office else []
    context: dict[str, Any] = {
        "sheet": queries.sheet_of(scheme, category) if category else None,
        "tabs": table_tabs(scheme, place),
        "findings": _findings(scheme) if is_office else [],
        "burdens": burdens if version.is_draft else [],
        "kept": queries.kept_against_burden(version) if is_office else [],
        "open_points": queries.issue_faults(version) if is_office and version.is_draft else [],
        "replaced": queries.issued_before(version),
        "form": IssueForm(initial={"effective_from": first_day_of(version.year)}, asks_reason=bool(burdens)),
        **frame(request.actor, version, "scheme"),
    }
    return render(request, "schemes/scheme.html", context)


def _place(request: Request, scheme: scoring.Scheme) -> int:
    """Return which table is asked for, by its place or by its category; the first when there is no such table."""
    categories = list(scheme.tables)
    asked = request.GET.get("category", "")
    if asked in categories:
        return categories.index(asked)
    place = number_in(request.GET.get("table", "")) or 0
    return place if place < len(categories) else 0


@page("scheme.issue")
@require_POST
def issue(request: Request, pk: int) -> HttpResponse:
    """Issue a draft."""
    version = queries.version_for(request.actor, pk)
    form = IssueForm(request.POST, asks_reason=bool(queries.burdens_of(version)))
    if not form.is_valid():
        told = [
            f"{form.fields[name].label}：{fault}" for name, faults in form.errors.items() for fault in faults
        ]
        raise Invalid(_("没有印发，请改正后再印发。"), faults=tuple(told))
    return press(
        request, actions.issue_scheme, pk, version=version_sent(request), **form.cleaned_data,
        done=_("已印发，今后不能再修改；如需调整请导入新版本。"), then=reverse("schemes:scheme", args=[pk]),
    )  # fmt: skip


@page("scheme.view")
@require_safe
def download(request: Request, pk: int) -> HttpResponse:
    """Download one version as a workbook that loads back as the same scheme."""
    version = queries.version_for(request.actor, pk)
    name = f"{version.name}（{version.year}年 {version.version_label} 版）"
    return workbook_called(name, scheme_workbook(version))


@page("scheme.view")
@require_safe
def annex(request: Request, pk: int, kind: str) -> HttpResponse:
    """Download one version as the annex of an issued paper, .docx or .pdf."""
    version = queries.version_for(request.actor, pk)
    if kind not in ANNEXES:
        raise NotVisible
    content = scheme_annex(version, kind, on=timezone.localdate())
    name = f"{version.name}（{version.year}年 {version.version_label} 版）.{kind}"
    return attachment(name, content, media_type=ANNEXES[kind])


@page("scheme.edit")
@require_safe
def download_blank(request: Request) -> HttpResponse:  # noqa: ARG001 - a view
    """Download the empty workbook."""
    content = blank_workbook(timezone.localdate().year, created=timezone.now())
    return workbook_called("指标体系空白表", content)


def _findings(scheme: scoring.Scheme) -> list[str]:
    found = [each for each in scheme.validate() if each.severity is not scoring.Severity.ERROR]
    return [finding.message(language()) for finding in found]
