"""Two counties with figures for two months, and a round over them."""

import pytest
from tests.kept import kept

from changai.areas.assessments.models import Round
from changai.areas.assessments.tests.make import OCTOBER, SEPTEMBER, make_county, make_round, report
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.tests.make import make_dictionary, make_issued
from changai.foundation.actors import Actor


@pytest.fixture
def issued(officer: Actor, office_head: Actor) -> SchemeVersion:
    make_dictionary()
    return kept(lambda: make_issued(officer, office_head), "issued")


@pytest.fixture
def rival(city_unit: Unit) -> Unit:
    return make_county("丁县", city_unit)


@pytest.fixture
def opened(officer: Actor, issued: SchemeVersion, county: Unit, rival: Unit) -> Round:
    """A round in which 丙县 trained 300 of 600 and was late once, 丁县 600 of 600 and never late."""
    report(officer, county, SEPTEMBER, trained=100, target=500, late=1)
    report(officer, county, OCTOBER, trained=200, target=600, late=0)
    report(officer, rival, OCTOBER, trained=600, target=600, late=0)
    return make_round(officer, issued)
