"""The suggestions box: open to everybody; read and answered by the office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changai.areas.accounts.sessions import address_of
from changai.areas.portal import actions, queries
from changai.areas.portal.forms import AnswerForm, StateFilter, SuggestionForm
from changai.core.errors import ActionRefused, AlreadyDone, Invalid
from changai.foundation.actors import visitor
from changai.foundation.pages import Request, page, press, public_page, see_other
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb

_NUMBER = "suggestion_number"  # the session's key


@public_page
@require_http_methods(["GET", "POST"])
def show_box(request: HttpRequest) -> HttpResponse:
    """Take a suggestion; the number to read the answer by is on the next page."""
    form = SuggestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_suggestion(  # type: ignore[call-arg]  # every action takes `once`
                visitor(""), **form.cleaned_data, address=address_of(request), at=timezone.now(),
                once=request.POST.get("once", ""),
            )  # fmt: skip
        except AlreadyDone:
            return see_other(reverse("portal:received"))
        except ActionRefused as refusal:
            form.add_error(None, refusal.sentence)
            return render(request, "portal/box.html", _box(form), status=refusal.status)
        request.session[_NUMBER] = made.number
        return see_other(reverse("portal:received"))
    return render(request, "portal/box.html", _box(form), status=422 if form.errors else 200)


@public_page
@require_safe
def show_received(request: HttpRequest) -> HttpResponse:
    """Show the number of the suggestion this browser has just made."""
    return render(request, "portal/received.html", {"number": request.session.get(_NUMBER)})


@public_page
@require_safe
def show_answer(request: HttpRequest) -> HttpResponse:
    """Show a suggestion and its answer to whoever knows the number."""
    written = request.GET.get("number", "").strip()
    context = {"number": written, "found": queries.by_number(written) if written else None}
    return render(request, "portal/answer.html", context)


@page("suggestion.view")
@require_safe
def show_list(request: Request) -> HttpResponse:
    """List the suggestions to the office."""
    listing = Listing(
        request.GET,
        queries.visible_to(request.actor),
        default="-made",
        sorts={"made": "made_at"},
        filters={
            "state": lambda rows, text: rows.filter(answered_at__isnull=text == "waiting"),
            "q": lambda rows, text: rows.filter(text__icontains=text),
        },
    )
    return render(request, "portal/list.html", {"listing": listing, "form": StateFilter(request.GET)})


@page("suggestion.view")
@require_http_methods(["GET", "POST"])
def answer(request: Request, pk: int) -> HttpResponse:
    """Read one suggestion and answer it."""
    made = queries.suggestion_for(request.actor, pk)
    form = AnswerForm(request.POST or None, initial={"version": made.version, "answer": made.answer})
    if request.method == "POST" and form.is_valid():
        try:
            return press(
                request, actions.answer_suggestion, pk, done=_("已保存处理情况，提交人凭查询码可以看到。"),
                then=reverse("portal:suggestions"), **form.cleaned_data,
            )  # fmt: skip
        except Invalid as refusal:
            form.add_error("answer", refusal.sentence)
    crumbs = [Crumb(_("意见建议"), reverse("portal:suggestions")), Crumb(made.number)]
    context = {"made": made, "form": form, "breadcrumbs": crumbs}
    return render(request, "portal/suggestion.html", context, status=422 if form.errors else 200)


def _box(form: SuggestionForm) -> dict[str, object]:
    return {"form": form, "counts": queries.counts()}
