"""消息: what the product has to tell the person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from changai.foundation.notices.outbox import mark_read, notices_for
from changai.foundation.pages import Request, page, see_other
from changai.foundation.ui.listing import Listing


@page("home.view")
def show_notices(request: Request) -> HttpResponse:
    """Show the notices, newest first, unread ones marked."""
    return render(request, "web/notices.html", {"listing": Listing(request.GET, notices_for(request.actor))})


@page("home.view")
@require_POST
def read_notices(request: Request) -> HttpResponse:
    """Mark all notices as read."""
    mark_read(request.actor, at=timezone.now())
    return see_other("/notices/")
