"""The last two answers: no such address, and a fault of the programme with a number to quote."""

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template

from changai.foundation.pages import public_page

logger = logging.getLogger("changai")


@public_page
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"code": "not_visible", "sentence": "没有这个地址。"}, status=404)
    return render(request, "404.html", status=404)


@public_page
def server_error(request: HttpRequest) -> HttpResponse:
    """Log the fault once under a number and show it. The database may be the fault: it is not asked."""
    number = secrets.token_hex(4).upper()
    logger.error("fault %s at %s %s", number, request.method, request.path, exc_info=sys.exc_info())
    return HttpResponse(get_template("500.html").render({"number": number}), status=500)
