"""Makes a small reported month and briefings about it in every status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from changai.areas.accounts.tests.make import make_unit
from changai.areas.briefings.actions import (
    approve_briefing,
    freeze_briefing,
    start_briefing,
    submit_briefing,
    write_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import Catalogue, catalogue_for
from changai.areas.facts.models import Field
from changai.areas.organisations.models import Level, Unit
from changai.areas.reporting.models import Report
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OPENED,
    TOO_LATE,
    accept,
    make_claim,
    make_clause,
    make_field,
    make_form,
    make_plan,
    make_report,
    sign,
)
from changai.areas.tasks.models import Claim
from changai.core.periods import Month
from changai.foundation.actors import Actor

WRITTEN = datetime(2026, 11, 12, 1, 0, tzinfo=UTC)
IMPRINT = {"report_to": "市委，市政府", "send_to": "各成员单位", "distribute_to": "各县区", "copies": 80}
BLOCKS = [
    {"kind": "heading1", "text": "报送情况"},
    {
        "kind": "paragraph",
        "text": "应报【应报单位数】个，按时报送率【按时报送率】；迟报【迟报单位数】个（【迟报单位名单】），"
        "退回【退回单位数】个（【退回单位名单】）。本月培训【本月培训人次】。",
    },
    {"kind": "table", "source": "table.rates"},
    {"kind": "chart", "source": "chart.parts"},
]
_numbers = count(1)


@dataclass(frozen=True)
class MadeMonth:
    """October: 早县 reported 5 in time, 晚县 8 too late, 无县 nothing. Each has a claim; that of 早县 is done."""

    early: Unit
    late: Unit
    silent: Unit
    claims: tuple[Claim, ...]
    reports: tuple[Report, ...]
    trained: Field


def make_month(city: Unit) -> MadeMonth:
    """Open October for three counties, two of which report."""
    early, late, silent = (
        make_unit(name, level=Level.COUNTY, parent=city) for name in ("早县", "晚县", "无县")
    )
    clause = make_clause(make_plan(), label="一、")
    clause.heading = "素质提升"
    clause.save()
    claims = tuple(
        make_claim(unit, clause=clause, text=f"{unit.name}推进技能培训", due_on=date(2026, 10, 31))
        for unit in (early, late, silent)
    )
    trained = make_field("trained", name="培训人次")
    make_field("contracts", name="集体合同数", unit_of_measure="份", gathering=Field.Gathering.LAST)
    make_field("coverage", name="建会率", unit_of_measure="%", gathering=Field.Gathering.LAST)
    form = make_form(*Field.objects.order_by("pk"))
    reports = tuple(make_report(unit, form) for unit in (early, late, silent))
    accept(sign_with(reports[0], percent="100", value="5", at=IN_TIME), at=IN_TIME)
    accept(sign_with(reports[1], percent="60", value="8", at=TOO_LATE), at=TOO_LATE)
    return MadeMonth(early, late, silent, claims, reports, trained)


def sign_with(report: Report, *, percent: str, value: str, at: datetime) -> Report:
    """Fill every cell with the same percentage and value, submit and sign."""
    from changai.areas.reporting.tests.make import fill, head_of, sign_report, submit

    submitted = submit(fill(report, percent=percent, value=value, at=at), at=at)
    sign_report(head_of(report.obligation.unit), report.pk, version=submitted.version, at=at)
    report.refresh_from_db()
    return report


def make_catalogue(officer: Actor, month: Month = OCTOBER) -> Catalogue:
    """Return the catalogue of the month without a round."""
    return catalogue_for(officer, month, round_=None, as_of=WRITTEN)


def make_draft(
    officer: Actor,
    *,
    blocks: Sequence[dict[str, str]] = BLOCKS,
    month: Month = OCTOBER,
    at: datetime = WRITTEN,
    round_id: int | None = None,
) -> Briefing:
    """Start a briefing and write its imprint."""
    title = f"{month.label}工作情况之{next(_numbers)}"
    briefing = start_briefing(
        officer, title=title, month=month, round_id=round_id, blocks=list(blocks), at=at
    )
    return write_briefing(
        officer,
        briefing.pk,
        title=title,
        blocks=list(blocks),
        imprint=IMPRINT,
        version=briefing.version,
        at=at,
    )


def make_submitted(officer: Actor, *, at: datetime = WRITTEN, **given: object) -> Briefing:
    """Make a briefing that waits for approval."""
    draft = make_draft(officer, at=at, **given)
    return submit_briefing(officer, draft.pk, version=draft.version, at=at)


def make_approved(officer: Actor, head: Actor, *, at: datetime = WRITTEN, **given: object) -> Briefing:
    """Make an approved briefing."""
    submitted = make_submitted(officer, at=at, **given)
    return approve_briefing(head, submitted.pk, version=submitted.version, at=at)


def make_frozen(officer: Actor, head: Actor, *, at: datetime = WRITTEN, **given: object) -> Briefing:
    """Make an issued briefing without its files: drawing them takes a second."""
    approved = make_approved(officer, head, at=at, **given)
    return freeze_briefing(head, approved.pk, version=approved.version, at=at + timedelta(hours=1))


__all__ = ["BLOCKS", "IMPRINT", "OCTOBER", "OPENED", "WRITTEN", "MadeMonth", "sign"]
