"""The reasons offered so far become rows; reports that wait for review take the one step they took before."""

from django.db import migrations

REASONS = (
    "进展情况过于笼统，请写明具体做法和数量",
    "数据与名册或台账不一致，请核对",
    "佐证材料缺失或与事项不符",
    "完成进度与实际不符，请核实",
    "存在问题未写明原因",
    "下一步打算未明确措施和时限",
)


def lay_out(apps, schema_editor):
    reasons = apps.get_model("reporting", "ReturnReason")
    reasons.objects.bulk_create(
        reasons(words=words, position=place * 10) for place, words in enumerate(REASONS, start=1)
    )
    submissions = apps.get_model("reporting", "Submission")
    steps = apps.get_model("reporting", "ReviewStep")
    waiting = submissions.objects.filter(outcome="", report__status="signed")
    steps.objects.bulk_create(
        steps(submission=one, stage=1, position=1, name="审核", post="any") for one in waiting
    )


class Migration(migrations.Migration):
    dependencies = [("reporting", "0009_review_routes")]
    operations = [migrations.RunPython(lay_out, migrations.RunPython.noop)]
