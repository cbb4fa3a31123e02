"""A unit's result beside what it can still gain and the year before; bands made behind the page."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments.actions import ask_bands
from changai.areas.assessments.jobs import work_on_results
from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.queries import bands_of, earlier_of, gains_of, regains
from changai.areas.assessments.tests.make import make_round, published, report
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.core.errors import RecordMoved
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture
def done(officer: Actor, office_head: Actor, opened: Round) -> Round:
    return published(officer, office_head, opened)


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


def test_a_unit_sees_how_to_win_points_back_and_the_place_it_would_reach(
    done: Round, county: Unit, signed_in: SignIn
) -> None:
    score = Score.objects.get(round=done, unit=county)
    gains = gains_of(score)
    assert gains[0].code == "1.1"
    assert gains[0].rank == 2
    assert gains[0].points == 3000
    assert "1.1" in regains(score)
    liaison = signed_in(actor_for(Role.UNIT_LIAISON, county))
    page = liaison.get(reverse("assessments:score", args=[score.pk])).content.decode()
    assert "最有提升空间的指标" in page
    assert regains(score)["1.1"].rstrip("。") in page


def test_only_indicators_of_the_same_rule_stand_beside_the_year_before(
    done: Round, officer: Actor, office_head: Actor, county: Unit, issued: SchemeVersion
) -> None:
    score = Score.objects.get(round=done, unit=county)
    assert earlier_of(score) is None
    Round.objects.filter(pk=done.pk).update(
        first_month=Month(2025, 9).first_on, last_month=Month(2025, 10).first_on
    )
    report(officer, county, Month(2026, 10), trained=600, target=600, late=0)
    now = published(officer, office_head, make_round(officer, issued, name="今年"))
    found = earlier_of(Score.objects.get(round=now, unit=county))
    assert found is not None
    assert found.is_year_before
    assert {pair.now.code for pair in found.leaves} == {"1.1", "1.2", "2"}
    assert found.not_comparable == 0


def test_bands_are_drawn_behind_the_page_once_for_a_result(
    done: Round, officer: Actor, county: Unit, signed_in: SignIn
) -> None:
    office = signed_in(officer)
    assert "开始测算" in office.get(reverse("assessments:uses", args=[done.pk])).content.decode()
    assert office.post(reverse("assessments:ask_bands", args=[done.pk])).status_code == 303
    assert bands_of(done) is None
    with pytest.raises(RecordMoved, match="已经安排测算"):
        ask_bands(officer, done.pk, at=MOMENT)
    work_on_results(MOMENT + timedelta(hours=3))
    bands = bands_of(done)
    assert bands is not None
    assert [[place.official for place in band] for band in bands.bands] == [[1], [2]]
    page = office.get(reverse("assessments:bands", args=[done.pk])).content.decode()
    assert "权重敏感性" in page
    own = Score.objects.get(round=done, unit=county)
    page = signed_in(actor_for(Role.UNIT_LIAISON, county)).get(reverse("assessments:score", args=[own.pk]))
    assert "本单位在第 2 档" in page.content.decode()
