from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("briefings", "0009_submittals"),
    ]

    operations = [
        migrations.RemoveField(model_name="briefing", name="earlier_draft"),
        migrations.RemoveField(model_name="briefing", name="submitted_draft"),
    ]
