"""What the main pages cost: so many questions to the database, in a city at work and whatever its size."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from changai.areas.assessments.models import Round, Score
from changai.areas.briefings.models import Briefing
from changai.areas.plans.models import Plan
from changai.areas.reporting.models import Report

Browser = Callable[[str], Client]
# Sign-in, session, menu and notices take five of them; a page in the running city then asks at most:
# The home asks each of its sources of things to do once, and the calendar of working days for the end of the week.
MOST = {
    "home of the office": 27,
    "home of a liaison": 16,
    "state": 32,
    "reports of the office": 20,
    "reports of a unit": 18,
    "board": 12,
    "sheet": 26,
    "review": 27,
    "tasks": 14,
    "coverage": 18,
    "plan": 14,
    "round": 20,
    "score": 15,
    "indicator system": 14,
    "trial run": 22,
    "versions compared": 14,
    "figures": 12,
    "issued briefing": 10,
    "figure of a briefing": 12,
    "letters of a round": 15,
    "letter of a unit before issue": 40,
    "units": 18,
}


def pages() -> dict[str, tuple[str, str]]:
    """Return login and address of the main pages."""
    first: dict[str, Any] = {
        "plan": Plan.objects.filter(kind="yearly", status=Plan.Status.ISSUED).first(),
        "round": Round.objects.first(),
        "score": Score.objects.first(),
        "briefing": Briefing.objects.filter(status=Briefing.Status.ISSUED).first(),
        "signed": Report.objects.filter(status=Report.Status.SIGNED).first(),
        "own": Report.objects.filter(obligation__unit__code="C01").order_by("-pk").first(),
    }
    assert all(first.values()), first
    figure = first["briefing"].figures.order_by("pk").first()
    letters = Briefing.objects.get(kind="letters")
    unit_id = Score.objects.filter(round=letters.round_id).values_list("unit_id", flat=True)[0]
    return {
        "home of the office": ("office", "/"),
        "home of a liaison": ("c01-liaison", "/"),
        "state": ("leader", "/state/"),
        "reports of the office": ("office", reverse("reporting:reports")),
        "reports of a unit": ("c01-liaison", reverse("reporting:reports")),
        "board": ("office", reverse("reporting:board")),
        "sheet": ("c01-liaison", reverse("reporting:sheet", args=[first["own"].pk])),
        "review": ("office", reverse("reporting:review", args=[first["signed"].pk])),
        "tasks": ("office", reverse("tasks:index")),
        "coverage": ("office", reverse("tasks:coverage", args=[first["plan"].pk])),
        "plan": ("office", reverse("plans:plan", args=[first["plan"].pk])),
        "round": ("office", reverse("assessments:round", args=[first["round"].pk])),
        "score": ("office", reverse("assessments:score", args=[first["score"].pk])),
        "indicator system": ("office", reverse("schemes:scheme", args=[first["round"].scheme_id])),
        "trial run": ("office", reverse("schemes:trial", args=[first["round"].scheme_id])),
        "versions compared": ("office", reverse("schemes:compare", args=[first["round"].scheme_id])),
        "figures": ("office", "/data/"),
        "issued briefing": ("leader", reverse("briefings:briefing", args=[first["briefing"].pk])),
        "figure of a briefing": (
            "leader",
            reverse("briefings:figure", args=[first["briefing"].pk, figure.key]),
        ),
        "letters of a round": ("office", reverse("briefings:letters", args=[letters.pk])),
        "letter of a unit before issue": (
            "office",
            reverse("briefings:letter_preview", args=[letters.pk, unit_id]),
        ),
        "units": ("office", "/units/"),
    }


def test_main_pages_ask_the_database_a_fixed_number_of_times(browser: Browser) -> None:
    """A page that asks once a row would ask some hundred times here: sixty units, a hundred reports."""
    asked = {}
    told = Round.objects.filter(status=Round.Status.PUBLISHED).first()
    assert browser("office").post(reverse("briefings:round_letters", args=[told.pk])).status_code == 303
    for name, (login, address) in pages().items():
        client = browser(login)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, name
        asked[name] = len(queries)
    dear = {name: (count, MOST[name]) for name, count in asked.items() if count > MOST[name]}
    assert not dear, dear
    assert set(asked) == set(MOST)
