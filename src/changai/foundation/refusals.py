"""Turns refusals into pages that say what to do next, and a database that does not answer into 503."""

import logging
import re
import secrets
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from changai.core.errors import ActionRefused, AlreadyDone, NotAllowed, NotVisible
from changai.foundation.pages import see_other

logger = logging.getLogger("changai")
_DRAFT_AT = re.compile(r"\d{1,2}月\d{1,2}日 \d{2}:\d{2}")


class RefusalMiddleware:
    """Answers every `ActionRefused` with its sentence and status; a script that asks for JSON gets JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            exception = NotVisible()
        if isinstance(exception, PermissionDenied):
            exception = NotAllowed()
        if isinstance(exception, AlreadyDone) and not _wants_json(request):
            messages.info(request, exception.sentence)
            return see_other(_page_before(request))
        if isinstance(exception, ActionRefused):
            return answer_refusal(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            return _answer_outage(request, exception)
        return None


def answer_refusal(request: HttpRequest, refusal: ActionRefused) -> HttpResponse:
    """Return the refusal as a page, or as JSON `{code, sentence, faults}` to a script."""
    faults = getattr(refusal, "faults", ())
    if _wants_json(request):
        content = {"code": refusal.code, "sentence": refusal.sentence, "faults": faults}
        return JsonResponse(content, status=refusal.status)
    context = {"refusal": refusal, "faults": faults, "back": _page_before(request)}
    return render(request, "ui/refusal.html", context, status=refusal.status)


def _answer_outage(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Say that nothing was done; a form that is about a saved draft (`draft_at`) says since when it is saved."""
    number = secrets.token_hex(4).upper()
    logger.error("database does not answer (%s)", number, exc_info=fault)
    draft_at = request.POST.get("draft_at", "")
    if _DRAFT_AT.fullmatch(draft_at):
        sentence = _(
            "系统繁忙，您的填报尚未提交成功，已保存为草稿（%(time)s）。请稍后点“重试”，不会重复报送。编号 %(number)s"
        ) % {"time": draft_at, "number": number}
    else:
        sentence = _("系统繁忙，您的操作尚未提交成功。请稍后点“重试”，不会重复报送。编号 %(number)s") % {
            "number": number
        }
    return HttpResponse(
        sentence, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "5"}
    )


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _page_before(request: HttpRequest) -> str:
    before = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()}):
        return before
    return "/"
