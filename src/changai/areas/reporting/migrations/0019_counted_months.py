"""A closed month is counted into facts piece by piece."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q


def note_when_they_were_counted(apps: Any, _editor: Any) -> None:
    """Months closed so far were counted as they were closed."""
    apps.get_model("reporting", "Period").objects.update(counted_at=F("closed_at"))


def open_what_is_not_counted(apps: Any, _editor: Any) -> None:
    """Take back what the earlier version would never count: it counts a month only while it closes it."""
    apps.get_model("reporting", "Period").objects.filter(counted_at=None).update(closed_at=None)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0018_listed_months")]

    operations = [
        migrations.AddField("period", "counted_at", models.DateTimeField(null=True)),
        migrations.RunPython(note_when_they_were_counted, open_what_is_not_counted),
        migrations.AddConstraint(
            "period",
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | Q(closed_at__isnull=False),
                name="closed_before_counted",
            ),
        ),
    ]
