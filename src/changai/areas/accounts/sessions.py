"""How long a session lives, and who acts in it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from changai.areas.accounts.queries import actor_of

Next = Callable[[HttpRequest], HttpResponse]
_TOUCH_SECONDS = 60  # a session row is written at most once a minute, not at every click


class SessionLimitMiddleware:
    """Ends a session that was idle too long or is older than a day's work. Typed drafts are on the server."""

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
        idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds()
        absolute = timedelta(hours=settings.SESSION_ABSOLUTE_HOURS).total_seconds()
        if now - seen > idle or now - began > absolute:
            logout(request)
        elif now - seen > _TOUCH_SECONDS:
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
        actor = actor_of(request.user, address=request.META.get("REMOTE_ADDR", ""))
        if actor is None:
            logout(request)
        return actor
