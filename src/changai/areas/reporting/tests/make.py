"""Makes plans with claimed items, forms, opened months and reports in any state."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from tests.kept import kept

from changai.areas.facts.models import Field
from changai.areas.facts.tests.make import actor_of, make_field, make_office, make_unit
from changai.areas.organisations.models import Level, Unit
from changai.areas.plans.models import Clause, Measure, Plan
from changai.areas.reporting.actions import (
    CellEdit,
    FormEntry,
    RuleEntry,
    accept_report,
    confirm_prefilled,
    create_check,
    create_form,
    issue_form,
    open_period,
    return_report,
    save_cells,
    set_route,
    sign_report,
    submit_report,
    switch_on_check,
    try_check,
)
from changai.areas.reporting.models import CheckRule, Form, Report
from changai.areas.reporting.rules.routes import PlannedStep
from changai.areas.tasks.models import Claim
from changai.core.checks import EVERY, Jump, Kind, Severity
from changai.core.periods import Month
from changai.foundation.actors import Actor, Role

__all__ = ["Field", "actor_of", "make_field", "make_office", "make_unit"]

OCTOBER = Month(2026, 10)
OPENED = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
IN_TIME = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
TOO_LATE = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
OFFICER = actor_of(Role.OFFICE_OFFICER, name="办公室甲")
_number = count(1)


def liaison_of(unit: Unit) -> Actor:
    return actor_of(Role.UNIT_LIAISON, unit, "联络员乙")


def head_of(unit: Unit) -> Actor:
    return actor_of(Role.UNIT_HEAD, unit, "负责人丙")


def make_plan() -> Plan:
    number = next(_number)
    return Plan.objects.create(
        kind="yearly", year=2026, name=f"工作要点{number}", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
        source_digest=f"{number:064d}", uploaded_at=OPENED, status="issued",
    )  # fmt: skip


def make_clause(plan: Plan, *, level: int = 0, label: str = "一、") -> Clause:
    """Make the plan's next clause in reading order; the tree is positions and levels."""
    return Clause.objects.create(plan=plan, position=next(_number), level=level, label=label)


def make_claim(unit: Unit, *, clause: Clause | None = None, **named: object) -> Claim:
    clause = clause or make_clause(make_plan())
    measure = Measure.objects.create(
        plan=clause.plan, clause=clause, position=next(_number), code=f"M{next(_number)}", text="推进技能培训"
    )
    values = {"text": "推进技能培训", "part": "lead", "status": "claimed", "due_on": date(2026, 12, 31)}
    return Claim.objects.create(measure=measure, unit=unit, offered_at=OPENED, **values | named)


def the_office() -> Unit:
    """Return the office, founded when it is asked for: it sends forms out."""
    return Unit.objects.filter(level=Level.OFFICE).first() or make_office()


def make_form(*fields: Field, levels: tuple[str, ...] = ("county",), issued: bool = True) -> Form:
    asked = [field.pk for field in fields]

    def make() -> Form:
        entry = FormEntry("月度台账", levels, asked, asked_by_id=the_office().pk)
        form = create_form(OFFICER, entry, at=OPENED)
        return issue_form(OFFICER, form.pk, at=OPENED) if issued else form

    return kept(make, f"form {asked} {levels} {issued} {_what_a_form_follows_from()}")


def _what_a_form_follows_from() -> str:
    """Return the units, figures and forms there are: by them forms list their rows and weigh what they ask."""
    units = Unit.objects.order_by("pk").values_list("pk", "level", "path", "founded_on", "closed_on")
    rows = (units, Field.objects.order_by("pk").values_list(), Form.objects.order_by("pk").values_list())
    return repr([list(found) for found in rows])


def make_report(unit: Unit, form: Form | None = None, *, month: Month = OCTOBER) -> Report:
    """Open the month (when it is not) and return the unit's untouched report."""
    form = form or Form.objects.first() or make_form()
    if not form.periods.filter(month=month.first_on, opened_at__isnull=False).exists():
        open_period(OFFICER, form.pk, month=month, at=OPENED)
    return Report.objects.get(obligation__unit=unit, obligation__period__month=month.first_on)


def fill(report: Report, *, percent: str = "80", value: str = "5", at: datetime = IN_TIME) -> Report:
    """Fill every cell the checks ask for."""
    liaison = liaison_of(report.obligation.unit)
    edits = []
    for line in report.task_lines.all():
        ref = f"task:{line.claim_id}"
        edits += [CellEdit(f"{ref}:percent", percent), CellEdit(f"{ref}:progress", "已办班三期。")]
        edits.append(CellEdit(f"{ref}:problems", "师资不足。"))
    asked = report.figure_lines.filter(prefilled_value__isnull=True)
    edits += [CellEdit(f"figure:{line.field_id}:value", value) for line in asked]
    save_cells(liaison, report.pk, cells=edits, at=at)
    return confirm_prefilled(liaison, report.pk, at=at)


def submit(report: Report, *, at: datetime = IN_TIME) -> Report:
    report.refresh_from_db()
    return submit_report(liaison_of(report.obligation.unit), report.pk, version=report.version, at=at)


def sign(report: Report, *, at: datetime = IN_TIME) -> Report:
    """Fill, submit and sign."""
    submitted = submit(fill(report, at=at), at=at)
    sign_report(head_of(report.obligation.unit), report.pk, version=submitted.version, at=at)
    report.refresh_from_db()
    return report


def accept(report: Report, *, actor: Actor = OFFICER, at: datetime = IN_TIME) -> Report:
    report.refresh_from_db()
    return accept_report(actor, report.pk, version=report.version, at=at)


def send_back(
    report: Report, *, marks: dict[str, str] | None = None, actor: Actor = OFFICER, at: datetime = IN_TIME
) -> Report:
    report.refresh_from_db()
    return return_report(
        actor, report.pk, reason="进展情况写得不够具体", marks=marks or {}, due_on=date(2026, 11, 8),
        version=report.version, at=at,
    )  # fmt: skip


def switch_on(kind: Kind, severity: str = "block", **named: Any) -> CheckRule:
    """Write a rule over the kind, try it and switch it on; test values come as `passes` and `fails`."""
    entry = RuleEntry("规则", kind, Severity(severity), "测试", **named)
    rule = create_check(OFFICER, entry, at=OPENED)
    try_check(OFFICER, rule.pk, version=1, at=OPENED)
    switch_on_check(OFFICER, rule.pk, version=2, at=OPENED)
    rule.refresh_from_db()
    return rule


def tell_jumps() -> CheckRule:
    """Let figures that treble be told to the reviewer."""
    passes, fails = {"last": "1", "value": "3"}, {"last": "1", "value": "4"}
    return switch_on(Jump(EVERY, Decimal(3)), "note", passes=passes, fails=fails)


def set_steps(form: Form, *steps: PlannedStep, level: str = "") -> None:
    set_route(OFFICER, form.pk, level, steps, version=0, at=OPENED)


def exact(written: object) -> Decimal:
    return Decimal(str(written))
