"""What the catalogue reads, each thing once: obligations, claims, facts, scores, as records."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import F
from django.utils import timezone

from changai.areas.assessments.models import Round, Score
from changai.areas.assessments.queries import scores_visible_to
from changai.areas.briefings.queries.records import SCORE, Record, address
from changai.areas.briefings.queries.rows import (
    Counted,
    ItemProgress,
    Part,
    day_words,
    item_records,
    line_record,
    part_of,
    short,
)
from changai.areas.facts import queries as facts
from changai.areas.facts.models import Field
from changai.areas.organisations import queries as organisations
from changai.areas.plans import queries as plans
from changai.areas.plans.models import Clause
from changai.areas.reporting import queries as reporting
from changai.areas.reporting.models import TaskLine
from changai.areas.reporting.rules.standings import Standing
from changai.areas.tasks import queries as tasks
from changai.areas.tasks.models import Claim
from changai.core.periods import Month
from changai.foundation.actors import Actor

PRINTED_SOURCES = ("report", "register")
MOST_QUOTES = 8
MOST_MONTHS = 6
LIVE = ("offered", "claimed", "contested")


class Sources:
    """Everything at hand for a month, read lazily with the actor's sight."""

    def __init__(
        self,
        actor: Actor,
        month: Month,
        round_: Round | None,
        as_of: datetime,
        units: frozenset[int] = frozenset(),
    ) -> None:
        """Read for a paper about a month; with `units` tasks are those of these units only."""
        self.units = units
        self.actor = actor
        self.month = month
        self.round = round_
        self.as_of = as_of
        self._records: dict[str, tuple[Record, ...]] = {}
        self._facts: dict[tuple[str, int], list[Counted]] = {}
        self._part_of: dict[int, dict[int, Clause]] = {}  # by plan, the part of each measure

    @property
    def first_month(self) -> Month:
        """Return the month from which figures are added up: the round's first, else January."""
        return Month.of(self.round.first_month) if self.round else Month(self.month.year, 1)

    def records(self, which: str) -> tuple[Record, ...]:
        """Return a set of records by its name, such as `owed`, `claims`, `scores`."""
        if which not in self._records:
            self._records[which] = tuple(_SETS[which](self))
        return self._records[which]

    @cached_property
    def rates(self) -> reporting.Rates:
        """Return the reporting rates of the month."""
        return reporting.rates(self.month)

    @cached_property
    def claims(self) -> list[Claim]:
        """Return the live claims handed down by the end of the month."""
        live = tasks.visible_to(self.actor).filter(status__in=LIVE, offered_at__date__lte=self.month.last_on)
        mine = live.filter(unit__in=self.units) if self.units else live
        return list(mine.select_related("unit", "measure__clause"))

    @cached_property
    def lagging(self) -> list[TaskLine]:
        """Return the accepted lines of the month that lag, by unit."""
        lines = reporting.lagging_lines(self.month)
        if self.units:
            lines = lines.filter(report__obligation__unit__in=self.units)
        lines = lines.select_related("claim__measure__plan", "report__obligation__unit")
        return list(lines.order_by("report__obligation__unit__position", "position", "pk"))

    @cached_property
    def items(self) -> list[ItemProgress]:
        """Return where every item ever reported on stands at the end of the month, in the order of units."""
        return self.items_of(self.month)

    @cached_property
    def item_records(self) -> tuple[Record, ...]:
        """Return all items as records with their progress and schedule."""
        return item_records(self.items)

    def items_of(self, month: Month) -> list[ItemProgress]:
        """Return where the items of the paper's units stand at the end of a month."""
        found = reporting.items_progress(month)
        return [item for item in found if not self.units or item.line.claim.unit_id in self.units]

    @cached_property
    def quotes(self) -> list[TaskLine]:
        """Return the accepted lines of the month with words on their progress, the furthest ahead first."""
        lines = reporting.accepted_lines(self.month).exclude(progress="").filter(percent__isnull=False)
        if self.units:
            lines = lines.filter(report__obligation__unit__in=self.units)
        ahead = lines.annotate(ahead=F("percent") - F("scheduled_percent")).filter(ahead__gt=0)
        chosen = ahead.select_related("claim__measure", "report__obligation__unit").order_by("-ahead", "pk")
        return list(chosen[:MOST_QUOTES])

    @cached_property
    def told_months(self) -> list[Month]:
        """Return the months up to this one with an accepted report, the first one first."""
        first = self.month.plus(1 - MOST_MONTHS)
        return reporting.accepted_months(first, self.month)

    @cached_property
    def ruled_by(self) -> str:
        """Return the version of the rules the round was scored by, in words."""
        return f"按{self.scheme_title}计算" if self.scheme_title else ""

    @cached_property
    def scheme_title(self) -> str:
        """Return the rules the round was scored by, with their version."""
        scheme = self.round.scheme if self.round else None
        return "" if scheme is None else f"《{scheme.name}》（{scheme.version_label} 版）"

    @cached_property
    def before(self) -> "Sources":
        """Return the same sources of the month before."""
        return Sources(self.actor, self.month.plus(-1), None, self.as_of, self.units)

    def fields(self) -> list[Field]:
        """Return the dictionary's figures that make sense in a briefing."""
        return [each for each in facts.fields_on(self.month.last_on) if each.source in PRINTED_SOURCES]

    def facts_of(self, measured: Field, first: Month, last: Month) -> list[Counted]:
        """Return the accepted figures of one field in the months `first` to `last`, the largest first.

        Who asks where a sum comes from asks for those. Every year is read once: papers tell a month, the year so far
        and what they are compared with.
        """
        years = range(first.year, last.year + 1)
        found = [
            row for year in years for row in self._year_facts(measured, year) if first <= row.month <= last
        ]
        return sorted(found, key=lambda row: -row.value) if len(years) > 1 else found

    def _year_facts(self, measured: Field, year: int) -> list[Counted]:
        asked = (measured.code, year)
        if asked not in self._facts:
            months = Month(year, 1).until(Month(year, 12))
            found = facts.current_facts(self._fact_units, [measured.code], months).filter(value__isnull=False)
            ordered = found.order_by("-value", "month", "unit__position", "pk")
            rows = ordered.values_list("pk", "unit_id", "unit__name", "month", "value")
            self._facts[asked] = [
                Counted(pk, unit_id, unit, Month.of(month), value or Decimal(0))
                for pk, unit_id, unit, month, value in rows
            ]
        return self._facts[asked]

    @cached_property
    def _fact_units(self) -> list[int]:
        return list(organisations.visible_to(self.actor, "fact.view").values_list("pk", flat=True))

    def ranked(self, last: int) -> tuple[Record, ...]:
        """Return the results ranked `last` or better."""
        places = {score.pk: score.rank for score in self.scores}
        return tuple(record for record in self.records("scores") if (places[record.id] or last + 1) <= last)

    def graded(self, grade: str) -> tuple[Record, ...]:
        """Return the results of a grade."""
        graded = {score.pk for score in self.scores if score.grade == grade}
        return tuple(record for record in self.records("scores") if record.id in graded)

    def of_level(self, which: str, level: str) -> tuple[Record, ...]:
        """Return a set of obligations as far as their units are of a level."""
        return tuple(
            _obligation_record(row, self) for row in _rows(self, which) if self._levels[row.unit_id] == level
        )

    @cached_property
    def _levels(self) -> dict[int, str]:
        return dict(organisations.visible_to(self.actor).values_list("pk", "level"))

    @cached_property
    def owing_levels(self) -> frozenset[str]:
        """Return the levels of the units that owe a report for the month."""
        return frozenset(self._levels[row.unit_id] for row in _rows(self, "owed"))

    @cached_property
    def late_and_missing(self) -> frozenset[str]:
        """Return the names of the units that sent one report late and have not sent another."""
        late, missing = ({record.unit for record in self.records(which)} for which in ("late", "missing"))
        return frozenset(late & missing)

    @cached_property
    def of_several_forms(self) -> frozenset[str]:
        """Return the names of the units that owe more than one report for the month."""
        owed = Counter(row.unit_name for row in self.rates.rows)
        return frozenset(name for name, count in owed.items() if count > 1)

    @cached_property
    def parts(self) -> list[Part]:
        """Return the parts (level-1 clauses) of the plans in reading order with their items."""
        groups: dict[int, list[reporting.ItemProgress]] = defaultdict(list)
        clauses: dict[int, Clause] = {}
        for item in self.items:
            measure = item.line.claim.measure
            if measure.plan_id not in self._part_of:
                self._part_of[measure.plan_id] = plans.parts_of(measure.plan)
            clause = self._part_of[measure.plan_id][measure.pk]
            clauses[clause.pk] = clause
            groups[clause.pk].append(item)
        ordered = sorted(clauses.values(), key=lambda clause: (clause.plan_id, clause.position))
        return [part_of(clause, groups[clause.pk]) for clause in ordered]

    @cached_property
    def scores(self) -> list[Score]:
        """Return the results of the round, best first; none for a paper to units that were not assessed in it."""
        found = list(scores_visible_to(self.actor, self.round)) if self.round else []
        return found if not self.units or any(score.unit_id in self.units for score in found) else []


def _rows(at_hand: Sources, which: str) -> list[reporting.ObligationRow]:
    if which == "returned":  # ever sent back in the month, not only just now
        return [row for row in at_hand.rates.rows_of("owed") if row.times_returned]
    return at_hand.rates.rows_of(which)


def _obligations(which: str) -> Callable[[Sources], Iterable[Record]]:
    return lambda at_hand: (_obligation_record(row, at_hand) for row in _rows(at_hand, which))


def _obligation_record(row: reporting.ObligationRow, at_hand: Sources) -> Record:
    is_one_of_several = row.unit_name in at_hand.of_several_forms
    label = f"{row.unit_name}《{row.form_name}》" if is_one_of_several else row.unit_name
    arrived = f"{day_words(timezone.localdate(row.arrived_at))}报出" if row.arrived_at else "未报出"
    value = f"截止日为{day_words(row.due_on)}，{arrived}"
    if row.standing is Standing.LATE:
        value += "，迟报"
    if row.times_returned:
        value += f"，退回 {row.times_returned} 次"
    where = address("reporting:report", row.report_id)
    return Record("reporting.report", row.report_id, label, value, where, row.unit_name)


def _claims(keep: Callable[[Claim, Sources], bool]) -> Callable[[Sources], Iterable[Record]]:
    def read(at_hand: Sources) -> Iterable[Record]:
        return (_claim_record(claim, at_hand) for claim in at_hand.claims if keep(claim, at_hand))

    return read


def _claim_record(claim: Claim, at_hand: Sources) -> Record:
    due_on = tasks.deadline_of(claim)
    done = (
        f"，{day_words(claim.completed_on)}完成"
        if claim.completed_on and _is_completed(claim, at_hand)
        else ""
    )
    return Record(
        "tasks.claim",
        claim.pk,
        f"{claim.unit.name}：{claim.measure.code} {short(claim.text)}",
        f"{claim.get_status_display()}，时限{day_words(due_on)}{done}",
        address("tasks:task", claim.pk),
        claim.unit.name,
    )


def _is_due(claim: Claim, at_hand: Sources) -> bool:
    return tasks.deadline_of(claim) <= at_hand.month.last_on


def _is_completed(claim: Claim, at_hand: Sources) -> bool:
    return claim.completed_on is not None and claim.completed_on <= at_hand.month.last_on


def _lagging(at_hand: Sources) -> Iterable[Record]:
    return map(line_record, at_hand.lagging)


def _scores(at_hand: Sources) -> Iterable[Record]:
    return map(score_record, at_hand.scores)


def score_record(score: Score, *, called: str = "") -> Record:
    """Return a unit's result as a record, called by the unit's name unless `called` says otherwise."""
    return Record(
        SCORE,
        score.pk,
        called or score.unit.name,
        f"{Decimal(score.total_hundredths) / 100:.2f}",
        address("assessments:score", score.pk),
        score.unit.name,
    )


_SETS: dict[str, Callable[[Sources], Iterable[Record]]] = {
    **{
        name: _obligations(name)
        for name in ("owed", "arrived", "on_time", "late", "missing", "accepted", "returned")
    },
    "claims": _claims(lambda _claim, _at_hand: True),
    "claimed": _claims(lambda claim, _at_hand: claim.status == Claim.Status.CLAIMED),
    "unclaimed": _claims(lambda claim, _at_hand: claim.status == Claim.Status.OFFERED),
    "contested": _claims(lambda claim, _at_hand: claim.status == Claim.Status.CONTESTED),
    "due": _claims(_is_due),
    "completed": _claims(_is_completed),
    "due_completed": _claims(
        lambda claim, at_hand: _is_due(claim, at_hand) and _is_completed(claim, at_hand)
    ),
    "overdue": _claims(lambda claim, at_hand: _is_due(claim, at_hand) and not _is_completed(claim, at_hand)),
    "lagging": _lagging,
    "scores": _scores,
}
