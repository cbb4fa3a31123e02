"""The leader's page: every figure is that of the month on top."""

import pytest

from changai.areas.organisations.models import Unit
from changai.areas.reporting import queries as reporting
from changai.areas.tasks import queries as tasks
from changai.areas.tasks.tests.make import OFFERED_AT, make_claim
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.web.state import _tiles


@pytest.mark.parametrize(("months_later", "claimed"), [(-1, 0), (0, 1)])
def test_claims_of_later_months_are_not_counted(
    officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor, months_later: int, claimed: int
) -> None:
    make_claim(officer, office_head, unit_a, answered_by=liaison)
    month = Month.of(OFFERED_AT.date()).plus(months_later)
    tiles = _tiles(tasks.visible_to(officer), reporting.rates(month), 0, month)
    assert (tiles[0].label, tiles[0].value) == ("已认领任务", claimed)
