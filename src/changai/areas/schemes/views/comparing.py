"""比较: what two versions differ in, or a version and the draft as it was sent out."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from changai.areas.schemes import queries
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import consulting
from changai.areas.schemes.rules.differences import differences
from changai.areas.schemes.views.frame import frame
from changai.core import scoring
from changai.foundation.pages import Request, number_in, page

KINDS = {
    "added": gettext_lazy("新增"),
    "removed": gettext_lazy("删去"),
    "moved": gettext_lazy("移动"),
    "renamed": gettext_lazy("改名"),
    "points": gettext_lazy("分值"),
    "wording": gettext_lazy("评分标准"),
    "rule": gettext_lazy("计分规则"),
    "texts": gettext_lazy("其他"),
}


@page("scheme.view")
@require_safe
def compare(request: Request, pk: int) -> HttpResponse:
    """Show what a version differs in from another one, or from the draft as units were sent it."""
    version = queries.version_for(request.actor, pk)
    others = list(queries.visible_to(request.actor).exclude(pk=pk))
    rounds = list(consulting.consultations_visible_to(request.actor).filter(scheme=version))
    chosen, before, label = _before(request, version, others, rounds)
    found = differences(before, queries.scheme_of(version)) if before is not None else ()
    context: dict[str, Any] = {
        "others": others,
        "rounds": [(f"round-{each.pk}", each) for each in rounds],
        "chosen": chosen,
        "label": label,
        "tables": found,
        "kinds": KINDS,
        **frame(request.actor, version, "compare", _("比较")),
    }
    return render(request, "schemes/compare.html", context)


def _before(
    request: Request, version: SchemeVersion, others: list[SchemeVersion], rounds: list[Any]
) -> tuple[str, scoring.Scheme | None, str]:
    asked = request.GET.get("with", "")
    if asked.startswith("round-"):
        found = next((each for each in rounds if str(each.pk) == asked.removeprefix("round-")), None)
        if found is not None:
            label = _("第 %(number)d 轮征求意见稿") % {"number": found.round_number}
            return asked, consulting.sent_scheme(found), label
    number = number_in(asked) or version.made_from_id
    other = next((each for each in others if each.pk == number), None)
    if other is None:
        other = next((each for each in others if each.name == version.name and not each.is_draft), None)
    if other is None:
        return "", None, ""
    return str(other.pk), queries.scheme_of(other), str(other)
