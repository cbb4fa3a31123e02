"""Scores the units by the demonstration's indicator system and issues the month's briefing."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from changai.areas.assessments.actions import give_points, open_round, publish_round, score_round
from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import judgements
from changai.areas.assessments.rules import EVERYTHING, FIRST_PLACES, GRADES, Announcement
from changai.areas.briefings.actions import (
    approve_briefing,
    issue_briefing,
    start_briefing,
    submit_briefing,
    write_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import catalogue_for
from changai.areas.briefings.rules import MONTHLY, fitted
from changai.areas.facts.actions import accept_facts
from changai.areas.facts.rules import FactInput
from changai.areas.organisations.models import Level
from changai.areas.schemes.actions import issue_scheme, load_scheme
from changai.areas.schemes.exports import workbook_of
from changai.areas.schemes.models import SchemeVersion
from changai.cli.demonstration import scheme as papers
from changai.cli.demonstration.founding import Town
from changai.cli.demonstration.history import Player, office_targets
from changai.core import scoring
from changai.core.periods import Month

REASONS = (
    "形成可推广的经验材料并被兄弟单位借鉴",
    "工作有特色，实效有待进一步显现",
    "机制健全，典型带动作用明显",
)
# How far results are announced to others: counties wholly, members the first ten, enterprises by grade.
ANNOUNCED = {
    "县区": Announcement(EVERYTHING),
    "成员单位": Announcement(FIRST_PLACES, places=10),
    "直属企业": Announcement(GRADES),
}
IMPRINT = {
    "report_to": "省产业工人队伍建设改革协调小组办公室，市委、市政府领导",
    "send_to": "协调小组各成员单位",
    "distribute_to": "各县区，市直属企业",
    "copies": 80,
}


def issue_indicator_system(town: Town, year: int, *, since: date, at: datetime) -> SchemeVersion:
    """Return the indicator system, loaded from its workbook and issued, in force since a day."""
    written = scoring.Scheme.from_json(papers.scheme(year))
    workbook = workbook_of(written, created=at)
    version = load_scheme(town.office, file_name="评价考核指标体系.xlsx", content=workbook, at=at)
    return issue_scheme(
        town.head, version.pk, version=version.version, effective_from=since, at=at + timedelta(hours=1)
    )


def set_targets(town: Town, player: Player, month: Month, *, at: datetime) -> None:
    """Enter what the office sets and verifies for every county and enterprise."""
    for unit in [*town.of_level(Level.COUNTY), *town.of_level(Level.ENTERPRISE)]:
        figures = office_targets(unit, player.pace_of(unit)).items()
        accept_facts(
            town.office,
            unit_id=unit.pk,
            month=month,
            figures=[FactInput(town.fields[code].pk, value) for code, value in figures],
            origin_type="facts.office",
            origin_id=unit.pk,
            origin_label=f"办公室下达和核验 {month.label}",
            at=at,
        )


def assess(
    town: Town,
    version: SchemeVersion,
    category: str,
    span: tuple[Month, Month],
    random: Random,
    *,
    at: datetime,
) -> Round:
    """Return a published round over the months of `span`."""
    first, last = span
    name = f"{first.label}至{last.label}{category}考核" if first != last else f"{last.label}{category}考核"
    round_ = open_round(town.office, version.pk, category=category, name=name, first=first, last=last, at=at)
    for judged in judgements(round_):
        most = judged.leaf.points
        value = Decimal(random.randint(int(most) // 2, int(most)))
        give_points(
            town.office,
            round_.pk,
            judged.unit.pk,
            judged.field,
            value=value,
            reason=random.choice(REASONS),
            version=0,
            at=at + timedelta(hours=1),
        )
    round_.refresh_from_db()
    round_ = score_round(town.office, round_.pk, version=round_.version, at=at + timedelta(hours=2))
    return publish_round(
        town.head,
        round_.pk,
        version=round_.version,
        announcement=Announcement(EVERYTHING),
        at=at + timedelta(hours=3),
    )


def draft(town: Town, month: Month, round_: Round | None, *, at: datetime) -> Briefing:
    """Return a draft of the month's briefing, made from the template."""
    catalogue = catalogue_for(town.office, month, round_=round_, as_of=at)
    blocks = fitted(MONTHLY, catalogue.names, catalogue.drawn, month=month.label)
    title = f"{month.label}产业工人队伍建设改革工作情况"
    briefing = start_briefing(
        town.office, title=title, month=month, round_id=round_.pk if round_ else None, blocks=blocks, at=at
    )
    return write_briefing(
        town.office, briefing.pk, title=title, blocks=blocks, imprint=IMPRINT, version=briefing.version, at=at
    )


def issue(town: Town, month: Month, round_: Round | None, *, at: datetime) -> Briefing:
    """Return the month's briefing, approved and issued."""
    briefing = draft(town, month, round_, at=at)
    briefing = submit_briefing(town.office, briefing.pk, version=briefing.version, at=at + timedelta(hours=1))
    briefing = approve_briefing(town.head, briefing.pk, version=briefing.version, at=at + timedelta(hours=2))
    return issue_briefing(town.head, briefing.pk, version=briefing.version, at=at + timedelta(hours=3))
