"""Say of each figure whether the figure of a unit includes those of the units below it.

What units report by hand does: a county gathers its townships and reports the sum. What is drawn from registers and
ledgers counts each unit's own.
"""

from django.db import migrations, models


def mark_reported(apps, schema_editor):
    apps.get_model("facts", "Field").objects.filter(source="report").update(includes_below=True)


class Migration(migrations.Migration):

    dependencies = [
        ("facts", "0004_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="field",
            name="includes_below",
            field=models.BooleanField(default=False, verbose_name="上级数已含下级"),
        ),
        migrations.RunPython(mark_reported, migrations.RunPython.noop),
    ]
