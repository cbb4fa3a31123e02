"""My account: who I am here, my password, where I am signed in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changai.areas.accounts import actions, queries
from changai.areas.accounts.forms import ContactForm, PasswordForm
from changai.areas.accounts.rules import is_password_due
from changai.areas.accounts.sessions import SIGN_IN
from changai.core.errors import Invalid
from changai.foundation.pages import Request, page, press, press_form, see_other
from changai.foundation.ui.parts import Crumb
from changai.integrations.delivery.channels import channels_on


@page("home.view")
@require_safe
def show_own(request: Request) -> HttpResponse:
    """Show the own account, how its owner wants to be told, and the sessions it has open."""
    return _own_page(request)


def _own_page(request: Request, form: ContactForm | None = None, *, status: int = 200) -> HttpResponse:
    person = queries.self_of(request.actor)
    context = {
        "person": person,
        "form": form or ContactForm(initial=model_to_dict(person, ["email", "wants_email", "wants_message"])),
        "channels": channels_on(),
        "sign_ins": queries.open_sign_ins(request.actor, now=timezone.now()),
        "current": request.session.get(SIGN_IN),
    }
    return render(request, "accounts/own.html", context, status=status)


@page("home.view")
@require_POST
def save_contact(request: Request) -> HttpResponse:
    """Keep how the person wants to be told."""
    form = ContactForm(request.POST)
    if form.is_valid():
        saved = press_form(
            request, form, actions.save_contact, done=_("接收方式已保存。"), then=reverse("accounts:own"),
            **form.cleaned_data,
        )  # fmt: skip
        if saved is not None:
            return saved
    return _own_page(request, form, status=422)


@page("home.view")
@require_POST
def end_session(request: Request, pk: int) -> HttpResponse:
    """End one of the own sessions."""
    return press(request, actions.end_sign_in, pk, done=_("该会话已结束。"), then=reverse("accounts:own"))


@page("home.view")
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
def change_password(request: Request) -> HttpResponse:
    """Change the own password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            person = actions.change_password(
                request.actor,
                old=typed["old"],
                new=typed["new"],
                keeping=request.session.get(SIGN_IN),
                at=timezone.now(),
            )
        except Invalid as refusal:
            form.add_error("new" if refusal.faults else "old", list(refusal.faults) or refusal.sentence)
        else:
            update_session_auth_hash(request, person)
            messages.success(request, _("密码已修改，其他会话已结束。"))
            return see_other(reverse("web:home"))
    person = queries.self_of(request.actor)
    context = {
        "form": form,
        "is_first": person.must_change_password,
        "is_due": is_password_due(
            person.password_changed_at, must_change=person.must_change_password, now=timezone.now()
        ),
        "breadcrumbs": [Crumb(_("我的账号"), reverse("accounts:own")), Crumb(_("修改密码"))],
    }
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)
