"""Months are listed with their obligations when the form is issued, and laid out piece by piece before they open."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Q


def note_when_they_were_laid_out(apps: Any, _editor: Any) -> None:
    """Months opened so far were laid out and opened at one moment."""
    apps.get_model("reporting", "Period").objects.update(opening_at=F("opened_at"))


def forget_what_is_only_listed(apps: Any, _editor: Any) -> None:
    """Take back what the earlier version does not know: months that are not open."""
    listed = apps.get_model("reporting", "Period").objects.filter(opened_at=None)
    rows = apps.get_model("reporting", "Obligation").objects.filter(period__in=listed)
    apps.get_model("reporting", "Report").objects.filter(obligation__in=rows).delete()
    rows.update(successor=None, release="ended", exempted_at="2000-01-01T00:00:00Z")
    rows.delete()
    listed.delete()


class Migration(migrations.Migration):
    dependencies = [("reporting", "0017_asking_office")]

    operations = [
        migrations.AddField("period", "opening_at", models.DateTimeField(null=True)),
        migrations.AlterField("period", "opened_at", models.DateTimeField(null=True)),
        migrations.RunPython(note_when_they_were_laid_out, forget_what_is_only_listed),
        migrations.AddConstraint(
            "period",
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(opening_at__isnull=False),
                name="laid_out_before_opened",
            ),
        ),
    ]
