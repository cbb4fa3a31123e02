"""How a page reads the request, presses one action and answers. The only place that turns rights into 404 and 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from changai.core.errors import AlreadyDone, Invalid, NotAllowed, NotVisible
from changai.foundation.actors import Actor
from changai.foundation.matrix import scope_of

View = Callable[..., HttpResponseBase]
PUBLIC = "public"


class Request(HttpRequest):
    """A request of somebody signed in: `actor` is set by the accounts' middleware."""

    actor: Actor


def page(permission: str) -> Callable[[View], View]:
    """Open a view to the roles that hold `permission`. To others a `.view` page does not exist (404) and a button is
    refused (403).
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if scope_of(cast(Request, request).actor.role, permission) is None:
                raise NotVisible if permission.endswith(".view") else NotAllowed
            return view(request, *arguments, **named)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def public_page(view: View) -> View:
    """Open a view to everybody, signed in or not."""
    opened = login_not_required(view)
    opened.permission = PUBLIC  # type: ignore[attr-defined]
    return opened


def press(
    request: HttpRequest, act: Callable[..., Any], *arguments: Any, done: str, then: str, **named: Any
) -> HttpResponse:
    """Carry out the action `act` for the request's actor, now; say `done` and go on to the address `then` (303).

    The hidden field of `{% once %}` makes a double click one order: the second answer leads to the same page as the
    first. Other refusals rise to the refusals' middleware, or to a view that shows them beside its form.
    """
    once = request.POST.get("once", "")
    try:
        act(cast(Request, request).actor, *arguments, at=timezone.now(), once=once, **named)
        messages.success(request, done)
    except AlreadyDone as repeated:
        if "application/json" in request.headers.get("Accept", ""):
            raise
        messages.info(request, repeated.sentence)
    return see_other(then)


def number_in(text: str) -> int | None:
    """Return the whole number that a form or an address brought, or None when it brought something else.

    Ten to the eighteenth and beyond is something else: no database holds it. So is ², which `isdigit` lets pass.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def version_sent(request: HttpRequest) -> int:
    """Return the version of the record that the page with the pressed button had shown.

    :raises Invalid: when it sent none
    """
    version = number_in(request.POST.get("version", ""))
    if version is None:
        raise Invalid("页面已过期，请刷新后再操作。")
    return version


def press_form(
    request: HttpRequest, form: BaseForm, act: Callable[..., Any], *arguments: Any, **named: Any
) -> HttpResponse | None:
    """Press as `press` does; when the input breaks a rule, put its faults on the form and return None."""
    try:
        return press(request, act, *arguments, **named)
    except Invalid as refusal:
        form.add_error(None, list(refusal.faults) or refusal.sentence)
        return None


def see_other(address: str) -> HttpResponse:
    """Return a redirect that a browser follows with GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
