"""消息发送: the queue of e-mails and messages that leave the house, for the system administrator."""

from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.foundation.notices.deliveries import deliveries_for, drop_delivery, retry_delivery
from changai.foundation.notices.models import Delivery
from changai.foundation.pages import Request, page, press
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Tab

LIGHTS = {
    "waiting": "waiting",
    "sending": "waiting",
    "sent": "done",
    "uncertain": "near",
    "failed": "overdue",
    "dropped": "none",
}
WEBHOOK_NAMES = {"wecom": "企业微信", "dingtalk": "钉钉", "json": "消息网关"}


@page("delivery.view")
@require_safe
def show_deliveries(request: Request) -> HttpResponse:
    """List what is to be sent, what was, and what could not be."""
    found = deliveries_for(request.actor)
    listing = Listing(request.GET, found, size=50, filters={"state": _in_state})
    context = {
        "listing": listing,
        "rows": [(delivery, LIGHTS[delivery.state], _masked(delivery)) for delivery in listing],
        "tabs": _tabs(found, listing.chosen.get("state", "")),
        "email_on": settings.EMAIL_ON,
        "webhook": WEBHOOK_NAMES[settings.WEBHOOK["format"]] if settings.WEBHOOK else "",
    }
    return render(request, "web/deliveries.html", context)


def _in_state(rows: QuerySet[Delivery], state: str) -> QuerySet[Delivery]:
    return rows.filter(state=state)


def _tabs(found: QuerySet[Delivery], current: str) -> list[Tab]:
    counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
    states: list[tuple[Any, Any]] = [("", _("全部")), *Delivery.State.choices]
    return [
        Tab(
            label,
            f"?state={state}" if state else "?",
            counts.get(state, 0) if state else sum(counts.values()),
            is_current=state == current,
        )
        for state, label in states
    ]


def _masked(delivery: Delivery) -> str:
    """Return the recipient so that it can be told apart, not read."""
    name, at, domain = delivery.recipient.partition("@")
    return f"{name[:2]}…{at}{domain}" if at else delivery.recipient


@page("delivery.edit")
@require_POST
def retry(request: Request, pk: int) -> HttpResponse:
    """Send one message again."""
    return press(request, retry_delivery, pk, done=_("已排入发送。"), then=reverse("web:deliveries"))


@page("delivery.edit")
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    """Give one message up."""
    return press(request, drop_delivery, pk, done=_("这条消息不再发送。"), then=reverse("web:deliveries"))
