"""征求意见, for the office: sending a draft out, how it stands, deciding every comment, the table of decisions."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.organisations.queries import open_units
from changai.areas.schemes import actions, queries
from changai.areas.schemes.exports.opinions import opinions_document, opinions_workbook
from changai.areas.schemes.forms.consulting import CirculateForm, DecisionForm, ExtendForm
from changai.areas.schemes.models import Comment, Consultation
from changai.areas.schemes.queries import consulting
from changai.areas.schemes.rules import tree
from changai.areas.schemes.views.frame import frame
from changai.core.errors import Invalid, NotVisible
from changai.foundation.downloads import attachment, workbook_called
from changai.foundation.pages import Request, number_in, page, press, press_form, version_sent
from changai.foundation.ui.parts import Crumb, Tile

USUAL_DAYS = 10
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page("scheme.consult")
@require_http_methods(["GET", "HEAD", "POST"])
def consultations(request: Request, pk: int) -> HttpResponse:
    """Show the consultations of a draft; send it out."""
    version = queries.version_for(request.actor, pk)
    today = timezone.localdate()
    units = list(open_units(on=today).order_by("level", "position", "code", "pk"))
    sent = request.POST if request.method == "POST" else None
    first = {
        "version": version.version,
        "due_on": today + timedelta(days=USUAL_DAYS),
        "unit_ids": [unit.pk for unit in units],
    }
    form = CirculateForm(sent, units=units, initial=first)
    if sent is not None and form.is_valid():
        then = reverse("schemes:consultations", args=[pk])
        answer = press_form(
            request,
            form,
            actions.circulate_draft,
            pk,
            **form.cleaned_data,
            done=_("已发出征求意见。"),
            then=then,
        )
        if answer:
            return answer
    rows = list(consulting.consultations_visible_to(request.actor).filter(scheme=version))
    context = {
        "rows": [(each, consulting.tally(each)) for each in rows],
        "is_open": any(each.closed_at is None for each in rows),
        "form": form,
        **frame(request.actor, version, "consult", _("征求意见")),
    }
    return render(request, "schemes/consultations.html", context, status=422 if form.errors else 200)


@page("scheme.consult")
@require_safe
def consultation(request: Request, pk: int) -> HttpResponse:
    """Show how a consultation stands: the units, the comments, what waits for a decision."""
    row = consulting.consultation_for(request.actor, pk)
    tally = consulting.tally(row)
    found = consulting.opinions(row)
    shown = request.GET.get("show", "")
    if shown == "open":
        found = [each for each in found if not each.lead.decision]
    context: dict[str, Any] = {
        "consultation": row,
        "tally": tally,
        "tiles": _tiles(tally),
        "opinions": found,
        "shown": shown,
        "answers": row.answers.select_related("unit").order_by("unit__level", "unit__position", "unit__code"),
        "unsigned": consulting.unsigned_answers(row, timezone.localdate()),
        "extend": ExtendForm(initial={"due_on": row.due_on}),
        **_frame(request, row, _("第 %(number)d 轮") % {"number": row.round_number}),
    }
    return render(request, "schemes/consultation.html", context)


def _tiles(tally: consulting.Tally) -> list[Tile]:
    return [
        Tile(_("征求单位"), tally.asked),
        Tile(_("已反馈"), tally.answered, note=_("其中无意见 %d 个") % tally.without),
        Tile(_("意见"), tally.comments),
        Tile(_("待处理"), tally.open, "?show=open", state="near" if tally.open else ""),
        Tile(
            _("已处理"),
            tally.adopted + tally.partly + tally.refused,
            note=_("采纳 %(adopted)d，部分采纳 %(partly)d，不采纳 %(refused)d")
            % {"adopted": tally.adopted, "partly": tally.partly, "refused": tally.refused},
        ),
    ]


def _frame(request: Request, row: Consultation, title: str) -> dict[str, Any]:
    context = frame(request.actor, row.scheme, "consult", title)
    above = Crumb(_("征求意见"), reverse("schemes:consultations", args=[row.scheme_id]))
    context["breadcrumbs"].insert(2, above)
    return context


@page("scheme.consult")
@require_POST
def extend(request: Request, pk: int) -> HttpResponse:
    """Move the deadline."""
    form = ExtendForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("请填写新的期限。"))
    return press(
        request, actions.extend_consultation, pk, due_on=form.cleaned_data["due_on"], version=version_sent(request),
        done=_("期限已延长。"), then=reverse("schemes:consultation", args=[pk]),
    )  # fmt: skip


@page("scheme.consult")
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    """End the consultation."""
    return press(
        request, actions.close_consultation, pk, version=version_sent(request), done=_("征求意见已结束。"),
        then=reverse("schemes:consultation", args=[pk]),
    )  # fmt: skip


@page("scheme.consult")
@require_POST
def merge(request: Request, pk: int) -> HttpResponse:
    """Merge the ticked comments into the first of them."""
    ticked = [number for text in request.POST.getlist("comment") if (number := number_in(text)) is not None]
    if len(ticked) < 2:
        raise Invalid(_("请至少勾选两条意见再合并。"))
    return press(
        request, actions.merge_comments, ticked[0], comment_ids=ticked[1:], done=_("已合并，处理一次即可。"),
        then=reverse("schemes:consultation", args=[pk]),
    )  # fmt: skip


@page("scheme.consult")
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, pk: int) -> HttpResponse:
    """Show one comment beside what it is about; decide it."""
    comment = consulting.comment_for(request.actor, pk)
    row = comment.answer.consultation
    first = {"version": comment.version, "decision": comment.decision, "reason": comment.reason}
    form = DecisionForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        answer = press_form(
            request, form, actions.decide_comment, pk, **form.cleaned_data, done=_("已处理。"),
            then=_next_address(row, comment),
        )  # fmt: skip
        if answer:
            return answer
    context = {
        "opinion": consulting.opinion_of(comment),
        "consultation": row,
        "form": form,
        "waiting": consulting.undecided(row).count(),
        **_beside(comment),
        **_frame(request, row, _("处理意见")),
    }
    return render(request, "schemes/decide.html", context, status=422 if form.errors else 200)


def _next_address(row: Consultation, comment: Comment) -> str:
    following = consulting.undecided(row).exclude(pk=comment.pk).first()
    if following is not None:
        return reverse("schemes:decide", args=[following.pk])
    return reverse("schemes:consultation", args=[row.pk])


def _beside(comment: Comment) -> dict[str, Any]:
    """Return the indicator as it was sent, as it is now, and where it is written."""
    row = comment.answer.consultation
    sent, now = consulting.sent_scheme(row), queries.scheme_of(row.scheme)
    found: dict[str, Any] = {}
    for name, scheme in (("as_sent", sent), ("as_now", now)):
        table = scheme.tables.get(comment.category)
        if table is not None and comment.code:
            try:
                found[name] = tree.node_at(table, comment.code)
            except KeyError:
                continue
    if row.scheme.is_draft and comment.category in now.tables:
        found["place"] = list(now.tables).index(comment.category)
    return found


@page("scheme.consult")
@require_POST
def part(request: Request, pk: int) -> HttpResponse:
    """Take a comment out of the one it was merged into."""
    comment = consulting.comment_for(request.actor, pk)
    return press(
        request, actions.part_comment, pk, version=version_sent(request), done=_("已拆开。"),
        then=reverse("schemes:consultation", args=[comment.answer.consultation_id]),
    )  # fmt: skip


@page("scheme.consult")
@require_safe
def opinions(request: Request, pk: int, kind: str) -> HttpResponse:
    """Download the table of opinions and their handling, as a document or a workbook."""
    row = consulting.consultation_for(request.actor, pk)
    name = f"{row.scheme.name}（{row.scheme.version_label} 版）第{row.round_number}轮意见采纳情况表"
    if kind == "docx":
        return attachment(f"{name}.docx", opinions_document(row, on=timezone.localdate()), media_type=DOCX)
    if kind == "xlsx":
        return workbook_called(name, opinions_workbook(row, created=timezone.now()))
    raise NotVisible
