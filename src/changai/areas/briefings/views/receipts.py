"""签收情况: who has signed for an issued paper, who has not, and a polite reminder."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.briefings import actions, exports, queries
from changai.areas.briefings.forms import SentFilter
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.views.frame import briefing_crumb, crumbs
from changai.core.errors import NotVisible
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab


@page("receipt.view")
@require_safe
def overview(request: Request) -> HttpResponse:
    """List the papers that are signed for, with how many units have and have not."""
    listing = Listing(
        request.GET,
        queries.papers_sent_out(request.actor),
        sorts={"issued": "issued_at", "unsigned": "unsigned", "title": "title"},
        filters={
            "q": lambda rows, text: rows.filter(title__icontains=text),
            "open": lambda rows, _text: rows.filter(unsigned__gt=0, annulment__isnull=True),
        },
        size=20,
    )
    context = {
        "listing": listing,
        "form": SentFilter(request.GET),
        "breadcrumbs": crumbs(Crumb(_("签收情况"))),
    }
    return render(request, "briefings/receipts.html", context)


@page("receipt.view")
@require_safe
def receipts(request: Request, pk: int) -> HttpResponse:
    """Show unit by unit who has signed for a paper."""
    found = _issued(request, pk)
    lines = queries.receipt_lines(found)
    groups = {
        "open": [line for line in lines if line.is_open],
        "signed": [line for line in lines if not line.is_open],
        "all": lines,
    }
    chosen = request.GET.get("show", "open" if groups["open"] else "all")
    chosen = chosen if chosen in groups else "all"
    labels = {"open": _("未签收"), "signed": _("已签收"), "all": _("全部")}
    tabs = [
        Tab(labels[name], f"?show={name}", len(rows), is_current=name == chosen)
        for name, rows in groups.items()
    ]
    listing = Listing(
        request.GET,
        groups[chosen],
        filters={"q": lambda rows, text: [row for row in rows if text in row.unit.name]},
    )
    context = {
        "briefing": found,
        "listing": listing,
        "tabs": tabs,
        "chosen": chosen,
        "may_press": allows(request.actor, "briefing.edit")
        and groups["open"]
        and not hasattr(found, "annulment"),
        "breadcrumbs": crumbs(briefing_crumb(found), Crumb(_("签收情况"))),
    }
    return render(request, "briefings/receipts_of.html", context)


@page("receipt.view")
@require_safe
def workbook(request: Request, pk: int) -> HttpResponse:
    """Give who has signed for a paper as a workbook."""
    found = _issued(request, pk)
    content = exports.receipts_workbook(found, queries.receipt_lines(found), at=timezone.now())
    return workbook_called(_("%(number)s签收情况") % {"number": found.number_text}, content)


@page("briefing.edit")
@require_POST
def remind(request: Request, pk: int) -> HttpResponse:
    """Remind the units that have not signed for a paper."""
    is_common = queries.briefing_for(request.actor, pk).paper_kind.sends
    then = reverse("briefings:letters" if is_common else "briefings:receipts", args=[pk])
    return press(request, actions.press_receipts, pk, done=_("已提醒未签收的单位。"), then=then)


def _issued(request: Request, pk: int) -> Briefing:
    found = queries.briefing_for(request.actor, pk)
    if found.status != Briefing.Status.ISSUED:
        raise NotVisible(_("公文印发后才有签收情况。"))
    return found
