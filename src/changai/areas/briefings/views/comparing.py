"""修改记录: every text of a paper that was handed to the head, and what changed from one to another."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changai.areas.briefings import queries
from changai.areas.briefings.forms import StartForm, WriteForm
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules import DRAFT, KINDS, Edit
from changai.areas.briefings.views.frame import OUTCOME_LIGHTS, briefing_crumb, catalogue_of, crumbs
from changai.foundation.pages import Request, number_in, page
from changai.foundation.ui.parts import Crumb, Text

NOW = 0  # in the address, the text as it is written now


@dataclass(frozen=True)
class ShownEdit:
    """What changed in one place, and how the place is called."""

    label: Text
    edit: Edit


def last_edits(briefing: Briefing, catalogue: queries.Catalogue) -> list[ShownEdit]:
    """Return what changed from the last but one text handed over to the last; nothing the first time."""
    texts = [queries.text_of(each) for each in briefing.submittals.order_by("-number")[:2]]
    return _shown(queries.changed_texts(texts[1], texts[0], _named(catalogue))) if len(texts) == 2 else []


@page("briefing.edit")
@require_safe
def changes(request: Request, pk: int) -> HttpResponse:
    """Show all texts handed over, and compare two of them: as a rule the last with the one before."""
    briefing = queries.briefing_for(request.actor, pk)
    listed = list(queries.submittals(request.actor, pk))
    texts = {each.number: queries.text_of(each) for each in listed}
    if briefing.status == DRAFT:
        texts = {NOW: queries.text_now(briefing)} | texts
    after = _chosen(request, "after", list(texts), place=0)
    before = _chosen(request, "before", list(texts), place=1)
    compared = (
        _shown(
            queries.changed_texts(texts[before], texts[after], _named(catalogue_of(request.actor, briefing)))
        )
        if before is not None and after is not None
        else []
    )
    context = {
        "briefing": briefing,
        "submittals": [(each, queries.decisions(each)) for each in listed],
        "lights": OUTCOME_LIGHTS,
        "choices": [(number, _name(number)) for number in texts],
        "before": before,
        "after": after,
        "edits": compared,
        "breadcrumbs": crumbs(briefing_crumb(briefing), Crumb(_("修改记录"))),
    }
    return render(request, "briefings/changes.html", context)


def _chosen(request: Request, name: str, numbers: Sequence[int], *, place: int) -> int | None:
    asked = number_in(request.GET.get(name, ""))
    if asked in numbers:
        return asked
    return numbers[place] if len(numbers) > place else None


def _name(number: int) -> str:
    return _("第 %d 次报批稿") % number if number else _("现在的稿子")


def _named(catalogue: queries.Catalogue) -> dict[str, str]:
    return {key: entry.name for key, entry in catalogue.drawings.items()}


def _shown(found: Sequence[Edit]) -> list[ShownEdit]:
    return [ShownEdit(_label(edit), edit) for edit in found]


def _label(edit: Edit) -> Text:
    if edit.field:
        bound = WriteForm.base_fields.get(edit.field, StartForm.base_fields["units"])
        return bound.label or edit.field
    before, now = (_(KINDS[kind]) if kind in KINDS else kind for kind in edit.kinds)
    if not now:
        return _("删去%(kind)s") % {"kind": before}
    if not before:
        return _("第 %(number)d 段，增加%(kind)s") % {"number": edit.number, "kind": now}
    if before != now:
        return _("第 %(number)d 段，%(before)s改为%(now)s") % {
            "number": edit.number, "before": before, "now": now,
        }  # fmt: skip
    return _("第 %(number)d 段") % {"number": edit.number}
