"""更正对考核的影响: what a correction of the register means for rounds, and taking it into one that is open."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.assessments import actions, queries
from changai.areas.assessments.queries.registered import Touched, touched_by
from changai.areas.assessments.views.places import index_crumb
from changai.areas.reporting.queries import corrections as register
from changai.foundation.pages import Request, page, press, version_sent
from changai.foundation.ui.parts import Crumb


@page("assessment.run")
@require_safe
def show(request: Request, correction_id: int) -> HttpResponse:
    """Show every round that keeps the corrected figure: what it keeps, who moves, what can be done."""
    correction = register.correction_for(request.actor, correction_id)
    rounds = touched_by(request.actor, correction, at=timezone.now())
    context = {
        "correction": correction,
        "rounds": [(one, _names(one)) for one in rounds],
        "breadcrumbs": [
            index_crumb(),
            Crumb(_("更正登记"), reverse("reporting:corrections")),
            Crumb(
                _("第%(number)d号") % {"number": correction.pk},
                reverse("reporting:correction", args=[correction.pk]),
            ),
            Crumb(_("对考核的影响")),
        ],
    }
    return render(request, "assessments/registered.html", context)


def _names(one: Touched) -> list[tuple[str, dict[str, Any]]]:
    names = {unit.code: unit.name for unit in queries.assessed_units(one.round)} if one.moves else {}
    return [(names.get(move["unit"], move["unit"]), move) for move in one.moves]


@page("assessment.run")
@require_POST
def take(request: Request, pk: int, correction_id: int) -> HttpResponse:
    """Take the corrected figure into a round."""
    return press(
        request, actions.take_correction, pk, correction_id, version=version_sent(request),
        done=_("已采用更正后的数，另存为新一版冻结数据并重新计分。"),
        then=reverse("assessments:changes", args=[pk]),
    )  # fmt: skip
