"""The plan as a paper: taken in, named, discarded, issued."""

from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.db.models import F

from changai.areas.evidence.actions import keep_file
from changai.areas.plans import policies, queries, rules
from changai.areas.plans.actions.corrections import check_text, digest_of, open_draft
from changai.areas.plans.actions.measures import details_of
from changai.areas.plans.models import Clause, Measure, Plan
from changai.core.errors import Invalid, NotAllowed, Unreadable
from changai.documents.intake.outline import Outline, propose
from changai.documents.intake.text import read_text
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.quarantine import refusals_kept
from changai.foundation.versions import require_version


def upload_plan(  # noqa: PLR0913 - the fields of the form, keyword-only
    actor: Actor,
    *,
    name: str,
    kind: str,
    year: int,
    starts_on: date,
    ends_on: date,
    file_name: str,
    content: bytes,
    document_number: str = "",
    at: datetime,
    once: str = "",
) -> Plan:
    """Take in a plan from a .docx or .txt file, cut as the parser proposes, and return it as a draft.

    Without `name` it is called as its title says, without a title as its file. The file is read and kept before the
    transaction of `add_plan` opens: a slow file must not hold the one write lock.

    :raises Unreadable: when the file cannot be read; nothing of it is kept
    :raises Invalid: when a field is wrong, or the same text was taken in before
    :raises NotAllowed: when the actor may not take in plans
    """
    policies.require(actor, "edit")
    if actor.unit_id is None:
        raise NotAllowed
    _check_span(starts_on, ends_on)
    with refusals_kept(actor, name=file_name, content=content, at=at):
        text = read_text(content, name=file_name)
        if not text.strip():
            raise Unreadable(f"{file_name}：文件中没有文字。如是扫描件或图片，请上传可编辑的原稿。")
        _refuse_duplicate(digest_of(text))
        outline = propose(text, year=year)
    name = _named(name or outline.name or PurePath(file_name).stem)
    file = keep_file(actor, unit_id=actor.unit_id, name=file_name, content=content, at=at)
    fields = {"name": name, "kind": kind, "year": year, "document_number": document_number.strip()}
    fields |= {"starts_on": starts_on, "ends_on": ends_on, "source_file_id": file.pk}
    return add_plan(actor, fields=fields, outline=outline, at=at, once=once)  # type: ignore[call-arg]


@action("plan.upload")
def add_plan(actor: Actor, *, fields: dict[str, Any], outline: Outline, at: datetime) -> Plan:
    """Enter a plan that was read, with its outline, and return it as a draft. Call `upload_plan` for a file.

    :raises Invalid: when the same text was taken in before
    :raises NotAllowed: when the actor may not take in plans
    """
    policies.require(actor, "edit")
    digest = digest_of(outline.joined())
    _refuse_duplicate(digest)
    plan = Plan.objects.create(
        **fields,
        title=outline.title,
        preamble=outline.preamble,
        closing=outline.closing,
        source_digest=digest,
        uploaded_at=at,
        uploaded_by_name=actor.name,
    )
    _keep_tree(plan, outline)
    check_text(plan)
    record(actor, "plan.upload", plan, at=at, digest=digest, clauses=plan.clauses.count())
    return plan


@action("plan.edit")
def edit_plan(  # noqa: PLR0913 - the fields of the form, keyword-only
    actor: Actor,
    plan_id: int,
    *,
    name: str,
    kind: str,
    year: int,
    starts_on: date,
    ends_on: date,
    document_number: str,
    version: int,
    at: datetime,
) -> None:
    """Change what a draft is called and when it runs.

    :raises Invalid: when a field is wrong
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    plan = open_draft(actor, plan_id, version)
    _check_span(starts_on, ends_on)
    late = plan.measures.filter(is_dropped=False, due_on__gt=ends_on).count()
    if late:
        raise Invalid(f"有{late}项任务的完成时限晚于方案完成时限，请先修改这些任务。")
    plan.name, plan.kind, plan.year = _named(name), kind, year
    plan.document_number = document_number.strip()
    plan.starts_on, plan.ends_on = starts_on, ends_on
    plan.version += 1
    fields = ["name", "kind", "year", "document_number", "starts_on", "ends_on", "version"]
    plan.save(update_fields=fields)
    record(actor, "plan.edit", plan, at=at, fields=fields)


@action("plan.discard")
def discard_plan(actor: Actor, plan_id: int, *, version: int, at: datetime) -> None:
    """Remove a draft that was taken in by mistake; the uploaded file stays in the evidence.

    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    plan = open_draft(actor, plan_id, version)
    record(actor, "plan.discard", plan, at=at, digest=plan.source_digest)
    plan.measures.all().delete()
    plan.delete()


@action("plan.issue")
def issue_plan(actor: Actor, plan_id: int, *, version: int, at: datetime) -> Plan:
    """Number the measures, freeze the plan and return it. Measures without a deadline get the plan's.

    Handing the measures to the units is `tasks.actions.hand_down_plan`, which calls this.

    :raises Invalid: when there is no measure
    :raises NotAllowed: when the actor may not issue
    :raises RecordMoved: when the plan has changed since `version` or is issued
    """
    seen = queries.plan_for(actor, plan_id)
    plan = Plan.objects.select_for_update().get(pk=seen.pk)
    policies.require(actor, "issue", plan.status)
    require_version(plan, version)
    measures = list(queries.measures_of(plan))
    if not measures:
        raise Invalid("方案中没有任务，不能下达。请先在拆解页面列出任务。")
    _number(plan, measures)
    check_text(plan)
    plan.status, plan.issued_at, plan.issued_by_name = Plan.Status.ISSUED, at, actor.name
    plan.version += 1
    plan.save(update_fields=["status", "issued_at", "issued_by_name", "version"])
    record(actor, "plan.issue", plan, at=at, digest=plan.source_digest, measures=len(measures))
    return plan


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 200:
        raise Invalid("请填写方案名称，不超过200字。")
    return name


def _check_span(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid("完成时限早于起始日期，请核对。")


def _refuse_duplicate(digest: str) -> None:
    earlier = Plan.objects.filter(source_digest=digest).first()
    if earlier is not None:
        raise Invalid(f"该文件与已录入的《{earlier.name}》内容完全相同，没有重复录入。", plan_id=earlier.pk)


def _keep_tree(plan: Plan, outline: Outline) -> None:
    proposed = list(outline.walk())
    rows = [
        Clause(
            plan=plan,
            position=position,
            level=level,
            label=clause.label,
            heading=clause.heading,
            text=clause.text,
        )
        for position, (level, clause) in enumerate(proposed, start=1)
    ]
    kept = Clause.objects.bulk_create(rows)
    found = [
        (row, measure.text)
        for row, (_, clause) in zip(kept, proposed, strict=True)
        for measure in clause.measures
    ]
    Measure.objects.bulk_create(
        Measure(plan=plan, clause=row, position=position, text=text, **details_of(text, plan))
        for position, (row, text) in enumerate(found, start=1)
    )


def _number(plan: Plan, measures: list[Measure]) -> None:
    housed: dict[int, list[int]] = {}
    for measure in measures:
        housed.setdefault(measure.clause_id, []).append(measure.pk)
    coded = rules.codes(queries.draft_of(plan).pieces, housed)
    for measure in measures:
        measure.code = coded[measure.pk]
        measure.due_on = measure.due_on or plan.ends_on
    Measure.objects.bulk_update(measures, ["code", "due_on"])
    plan.measures.filter(is_dropped=False).update(version=F("version") + 1)
