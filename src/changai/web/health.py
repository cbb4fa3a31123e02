"""Whether the product can work: for the machine that watches it, without a sign-in and without figures."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from changai.foundation.pages import public_page


@public_page
def show_health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer `ok` when the database answers; otherwise the refusals' middleware answers 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse("ok", content_type="text/plain")
