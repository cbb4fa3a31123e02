"""The first page after sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from changai.foundation.pages import page


@page("home.view")
def show_home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html")
