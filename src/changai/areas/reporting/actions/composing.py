"""Forms: what units are asked each month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from changai.areas.reporting import policies
from changai.areas.reporting.models import Form, FormField
from changai.areas.reporting.queries import askable_fields, level_names
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@dataclass(frozen=True)
class FormEntry:
    """What the office decides about a form; `field_ids` in the order of the sheet."""

    name: str
    levels: Sequence[str]
    field_ids: Sequence[int]
    opens_day: int = 25
    due_day: int = 5


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
    _set_fields(form, entry.field_ids)
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
    _set_fields(form, entry.field_ids)
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
    if not (1 <= entry.opens_day <= 28 and 1 <= entry.due_day <= 28):
        faults.append("开始填报日、截止日应在 1 到 28 日之间。")
    if faults:
        raise Invalid("报表设置有误，请更正。", faults=tuple(faults))


def _set_fields(form: Form, field_ids: Sequence[int]) -> None:
    FormField.objects.filter(form=form).delete()
    FormField.objects.bulk_create(
        FormField(form=form, field_id=field_id, position=place) for place, field_id in enumerate(field_ids, 1)
    )
