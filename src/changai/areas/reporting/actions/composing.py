"""Forms: what units are asked each month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from changai.areas.reporting import policies
from changai.areas.reporting.actions._listing import list_months_ahead
from changai.areas.reporting.actions.excepting import keep_exceptions
from changai.areas.reporting.models import Form, FormField, Narrative, Period
from changai.areas.reporting.queries import (
    FormBurden,
    askable_fields,
    asked_already,
    asking_unit_of,
    burden_of,
    known_elsewhere,
    level_names,
)
from changai.areas.reporting.rules.standings import day_of
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.periods import Month
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
    """What the office decides about a form; `field_ids` in the order of the sheet, `part_ids` asked item by item.

    `late_day` and `locks_day` are days of the month after, or None while the office closes the month itself.
    `asked_by_id` is the unit that asks; without one it stays as it was, for a new form the unit of who makes it or the
    office.
    """

    name: str
    levels: Sequence[str]
    field_ids: Sequence[int]
    opens_day: int = 25
    due_day: int = 5
    part_ids: Sequence[int] = ()
    narratives: Sequence[NarrativeEntry] = ()
    group_ids: Sequence[int] = ()
    asks_tasks: bool = True
    asked_by_id: int | None = None
    basis: str = ""
    late_day: int | None = None
    locks_day: int | None = None


@action("form.create")
def create_form(actor: Actor, entry: FormEntry, *, at: datetime) -> Form:
    """Make a form and return it; it asks nobody before it is issued.

    :raises Invalid: when the entry contradicts itself
    """
    policies.require_forms(actor)
    _check(entry)
    form = Form.objects.create(name=entry.name, version=0)
    form.series = form
    form.asked_by_id = asking_unit_of(actor)
    _compose(form, entry)
    record(actor, "form.create", form, at=at)
    return form


@action("form.edit")
def edit_form(actor: Actor, form_id: int, entry: FormEntry, *, version: int, at: datetime) -> Form:
    """Change a form, or a version of it, that was not issued yet.

    :raises RecordMoved: when somebody else changed it after `version` was read
    :raises Invalid: when it was issued, or the entry contradicts itself
    """
    form = take_form(actor, form_id)
    if form.version != version:
        raise RecordMoved("该报表刚被他人修改，请刷新后核对再改。")
    if form.issued_at is not None:
        raise Invalid("在用的报表不直接修改。请点“修订”编制下一版，从以后月份起执行，已开启的月份不变。")
    _check(entry)
    _compose(form, entry)
    record(actor, "form.edit", form, at=at, fields=list(entry.field_ids), levels=list(entry.levels))
    return form


@action("form.revise")
def revise_form(actor: Actor, form_id: int, *, at: datetime) -> Form:
    """Begin the next version of a form in use, as a copy of it; it holds when it is issued.

    :raises RecordMoved: when the next version is being made already
    :raises Invalid: when the form is not in use
    """
    form = take_form(actor, form_id)
    if form.issued_at is None or form.is_closed:
        raise Invalid("只有在用的报表才能修订。")
    if Form.objects.filter(supersedes=form).exists():
        raise RecordMoved("该报表的下一版已经在编制，请在报表设置中打开。")
    following = Form.objects.create(
        name=form.name, series=form.series, number=form.number + 1, supersedes=form, version=0
    )
    _compose(following, _entry_of(form))
    record(actor, "form.revise", following, at=at, number=following.number)
    return following


@action("form.discard")
def discard_form(actor: Actor, form_id: int, *, at: datetime) -> None:
    """Throw away a form or version that was never issued.

    :raises RecordMoved: when it was issued
    """
    form = take_form(actor, form_id)
    if form.issued_at is not None:
        raise RecordMoved("该报表已经下发，不能删除；不再使用的请停用。")
    record(actor, "form.discard", form, at=at, name=form.name, number=form.number)
    Form.objects.filter(pk=form.pk).update(series=None)
    form.delete()


@action("form.issue")
def issue_form(
    actor: Actor, form_id: int, *, from_month: Month | None = None, reason: str = "", at: datetime
) -> Form:
    """Issue a form: the months to the end of the year are listed, a row for every unit that owes them, and open by
    themselves on their day.

    A next version holds from `from_month`, the first month not opened yet when none is given. What the rules of
    burden speak against, or a year that asks more than the last, needs a written reason; it is kept for good.

    :raises RecordMoved: when it was issued already
    :raises Invalid: when nobody asks it, it asks nothing, asks again what is known, or the month was opened already
    """
    form = take_form(actor, form_id)
    if form.issued_at is not None:
        raise RecordMoved("该报表已经下发。")
    if form.number > 1:
        form.from_month = _first_month(form, from_month, at).first_on
    month = Month.of(form.from_month or day_of(at))
    _check_issue(form, month)
    _except(actor, form, burden_of(form, month, today=day_of(at)), reason.strip(), at)
    form.issued_at = at
    form.version += 1
    form.save(update_fields=["issued_at", "from_month", "version"])
    listed = list_months_ahead(actor, form, at=at)
    record(
        actor,
        "form.issue",
        form,
        at=at,
        number=form.number,
        from_month=str(form.from_month or ""),
        listed=listed,
    )
    return form


def _first_month(form: Form, wanted: Month | None, at: datetime) -> Month:
    begun = Period.objects.filter(form__series=form.series_id, opening_at__isnull=False)
    latest = begun.order_by("-month").first()
    earliest = Month.of(latest.month).plus(1) if latest else Month.of(day_of(at))
    if wanted is not None and wanted < earliest:
        raise Invalid(
            f"{earliest.plus(-1).label}及以前的月份已按原版开启，新版最早从{earliest.label}起执行。"
        )
    return wanted or earliest


def _check_issue(form: Form, month: Month) -> None:
    if form.asked_by_id is None:
        raise Invalid("请先选定要数单位再下发：这张表由谁向下要，就计入谁的填报负担，逐年只减不增。")
    if not (form.asks_tasks or form.form_fields.exists() or form.narratives.exists()):
        raise Invalid("这张报表没有要报的内容，请先选数据项、文字项或列入认领任务。")
    if again := asked_already(form, month):
        raise Invalid("有重复要报的数据，请先删去。", faults=tuple(found.sentence for found in again))


@action("form.retire")
def retire_form(actor: Actor, form_id: int, *, at: datetime) -> Form:
    """Stop a form: no further month is opened, what was listed is owed no more; what was reported stays.

    :raises RecordMoved: when it was stopped already
    """
    form = take_form(actor, form_id)
    if form.is_closed:
        raise RecordMoved("该报表已经停用。")
    Form.objects.filter(series=form.series_id, issued_at__isnull=False).update(is_closed=True)
    form.is_closed = True
    form.version += 1
    form.save(update_fields=["version"])
    ended = list_months_ahead(actor, form, at=at)
    record(actor, "form.retire", form, at=at, ended=ended)
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
    faults = []
    if not entry.name.strip():
        faults.append("请填写表名。")
    if not (entry.levels or entry.group_ids) or set(entry.levels) - set(level_names()):
        faults.append("请选择至少一类报送单位，或一个单位分类。")
    faults += [*_field_faults(entry), *narrative_faults(entry.narratives), *_day_faults(entry)]
    if faults:
        raise Invalid("报表设置有误，请更正。", faults=tuple(faults))


def _field_faults(entry: FormEntry) -> list[str]:
    askable = {field.pk: field for field in askable_fields()}
    faults = known_elsewhere([pk for pk in entry.field_ids if pk not in askable])
    if len(set(entry.field_ids)) != len(entry.field_ids):
        faults.append("同一数据项只能列一次。")
    whole = {pk for pk, field in askable.items() if field.breakdown_id is None}
    if set(entry.part_ids) - set(entry.field_ids) or set(entry.part_ids) & whole:
        faults.append("只有目录中定了分项方式、且本表要报的数据项才能分项填报。")
    return faults


def _day_faults(entry: FormEntry) -> list[str]:
    days = [entry.opens_day, entry.due_day, entry.late_day or 1, entry.locks_day or 1]
    if not all(1 <= day <= 28 for day in days):
        return ["开始填报日、截止日、迟报受理日、锁定日应在 1 到 28 日之间。"]
    late, locks = entry.late_day or entry.due_day, entry.locks_day or 28
    if not entry.due_day <= late <= locks:
        return ["迟报受理日不能早于截止日，锁定日不能早于截止日和迟报受理日。"]
    return []


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


def _except(actor: Actor, form: Form, found: FormBurden, reason: str, at: datetime) -> None:
    """Keep why a form is issued although rules of burden speak against it.

    :raises Invalid: without a reason that says something; `faults` names each rule
    """
    told = found.sentences
    if not told:
        return
    keep_exceptions(actor, form, told, reason=reason, verb="下发", at=at)
    record(
        actor, "form.except", form, at=at, rules=[rule for rule, _sentence, _forbidden in told], reason=reason
    )


def _compose(form: Form, entry: FormEntry) -> None:
    form.name, form.levels = entry.name.strip(), list(entry.levels)
    form.opens_day, form.due_day = entry.opens_day, entry.due_day
    form.late_day, form.locks_day = entry.late_day, entry.locks_day
    form.asks_tasks, form.basis = entry.asks_tasks, entry.basis.strip()
    form.asked_by_id = entry.asked_by_id or form.asked_by_id
    form.version += 1
    form.save()
    form.groups.set(entry.group_ids)
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


def _entry_of(form: Form) -> FormEntry:
    asked = list(form.form_fields.all())
    words = form.narratives.all()
    return FormEntry(
        name=form.name,
        levels=form.levels,
        field_ids=[found.field_id for found in asked],
        part_ids=[found.field_id for found in asked if found.asks_parts],
        narratives=[
            NarrativeEntry(item.title, item.guidance, item.least, item.most, item.is_required, item.key)
            for item in words
        ],
        group_ids=list(form.groups.values_list("pk", flat=True)),
        opens_day=form.opens_day,
        due_day=form.due_day,
        late_day=form.late_day,
        locks_day=form.locks_day,
        asks_tasks=form.asks_tasks,
        asked_by_id=form.asked_by_id,
        basis=form.basis,
    )
