"""Reads for reminding: the rules, what is owed and by whom, whom to tell, what was said."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from changai.areas.accounts import queries as accounts
from changai.areas.reporting.models import (
    Obligation,
    Reminder,
    ReminderDigest,
    ReminderRun,
    ReminderSetting,
    SupervisionNotice,
)
from changai.areas.reporting.queries.rates import obligation_for
from changai.areas.reporting.rules.moves import WITH_UNIT
from changai.areas.reporting.rules.reminding import (
    COLOURS,
    DEFAULT_PLAN,
    Digest,
    DueReminder,
    Owed,
    ReminderPlan,
    coming_reminders,
    due_reminders,
    read_plan,
)
from changai.areas.reporting.rules.standings import day_of
from changai.core.errors import RecordMoved
from changai.core.workdays import WorkCalendar
from changai.foundation.actors import Actor, Role

DAYS_SHOWN = 21


def reminder_plan() -> tuple[ReminderPlan, int]:
    """Return the rules that hold and their version, 0 while they are the defaults."""
    setting = ReminderSetting.objects.filter(pk=1).first()
    return (read_plan(setting.plan), setting.version) if setting else (DEFAULT_PLAN, 0)


def owed_reports(today: date) -> list[Owed]:
    """Return every report that is owed and not delivered: neither exempt nor passed on, of no closed unit.

    A report that was returned is owed again, by the day the reviewer gave; so is one that was opened again after its
    acceptance, also in a closed month.
    """
    rows = Obligation.objects.filter(
        Q(report__first_arrived_at__isnull=True) | _sent_back(),
        Q(unit__closed_on__isnull=True) | Q(unit__closed_on__gt=today),
        Q(period__closed_at__isnull=True) | Q(report__reopened_at__isnull=False),
        period__opened_at__isnull=False,
        exempted_at__isnull=True,
    )
    found = rows.select_related("unit", "period__form", "report").order_by("unit__position", "due_on", "pk")
    return [_owed(obligation) for obligation in found]


def _sent_back() -> Q:
    came = Q(report__first_arrived_at__isnull=False, report__return_due_on__isnull=False)
    return came & Q(report__status__in=WITH_UNIT)


def _owed(obligation: Obligation) -> Owed:
    report, period = obligation.report, obligation.period
    is_first = report.first_arrived_at is None
    name = f"{period.month.month}月{period.form.name}"
    opened_on = None if period.opened_at is None else day_of(period.opened_at)
    back_at = report.reopened_at or report.reviewed_at
    since = opened_on if is_first or back_at is None else day_of(back_at)
    return Owed(
        obligation_id=obligation.pk,
        kind="report" if is_first else "return",
        unit_id=obligation.unit_id,
        unit_path=obligation.unit.path,
        unit_name=obligation.unit.short_name,
        name=name if is_first else f"{name}（{'解锁重报' if report.reopened_at else '退回补正'}）",
        due_on=obligation.awaited_on,
        opened_on=since or obligation.due_on,
        address=reverse("reporting:sheet", args=[report.pk]),
        is_locked=obligation.locked_at is not None,
    )


def reminders_due(plan: ReminderPlan, *, today: date, calendar: WorkCalendar) -> list[DueReminder]:
    """Return what has to be said today and has not been said yet."""
    owed = owed_reports(today)
    said = Reminder.objects.filter(obligation__in=[item.obligation_id for item in owed])
    done = set(said.values_list("obligation_id", "kind", "due_on", "days"))
    return list(due_reminders(owed, plan, done, today=today, calendar=calendar))


def has_run(day: date) -> bool:
    """Return whether the reminders of a day were made."""
    return ReminderRun.objects.filter(on_day=day).exists()


@dataclass
class Recipients:
    """Whom to tell, looked up once for many units."""

    at_unit: Mapping[tuple[int, str], Sequence[Any]]
    office: Sequence[Any]
    _above: dict[str, Sequence[Any]] = field(default_factory=dict)

    def of(self, unit_id: int, *roles: Role) -> list[Any]:
        """Return the people with these posts in the unit."""
        return [person for role in roles for person in self.at_unit.get((unit_id, str(role)), ())]

    def above(self, path: str) -> Sequence[Any]:
        """Return who is told of the unit at `path` beside itself: the nearest unit above that has anybody.

        That is its head and its reviewers; where nobody is, the office.
        """
        if path not in self._above:
            ancestors = [int(number) for number in path.split(".")[:-2]]
            found = (
                self.of(unit_id, Role.UNIT_HEAD, Role.COUNTY_REVIEWER) for unit_id in reversed(ancestors)
            )
            self._above[path] = next((people for people in found if people), self.office)
        return self._above[path]


def recipients(owed: Iterable[Owed]) -> Recipients:
    """Return the people of the units that owe something and of the units above them."""
    units = {int(number) for item in owed for number in item.unit_path.split(".") if number}
    posts = (Role.UNIT_LIAISON, Role.UNIT_HEAD, Role.COUNTY_REVIEWER)
    at_unit: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for person in accounts.people_of(units, posts).select_related("unit"):
        at_unit[person.unit_id or 0, person.role].append(person)
    return Recipients(at_unit, list(accounts.holders_of(Role.OFFICE_OFFICER).select_related("unit")))


def digests_of(due: Iterable[DueReminder], people: Recipients) -> list[tuple[Any, Digest]]:
    """Return everybody who has to be told, each with all there is to tell: one message a person."""
    own: dict[Any, dict[int, Owed]] = defaultdict(dict)
    below: dict[Any, dict[int, Owed]] = defaultdict(dict)
    for reminder in due:
        item, stage = reminder.owed, reminder.stage
        roles = (Role.UNIT_LIAISON, Role.UNIT_HEAD) if stage.tells_head else (Role.UNIT_LIAISON,)
        for person in people.of(item.unit_id, *roles):
            own[person][item.obligation_id] = item
        if stage.tells_superior:
            for person in people.above(item.unit_path):
                below[person][item.obligation_id] = item
    everybody = dict.fromkeys([*own, *below])
    return [
        (person, Digest(_by_day(own.get(person, {})), _by_day(below.get(person, {})))) for person in everybody
    ]


def _by_day(items: Mapping[int, Owed]) -> tuple[Owed, ...]:
    return tuple(sorted(items.values(), key=lambda item: (item.due_on, item.obligation_id)))


@dataclass(frozen=True)
class ComingDay:
    """What will be said on a day if nothing arrives until then."""

    day: date
    note: str
    digests: Sequence[tuple[Any, Digest]]
    stages: Mapping[str, int]
    units: int


def coming_days(plan: ReminderPlan, *, today: date, calendar: WorkCalendar) -> list[ComingDay]:
    """Return what will be said to whom in the three weeks to come; today too while its run is to come."""
    owed = owed_reports(today)
    people = recipients(owed)
    days: dict[date, list[DueReminder]] = {}
    if not has_run(today) and calendar.is_workday(today):
        days[today] = reminders_due(plan, today=today, calendar=calendar)
    until = today + timedelta(days=DAYS_SHOWN)
    days |= coming_reminders(owed, plan, after=today, until=until, calendar=calendar)
    return [_coming(day, due, people, calendar) for day, due in sorted(days.items()) if due]


def _coming(day: date, due: list[DueReminder], people: Recipients, calendar: WorkCalendar) -> ComingDay:
    stages: dict[str, int] = defaultdict(int)
    for reminder in due:
        stages[reminder.stage.label] += 1
    units = len({reminder.owed.unit_id for reminder in due})
    return ComingDay(day, calendar.note(day), digests_of(due, people), dict(stages), units)


def reminder_runs() -> QuerySet[ReminderRun]:
    """Return the days on which reminders were made, the latest first."""
    return ReminderRun.objects.all()


def digests_on(day: date) -> QuerySet[ReminderDigest]:
    """Return what was said to whom on a day, in the order of units."""
    return ReminderDigest.objects.filter(on_day=day).select_related("person__unit")


@dataclass(frozen=True)
class ProposedNotice:
    """A coloured notice the rules propose about an overdue report; a person sends it or leaves it."""

    owed: Owed
    colour: str
    late_days: int
    sent: Sequence[SupervisionNotice]

    @property
    def colour_label(self) -> str:
        return COLOURS[self.colour]

    @property
    def due_on(self) -> date:
        return self.owed.due_on

    @property
    def title(self) -> str:
        return f"{self.owed.unit_name}：{self.colour_label}督办提醒"

    @property
    def dialog(self) -> str:
        return f"supervise-{self.owed.obligation_id}"


def proposed_notices(plan: ReminderPlan, *, today: date, calendar: WorkCalendar) -> list[ProposedNotice]:
    """Return the coloured notices proposed today: for each overdue report one, unless that colour was sent."""
    owed = [item for item in owed_reports(today) if item.due_on < today]
    sent: dict[int, list[SupervisionNotice]] = defaultdict(list)
    for notice in SupervisionNotice.objects.filter(obligation__in=[item.obligation_id for item in owed]):
        sent[notice.obligation_id].append(notice)
    found = []
    for item in owed:
        late = calendar.count(item.due_on, today)
        colour = plan.colour_after(late)
        before = sent[item.obligation_id]
        reached = [list(COLOURS).index(notice.colour) for notice in before]
        if colour and max(reached, default=-1) < list(COLOURS).index(colour):
            found.append(ProposedNotice(item, colour, late, before))
    return sorted(found, key=lambda proposed: (-proposed.late_days, proposed.owed.obligation_id))


@dataclass(frozen=True)
class Overdue:
    """What one unit owes though its day is past, for a paper that presses for it: each with its working days late.

    `colour` is that of the rules for the longest delay; `notices` are those sent about any of them.
    """

    unit_id: int
    month: date
    colour: str
    items: Sequence[tuple[Owed, int]]
    notices: Sequence[SupervisionNotice]


def overdue_of(
    actor: Actor, obligation_id: int, plan: ReminderPlan, *, today: date, calendar: WorkCalendar
) -> Overdue:
    """Return what the unit of an overdue obligation owes though its day is past, the longest delay first.

    :raises NotVisible: when there is no such obligation for this actor
    :raises RecordMoved: when it is not overdue any more
    """
    obligation = obligation_for(actor, obligation_id)
    owed = [
        item for item in owed_reports(today) if item.unit_id == obligation.unit_id and item.due_on < today
    ]
    if obligation_id not in {item.obligation_id for item in owed}:
        raise RecordMoved("该单位现在没有逾期未报的这份报表，不需督办。")
    items = sorted(
        ((item, calendar.count(item.due_on, today)) for item in owed),
        key=lambda late: (-late[1], late[0].obligation_id),
    )
    sent = SupervisionNotice.objects.filter(obligation__in=[item.obligation_id for item in owed])
    return Overdue(
        unit_id=obligation.unit_id,
        month=obligation.period.month,
        colour=plan.colour_after(items[0][1]) or next(iter(COLOURS)),
        items=items,
        notices=list(sent.order_by("sent_at", "pk")),
    )


def supervision_notices() -> QuerySet[SupervisionNotice]:
    """Return the coloured notices that were sent, the latest first."""
    return SupervisionNotice.objects.select_related("obligation__unit", "obligation__period__form")
