from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('briefings', '0004_circulating'),
    ]

    operations = [
        migrations.AddField(
            model_name='briefing',
            name='submitted_draft',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='briefing',
            name='earlier_draft',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='briefing',
            name='burden_kept',
            field=models.JSONField(default=dict),
        ),
    ]
