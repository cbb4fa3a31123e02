"""The choice of language, kept in a cookie of this browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from changai.foundation.pages import public_page, see_other

YEAR_SECONDS = 365 * 24 * 3600


@public_page
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language of the button pressed and go back to the page it stood on."""
    response = see_other(own_address(request.POST.get("next", "")))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR_SECONDS,
            secure=settings.HTTPS, httponly=True, samesite="Lax",
        )  # fmt: skip
    return response


def own_address(address: str) -> str:
    """Return the address when it is a path inside this site, else the first page's."""
    is_own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_own else "/"
