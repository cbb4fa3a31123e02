"""What the programme writes down is Chinese, whatever language the person who acts reads."""

import pytest
from django.utils import translation

from changai.areas.organisations.models import Unit
from changai.areas.tasks.actions import offer_measure
from changai.areas.tasks.models import Claim
from changai.areas.tasks.tests.make import LATER, make_issued
from changai.foundation.actors import Actor
from changai.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_a_notice_is_chinese_when_the_officer_reads_english(
    officer: Actor, office_head: Actor, unit_a: Unit, unit_b: Unit
) -> None:
    plan = make_issued(officer, office_head, leads=[unit_a])
    measure = plan.measures.get()
    with translation.override("en"):
        claim = offer_measure(officer, measure.pk, unit_id=unit_b.pk, part=Claim.Part.SUPPORT, at=LATER)
        assert str(claim.get_part_display()) == "Support"
    assert "贵单位配合，请认领" in Notice.objects.get(unit_id=unit_b.pk).sentence
