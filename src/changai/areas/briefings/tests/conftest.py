"""A small month, and whether this machine can print."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as in_force
from tests.kept import kept

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.assessments.models import Round
from changai.areas.assessments.tests.make import judge_all, make_round, published, scored
from changai.areas.briefings.tests.make import MadeMonth, make_month
from changai.areas.facts.models import Field
from changai.areas.facts.tests.make import make_field
from changai.areas.organisations.models import Unit
from changai.areas.schemes.tests.make import make_issued
from changai.core.periods import Month
from changai.documents import fonts
from changai.foundation.actors import Actor


@pytest.fixture
def month(city_unit: Unit, tmp_path: Path, settings: LazySettings) -> MadeMonth:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    return kept(lambda: make_month(city_unit), "month")


@pytest.fixture
def prints() -> None:
    """Skip where no Chinese font is installed: nothing can be printed there."""
    try:
        fonts.families(fonts.Role.CHART, tuple(in_force.FONT_FOLDERS))
    except fonts.FontsMissing as missing:
        pytest.skip(missing.sentence)


@pytest.fixture
def unpublished(officer: Actor, office_head: Actor, month: MadeMonth) -> Round:
    """A scored round of the counties over the month, from the figures they reported."""
    make_field("target", name="培训任务数", source=Field.Source.OFFICE)
    make_field("late", name="月报迟报次数", source=Field.Source.LEDGER)
    october = Month(2026, 10)
    round_ = make_round(officer, make_issued(officer, office_head), first=october, last=october, at=MOMENT)
    judge_all(officer, round_)
    return scored(officer, round_)


@pytest.fixture
def round_(officer: Actor, office_head: Actor, unpublished: Round) -> Round:
    """The same round, published."""
    return published(officer, office_head, unpublished)
