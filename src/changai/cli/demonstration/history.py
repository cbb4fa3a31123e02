"""Plays the months: units fill in and send, the office accepts and returns; some are late or missing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from changai.areas.organisations.models import Level, Unit
from changai.areas.registers.training.actions import add_class
from changai.areas.registers.training.rules import ClassEntry
from changai.areas.reporting.actions import (
    CellEdit,
    accept_report,
    close_period,
    confirm_prefilled,
    lock_late,
    open_period,
    return_report,
    save_cells,
    sign_report,
    submit_report,
)
from changai.areas.reporting.models import FigureLine, Period, Report, TaskLine
from changai.areas.reporting.queries import faults_in
from changai.areas.reporting.queries.reviewing import return_reasons
from changai.cli.demonstration.founding import Town, moment
from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.foundation.actors import Actor

OPENS_DAY, CLOSES_DAY = 25, 12
CLASS_TITLES = (
    "数控加工技能提升班",
    "焊接技术提升班",
    "电工等级培训班",
    "物流从业人员技能班",
    "养老护理技能班",
    "设备维修研修班",
)
PROGRESS = (
    "本月按节点推进，累计完成{percent}%，重点环节已落实到责任科室。",
    "已完成阶段目标，进度{percent}%，相关资料已归档备查。",
    "联合配合单位开展专项推进，目前进度{percent}%，进展平稳。",
    "佐证材料齐备，累计进度{percent}%，下一阶段任务已分解到人。",
)
PROBLEMS = (
    "部分点位场地协调进度偏慢",
    "企业生产任务集中，参训时间难以统筹",
    "基层工作力量不足，推进节奏需要加快",
)
NEXT_STEPS = ("按计划推进下一节点", "对照目标查漏补缺，确保按期完成", "会同配合单位开展一次现场指导")
PRACTICES = (
    "把培训课堂设在车间，按班次轮训，参训面明显扩大。",
    "与行业协会共建职工之家，驿站与服务点合用，少花钱多办事。",
    "技能津贴与等级直接挂钩，一线职工报考积极性提高。",
)
REQUESTS = (
    "快递网点分散，建会入会需请市邮政管理局协调总部配合。",
    "部分培训工种师资不足，请市人力资源和社会保障局统筹安排。",
)
REASONS = (
    "已逐户核对，部分企业合同到期正在续签",
    "本月集中核减停产企业，数据属实",
    "新增企业尚在协商期，预计下月签订",
)
RETURN_REASONS = (
    "进展情况过于笼统，请补充本月具体举措和数据",
    "填报数据与名册不一致，请核实后重报",
    "未说明进度滞后原因，请补充",
)


@dataclass
class Player:
    """Plays one month after another; `pace` is how fast each unit works, 1 meaning on schedule."""

    town: Town
    random: Random
    pace: dict[int, float] = field(default_factory=dict)

    def pace_of(self, unit: Unit) -> float:
        """Return the unit's pace, drawn once."""
        return self.pace.setdefault(unit.pk, self.random.gauss(1.04, 0.12))

    def play(self, month: Month) -> list[Period]:
        """Play a whole month: classes held, reports sent and reviewed, the period closed."""
        self.hold_classes(month, month.last_on)
        periods = self.open(month, moment(month.last_on.replace(day=OPENS_DAY)))
        for period in periods:
            for report in _reports(period):
                self._month_of(report, period)
            closes_at = moment(month.plus(1).first_on.replace(day=CLOSES_DAY))
            lock_late(self.town.office, period.pk, at=closes_at - timedelta(hours=8))
            close_period(self.town.office, period.pk, at=closes_at)
        return periods

    def begin(self, month: Month, today: datetime, *, kept: Collection[str] = frozenset()) -> list[Period]:
        """Open the running month early and let some units be ahead: submitted, signed, returned; not those `kept`."""
        self.hold_classes(month, today.date())
        periods = self.open(month, today - timedelta(days=2))
        for period in periods:
            reports = [report for report in _reports(period) if report.obligation.unit.code not in kept]
            for place, report in enumerate(self.random.sample(reports, min(9, len(reports)))):
                self._stage(report, today - timedelta(hours=30), place % 3)
        return periods

    def open(self, month: Month, at: datetime) -> list[Period]:
        """Open the month of every form."""
        return [open_period(self.town.office, form.pk, month=month, at=at) for form in self.town.forms]

    def hold_classes(self, month: Month, until: date) -> None:
        """Enter the training classes of counties and enterprises that ended by a day."""
        for unit in [*self.town.of_level(Level.COUNTY), *self.town.of_level(Level.ENTERPRISE)]:
            for title in self.random.sample(CLASS_TITLES, 2):
                held_on = month.first_on + timedelta(days=self.random.randint(4, 27))
                if held_on <= until:
                    self._hold(unit, title, held_on)

    def _hold(self, unit: Unit, title: str, held_on: date) -> None:
        scale = 1.0 if unit.level == Level.COUNTY else 0.5
        persons = int(self.random.randint(60, 180) * scale * self.pace_of(unit))
        certified = int(persons * min(0.95, self.random.gauss(0.58, 0.1)))
        entry = ClassEntry(
            title=f"{title}（{held_on.month}月）",
            kind=self.random.choice(("skill", "apprentice", "craftsman")),
            held_on=held_on,
            hours=self.random.choice((24, 40, 56)),
            persons=persons,
            certified=max(0, certified),
        )
        add_class(self.town.liaison(unit.code), entry, at=moment(held_on, 17))

    def _month_of(self, report: Report, period: Period) -> None:
        luck = self.random.random()
        if luck < 0.03:
            return
        days = self.random.randint(1, 4) if luck < 0.09 else -self.random.randint(0, 6)
        day = min(period.due_on + timedelta(days=days), period.late_until or date.max)
        sent = moment(day, self.random.randint(9, 17))
        signed = self.send(report, sent)
        if self.random.random() < 0.07:
            signed = self._return_and_resend(signed, sent)
        self.accept(signed, sent + timedelta(hours=30))

    def _stage(self, report: Report, at: datetime, stage: int) -> None:
        if stage == 0:
            self.fill(report, at)
        else:
            report = self.send(report, at)
        if stage == 2:
            self._return(report, at + timedelta(hours=3))

    def send(self, report: Report, at: datetime) -> Report:
        """Fill in, submit and sign a report, and return it as it then is."""
        return self._submit_and_sign(self.fill(report, at - timedelta(hours=5)), at - timedelta(hours=2), at)

    def _submit_and_sign(self, report: Report, submitted_at: datetime, signed_at: datetime) -> Report:
        code = report.obligation.unit.code
        submitted = self.submit(report, submitted_at)
        head, version = self.town.unit_head(code), submitted.version
        return sign_report(head, report.pk, version=version, at=signed_at).report

    def submit(self, report: Report, at: datetime) -> Report:
        """Hand a filled report to the unit's head, with a reason for each figure that a rule asks one for."""
        liaison = self.town.liaison(report.obligation.unit.code)
        try:
            return submit_report(liaison, report.pk, version=report.version, at=at)
        except Invalid:
            save_cells(liaison, report.pk, cells=list(self._reasons(report)), at=at)
            report.refresh_from_db()
            return submit_report(liaison, report.pk, version=report.version, at=at)

    def accept(self, report: Report, at: datetime) -> None:
        """Let the office (or the county, for its sub-units) accept a report."""
        accept_report(self.reviewer(report), report.pk, version=report.version, at=at)

    def reviewer(self, report: Report) -> Actor:
        """Return who reviews the report: the county's reviewer for its sub-units, else the office."""
        unit = report.obligation.unit
        if unit.level == Level.SUB and unit.parent:
            return self.town.actors[f"{unit.parent.code.lower()}-review"]
        return self.town.office

    def _return_and_resend(self, report: Report, sent: datetime) -> Report:
        self._return(report, sent + timedelta(hours=4))
        code = report.obligation.unit.code
        for line in report.task_lines.all()[:1]:
            more = CellEdit(f"task:{line.claim_id}:progress", f"{line.progress}补充：已列出具体举措和数据。")
            save_cells(self.town.liaison(code), report.pk, cells=[more], at=sent + timedelta(hours=20))
        report.refresh_from_db()
        return self._submit_and_sign(report, sent + timedelta(hours=22), sent + timedelta(hours=24))

    def _return(self, report: Report, at: datetime) -> None:
        marks = {f"task:{line.claim_id}:progress": "请补充具体举措" for line in report.task_lines.all()[:1]}
        return_report(
            self.reviewer(report),
            report.pk,
            reason=self.random.choice(RETURN_REASONS),
            marks=marks,
            due_on=at.date() + timedelta(days=5),
            reason_ids=[self.random.choice([reason.pk for reason in return_reasons()])],
            version=report.version,
            at=at,
        )

    def fill(self, report: Report, at: datetime) -> Report:
        """Fill in every cell, confirm what the registers already know, and return the report as it then is."""
        liaison = self.town.liaison(report.obligation.unit.code)
        cells = [*self._task_cells(report), *self._figure_cells(report), *self._words(report)]
        save_cells(liaison, report.pk, cells=cells, at=at)
        return confirm_prefilled(liaison, report.pk, at=at)

    def _reasons(self, report: Report) -> Iterator[CellEdit]:
        """Yield an explanation for each figure that a rule asks one for."""
        for cell in dict.fromkeys(
            fault.target for fault in faults_in(report) if fault.target.endswith(":remark")
        ):
            yield CellEdit(cell, self.random.choice(REASONS))

    def _task_cells(self, report: Report) -> Iterator[CellEdit]:
        for line in report.task_lines.select_related("claim"):
            percent = self._percent(line, report.obligation.unit)
            told = self.random.choice(PROGRESS).format(percent=percent)
            yield CellEdit(f"task:{line.claim_id}:percent", str(percent))
            yield CellEdit(f"task:{line.claim_id}:progress", told)
            yield CellEdit(f"task:{line.claim_id}:next_steps", self.random.choice(NEXT_STEPS))
            if percent < line.scheduled_percent:
                yield CellEdit(f"task:{line.claim_id}:problems", self.random.choice(PROBLEMS))

    def _percent(self, line: TaskLine, unit: Unit) -> int:
        scheduled, last = float(line.scheduled_percent), int(line.last_percent or 0)
        drawn = scheduled * self.pace_of(unit) * self.random.gauss(1.0, 0.04)
        if scheduled >= 100 and drawn >= 92:
            return 100
        return max(last, min(99 if scheduled < 100 else 98, int(drawn)))

    def _figure_cells(self, report: Report) -> Iterator[CellEdit]:
        unit = report.obligation.unit
        scale = (1.0 if unit.level == Level.COUNTY else 0.5) * self.pace_of(unit)
        firms = 120 + unit.pk % 7 * 15
        draws = {
            "competition_jobs": self.random.choice((0, 1, 1, 2)),
            "innovation_applied": int(self.random.choice((0, 1, 1, 2, 3)) * scale),
            "union_members": int(self.random.randint(50, 110) * scale),
            "skilled_rated": int(self.random.choice((0, 0, 6, 11, 18)) * scale),
            "stations_new": self.random.choice((0, 0, 1, 1)),
            "contract_due": firms,
            "contract_signed": int(firms * min(0.98, 0.86 * self.pace_of(unit))),
        }
        for line in report.figure_lines.select_related("field"):
            if line.field.code in draws and line.prefilled_value is None:
                yield CellEdit(f"figure:{line.field_id}:value", str(draws[line.field.code]))
                yield from self._parts(line, draws[line.field.code])

    def _parts(self, line: FigureLine, whole: int) -> Iterator[CellEdit]:
        """Yield a figure told apart by its items; what is left stands at the last one."""
        parts = list(line.parts.order_by("category__position"))
        for place, part in enumerate(parts):
            share = whole if place == len(parts) - 1 else int(whole * self.random.uniform(0.1, 0.5))
            whole -= share
            yield CellEdit(f"part:{part.pk}:value", str(share))

    def _words(self, report: Report) -> Iterator[CellEdit]:
        """Yield what a unit says beside its figures; most have nothing to say."""
        said = PRACTICES if report.obligation.unit.level == Level.MEMBER else REQUESTS
        for line in report.narrative_lines.all():
            if self.random.random() < 0.15:
                yield CellEdit(f"words:{line.pk}:text", self.random.choice(said))


def _reports(period: Period) -> Iterator[Report]:
    yield from Report.objects.filter(obligation__period=period).select_related("obligation__unit__parent")


def office_targets(unit: Unit, pace: float) -> dict[str, Decimal]:
    """Return the figures the office sets or verifies for a county or enterprise."""
    is_county = unit.level == Level.COUNTY
    return {
        "training_target": Decimal(2600 if is_county else 1300),
        "union_target": Decimal(900 if is_county else 400),
        "platform_academy": Decimal(int(pace > 0.9)),
        "platform_alliance": Decimal(int(pace > 1.0)),
        "platform_service": Decimal(1),
    }
