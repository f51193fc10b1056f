from datetime import datetime, time, timedelta, timezone

from django.db import migrations, models

SHANGHAI = timezone(timedelta(hours=8))


def look_again_when_they_end(apps, schema_editor):
    """What stands still now: a fee is marked, a stop is looked at on the day on which it ends at the latest."""
    obligations = apps.get_model("ledger", "Obligation").objects
    movements = apps.get_model("ledger", "Movement").objects
    unpaid = movements.filter(kind="FEE", last_day__isnull=True, voided_at__isnull=True, obligation__stopped_since__isnull=False)
    obligations.filter(pk__in=unpaid.values("obligation_id")).update(waits_for_fee=True)
    stopped = obligations.filter(stopped_since__isnull=False, waits_for_fee=False)
    for day in list(stopped.values_list("resumes_by", flat=True).distinct()):
        stopped.filter(resumes_by=day).update(next_check_at=datetime.combine(day, time(), SHANGHAI))


def forget_when_they_end(apps, schema_editor):
    apps.get_model("ledger", "Obligation").objects.filter(stopped_since__isnull=False).update(next_check_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0006_reopened_event'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='obligation',
            name='obligation_stopped_open',
        ),
        migrations.AddField(
            model_name='obligation',
            name='waits_for_fee',
            field=models.BooleanField(default=False, help_text='停止计算是因为收费，缴了才重新起算', verbose_name='等缴费'),
        ),
        migrations.RunPython(look_again_when_they_end, forget_when_they_end),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('resumes_by__isnull', True), ('stopped_since__isnull', True), ('waits_for_fee', False)), models.Q(('state', 'OPEN'), ('resumes_by__isnull', False), ('stopped_since__isnull', False)), _connector='OR'), name='obligation_stopped_open', violation_error_message='只有在办的事项能暂停；暂停的要有最迟恢复日。'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('waits_for_fee', False), ('next_check_at__isnull', True), _connector='OR'), name='obligation_fee_unchecked', violation_error_message='等缴费的事项不巡查。'),
        ),
    ]
