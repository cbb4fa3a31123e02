"""Forms: what units are asked each month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from changai.areas.reporting import policies
from changai.areas.reporting.models import Form, FormField, Narrative
from changai.areas.reporting.queries import askable_fields, level_names
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

LONGEST_WORDS = 5000


@dataclass(frozen=True)
class NarrativeEntry:
    """Words a form asks for; lengths in characters."""

    title: str
    guidance: str = ""
    least: int = 0
    most: int = 500
    is_required: bool = True
    key: str = ""


@dataclass(frozen=True)
class FormEntry:
    """What the office decides about a form; `field_ids` in the order of the sheet, `part_ids` asked item by item."""

    name: str
    levels: Sequence[str]
    field_ids: Sequence[int]
    opens_day: int = 25
    due_day: int = 5
    part_ids: Sequence[int] = ()
    narratives: Sequence[NarrativeEntry] = ()


@action("form.create")
def create_form(actor: Actor, entry: FormEntry, *, at: datetime) -> Form:
    """Make a form and return it; it asks nobody before it is issued.

    :raises Invalid: when the entry contradicts itself
    """
    policies.require_forms(actor)
    _check(entry)
    form = Form.objects.create(
        name=entry.name, levels=list(entry.levels), opens_day=entry.opens_day, due_day=entry.due_day
    )
    _compose(form, entry)
    record(actor, "form.create", form, at=at)
    return form


@action("form.edit")
def edit_form(actor: Actor, form_id: int, entry: FormEntry, *, version: int, at: datetime) -> Form:
    """Change a form. Months already opened stay as they were.

    :raises RecordMoved: when somebody else changed it after `version` was read
    :raises Invalid: when the entry contradicts itself
    """
    form = take_form(actor, form_id)
    _check(entry)
    if form.version != version:
        raise RecordMoved("该报表刚被他人修改，请刷新后核对再改。")
    form.name, form.levels = entry.name, list(entry.levels)
    form.opens_day, form.due_day = entry.opens_day, entry.due_day
    form.version += 1
    form.save()
    _compose(form, entry)
    record(actor, "form.edit", form, at=at, fields=list(entry.field_ids), levels=list(entry.levels))
    return form


@action("form.issue")
def issue_form(actor: Actor, form_id: int, *, at: datetime) -> Form:
    """Issue a form: from now on its months can be opened, and open by themselves on their day.

    :raises RecordMoved: when it was issued already
    """
    form = take_form(actor, form_id)
    if form.issued_at is not None:
        raise RecordMoved("该报表已经下发。")
    form.issued_at = at
    form.version += 1
    form.save(update_fields=["issued_at", "version"])
    record(actor, "form.issue", form, at=at)
    return form


@action("form.retire")
def retire_form(actor: Actor, form_id: int, *, at: datetime) -> Form:
    """Stop a form: no further month is opened; what was reported stays.

    :raises RecordMoved: when it was stopped already
    """
    form = take_form(actor, form_id)
    if form.is_closed:
        raise RecordMoved("该报表已经停用。")
    form.is_closed = True
    form.version += 1
    form.save(update_fields=["is_closed", "version"])
    record(actor, "form.retire", form, at=at)
    return form


def take_form(actor: Actor, form_id: int) -> Form:
    """Return a form, locked, for who composes forms.

    :raises NotAllowed: for others
    :raises NotVisible: when there is none
    """
    policies.require_forms(actor)
    form = Form.objects.select_for_update().filter(pk=form_id).first()
    if form is None:
        raise NotVisible
    return form


def _check(entry: FormEntry) -> None:
    known = {field.pk for field in askable_fields()}
    faults = []
    if not entry.name.strip():
        faults.append("请填写表名。")
    if not entry.levels or set(entry.levels) - set(level_names()):
        faults.append("请选择至少一类报送单位。")
    if set(entry.field_ids) - known or len(set(entry.field_ids)) != len(entry.field_ids):
        faults.append("数据项只能从目录中来源为月报或名册的项目里选，且不能重复。")
    whole = {field.pk for field in askable_fields() if field.breakdown_id is None}
    if set(entry.part_ids) - set(entry.field_ids) or set(entry.part_ids) & whole:
        faults.append("只有目录中定了分项方式、且本表要报的数据项才能分项填报。")
    faults += narrative_faults(entry.narratives)
    if not (1 <= entry.opens_day <= 28 and 1 <= entry.due_day <= 28):
        faults.append("开始填报日、截止日应在 1 到 28 日之间。")
    if faults:
        raise Invalid("报表设置有误，请更正。", faults=tuple(faults))


def narrative_faults(items: Sequence[NarrativeEntry]) -> list[str]:
    """Return what is wrong with the narrative items, a sentence each."""
    faults = []
    titles = [item.title.strip() for item in items]
    if not all(titles):
        faults.append("每个文字项都要写名称。")
    if len(set(titles)) != len(titles):
        faults.append("文字项名称不能重复。")
    faults += [
        f"“{item.title}”的字数应在 1 到 {LONGEST_WORDS} 之间，且最少不超过最多。"
        for item in items
        if not (0 <= item.least <= item.most and 1 <= item.most <= LONGEST_WORDS)
    ]
    return faults


def _compose(form: Form, entry: FormEntry) -> None:
    FormField.objects.filter(form=form).delete()
    FormField.objects.bulk_create(
        FormField(form=form, field_id=field_id, position=place, asks_parts=field_id in entry.part_ids)
        for place, field_id in enumerate(entry.field_ids, 1)
    )
    Narrative.objects.filter(form=form).delete()
    Narrative.objects.bulk_create(
        Narrative(form=form, position=place, **vars(item) | {"key": item.key or uuid4().hex[:12]})
        for place, item in enumerate(entry.narratives, 1)
    )
