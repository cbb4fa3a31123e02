"""How long a session lives, who acts in it, and what must be done in it first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from changai.areas.accounts.models import Person
from changai.areas.accounts.queries import actor_of, is_sign_in_open
from changai.areas.accounts.rules import ADMINISTRATOR_IDLE, is_password_due
from changai.foundation.actors import ADMINISTRATORS
from changai.foundation.pages import see_other

Next = Callable[[HttpRequest], HttpResponse]
SIGN_IN = "sign_in"  # the session's key of the `SignIn` row
BACKGROUND = "X-Background"  # what a page asks by itself, with nobody at it, keeps no session alive
_TOUCH_SECONDS = 60  # a session row is written at most once a minute, not at every click


class SessionLimitMiddleware:
    """Ends a session that was idle too long, is older than a working day, or was ended elsewhere.

    What was typed survives: drafts are on the server.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        now = timezone.now().timestamp()
        began = request.session.setdefault("began_at", now)
        seen = request.session.setdefault("seen_at", now)
        sign_in = request.session.get(SIGN_IN)
        is_ended = sign_in is not None and not is_sign_in_open(sign_in)
        absolute = timedelta(hours=settings.SESSION_ABSOLUTE_HOURS).total_seconds()
        if is_ended or now - seen > _idle_seconds(request) or now - began > absolute:
            logout(request)
        elif now - seen > _TOUCH_SECONDS and not request.headers.get(BACKGROUND):
            request.session["seen_at"] = now


class ActorMiddleware:
    """Puts the acting person into `request.actor`. An account without a post, or switched off, is out."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Any:
        if not request.user.is_authenticated:
            return None
        actor = actor_of(request.user, address=address_of(request))
        if actor is None:
            logout(request)
        return actor


class PasswordDueMiddleware:
    """Leads somebody whose password is a first one, or older than 90 days, to change it before anything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, Person) and _is_due(person) and not _is_open(request.path):
            return see_other(reverse("accounts:password"))
        return self.get_response(request)


def address_of(request: HttpRequest) -> str:
    """Return the network address a request comes from, as the server saw it; forwarded headers may be forged.

    Behind the office's own proxy the proxy is the one that saw it: the last address is its word, those before it may
    be the sender's.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    seen = forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
    return seen[:60]


def _is_due(person: Person) -> bool:
    return is_password_due(
        person.password_changed_at, must_change=person.must_change_password, now=timezone.now()
    )


def _idle_seconds(request: HttpRequest) -> float:
    if getattr(request.user, "role", "") in set(ADMINISTRATORS):
        return ADMINISTRATOR_IDLE.total_seconds()
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds()


def _is_open(path: str) -> bool:
    """Return whether a page is open while the password is due: the change itself, the way out, the language."""
    return path in {reverse("accounts:password"), reverse("web:sign_out"), reverse("web:language")}
