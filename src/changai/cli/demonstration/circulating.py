"""Papers on their way between the office and a county: a circular, a notice to sign for, a draft to countersign."""

from datetime import datetime, timedelta

from changai.areas.assessments.models import Round
from changai.areas.briefings.actions import (
    approve_briefing,
    ask_countersigns,
    freeze_briefing,
    start_briefing,
    submit_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import catalogue_for, worded
from changai.areas.briefings.rules import PAPER_KINDS, fitted
from changai.areas.organisations.models import Level, Unit
from changai.areas.organisations.queries import city
from changai.cli.demonstration.founding import Town
from changai.core.periods import Month


def circulate(town: Town, month: Month, round_: Round, *, at: datetime) -> None:
    """Issue a supervision circular and a yellow notice to the first county, and ask it to countersign a draft."""
    county = town.of_level(Level.COUNTY)[0]
    _issue(town, _started(town, "supervision_circular", month, None, (), at=at), at=at)
    _issue(town, _started(town, "notice_yellow", month, None, (county,), at=at), at=at)
    draft = _started(town, "assessment_circular", month, round_, (), at=at + timedelta(hours=1))
    ask_countersigns(town.office, draft.pk, unit_ids=(county.pk,), at=at + timedelta(hours=2))


def _started(
    town: Town, key: str, month: Month, round_: Round | None, units: tuple[Unit, ...], *, at: datetime
) -> Briefing:
    kind, ids = PAPER_KINDS[key], tuple(unit.pk for unit in units)
    catalogue = catalogue_for(town.office, month, round_=round_, as_of=at, units=frozenset(ids))
    return start_briefing(
        town.office,
        title=worded(kind.title, city(), month.label),
        month=month,
        kind=key,
        unit_ids=ids,
        round_id=round_.pk if round_ else None,
        blocks=fitted(kind.template, catalogue.names, catalogue.drawn),
        at=at,
    )


def _issue(town: Town, paper: Briefing, *, at: datetime) -> None:
    """Issue a paper without keeping its files: they are drawn from the frozen content when somebody asks."""
    paper = submit_briefing(town.office, paper.pk, version=paper.version, at=at + timedelta(hours=1))
    paper = approve_briefing(town.head, paper.pk, version=paper.version, at=at + timedelta(hours=2))
    freeze_briefing(town.head, paper.pk, version=paper.version, at=at + timedelta(hours=3))
