"""Beginning a draft: empty, from an earlier version, from a file; naming it, giving it up."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from changai.areas.schemes import actions, queries
from changai.areas.schemes.forms.loading import NameForm, SchemeForm, StartForm
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import require_draft
from changai.areas.schemes.views.frame import frame, home
from changai.core.errors import ActionRefused, AlreadyDone, Invalid, RecordMoved, Unreadable
from changai.core.scoring.tabular import year_in
from changai.foundation.pages import Request, number_in, page, press, press_form, see_other, version_sent
from changai.foundation.quarantine import refusals_kept
from changai.foundation.ui.parts import Crumb

FAULTS_SHOWN = 200
FIRST_LABEL = "1.0"


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request) -> HttpResponse:
    """Begin a draft from an empty table or from an earlier version."""
    versions = queries.visible_to(request.actor)
    form = StartForm(request.POST or None, versions=versions, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        named = actions.Named(given["name"], given["year"], given["label"])
        try:
            version = actions.start_scheme(  # type: ignore[call-arg]  # every action takes `once`
                request.actor, named, category=given["category"], copied=given["copied"], at=timezone.now(),
                once=request.POST.get("once", ""),
            )  # fmt: skip
        except AlreadyDone:
            raise
        except (Invalid, RecordMoved) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已新建草案。"))
            return see_other(reverse("schemes:edit", args=[version.pk]))
    context = {"form": form, "breadcrumbs": [home(), Crumb(_("新建草案"))]}
    return render(request, "schemes/start.html", context, status=422 if form.errors else 200)


def _first(request: Request) -> dict[str, Any]:
    """Return what the form begins with: the version to copy with its next label, or the city's usual name."""
    copied = number_in(request.GET.get("copied", ""))
    source = queries.visible_to(request.actor).filter(pk=copied).first() if copied else None
    if source is None:
        return {
            "name": "产业工人队伍建设改革评价考核指标体系",
            "year": timezone.localdate().year,
            "label": FIRST_LABEL,
        }
    return {"name": source.name, "year": source.year, "label": _next_label(source), "copied": source.pk}


def _next_label(source: SchemeVersion) -> str:
    head, _dot, tail = source.version_label.rpartition(".")
    return f"{head}.{int(tail) + 1}" if head and tail.isdecimal() else f"{source.version_label}.1"


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
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
        "breadcrumbs": [home(), Crumb(_("导入指标体系"))],
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "schemes/load.html", context, status=status)


def _load(request: Request, form: SchemeForm) -> HttpResponse:
    given = form.cleaned_data
    file, once = given["file"], request.POST.get("once", "")
    content, now = file.read(), timezone.now()
    with refusals_kept(request.actor, name=file.name, content=content, at=now):
        is_own = actions.is_own_file(file.name, content)
        tables = [] if is_own else actions.read_office_file(file.name, content, category=given["category"])
    if is_own:
        version = actions.load_scheme(request.actor, file_name=file.name, content=content, at=now, once=once)
        messages.success(request, _("已导入为草案，请核对后印发。"))
        return see_other(reverse("schemes:scheme", args=[version.pk]))
    title = given["name"] or next((found.title for found in tables if found.title), "") or _stem(file.name)
    named = _free_name(title, year_in(title) or timezone.localdate().year)
    version = actions.adopt_file(
        request.actor,
        named,
        category=given["category"],
        file_name=file.name,
        content=content,
        at=now,
        once=once,
    )
    unread = [head for found in tables for head in found.unread]
    if unread:
        messages.warning(request, _("这些栏目没有读入：%(heads)s。") % {"heads": "、".join(unread)})
    messages.success(
        request, _("已读入为草案，有 %(count)d 条评分标准待逐条确认。") % {"count": version.waiting_count}
    )
    return see_other(reverse("schemes:edit", args=[version.pk]))


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0][:100]


def _free_name(title: str, year: int) -> actions.Named:
    """Return the name with the first label that no version of that year has."""
    taken = queries.labels_of(title, year)
    number = 0
    while f"1.{number}" in taken:
        number += 1
    return actions.Named(title, year, f"1.{number}")


@page("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: Request, pk: int) -> HttpResponse:
    """Change how a draft is called."""
    version = require_draft(queries.version_for(request.actor, pk))
    first = {"name": version.name, "year": version.year, "label": version.version_label}
    form = NameForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        answer = press_form(
            request, form, actions.rename_scheme, pk, **form.cleaned_data, version=version_sent(request),
            done=_("已保存。"), then=reverse("schemes:edit", args=[pk]),
        )  # fmt: skip
        if answer:
            return answer
    context = {"form": form, **frame(request.actor, version, "edit", _("名称和版本"))}
    return render(request, "schemes/rename.html", context, status=422 if form.errors else 200)


@page("scheme.edit")
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Give a draft up."""
    return press(
        request, actions.discard_draft, pk, version=version_sent(request), done=_("草案已删除。"),
        then=reverse("schemes:index"),
    )  # fmt: skip
