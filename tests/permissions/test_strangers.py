"""Records of other units, in a city at work: whoever may not see one is told that there is none."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.assessments.models import LeafScore, Round, Score
from changai.areas.briefings.models import Briefing
from changai.areas.facts.models import Fact
from changai.areas.plans.models import Plan
from changai.areas.reporting.models import Report
from changai.areas.tasks.models import Claim

pytestmark = pytest.mark.usefixtures("city")
Browser = Callable[[str], Client]


def of_unit(code: str) -> list[tuple[str, int]]:
    """Return addresses of records of the unit: its report, task, fact, score, leaf."""
    report = Report.objects.filter(obligation__unit__code=code, status=Report.Status.ACCEPTED).first()
    score = Score.objects.filter(unit__code=code).first()
    assert report
    assert score
    return [
        ("reporting:report", report.pk),
        ("reporting:sheet", report.pk),
        ("tasks:task", Claim.objects.filter(unit__code=code).first().pk),  # type: ignore[union-attr]
        ("facts:fact", Fact.objects.filter(unit__code=code).first().pk),  # type: ignore[union-attr]
        ("assessments:score", score.pk),
        ("assessments:leaf", LeafScore.objects.filter(score=score).first().pk),  # type: ignore[union-attr]
    ]


@pytest.mark.parametrize("post", ["liaison", "head", "review"])
def test_a_unit_opens_its_own_records_and_nobody_elses(post: str, browser: Browser) -> None:
    mine = next(
        report.obligation.unit.code
        for report in Report.objects.filter(status=Report.Status.ACCEPTED, obligation__unit__level="county")
    )
    other = next(
        report.obligation.unit.code
        for report in Report.objects.filter(status=Report.Status.ACCEPTED, obligation__unit__level="county")
        if report.obligation.unit.code != mine
    )
    client = browser(f"{mine.lower()}-{post}")
    for name, pk in of_unit(mine):
        assert client.get(reverse(name, args=[pk])).status_code == 200, (post, name)
    for name, pk in of_unit(other):
        assert client.get(reverse(name, args=[pk])).status_code == 404, (post, name)


def test_a_stranger_s_record_and_no_record_look_the_same(browser: Browser) -> None:
    foreign = Report.objects.filter(obligation__unit__code="C02").first()
    assert foreign
    client = browser("c01-liaison")
    answers = [client.get(reverse("reporting:report", args=[pk])) for pk in (foreign.pk, 987_654_321)]
    assert [answer.status_code for answer in answers] == [404, 404]
    token = re.compile(rb'name="csrf-token" content="\w+"|name="csrfmiddlewaretoken" value="\w+"')
    shown = [
        token.sub(b"", answer.content.replace(answer.request["PATH_INFO"].encode(), b""))
        for answer in answers
    ]
    assert shown[0] == shown[1]


def test_a_stranger_s_buttons_change_nothing(browser: Browser) -> None:
    foreign = Report.objects.filter(obligation__unit__code="C02", status=Report.Status.DRAFT).first()
    assert foreign
    client = browser("c01-liaison")
    for name in ("save", "submit", "confirm", "no_change", "withdraw"):
        address = reverse(f"reporting:{name}", args=[foreign.pk])
        assert client.post(address, {"version": foreign.version}).status_code in {403, 404}, name
    before = foreign.version
    foreign.refresh_from_db()
    assert foreign.version == before


def test_unissued_papers_are_the_office_s_own(browser: Browser) -> None:
    draft = Briefing.objects.exclude(status=Briefing.Status.ISSUED).first()
    issued = Briefing.objects.filter(status=Briefing.Status.ISSUED).first()
    plan = Plan.objects.filter(status=Plan.Status.ISSUED).first()
    assert draft
    assert issued
    assert plan
    for login, status in (
        ("office", 200),
        ("leader", 404),
        ("c01-liaison", 404),
        ("inspector", 404),
        ("audit", 404),
    ):
        assert browser(login).get(reverse("briefings:briefing", args=[draft.pk])).status_code == status, login
    for login, status in (("leader", 200), ("c01-liaison", 200), ("audit", 404)):
        assert browser(login).get(reverse("briefings:briefing", args=[issued.pk])).status_code == status, (
            login
        )
        assert browser(login).get(reverse("plans:plan", args=[plan.pk])).status_code == status, login


def test_results_are_seen_by_units_only_when_published(browser: Browser) -> None:
    round_ = Round.objects.filter(category="县区").first()
    assert round_
    Round.objects.filter(pk=round_.pk).update(status=Round.Status.SCORED)
    score = Score.objects.filter(round=round_, unit__code="C01").first()
    assert score
    assert browser("c01-liaison").get(reverse("assessments:score", args=[score.pk])).status_code == 404
    assert browser("office").get(reverse("assessments:score", args=[score.pk])).status_code == 200
