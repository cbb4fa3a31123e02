"""Accounts: opened by one administrator, granted by another."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.accounts import actions, queries
from changai.areas.accounts.forms import GrantForm, OpenForm, PeopleFilter
from changai.areas.accounts.models import Person
from changai.core.errors import AlreadyDone, Invalid
from changai.foundation.pages import Request, page, press, see_other, version_sent
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb

_FIRST_PASSWORD = "first_password"  # noqa: S105 - the session's key


@page("account.view")
@require_safe
def show_list(request: Request) -> HttpResponse:
    """List the accounts."""
    locked = queries.locked_logins(now=timezone.now())
    listing = Listing(
        request.GET,
        queries.visible_to(request.actor),
        default="login",
        sorts={"login": "login", "name": "name", "unit": ("unit__path",), "seen": "last_login"},
        filters={
            "q": lambda rows, text: rows.filter(Q(login__icontains=text) | Q(name__icontains=text)),
            "role": lambda rows, text: rows.filter(role="" if text == "none" else text),
            "state": lambda rows, text: _in_state(rows, text, locked),
        },
    )
    context = {"listing": listing, "form": PeopleFilter(request.GET), "locked": locked}
    return render(request, "accounts/list.html", context)


@page("account.view")
@require_safe
def show_person(request: Request, pk: int) -> HttpResponse:
    """Show one account."""
    person = queries.person_for(request.actor, pk)
    context = {
        "person": person,
        "is_locked": person.login in queries.locked_logins(now=timezone.now()),
        "is_own": person.pk == request.actor.person_id,
        "breadcrumbs": _crumbs(person.name),
    }
    return render(request, "accounts/person.html", context)


@page("account.edit")
@require_http_methods(["GET", "POST"])
def open_account(request: Request) -> HttpResponse:
    """Open an account; its first password is shown on the next page, once."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = actions.open_account(
                request.actor, **form.cleaned_data, at=timezone.now(), **_once(request)
            )
        except AlreadyDone:
            return see_other(reverse("accounts:first_password"))
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return _hand_out(request, person, password)
    context = {"form": form, "title": _("开设账号"), "breadcrumbs": _crumbs(_("开设账号"))}
    return render(request, "accounts/open.html", context, status=422 if form.errors else 200)


@page("account.view")
@never_cache
@require_safe
def show_first_password(request: Request) -> HttpResponse:
    """Show a first password to the administrator who has just caused it, one time."""
    told = request.session.pop(_FIRST_PASSWORD, None)
    context = {"told": told, "breadcrumbs": _crumbs(_("首次密码"))}
    return render(request, "accounts/first_password.html", context)


@page("account.edit")
@require_POST
def switch_off(request: Request, pk: int) -> HttpResponse:
    """Switch an account off."""
    return press(
        request, actions.switch_off, pk, version=version_sent(request), reason=request.POST.get("reason", ""),
        done=_("账号已停用，其会话已全部结束。"), then=_address(pk),
    )  # fmt: skip


@page("account.edit")
@require_POST
def switch_on(request: Request, pk: int) -> HttpResponse:
    """Switch an account on again."""
    return press(
        request, actions.switch_on, pk, version=version_sent(request),
        done=_("账号已启用，待安全管理员重新授予岗位。"), then=_address(pk),
    )  # fmt: skip


@page("account.grant")
@require_http_methods(["GET", "POST"])
def grant(request: Request, pk: int) -> HttpResponse:
    """Give an account its post."""
    person = queries.person_for(request.actor, pk)
    form = GrantForm(
        request.POST or None,
        initial={"version": person.version, "role": person.role, "unit_id": person.unit_id or ""},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return press(
                request,
                actions.grant_post,
                pk,
                done=_("已授予岗位。"),
                then=_address(pk),
                **form.cleaned_data,
            )
        except Invalid as refusal:
            form.add_error(None, refusal.sentence)
    context = {"form": form, "person": person, "breadcrumbs": _crumbs(_("授予岗位"))}
    return render(request, "accounts/grant.html", context, status=422 if form.errors else 200)


@page("account.grant")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take an account's post away."""
    return press(
        request, actions.withdraw_post, pk, version=version_sent(request), reason=request.POST.get("reason", ""),
        done=_("岗位已收回。"), then=_address(pk),
    )  # fmt: skip


@page("account.grant")
@require_POST
def unlock(request: Request, pk: int) -> HttpResponse:
    """Let a locked account try again."""
    return press(request, actions.unlock, pk, done=_("已解锁。"), then=_address(pk))


@page("account.grant")
@require_POST
def reset(request: Request, pk: int) -> HttpResponse:
    """Give an account a new first password, shown once."""
    try:
        person, password = actions.reset_password(
            request.actor, pk, version=version_sent(request), at=timezone.now(), **_once(request)
        )
    except AlreadyDone:
        return see_other(reverse("accounts:first_password"))
    return _hand_out(request, person, password)


def _hand_out(request: Request, person: Person, password: str) -> HttpResponse:
    """Lead to the page that shows the password; a second click leads there too."""
    request.session[_FIRST_PASSWORD] = {"login": person.login, "name": person.name, "password": password}
    return see_other(reverse("accounts:first_password"))


def _in_state(rows: QuerySet[Person], text: str, locked: set[str]) -> QuerySet[Person]:
    if text == "locked":
        return rows.filter(login__in=locked)
    return rows.filter(is_active=text == "on") if text in {"on", "off"} else rows


def _once(request: Request) -> dict[str, Any]:
    return {"once": request.POST.get("once", "")}


def _address(pk: int) -> str:
    return reverse("accounts:person", args=[pk])


def _crumbs(title: str) -> list[Crumb]:
    return [Crumb(_("账号"), reverse("accounts:list")), Crumb(title)]
