"""The list of rounds, and opening one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.forms import RoundForm
from changai.areas.assessments.models import Round
from changai.areas.assessments.policies import sees_all
from changai.areas.assessments.rules import usual_span
from changai.areas.assessments.views.places import index_crumb
from changai.areas.schemes.queries import issued_tables
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb


@page("assessment.view")
@require_safe
def show_list(request: Request) -> HttpResponse:
    """List the rounds the actor may see; a unit sees its own result beside each."""
    rounds = queries.with_scores_of(request.actor, queries.visible_to(request.actor))
    listing = Listing(
        request.GET,
        rounds,
        filters={"state": lambda rows, text: rows.filter(status=text) if text in Round.Status else rows},
    )
    context = {
        "listing": listing,
        "has_own": not sees_all(request.actor),
        "duties": queries.duties(request.actor, timezone.localdate()),
    }
    return render(request, "assessments/list.html", context)


@page("assessment.run")
@require_http_methods(["GET", "POST"])
def open_round(request: Request) -> HttpResponse:
    """Open a round."""
    choices = [
        (f"{version.pk}:{category}", label) for version, category, label in issued_tables(request.actor)
    ]
    today = Month.of(timezone.localdate())
    form = RoundForm(choices, today, request.POST or None, initial={"span": str(usual_span(today))})
    if request.method == "POST" and form.is_valid():
        scheme_id, order = form.order()
        once = request.POST.get("once", "")
        try:
            round_ = actions.open_round(  # type: ignore[call-arg]  # every action takes `once`
                request.actor, scheme_id, at=timezone.now(), once=once, **order
            )
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已开启考核。"))
            return see_other(reverse("assessments:round", args=[round_.pk]))
    context = {
        "form": form,
        "has_tables": bool(choices),
        "breadcrumbs": [index_crumb(), Crumb(_("开启考核"))],
    }
    return render(request, "assessments/open.html", context, status=422 if form.errors else 200)
