"""The rules of checking: which there are, which hold, what they would have caught, how often they speak."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from changai.areas.facts import queries as facts
from changai.areas.reporting import policies
from changai.areas.reporting.models import CheckHit, CheckRule, CheckVersion, FormField, Report
from changai.areas.reporting.queries.checking import figures_of, sheets_of
from changai.areas.reporting.rules.moves import ACCEPTED, SIGNED
from changai.core.checks import EVERY, Known, Rule, findings
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor

MONTHS_TRIED = 12
ROWS_KEPT = 200


def visible_checks(actor: Actor) -> QuerySet[CheckRule]:
    """Return the rules the actor may read, with their versions at hand; a draft is the office's own paper.

    `is_on` and `has_draft` tell the state; `name`, `kind`, `severity` and `origin` are those of the newest wording.
    """
    versions = CheckVersion.objects.filter(rule=OuterRef("pk"))
    readable = versions if policies.may_edit_checks(actor) else versions.filter(switched_on_at__isnull=False)
    newest = readable.order_by("-number")
    return (
        CheckRule.objects.filter(Exists(readable))
        .annotate(
            is_on=Exists(versions.filter(switched_on_at__isnull=False, switched_off_at__isnull=True)),
            has_draft=Exists(readable.filter(switched_on_at__isnull=True)),
            name=Subquery(newest.values("name")[:1]),
            kind=Subquery(newest.values("kind")[:1]),
            severity=Subquery(newest.values("severity")[:1]),
            origin=Subquery(newest.values("origin")[:1]),
        )
        .prefetch_related(Prefetch("versions", CheckVersion.objects.order_by("-number", "pk")))
        .order_by("code", "pk")
    )


def check_for(actor: Actor, rule_id: int) -> CheckRule:
    """Return one rule.

    :raises NotVisible: when there is none, or none for this actor
    """
    found = visible_checks(actor).filter(pk=rule_id).first()
    if found is None:
        raise NotVisible
    return found


def dictionary() -> dict[str, Known]:
    """Return the figures a rule may read: those that forms can ask."""
    askable = facts.fields().filter(source__in=["report", "register"])
    return {field.code: Known(field.name, field.unit_of_measure) for field in askable}


def codes_on_one_form(codes: Iterable[str]) -> bool:
    """Return whether a form in use asks all the figures."""
    wanted = {code for code in codes if code != EVERY}
    rows = FormField.objects.filter(
        field__code__in=wanted, form__is_closed=False, form__issued_at__isnull=False
    )
    counted = rows.values("form").annotate(asked=Count("field", distinct=True))
    return not wanted or counted.filter(asked=len(wanted)).exists()


@dataclass(frozen=True)
class Trial:
    """What a rule would have caught on the sheets sent in a run of months."""

    first: Month
    last: Month
    sheets: int
    caught: int
    rows: tuple[dict[str, Any], ...]

    def as_json(self, at: datetime) -> dict[str, Any]:
        """Return the trial as it is kept with a version; the first `ROWS_KEPT` rows by name."""
        return {
            "at": at.isoformat(),
            "first": str(self.first),
            "last": str(self.last),
            "sheets": self.sheets,
            "caught": self.caught,
            "rows": list(self.rows),
        }


def try_on_history(rule: Rule, today: date) -> Trial:
    """Return what the rule would have caught in the last twelve months, whatever days it is to hold."""
    last = Month.of(today)
    first = last.plus(1 - MONTHS_TRIED)
    reports = list(_sent_with(rule, first, last))
    figures = figures_of(reports)
    always = replace(rule, valid_from=None, valid_to=None)
    sheets = sheets_of(reports, figures, [always])
    rows = [
        {
            "report": report.pk,
            "unit": report.obligation.unit.short_name,
            "month": Month.of(report.obligation.period.month).label,
            "sentence": "".join(finding.sentence for finding in found),
            "remark": found[0].explanation,
        }
        for report in reports
        if (found := findings([always], sheets[report.pk]))
    ]
    return Trial(first, last, len(reports), len(rows), tuple(rows[:ROWS_KEPT]))


def _sent_with(rule: Rule, first: Month, last: Month) -> QuerySet[Report]:
    sent = Report.objects.filter(
        status__in=[SIGNED, ACCEPTED],
        obligation__period__month__range=(first.first_on, last.first_on),
    )
    for code in set(rule.kind.reads) - {EVERY}:
        sent = sent.filter(figure_lines__field__code=code)
    return sent.select_related("obligation__unit", "obligation__period").order_by(
        "-obligation__period__month", "obligation__unit__position", "pk"
    )


@dataclass(frozen=True)
class Use:
    """How one rule fares: the sheets it spoke on, of them mended, explained and accepted, still waiting."""

    code: str
    sheets: int
    mended: int
    accepted: int
    explained: int

    @property
    def waiting(self) -> int:
        return self.sheets - self.mended - self.accepted

    @property
    def is_overridden(self) -> bool:
        """Return whether people let it pass almost always: ten sheets or more, nine in ten of them."""
        return self.sheets >= 10 and self.accepted * 10 >= self.sheets * 9


def uses_of_rules(since: date) -> list[Use]:
    """Return how the rules fared on the sheets checked since a day, those that spoke most first."""
    hits = CheckHit.objects.filter(last_found_at__date__gte=since).values("code")
    counted = hits.annotate(
        sheets=Count("report", distinct=True),
        mended=Count("report", distinct=True, filter=Q(cleared_at__isnull=False)),
        accepted=Count("report", distinct=True, filter=Q(cleared_at__isnull=True, report__status=ACCEPTED)),
        explained=Count(
            "report",
            distinct=True,
            filter=Q(cleared_at__isnull=True, report__status=ACCEPTED) & ~Q(explanation=""),
        ),
    )
    return [Use(**row) for row in counted.order_by("-sheets", "code")]


def hits_of(code: str) -> QuerySet[CheckHit]:
    """Return where a rule spoke, the latest first."""
    return (
        CheckHit.objects.filter(code=code)
        .select_related("report__obligation__unit", "report__obligation__period")
        .order_by("-last_found_at", "-pk")
    )
