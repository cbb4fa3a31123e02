"""Pages of monthly reporting."""

from django.http import HttpRequest, HttpResponse


def reports(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


report = sheet = review = record = reports
