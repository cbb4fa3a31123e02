from django.db import migrations, models

from changai.areas.briefings.rules.countersigning import text_digest


def hold(apps, schema_editor):
    """Tie each word given so far to the draft, unless the draft was written on since: then nobody knows the text."""
    given = apps.get_model("briefings", "Countersign").objects.exclude(answer="").select_related("briefing")
    for each in given.iterator():
        paper = each.briefing
        if paper.written_at is None or paper.written_at <= each.answered_at:
            each.text_digest = text_digest(paper.title, paper.draft)
            each.save(update_fields=["text_digest"])


class Migration(migrations.Migration):

    dependencies = [
        ('briefings', '0006_papers_of_consultations'),
    ]

    operations = [
        migrations.AddField(
            model_name='briefing',
            name='opinions_kept',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='countersign',
            name='text_digest',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='countersign',
            name='earlier',
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(hold, migrations.RunPython.noop),
    ]
