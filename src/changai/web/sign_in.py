"""The way in and out. A wrong password, an unknown login and an account without a post look the same."""

import json
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from changai.areas.accounts.actions import note_failed_sign_in, note_sign_in, note_sign_out
from changai.areas.accounts.models import Person
from changai.areas.accounts.policies import may_sign_in
from changai.areas.accounts.queries import actor_of
from changai.areas.accounts.rules import folded_login
from changai.areas.accounts.sessions import SIGN_IN, address_of
from changai.foundation.actors import Actor, visitor
from changai.foundation.pages import public_page, see_other
from changai.web.language import own_address


class SignInForm(AuthenticationForm):
    """Login and password, with one sentence for every way they can be wrong."""

    username = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {  # noqa: RUF012 - Django's own attribute
        "invalid_login": gettext_lazy("登录名或密码不正确。连续输错 5 次，账号将锁定 30 分钟。"),
        "inactive": gettext_lazy("登录名或密码不正确。连续输错 5 次，账号将锁定 30 分钟。"),
    }

    def clean_username(self) -> str:
        """Fold the login before wrong passwords are counted: other spellings of it get no five more tries."""
        return folded_login(self.cleaned_data["username"])

    def confirm_login_allowed(self, user: Person) -> None:
        """Refuse an account without a post, or with a first password too old, as if its password were wrong."""
        super().confirm_login_allowed(user)
        if not may_sign_in(user, at=timezone.now()):
            raise self.get_invalid_login_error()


class _SignIn(LoginView):
    form_class = SignInForm
    template_name = "web/sign_in.html"
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:  # noqa: ARG002 - Django's signature
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        # back to this very page would send somebody already signed in round in circles
        return "/" if asked.startswith(self.request.path) else own_address(asked)

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**named)
        context["demonstration_sign_ins"] = demonstration_sign_ins()
        return context

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        actor = cast("Actor", actor_of(form.get_user(), address=address_of(self.request)))  # it has a post
        browser = self.request.headers.get("User-Agent", "")
        # Entered first: a database that fails here must not leave a session that the log knows nothing of.
        sign_in = note_sign_in(actor, browser=browser, at=timezone.now())
        response = super().form_valid(form)
        self.request.session[SIGN_IN] = sign_in.pk
        return response

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        # Axes marks the request; its middleware then answers with `locked_out` instead of this page.
        is_locked = getattr(self.request, "axes_locked_out", False)
        nobody = visitor(address_of(self.request))
        login = self.request.POST.get("username", "")
        note_failed_sign_in(nobody, login=login, is_locked=is_locked, at=timezone.now())
        return self.render_to_response(self.get_context_data(form=form), status=422)


sign_in = public_page(_SignIn.as_view())


@public_page
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    actor = getattr(request, "actor", None)
    if actor is not None:
        note_sign_out(actor, request.session.get(SIGN_IN), at=timezone.now())
    logout(request)
    return see_other("/sign-in/")


def locked_out(request: HttpRequest, *_arguments: Any, **_named: Any) -> HttpResponse:
    """Answer the sign-in of an account that is locked for too many wrong passwords; it need not exist."""
    sentence = _("连续输错 5 次，账号已锁定 30 分钟。请稍后再试，或请安全管理员解锁。")
    return render(request, "web/locked_out.html", {"sentence": sentence}, status=429)


def demonstration_sign_ins() -> list[dict[str, str]]:
    """Return the sign-ins (`post`, `name`, `unit`, `login`, `password`) that the demonstration's loader left.

    None outside the demonstration, whatever lies in the folder.
    """
    left = settings.DEMONSTRATION_SIGN_INS
    if not settings.DEMONSTRATION or not left.exists():
        return []
    people: list[dict[str, str]] = json.loads(left.read_text(encoding="utf-8"))
    return people
