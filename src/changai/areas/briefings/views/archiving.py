"""归档: packages of issued papers, one at once or a year behind the page."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.briefings import actions, exports, queries
from changai.areas.briefings.forms import SERIES, ArchiveForm
from changai.areas.briefings.views.frame import crumbs
from changai.core.errors import Invalid
from changai.foundation.downloads import attached_file, attachment
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb

ZIP = "application/zip"


@page("archive.make")
@require_safe
def archives(request: Request) -> HttpResponse:
    """Show which packages were made, how far the running ones are, and order another."""
    years = queries.years(request.actor)
    listing = Listing(request.GET, queries.archive_orders(request.actor), size=20)
    context = {
        "listing": listing,
        "form": ArchiveForm(years=years, initial={"year": years[0] if years else timezone.localdate().year}),
        "years": years,
        "series": SERIES,
        "is_working": any(order.done_at is None for order in listing),
        "breadcrumbs": crumbs(Crumb(_("归档"))),
    }
    return render(request, "briefings/archives.html", context)


@page("archive.make")
@require_POST
def order(request: Request) -> HttpResponse:
    """Order the package of a year."""
    form = ArchiveForm(request.POST, years=queries.years(request.actor))
    if not form.is_valid():
        raise Invalid(_("请选择印发过公文的年度。"))
    done = _("已安排制作，可以离开本页，做好后再来下载。")
    then = reverse("briefings:archives")
    return press(request, actions.ask_archive, done=done, then=then, **form.cleaned_data)


@page("archive.make")
@require_safe
def download(request: Request, order_id: int) -> FileResponse:
    """Download a package that is ready."""
    made = queries.archive_order_for(request.actor, order_id)
    name = _("%(year)s年公文归档包.zip") % {"year": made.year}
    return attached_file(name, actions.ready_archive(made), media_type=ZIP)


@page("archive.make")
@require_safe
def package(request: Request, pk: int) -> HttpResponse:
    """Download the package of one issued paper."""
    paper = queries.paper_to_archive(request.actor, pk)
    return attachment(f"{exports.package_name(paper)}.zip", exports.paper_package(paper), media_type=ZIP)
