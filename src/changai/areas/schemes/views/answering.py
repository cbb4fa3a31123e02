"""征求意见, for units: the draft as it was sent, comments on its indicators, sending and signing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.schemes import actions, queries
from changai.areas.schemes.forms.consulting import CommentForm
from changai.areas.schemes.models import Answer
from changai.areas.schemes.policies import sees_drafts
from changai.areas.schemes.queries import consulting
from changai.areas.schemes.rules.consulting import is_open
from changai.areas.schemes.views.frame import home, table_tabs
from changai.core.errors import Invalid
from changai.foundation.actors import Role
from changai.foundation.pages import Request, number_in, page, press, press_form, version_sent
from changai.foundation.ui.parts import Crumb


@page("scheme.view")
@require_safe
def answer(request: Request, pk: int) -> HttpResponse:
    """Show the draft a unit was asked about, its comments, and what may be done."""
    row = consulting.answer_for(request.actor, pk)
    scheme = consulting.sent_scheme(row.consultation)
    place = number_in(request.GET.get("table", "")) or 0
    place = place if place < len(scheme.tables) else 0
    category = list(scheme.tables)[place]
    comments = list(row.comments.select_related("merged_into").order_by("category", "code", "pk"))
    context: dict[str, Any] = {
        "answer": row,
        "consultation": row.consultation,
        "sheet": queries.sheet_of(scheme, category),
        "place": place,
        "tabs": table_tabs(scheme, place),
        "comments": comments,
        "commented": {each.code for each in comments if each.category == category},
        "are_decided": row.consultation.closed_at is not None
        and not consulting.undecided(row.consultation).exists(),
        **_may(request, row),
        "breadcrumbs": [home(), Crumb(_("征求意见"))],
    }
    return render(request, "schemes/answer.html", context)


def _may(request: Request, row: Answer) -> dict[str, bool]:
    """Return which buttons the page has for this actor."""
    own = not sees_drafts(request.actor)
    sent = row.consultation
    may_change = own and is_open(sent.due_on, timezone.localdate(), is_closed=sent.closed_at is not None)
    is_head = request.actor.role is Role.UNIT_HEAD
    return {
        "may_write": may_change and row.status == Answer.Status.WAITING,
        "may_sign": may_change and is_head and row.status == Answer.Status.WRITTEN,
        "may_take_back": may_change and row.status != Answer.Status.WAITING,
        "is_over": own and not may_change and row.status != Answer.Status.SENT,
    }


def _address(pk: int, place: int = 0) -> str:
    return (
        f"{reverse('schemes:answer', args=[pk])}?table={place}"
        if place
        else reverse("schemes:answer", args=[pk])
    )


@page("scheme.comment")
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: Request, pk: int) -> HttpResponse:
    """Write a comment on an indicator, on a table, or on all of the draft."""
    row = consulting.answer_for(request.actor, pk)
    scheme = consulting.sent_scheme(row.consultation)
    asked = number_in(request.GET.get("table", ""))
    categories = list(scheme.tables)
    category = categories[asked] if asked is not None and asked < len(categories) else ""
    code = request.GET.get("code", "")[:20] if category else ""
    named = consulting.node_named(row.consultation, category, code)
    form = CommentForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        done = press_form(
            request, form, actions.add_comment, pk, category=category, code=code, **form.cleaned_data,
            done=_("已记下，全部写完后请点“反馈”。"), then=_address(pk, asked or 0),
        )  # fmt: skip
        if done:
            return done
    title = f"{code} {named}" if code else category or _("全文")
    context = {
        "answer": row,
        "form": form,
        "title": title,
        "place": asked or 0,
        "line": _line(scheme, category, code),
        "breadcrumbs": [home(), Crumb(_("征求意见"), _address(pk, asked or 0)), Crumb(title)],
    }
    return render(request, "schemes/comment.html", context, status=422 if form.errors else 200)


def _line(scheme: Any, category: str, code: str) -> queries.Line | None:
    if not code:
        return None
    sheet = queries.sheet_of(scheme, category)
    return next((line for line in sheet.lines if any(cell.code == code for cell in line.cells)), None)


@page("scheme.comment")
@require_POST
def drop_comment(request: Request, pk: int) -> HttpResponse:
    """Take a comment out of the answer."""
    number = number_in(request.POST.get("comment", ""))
    if number is None:
        raise Invalid(_("没有选好要删除的意见，请刷新后再选。"))
    return press(
        request, actions.drop_comment, pk, number, version=version_sent(request), done=_("已删除。"),
        then=_address(pk),
    )  # fmt: skip


@page("scheme.comment")
@require_POST
def send(request: Request, pk: int) -> HttpResponse:
    """Send the comments, or that there are none."""
    return press(
        request, actions.send_answer, pk, has_no_comment=request.POST.get("none") == "1",
        version=version_sent(request), done=_("已反馈。"), then=_address(pk),
    )  # fmt: skip


@page("scheme.comment")
@require_POST
def sign(request: Request, pk: int) -> HttpResponse:
    """Sign the answer as the unit's head."""
    return press(
        request, actions.sign_answer, pk, version=version_sent(request), done=_("已审签，反馈报出。"),
        then=_address(pk),
    )  # fmt: skip


@page("scheme.comment")
@require_POST
def decline(request: Request, pk: int) -> HttpResponse:
    """Give the answer back to the liaison."""
    return press(
        request, actions.decline_answer, pk, reason=request.POST.get("reason", ""), version=version_sent(request),
        done=_("已退回联络员。"), then=_address(pk),
    )  # fmt: skip


@page("scheme.comment")
@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take the answer back to change it."""
    return press(
        request, actions.take_back_answer, pk, version=version_sent(request), done=_("已撤回，修改后请再次反馈。"),
        then=_address(pk),
    )  # fmt: skip
