"""What the running month asks of everybody: more time, comments, corrections, a month without change."""

from collections.abc import Iterator
from datetime import timedelta

from changai.areas.evidence.actions import keep_file
from changai.areas.facts.models import Fact
from changai.areas.reporting.actions import (
    CellEdit,
    CorrectionEntry,
    approve_correction,
    ask_correction,
    ask_extension,
    attach_evidence,
    comment_cell,
    exempt_obligation,
    grant_extension,
    report_no_change,
    save_cells,
    say_repeated,
)
from changai.areas.reporting.models import Obligation, Report
from changai.cli.demonstration.papers import as_docx
from changai.cli.demonstration.scene import Scene

# Units whose running month is staged here and left alone before.
KEPT = frozenset({"C01", "C01-1", "C01-2", "C03", "C04", "C05", "C06", "E01", "E05"})


def settle(scene: Scene) -> None:
    """Leave something to decide for the office, the county, its reviewer and the enterprises."""
    _ask_for_time(scene)
    _begin_own_sheet(scene)
    _leave_to_review(scene)
    _correct(scene)


def _owed(scene: Scene, code: str) -> Obligation:
    """Return what a unit owes of the running month on the form that lists its tasks."""
    return Obligation.objects.get(
        unit__code=code, period__month=scene.running.first_on, period__form__asks_tasks=True
    )


def _ask_for_time(scene: Scene) -> None:
    """One request is granted, one waits; one unit is released from the month."""
    town, owed = scene.town, {code: _owed(scene, code) for code in ("C04", "C05", "E05")}
    granted = ask_extension(
        town.liaison("C05"),
        owed["C05"].pk,
        wanted_on=max(owed["C05"].due_on, scene.now.date()) + timedelta(days=3),
        reason="月末集中开展竞赛决赛，联络员全程在外组织",
        at=scene.ago(hours=30),
    )
    grant_extension(
        town.office, granted.pk, due_on=granted.wanted_on, answer="同意，请按期报出", at=scene.ago(hours=26)
    )
    ask_extension(
        town.liaison("C04"),
        owed["C04"].pk,
        wanted_on=max(owed["C04"].due_on, scene.now.date()) + timedelta(days=2),
        reason="新旧联络员交接，需要核对台账",
        at=scene.ago(hours=5),
    )
    exempt_obligation(
        town.office, owed["E05"].pk, reason="全厂停产检修一个月，各项任务顺延", at=scene.ago(hours=20)
    )


def _begin_own_sheet(scene: Scene) -> None:
    """Leave the first county's sheet half filled, with evidence, a question of the office, and a complaint."""
    report, liaison = _owed(scene, "C01").report, scene.town.liaison("C01")
    lines = list(report.task_lines.select_related("claim").order_by("position"))
    save_cells(liaison, report.pk, cells=list(_first_cells(report)), at=scene.ago(hours=22))
    proof = keep_file(
        liaison,
        unit_id=report.obligation.unit_id,
        name="本月宣讲和竞赛情况.docx",
        content=as_docx("本月宣讲和竞赛情况\n宣讲28场，覆盖职工6400人次。\n新开展叉车、焊工两个工种竞赛。"),
        at=scene.ago(hours=21),
    )
    for line in lines[:2]:
        attach_evidence(
            liaison, report.pk, line=f"task:{line.claim_id}", evidence_id=proof.pk, at=scene.ago(hours=21)
        )
    comment_cell(
        scene.town.office,
        report.pk,
        cell=f"task:{lines[0].claim_id}:progress",
        words="请写明进企业、进工地、进站点各多少场。",
        at=scene.ago(hours=8),
    )
    figure = report.figure_lines.get(field__code="contract_due")
    say_repeated(
        liaison,
        report.pk,
        line=f"figure:{figure.field_id}",
        known="每季度已在人社部门集体合同备案系统中填报",
        at=scene.ago(hours=7),
    )


def _first_cells(report: Report) -> Iterator[CellEdit]:
    for line in report.task_lines.order_by("position")[:2]:
        percent = min(99, int(line.last_percent or 0) + 3)
        yield CellEdit(f"task:{line.claim_id}:percent", str(percent))
        yield CellEdit(f"task:{line.claim_id}:progress", "已组织宣讲28场，覆盖职工6400人次，计划按节点推进。")
        yield CellEdit(f"task:{line.claim_id}:next_steps", "下月进工地宣讲2场，完成全部场次")


def _leave_to_review(scene: Scene) -> None:
    """Let one sub-unit of the county report for review, and an enterprise have a month without change."""
    player = scene.player
    player.send(_owed(scene, "C01-1").report, scene.ago(hours=9))
    unchanged = _owed(scene, "E01").report
    report_no_change(scene.town.liaison("E01"), unchanged.pk, at=scene.ago(hours=12))
    player.send(_owed(scene, "C03").report, scene.ago(hours=11))


def _correct(scene: Scene) -> None:
    """One figure of last month is corrected, another waits for the office."""
    town, month = scene.town, scene.running.plus(-1)
    reason = "漏报一个月末刚开放的驿站，现按验收记录更正"
    for code, hours in (("C06", 50), ("C03", 4)):
        fact = Fact.objects.filter(
            unit__code=code, field__code="stations_new", month=month.first_on, is_current=True
        ).first()
        if fact is None or fact.value is None:
            continue
        entry = CorrectionEntry(fact.value + 1, reason)
        asked = ask_correction(town.liaison(code), fact.pk, entry, at=scene.ago(hours=hours))
        if code == "C06":
            approve_correction(town.office, asked.pk, at=scene.ago(hours=hours - 4))
