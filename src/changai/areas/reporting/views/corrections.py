"""更正登记: the register of corrections; and 退回情况: why reports of a month were returned."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import actions, queries
from changai.areas.reporting.exports import corrections_sheet, returns_sheet
from changai.areas.reporting.forms.corrections import CorrectionForm
from changai.areas.reporting.models import Correction
from changai.areas.reporting.queries import corrections as registered
from changai.areas.reporting.queries.returning import Returned, returns_of
from changai.areas.reporting.views.lists import crumbs
from changai.core.periods import Month
from changai.foundation.downloads import workbook_called
from changai.foundation.matrix import allows
from changai.foundation.pages import Request, number_in, page, press, press_form
from changai.foundation.ui.figures import written_month
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb, Tab

LIGHTS = {"waiting": "waiting", "approved": "done", "refused": "returned"}


def _listing(request: Request) -> Listing:
    return Listing(
        request.GET,
        registered.corrections(request.actor),
        size=50,
        sorts={"month": ("month", "pk"), "unit": ("unit__position", "pk"), "asked": ("asked_at", "pk")},
        default="-asked",
        filters={
            "status": lambda rows, status: rows.filter(status=status),
            "q": lambda rows, words: rows.filter(unit__name__icontains=words),
        },
    )


@page("fact.view")
@require_safe
def register(request: Request) -> HttpResponse:
    """List the corrections of the units the reader may see."""
    listing = _listing(request)
    chosen = listing.chosen.get("status", "")
    everything = registered.corrections(request.actor)
    tabs = [Tab(_("全部"), "?", everything.count(), is_current=not chosen)]
    tabs += [
        Tab(label, f"?status={status}", everything.filter(status=status).count(), is_current=status == chosen)
        for status, label in Correction.Status.choices
    ]
    context = {
        "listing": listing,
        "rows": [(row, LIGHTS[row.status]) for row in listing],
        "tabs": tabs,
        "breadcrumbs": crumbs(Crumb(_("更正登记"))),
    }
    return render(request, "reporting/corrections.html", context)


@page("fact.view")
@require_safe
def export(request: Request) -> HttpResponse:
    """Download the listed corrections as a workbook."""
    return workbook_called(
        "更正登记",
        organisations.workbook_of(
            request.actor, [corrections_sheet(_listing(request).rows)], at=timezone.now()
        ),
    )


@page("fact.view")
@require_safe
def correction(request: Request, pk: int) -> HttpResponse:
    """Show one correction with who moved by it, and what was printed before it."""
    found = registered.correction_for(request.actor, pk)
    may_settle = found.status == Correction.Status.WAITING and allows(request.actor, "correction.approve")
    context = {
        "correction": found,
        "light": LIGHTS[found.status],
        "moved": registered.moved_for(request.actor, found),
        "may_settle": may_settle,
        "findings": registered.findings_of_correction(found.old_fact, found.new_value, found.reason)
        if may_settle
        else (),
        "tables": list(registered.tables_citing(found.field_id, found.month)),
        "breadcrumbs": crumbs(
            Crumb(_("更正登记"), reverse("reporting:corrections")), Crumb(found.field.name)
        ),
    }
    return render(request, "reporting/correction.html", context)


@page("correction.ask")
def correct(request: Request, fact_id: int) -> HttpResponse:
    """Ask for the correction of a figure."""
    fact = registered.fact_to_correct(request.actor, fact_id)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pressed = press_form(
            request, form, actions.ask_correction, fact_id, form.entry(),
            done=_("已提出，待办公室批准。"), then=reverse("reporting:corrections"),
        )  # fmt: skip
        if pressed is not None:
            return pressed
    context = {
        "fact": fact,
        "form": form,
        "breadcrumbs": crumbs(Crumb(_("更正登记"), reverse("reporting:corrections")), Crumb(_("申请更正"))),
    }
    return render(request, "reporting/correct.html", context, status=422 if form.errors else 200)


@page("correction.approve")
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """Approve a correction."""
    return press(
        request, actions.approve_correction, pk,
        done=_("已更正，原数值留存备查。"), then=reverse("reporting:correction", args=[pk]),
    )  # fmt: skip


@page("correction.approve")
@require_POST
def refuse(request: Request, pk: int) -> HttpResponse:
    """Refuse a correction."""
    return press(
        request, actions.refuse_correction, pk,
        reason=request.POST.get("reason", ""), done=_("已答复不同意。"),
        then=reverse("reporting:correction", args=[pk]),
    )  # fmt: skip


def _month(request: Request) -> Month:
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        latest = queries.periods().first()
        return Month.of(latest.month) if latest else Month.of(timezone.localdate()).plus(-1)


def _returned(request: Request) -> tuple[Month, int | None, Returned]:
    month = _month(request)
    grouping_id = number_in(request.GET.get("grouping", ""))
    known = {grouping.pk for grouping in organisations.groupings()}
    grouping_id = grouping_id if grouping_id in known else None
    return month, grouping_id, returns_of(request.actor, month, grouping_id=grouping_id)


@page("report.view")
@require_safe
def reasons_of_month(request: Request) -> HttpResponse:
    """Show why the reports of a month were returned, most frequent first."""
    month, grouping_id, found = _returned(request)
    context = {
        "month": month,
        "before": month.plus(-1),
        "after": month.plus(1),
        "returned": found,
        "grouping_id": grouping_id,
        "groupings": organisations.groupings(),
        "breadcrumbs": crumbs(
            Crumb(_("报送情况"), f"{reverse('reporting:board')}?month={month}"), Crumb(_("退回情况"))
        ),
    }
    return render(request, "reporting/returned.html", context)


@page("report.view")
@require_safe
def export_reasons(request: Request) -> HttpResponse:
    """Download why the reports of a month were returned."""
    month, _grouping_id, found = _returned(request)
    title = f"{written_month(month)}月报退回情况"
    return workbook_called(
        title, organisations.workbook_of(request.actor, returns_sheet(found, title=title), at=timezone.now())
    )
