"""Reminding: the rules, the digests of a day, and the coloured notices a person sends."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from changai.areas.reporting import policies
from changai.areas.reporting.actions._messages import link_of, messages_of
from changai.areas.reporting.models import (
    Obligation,
    Reminder,
    ReminderDigest,
    ReminderRun,
    ReminderSetting,
    SupervisionNotice,
)
from changai.areas.reporting.queries.reminding import (
    digests_of,
    has_run,
    owed_reports,
    recipients,
    reminder_plan,
    reminders_due,
)
from changai.areas.reporting.rules.reminding import (
    COLOURS,
    Digest,
    DueReminder,
    ReminderPlan,
    require_sound,
)
from changai.areas.reporting.rules.standings import day_of
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.core.workdays import WorkCalendar
from changai.foundation.actions import action
from changai.foundation.actors import Actor, Role
from changai.foundation.audit.writer import record
from changai.foundation.notices.deliveries import queue
from changai.foundation.notices.outbox import Told, notify_many
from changai.foundation.workdays.queries import work_calendar

_AT_ONCE = 1000


@action("reminder.edit")
def save_reminder_plan(actor: Actor, plan: ReminderPlan, *, version: int, at: datetime) -> None:
    """Let other rules hold from now on.

    :raises Invalid: with the faults of the rules
    :raises RecordMoved: when somebody changed them meanwhile
    """
    policies.require_forms(actor)
    sound = require_sound(plan)
    setting = ReminderSetting.objects.filter(pk=1).first()
    if version != (setting.version if setting else 0):
        raise RecordMoved("提醒设置已被他人修改，请刷新后再操作。")
    setting, _made = ReminderSetting.objects.update_or_create(
        pk=1, defaults={"plan": sound.as_json(), "version": version + 1}
    )
    record(actor, "reminder.edit", setting, at=at, plan=sound.as_json())


@action("reminder.send")
def send_reminders(actor: Actor, *, at: datetime) -> ReminderRun:
    """Tell everybody, in one message each, what is owed and has reached a stage of the rules. Once a day.

    :raises RecordMoved: when it was done today, or messages may not go out now
    """
    policies.require_forms(actor)
    plan, _version = reminder_plan()
    calendar, today = work_calendar(), day_of(at)
    if has_run(today):
        raise RecordMoved("今天的提醒已经发出。")
    if not plan.allows_sending(at, calendar):
        raise RecordMoved("现在不在发送时段内，到时会自动发送。")
    due = reminders_due(plan, today=today, calendar=calendar)
    digests = digests_of(due, recipients(reminder.owed for reminder in due))
    _keep(due, today, at)
    _tell(digests, today, calendar, at)
    queue(messages_of(digests, plan, today=today, calendar=calendar), at=at)
    run = ReminderRun.objects.create(on_day=today, made_at=at, people=len(digests), reports=len(due))
    record(actor, "reminder.send", run, at=at, people=len(digests), reports=len(due))
    return run


def _keep(due: list[DueReminder], today: date, at: datetime) -> None:
    rows = [
        Reminder(
            obligation_id=reminder.owed.obligation_id, kind=reminder.owed.kind, due_on=reminder.owed.due_on,
            days=stage.days, on_day=today, was_missed=stage is not reminder.stage,
        )
        for reminder in due
        for stage in (*reminder.missed, reminder.stage)
    ]  # fmt: skip
    Reminder.objects.bulk_create(rows, batch_size=_AT_ONCE)
    reminded = [reminder.owed.obligation_id for reminder in due]
    for start in range(0, len(reminded), _AT_ONCE):
        Obligation.objects.filter(pk__in=reminded[start : start + _AT_ONCE]).update(reminded_at=at)


def _tell(digests: list[tuple[Any, Digest]], today: date, calendar: WorkCalendar, at: datetime) -> None:
    told = [(person, digest, digest.sentence(today, calendar)) for person, digest in digests]
    ReminderDigest.objects.bulk_create(
        (
            ReminderDigest(
                person=person, on_day=today, sentence=sentence, made_at=at,
                reports=[item.obligation_id for item in (*digest.own, *digest.below)],
            )
            for person, digest, sentence in told
        ),
        batch_size=_AT_ONCE,
    )  # fmt: skip
    notify_many(
        (Told(sentence, person_id=person.pk, link=link_of(digest)) for person, digest, sentence in told),
        at=at,
    )


@action("supervision.send")
def send_supervision(
    actor: Actor, obligation_id: int, *, colour: str, words: str, at: datetime
) -> SupervisionNotice:
    """Send a coloured notice about an overdue report to the unit. Only people do this, one unit at a time.

    :raises Invalid: without words, or of a colour that does not exist
    :raises RecordMoved: when nothing is overdue any more, or this colour was sent
    """
    policies.require_person(actor)
    words = words.strip()
    if colour not in COLOURS:
        raise Invalid("请选择督办等级。")
    if not words:
        raise Invalid("请写明督办意见。")
    obligation = Obligation.objects.select_for_update(of=("self",)).select_related("unit", "period__form")
    found = obligation.filter(pk=obligation_id).first()
    if found is None:
        raise NotVisible
    today = day_of(at)
    owed = [one for one in owed_reports(today) if one.obligation_id == found.pk and one.due_on < today]
    if not owed:
        raise RecordMoved("该单位现在没有逾期未报的这份报表，不需督办。")
    if found.supervision_notices.filter(colour=colour).exists():
        raise RecordMoved(f"{COLOURS[colour]}督办提醒已经发过。")
    notice = SupervisionNotice.objects.create(
        obligation=found, colour=colour, words=words[:500], sent_at=at, sent_by_name=actor.name
    )
    record(actor, "supervision.send", notice, at=at, colour=colour, unit_id=found.unit_id)
    _tell_unit(found, owed[0].words_on(today), colour, words, at)
    return notice


def _tell_unit(obligation: Obligation, stands: str, colour: str, words: str, at: datetime) -> None:
    name = f"{obligation.period.month.month}月{obligation.period.form.name}"
    sentence = f"【{COLOURS[colour]}督办提醒】{name}{stands}：{words[:150]}"
    link = reverse("reporting:sheet", args=[obligation.report.pk])
    roles = (Role.UNIT_LIAISON, Role.UNIT_HEAD)
    notify_many((Told(sentence, role, obligation.unit_id, link=link) for role in roles), at=at)
