"""Nobody passes judgement on the own unit, whichever action is called."""

import pytest

from changai.areas.facts.actions import accept_facts
from changai.areas.facts.rules import FactInput
from changai.areas.facts.tests.make import make_field
from changai.areas.organisations.models import Unit
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    accept,
    make_claim,
    make_form,
    make_report,
    sign,
)
from changai.areas.tasks.actions import complete_claim
from changai.core.errors import NotAllowed
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db


def test_a_county_s_reviewer_accepts_nothing_of_the_county_itself(
    county_reviewer: Actor, county: Unit, township: Unit
) -> None:
    claim = make_claim(county)
    field = make_field()
    with pytest.raises(NotAllowed):
        complete_claim(county_reviewer, claim.pk, completed_on=IN_TIME.date(), at=IN_TIME)
    given = {"month": OCTOBER, "figures": [FactInput(field.pk, None, "NOT_APPLICABLE")], "origin_type": "t"}
    with pytest.raises(NotAllowed):
        accept_facts(county_reviewer, unit_id=county.pk, **given, origin_id=1, origin_label="t", at=IN_TIME)
    report = sign(make_report(county, make_form(field)))
    with pytest.raises(NotAllowed):
        accept(report, actor=county_reviewer)
    assert accept_facts(
        county_reviewer, unit_id=township.pk, **given, origin_id=1, origin_label="t", at=IN_TIME
    ).added
