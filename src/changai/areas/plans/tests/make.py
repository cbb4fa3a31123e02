"""Makes plans for tests through the actions, from a short plan written for them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from changai.areas.organisations.models import Unit
from changai.areas.plans.actions import assign_measure, upload_plan
from changai.areas.plans.models import Measure, Plan
from changai.foundation.actors import Actor

AT = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
TEXT = """示范市产业工人队伍建设改革2026年工作要点

各成员单位：
为做好今年工作，提出以下要点。

一、加强思想引领
（一）开展宣讲
各县区全年开展宣讲不少于20场。6月底前完成宣讲团组建。
（二）选树典型
市总工会选树优秀产业工人100名。
二、提升技能素质
（一）开展培训
全年开展职业技能培训10000人次以上，推进校企合作。建立培训台账。
（二）组织竞赛
组织开展市级技能竞赛，11月底前完成。
三、工作要求
各单位要明确专人负责。

示范市产改办
2026年1月4日
"""


def make_plan(actor: Actor, *, text: str = TEXT, name: str = "2026年工作要点", year: int = 2026) -> Plan:
    """Take in a plan as the office officer `actor`; a draft."""
    return upload_plan(
        actor,
        name=name,
        kind=Plan.Kind.YEARLY,
        year=year,
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        file_name="要点.txt",
        content=text.encode(),
        at=AT,
    )


def measure_saying(plan: Plan, words: str) -> Measure:
    """Return the measure of the plan that contains the words."""
    return plan.measures.get(text__contains=words)


def assign(
    actor: Actor,
    measure: Measure,
    *,
    leads: Sequence[Unit] = (),
    supports: Sequence[Unit] = (),
    due_on: date | None = None,
) -> None:
    """Give a measure its units, keeping its target."""
    measure.refresh_from_db()
    assign_measure(
        actor,
        measure.pk,
        lead_ids=[unit.pk for unit in leads],
        support_ids=[unit.pk for unit in supports],
        target_value=measure.target_value,
        target_unit=measure.target_unit,
        completion_mark=measure.completion_mark,
        due_on=due_on or measure.due_on,
        version=measure.version,
        at=AT,
    )
