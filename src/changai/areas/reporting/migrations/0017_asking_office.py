"""Forms sent out before the asking unit had to be named were sent out by the office: their cells count in its line."""

from typing import Any

from django.db import migrations


def name_the_office(apps: Any, _editor: Any) -> None:
    """Let every form without an asking unit be asked for by the office."""
    units = apps.get_model("organisations", "Unit")
    office = units.objects.filter(level="office", closed_on__isnull=True).order_by("position", "pk").first()
    if office is not None:
        apps.get_model("reporting", "Form").objects.filter(asked_by=None).update(asked_by=office)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0016_exceptions_of_schemes"),
        ("organisations", "0001_initial"),
    ]

    operations = [migrations.RunPython(name_the_office, migrations.RunPython.noop)]
