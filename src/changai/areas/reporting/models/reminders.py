"""Reminders: the office's rules, what was said to whom on which day, and the coloured notices sent by hand."""

from typing import ClassVar

from django.db import models

from changai.areas.reporting.models.obligations import Obligation


class ReminderSetting(models.Model):
    """The office's rules of reminding (one row); without it the defaults hold."""

    plan = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "reminder_setting"

    def __str__(self) -> str:
        return str(self.version)


class ReminderRun(models.Model):
    """That the reminders of a working day were made. A day has one, so a late worker does not repeat it."""

    on_day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    people = models.PositiveIntegerField()
    reports = models.PositiveIntegerField()

    class Meta:
        db_table = "reminder_run"
        ordering: ClassVar = ["-on_day"]

    def __str__(self) -> str:
        return str(self.on_day)


class Reminder(models.Model):
    """That one stage was said about one owed report, or let go because a later one was already reached."""

    class Kind(models.TextChoices):
        REPORT = "report"
        RETURN = "return"

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    due_on = models.DateField()
    days = models.SmallIntegerField()
    on_day = models.DateField()
    was_missed = models.BooleanField(default=False)

    class Meta:
        db_table = "reminder"
        ordering: ClassVar = ["-on_day", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["obligation", "kind", "due_on", "days"], name="one_reminder_a_stage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.days:+d}"


class ReminderDigest(models.Model):
    """The one message a person got on a day."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    on_day = models.DateField()
    sentence = models.CharField(max_length=300)
    # The owed reports it named: obligations' ids, the own unit's first.
    reports = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "reminder_digest"
        ordering: ClassVar = ["-on_day", "person__unit__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "on_day"], name="one_digest_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.on_day}"


class SupervisionNotice(models.Model):
    """A coloured notice (督办提醒) about an overdue report: proposed by the rules, sent by a person."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="supervision_notices")
    colour = models.CharField(max_length=10)
    words = models.CharField("督办意见", max_length=500)
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "supervision_notice"
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["obligation", "colour"], name="one_notice_a_colour")
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.colour}"
