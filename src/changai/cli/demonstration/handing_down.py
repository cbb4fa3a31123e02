"""Uploads the plans, assigns the measures, hands them down and lets the units answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from changai.areas.organisations.models import Level, Unit
from changai.areas.plans.actions import assign_measure, link_clauses, upload_plan
from changai.areas.plans.models import Clause, Measure, Plan
from changai.areas.plans.queries import parts_of
from changai.areas.tasks.actions import (
    claim_task,
    contest_task,
    hand_down_plan,
    hand_over_task,
    plan_milestones,
    settle_contest,
)
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import Step
from changai.cli.demonstration.founding import Town, moment
from changai.cli.demonstration.papers import as_docx, paper_text
from changai.core.periods import Month

SPAN_MONTHS = 15
# Lead of each measure in reading order, by a word of its clause's heading.
LEADS = {
    "职工宣讲": "市委宣传部",
    "班组文化": "市委宣传部",
    "一线党员": "市委组织部",
    "工匠故事": "市委宣传部",
    "技能竞赛": "市人力资源和社会保障局",
    "岗位创新": "市科技局",
    "工作室联盟": "市工业和信息化局",
    "成果转化": "市科技局",
    "重大项目": "市发展改革委",
    "技能培训": "市人力资源和社会保障局",
    "取证质量": "市人力资源和社会保障局",
    "学徒制": "市人力资源和社会保障局",
    "自主评价": "市国资委",
    "工匠学院": "市教育局",
    "求学圆梦": "市教育局",
    "薪酬分配": "市国资委",
    "集体协商": "市工商联",
    "民主管理": "市委社会工作部",
    "职业发展": "市人力资源和社会保障局",
    "劳动报酬": "市住房和城乡建设局",
    "建会入会": "市交通运输局",
    "服务阵地": "市商务局",
    "伤害保障": "市医保局",
    "劳动用工": "市邮政管理局",
    "困难帮扶": "市民政局",
}
COUNTY_WORKS = ("职工宣讲", "技能竞赛", "技能培训", "建会入会", "服务阵地", "集体协商")
ENTERPRISE_WORKS = ("岗位创新", "技能培训", "学徒制", "成果转化")
SUB_WORKS = ("建会入会", "服务阵地")


def plan_and_hand_down(town: Town, first: Month, random: Random, *, begun: Month | None = None) -> Plan:
    """Return the yearly work points, handed down in the first month and answered by the units.

    `begun` is the month in which their term began, the first one without.
    """
    morning = moment(first.first_on + timedelta(days=4))
    first = begun or first
    framework = _upload(town, "implementation_plan", "三年实施方案", "implementation", first, morning)
    hand_down_plan(town.head, framework.pk, version=framework.version, at=morning)
    points = _upload(town, "work_points", "产改工作要点", "yearly", first, morning)
    tops = parts_of(points)
    for measure in points.measures.select_related("clause", "plan").order_by("position"):
        _assign(town, measure, first, morning, random)
        _link(town, measure, tops[measure.pk], framework, morning)
    points.refresh_from_db()
    hand_down_plan(town.head, points.pk, version=points.version, at=morning + timedelta(hours=2))
    _answer(town, points, morning, random)
    points.refresh_from_db()
    return points


def draft_next(town: Town, first: Month, *, at: datetime) -> Plan:
    """Return the next period's work points, uploaded and waiting for the office to correct the proposal."""
    begins = first.plus(SPAN_MONTHS)
    return upload_plan(
        town.office,
        name=f"示范市产业工人队伍建设改革工作要点（{begins.label}起，讨论稿）",
        kind="yearly",
        year=begins.year,
        starts_on=begins.first_on,
        ends_on=begins.plus(11).last_on,
        file_name="下一期工作要点（讨论稿）.docx",
        content=as_docx(paper_text("next_points", first)),
        at=at,
    )


def _upload(town: Town, paper: str, name: str, kind: str, first: Month, at: datetime) -> Plan:
    return upload_plan(
        town.office,
        name=f"示范市产业工人队伍建设改革{name.removeprefix('产改')}（{first.label}起）",
        kind=kind,
        year=first.plus(2).year,
        starts_on=first.first_on,
        ends_on=first.plus(SPAN_MONTHS - 1).last_on,
        file_name=f"{name}.docx",
        content=as_docx(paper_text(paper, first)),
        document_number=f"示产改〔{first.year}〕{1 if kind == 'implementation' else 2}号",
        at=at,
    )


def _assign(town: Town, measure: Measure, first: Month, at: datetime, random: Random) -> None:
    work = next((word for word in LEADS if word in measure.clause.heading), None)
    if work is None:
        return
    lead = town.named(LEADS[work])
    members = [unit for unit in town.of_level(Level.MEMBER) if unit.pk != lead.pk]
    supports = [*random.sample(members, 2), *_local_units(town, work)]
    assign_measure(
        town.office,
        measure.pk,
        lead_ids=[lead.pk],
        support_ids=[unit.pk for unit in supports],
        target_value=measure.target_value,
        target_unit=measure.target_unit,
        completion_mark=measure.completion_mark or "完成目标值并通过办公室核验",
        due_on=measure.due_on or first.plus(SPAN_MONTHS - 2).last_on,
        version=measure.version,
        at=at,
    )


def _link(town: Town, measure: Measure, top: Clause, framework: Plan, at: datetime) -> None:
    measure.refresh_from_db()
    above = Clause.objects.filter(plan=framework, heading__startswith=top.heading[:4])
    if above:
        ids = [clause.pk for clause in above]
        link_clauses(town.office, measure.pk, clause_ids=ids, version=measure.version, at=at)


def _local_units(town: Town, work: str) -> Sequence[Unit]:
    levels = [
        level
        for level, works in (
            (Level.COUNTY, COUNTY_WORKS),
            (Level.ENTERPRISE, ENTERPRISE_WORKS),
            (Level.SUB, SUB_WORKS),
        )
        if work in works
    ]
    return [unit for level in levels for unit in town.of_level(level)]


def _answer(town: Town, plan: Plan, morning: datetime, random: Random) -> None:
    claims = list(Claim.objects.filter(measure__plan=plan).select_related("unit", "measure__plan"))
    supporting = [
        claim for claim in claims if claim.part == Claim.Part.SUPPORT and claim.unit.level == Level.MEMBER
    ]
    unusual = random.sample(supporting, 6)
    for claim in claims:
        at = morning + timedelta(days=1 + random.random() * 8)
        if claim in unusual:
            _answer_unusually(town, claim, unusual.index(claim), at)
        else:
            claim_task(town.liaison(claim.unit.code), claim.pk, version=claim.version, at=at)
            if claim.part == Claim.Part.LEAD:
                _plan_steps(town, claim, at)


def _answer_unusually(town: Town, claim: Claim, place: int, at: datetime) -> None:
    """Two refused, one upheld, one waiting for the office, one handed over, one left unanswered."""
    liaison = town.liaison(claim.unit.code)
    if place == 5:
        return
    if place == 4:
        other = _other(town, claim)
        hand_over_task(
            liaison, claim.pk, unit_id=other.pk, reason="该项工作职责已划转", version=claim.version, at=at
        )
        return
    reason = "该项任务不属于本单位职责范围，建议由行业主管部门承担"
    contest_task(liaison, claim.pk, reason=reason, version=claim.version, at=at)
    if place == 3:
        return
    claim.refresh_from_db()
    decision = "uphold" if place == 2 else "refuse"
    opinion = "职责划分有依据，同意撤销" if place == 2 else "经研究，该单位在本领域负有配合职责，请继续承担"
    later = at + timedelta(days=1)
    settle_contest(town.office, claim.pk, decision=decision, opinion=opinion, version=claim.version, at=later)


def _other(town: Town, claim: Claim) -> Unit:
    taken = set(Claim.objects.filter(measure=claim.measure).values_list("unit_id", flat=True))
    return next(unit for unit in town.of_level(Level.MEMBER) if unit.pk not in taken)


def _plan_steps(town: Town, claim: Claim, at: datetime) -> None:
    due_on = claim.due_on or claim.measure.plan.ends_on
    span = (due_on - at.date()).days
    if span < 60:
        return
    steps = [
        Step("制定工作安排，明确责任人", at.date() + timedelta(days=span // 6)),
        Step("组织实施，完成过半", at.date() + timedelta(days=span // 2)),
        Step("全面完成并自查", due_on),
    ]
    claim.refresh_from_db()
    plan_milestones(town.liaison(claim.unit.code), claim.pk, steps=steps, version=claim.version, at=at)
