"""Every text that was handed to the head, not only the last two; when and by whom is taken from the audit log."""

import hashlib
import json

import django.db.models.deletion
from django.db import migrations, models

SETTLED = {
    "briefing.take_back": "taken_back",
    "briefing.return": "returned",
    "briefing.approve": "approved",
    "briefing.cancel": "cancelled",
}


def keep(apps, schema_editor):
    briefings = apps.get_model("briefings", "Briefing").objects.exclude(submitted_draft=[])
    submittal = apps.get_model("briefings", "Submittal")
    for briefing in briefings.iterator():
        texts = [text for text in (briefing.earlier_draft, briefing.submitted_draft) if text]
        courses = _courses(apps, briefing)
        courses = [{}] * (len(texts) - len(courses)) + courses[-len(texts) :]
        for number, (text, course) in enumerate(zip(texts, courses, strict=True), start=1):
            head, draft = {"title": text[0]["text"]}, text[1:]
            submittal.objects.create(
                briefing=briefing, number=number, head=head, draft=draft, digest=_digest(head, draft), **course
            )


def _courses(apps, briefing):
    """Return when each text was handed over, by whom, and what became of it, as far as the log tells."""
    lines = apps.get_model("audit", "AuditEvent").objects.filter(
        object_type="briefings.briefing", object_id=str(briefing.pk), act__in=["briefing.submit", *SETTLED]
    )
    courses = []
    for line in lines.order_by("sequence"):
        if line.act == "briefing.submit":
            courses.append({"submitted_at": line.at, "submitted_by_name": line.actor_name[:40]})
        elif courses:
            reason = briefing.return_reason if line.at == briefing.returned_at else ""
            courses[-1] |= {
                "outcome": SETTLED[line.act], "settled_at": line.at, "settled_by_name": line.actor_name[:40],
                "reason": reason,
            }  # fmt: skip
    return courses


def _digest(head, draft):
    written = json.dumps([head, draft], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def give_back(apps, schema_editor):
    submittals = apps.get_model("briefings", "Submittal").objects.order_by("briefing", "number")
    for briefing in apps.get_model("briefings", "Briefing").objects.iterator():
        texts = [
            [{"kind": "title", "text": each.head.get("title", "")}, *each.draft]
            for each in submittals.filter(briefing=briefing)
        ]
        briefing.submitted_draft = texts[-1] if texts else []
        briefing.earlier_draft = texts[-2] if len(texts) > 1 else []
        briefing.save(update_fields=["submitted_draft", "earlier_draft"])


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("briefings", "0008_cancelled_and_annulled"),
    ]

    operations = [
        migrations.CreateModel(
            name="Submittal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("head", models.JSONField(default=dict)),
                ("draft", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=64)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("submitted_by_name", models.CharField(blank=True, max_length=40)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "待审批"),
                            ("taken_back", "收回修改"),
                            ("returned", "退回修改"),
                            ("approved", "审批同意"),
                            ("cancelled", "作废"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="退改意见")),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by_name", models.CharField(blank=True, max_length=40)),
                (
                    "briefing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submittals",
                        to="briefings.briefing",
                    ),
                ),
            ],
            options={
                "db_table": "submittal",
                "ordering": ["number", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("briefing", "number"), name="one_submittal_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", ""), ("settled_at__isnull", False), _connector="OR"),
                        name="settled_submittal_has_moment",
                    ),
                ],
            },
        ),
        migrations.RunPython(keep, give_back),
    ]
